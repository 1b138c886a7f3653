"""What pages, letters and commands say of recommendations."""
