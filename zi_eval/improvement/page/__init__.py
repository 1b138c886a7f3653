"""The plan of improvement in a unit's report and in the agency's recap."""
