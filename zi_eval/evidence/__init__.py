"""What units name as evidence, and whether it stands up to a look."""
