"""What strangers, damaged disks and busy colleagues put before the programs."""
