"""The national stages after the TPI: what the TPN decided of each unit, stage by stage."""
