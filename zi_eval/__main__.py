"""``python -m zi_eval`` is the command ``zi-eval``."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command; an interrupt while it loads is told as any later one is."""
    try:
        from zi_eval.cli import main as run

        run()
    except KeyboardInterrupt:
        print("Dihentikan. Yang sudah selesai tetap tersimpan.", file=sys.stderr)
        sys.exit(130)


# Worker processes import the main module again, under another name.
if __name__ == "__main__":
    main()
