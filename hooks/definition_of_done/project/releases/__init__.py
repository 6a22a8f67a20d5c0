"""Facts of versions and changelog pages, and the text that a release writes."""
