"""A team's folder: the period, its unit and agency files, and their keys."""
