"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["FOLDER", "PATH", "PERIOD", "STAGE"]

PATH = click.Path(path_type=Path)
"""A path of any kind; what is wrong with it is said by who opens it."""
FOLDER = click.option(
    "--folder", type=PATH, default=Path("."), metavar="DIR", help="Folder kerja (bawaan: di sini)."
)
"""The working folder."""
STAGE = click.option(
    "--stage",
    type=click.Choice(["unit", "tpi"]),
    default="tpi",
    help="unit: jawaban unit; tpi (bawaan): jawaban TPI, jawaban unit bila TPI belum menjawab.",
)
"""Whose answers are scored."""
PERIOD = click.option(
    "--period", default="2026", help="Periode: nama folder di parameters/ (bawaan: 2026)."
)
"""The period, a folder below ``parameters/``."""
