"""The batch: every unit's notebook becomes a report, then the agency's recap."""
