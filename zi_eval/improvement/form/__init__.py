"""Trial changes and the way, live in the form; nothing of it is saved."""
