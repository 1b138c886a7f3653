"""The kit of pages: words, tables, figures, documents, and the exporter of self-contained HTML."""
