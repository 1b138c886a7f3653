"""The pages of a unit's performance, its summary in the report, its part of the recap."""
