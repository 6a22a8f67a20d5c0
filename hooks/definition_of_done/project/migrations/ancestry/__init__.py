"""The history of migrations: parents, heads, what stands on the base, what came before."""
