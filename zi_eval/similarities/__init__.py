"""What is the same across the units of an agency beyond chance and shared services."""
