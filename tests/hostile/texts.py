"""Texts that are more than they look like."""

from __future__ import annotations

TERMINAL = (
    "\x1b]0;judul\x07",  # a title
    "\x1b[31mmerah\x1b[0m",
    "satu\r\x1b[2Kdua",  # a line written over
    "\x9b1mtebal",
    "\x7f\x08\x08",
    "\x00",
)
"""What a terminal obeys."""
TURNED = ("a\u202eb", "\u2066a\u2069", "a\u200fb", "\u200b", "\ufeffa")
"""What turns or hides what stands around it."""
UNTIDY = (
    "satu  \ndua",
    "satu\r\ndua",
    "satu\rdua",
    "satu\u2028dua",
    "\ufeffsatu",
    "satu\x0bdua",
    "  satu ",
    "satu\u200b",
    "\u00a0satu\u00a0",
    "satu\t\ndua\t",
)
"""What people's programs leave in a text, without being seen."""
FORMULAS = (
    "=1+1", "+62", "-5", "@a", "\t=1", "\r=1", "\n=1+1", "\r\n=1", " \n\t =1", "\uff1d1", "\uff0b1",
    "\uff0d1", "\uff20a", "\n\uff1d1", "\ufeff=1", "\u200b=1",
)  # fmt: skip
"""What a spreadsheet program may run."""
