"""The only modules that import a parser; each imports it when the first file must be read."""
