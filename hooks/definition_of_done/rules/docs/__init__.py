"""Chapter 6 of the contract: the page that stays, and its site."""
