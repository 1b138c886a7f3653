"""What is due next, on the agency's recap."""
