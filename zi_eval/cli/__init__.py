"""The command line: the only place that prints and sets an exit code.

Everything heavy is imported inside the commands, so that ``zi-eval --help`` answers at once.
Exit codes: 0 done, 1 something failed or a file has errors, 2 a wrong command line, 130 stopped.
"""

from zi_eval.cli.commands import main

__all__ = ["main"]
