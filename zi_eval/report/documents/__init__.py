"""Documents of paragraphs and tables, as HTML and docx."""
