"""Arguments and options that several commands share, each with one meaning everywhere."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["FOLDER", "FORCE", "INTO", "PATH", "PERIOD", "STAGE", "TABLE", "UNITS"]

PATH = click.Path(path_type=Path)
"""A path of any kind; what is wrong with it is said by who opens it."""
UNITS = click.argument("units", nargs=-1, metavar="[UNIT…]")
"""Units by id, file or folder; :mod:`zi_eval.cli.chosen` finds them."""
FOLDER = click.option(
    "--folder", type=PATH, default=Path("."), metavar="DIR", help="Folder kerja (bawaan: di sini)."
)
"""The working folder."""
STAGE = click.option(
    "--stage",
    type=click.Choice(["unit", "tpi", "tpn"]),
    default="tpi",
    help="unit: jawaban unit; tpi (bawaan): jawaban TPI, jawaban unit bila TPI belum menjawab; "
    "tpn: jawaban TPN di atas keduanya.",
)
"""Whose answers are scored."""
PERIOD = click.option(
    "--period",
    default="",
    metavar="NAMA",
    help="Periode: nama folder di parameters/ (bawaan: yang terbaru).",
)
"""The period, a folder below ``parameters/``; empty for the newest."""
FORCE = click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
"""Whether what is there may be written over."""
TABLE = click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas .xlsx atau .csv.")
"""Where an empty table is written."""
INTO = click.option(
    "-o", "--output", type=PATH, metavar="DIR", help="Folder hasil (bawaan: outputs/)."
)
"""Where documents are written."""
