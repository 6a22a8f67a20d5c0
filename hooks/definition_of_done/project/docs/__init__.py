"""Facts of the feature pages and of the site."""
