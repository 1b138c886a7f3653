"""One unit, known whole."""
