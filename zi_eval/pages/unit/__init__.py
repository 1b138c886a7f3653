"""The report of one unit."""
