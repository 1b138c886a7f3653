"""The quarterly report on monitoring and evaluation (monev) of a work plan."""
