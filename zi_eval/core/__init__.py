"""Pure functions and frozen values: no files, clock, network or globals."""
