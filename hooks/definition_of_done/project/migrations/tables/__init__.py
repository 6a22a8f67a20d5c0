"""The tables and indexes that a migration touches, and what ties them."""
