"""What a person types and sees after ``import zi_eval as zi``."""
