"""The LHE: letter and report from the shipped template or a team's own."""
