"""Chapter 3 of the contract: the migrations."""
