"""The proposal packet: candidates ranked and checked, the letters, one folder with its hashes."""
