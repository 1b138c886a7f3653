"""The doubts of a unit on its report."""
