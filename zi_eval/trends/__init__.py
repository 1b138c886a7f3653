"""Earlier periods of a unit and of its agency, and what changed."""
