"""Entering what became of activities."""
