"""The recap of an agency."""
