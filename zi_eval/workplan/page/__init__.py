"""The page of a work plan, its part of the unit's report, and of the agency's recap."""
