"""Outside formats to and from core values; each module reads one and prints nothing."""
