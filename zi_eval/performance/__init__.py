"""Plan and results of a unit: values, score, projection, watch."""
