"""YAML read with line numbers and edited in place."""
