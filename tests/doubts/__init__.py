"""What speaks against a verdict."""
