"""The work plan of building ZI: activities, their months, proof and effect."""
