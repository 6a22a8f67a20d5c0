"""The models, and what they gain that no migration brings."""
