"""The table of decisions: read from CSV or a workbook, made empty."""
