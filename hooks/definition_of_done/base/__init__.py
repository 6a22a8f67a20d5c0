"""What everybody may use: errors, spots and edits, text, files, comments, words."""
