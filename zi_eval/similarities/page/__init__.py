"""The section of the recap that shows what is the same."""
