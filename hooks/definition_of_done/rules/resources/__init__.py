"""Chapters 3 to 5 of the contract: the resources of the GraphQL API."""
