"""Spreadsheets of any kind: container, limits, cells, formulas computed, edited in place."""
