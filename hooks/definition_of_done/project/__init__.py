"""What a backend is: facts for rules and commands, and where they are read from."""
