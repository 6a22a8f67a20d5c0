"""A model of a backend: its settings, its layout, and facts for rules and commands."""
