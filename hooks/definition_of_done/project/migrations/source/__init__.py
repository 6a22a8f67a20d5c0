"""Expressions and declarations of Python and SQL, as migrations write them."""
