"""The pages of a unit's surveys."""
