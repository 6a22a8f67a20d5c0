"""Rules beyond the contract: a deploy that neither locks a table for long nor breaks code."""
