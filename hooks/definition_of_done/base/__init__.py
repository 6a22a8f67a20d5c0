"""Errors, spots and edits, text, files, comments and words, which every part may use."""
