"""Feature pages and the site as facts."""
