"""The page of an audit of workbooks."""
