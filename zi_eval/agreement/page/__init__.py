"""The pages of agreement: calibration, and its summary in the agency's recap."""
