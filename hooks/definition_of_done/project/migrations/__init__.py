"""Migrations as facts: what they are called, what they do, and the graph that they make."""
