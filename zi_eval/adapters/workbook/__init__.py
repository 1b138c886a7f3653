"""Spreadsheets: the LKE read in any shape people have it, written, audited and mended."""
