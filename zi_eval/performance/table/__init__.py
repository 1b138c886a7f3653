"""The performance table, read from what people have and edited in place."""
