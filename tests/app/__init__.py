"""The app without a browser: who is let in, and what one visitor may take from the others."""
