"""The table of activities, read from what people have and edited in place."""
