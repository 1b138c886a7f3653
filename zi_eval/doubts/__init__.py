"""What speaks against a verdict: contradictions, differing data, and what nobody has looked at."""
