"""The calendar of an agency's year: deadlines with their sources, and what is due next."""
