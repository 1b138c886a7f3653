"""``python -m zi_eval`` is the command ``zi-eval``."""

from zi_eval.cli import main

# Worker processes import the main module again, under another name.
if __name__ == "__main__":
    main()
