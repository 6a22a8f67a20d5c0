"""Chapter 4 of the contract: a resource in every layer."""
