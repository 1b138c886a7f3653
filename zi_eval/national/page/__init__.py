"""What pages and commands say of the national stages."""
