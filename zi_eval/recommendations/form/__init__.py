"""The register of a unit while people keep it: changed and added to in its file, with a journal."""
