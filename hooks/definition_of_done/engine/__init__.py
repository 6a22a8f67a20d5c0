"""The engine of rules: the rule itself, the session that it runs in, the report of a run."""
