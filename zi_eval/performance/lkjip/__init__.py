"""The draft of the LKjIP."""
