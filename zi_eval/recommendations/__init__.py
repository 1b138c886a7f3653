"""The register of recommendations (tindak lanjut): what was recommended, and what became of it."""
