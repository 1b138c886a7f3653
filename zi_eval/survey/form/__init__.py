"""What people take out of a survey on request, and what is noted of it."""
