"""Surveys: definitions, indices, quality of data, privacy."""
