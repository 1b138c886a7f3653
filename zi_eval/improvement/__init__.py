"""The shortest way to a predicate: what to raise, with which effort."""
