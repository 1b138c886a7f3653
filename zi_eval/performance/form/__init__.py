"""Entering results on screen."""
