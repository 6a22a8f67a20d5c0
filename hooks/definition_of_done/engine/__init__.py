"""What every rule relies on: the rule itself, the session it runs in, the report it ends in."""
