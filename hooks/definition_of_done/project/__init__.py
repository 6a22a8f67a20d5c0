"""A model of a backend: its settings, its layout, and facts for rules and commands.

Whoever reads facts raises Unreadable for a file that is broken, NotEvaluated for a change without
a base, and UsageError for a setting that fits nothing, such as a `since` that no migration has.
"""
