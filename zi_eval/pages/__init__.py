"""The composed pages: a unit's report, the agency's recap."""
