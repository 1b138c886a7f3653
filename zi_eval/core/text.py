"""Texts that people wrote: as they are compared, and as messages quote them."""

from __future__ import annotations

__all__ = ["fold", "quote"]


def fold(text: str) -> str:
    """Return a name, heading or answer as it is compared: words only, case folded.

    Examples
    --------
    >>> fold(" Target_TW-III "), fold("Target (TW III)")
    ('target tw iii', 'target tw iii')
    """
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def quote(value: object, most: int = 60) -> str:
    """Return untrusted content for a message: one line of at most ``most`` letters."""
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
