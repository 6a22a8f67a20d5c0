"""Chapter 7 of the contract: the version and the changelog."""
