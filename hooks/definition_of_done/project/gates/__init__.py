"""The last checks as facts: suppressions, lengths, the checklist of the pull request."""
