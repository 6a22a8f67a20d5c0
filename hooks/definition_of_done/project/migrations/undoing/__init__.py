"""The inverse of a direction: what is missing, and how it is written."""
