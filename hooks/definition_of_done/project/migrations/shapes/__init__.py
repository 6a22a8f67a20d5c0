"""The forms that a team gives to filenames, revisions and headers."""
