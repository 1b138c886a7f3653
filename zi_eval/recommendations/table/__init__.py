"""The table of recommendations: read from CSV or a workbook, made empty, changed in place."""
