"""``python -m zi_eval`` is the command ``zi-eval``."""

from zi_eval.cli import main

main()
