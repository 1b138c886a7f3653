"""What files declare before they are read whole: their instrument, the rule set, a unit's name."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.problems import Problem
from zi_eval.files import read_regular
from zi_eval.instruments import DEFAULT_INSTRUMENT, available_instruments
from zi_eval.period.agency_file import AGENCY_FILE, NO_FILE
from zi_eval.period.keys import KeyReader
from zi_eval.yaml_files.source import Source, parse_yaml, read_yaml

__all__ = [
    "YAML_SUFFIXES",
    "Declared",
    "declared_head",
    "declared_instrument",
    "read_declared",
    "read_head",
    "stray_instrument",
]

YAML_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the agency file declares before its rule set is known."""

    source: Source = NO_FILE
    rules_name: str | None = None
    rules_file: Path | None = None
    instrument: str | None = None
    problems: tuple[Problem, ...] = ()


def read_declared(folder: Path) -> Declared:
    """Return what the agency file of a period's folder declares; nothing where there is none."""
    path = folder / AGENCY_FILE
    if not os.path.lexists(path):  # a link that leads nowhere is there, and wrong
        return Declared()
    source = read_yaml(path)
    reader = KeyReader(source)
    top = source.value if isinstance(source.value, dict) else {}
    name = reader.text(("aturan",), top.get("aturan"), "'aturan'") or None
    overlay = folder / name if name and Path(name).suffix in YAML_SUFFIXES else None
    known = available_instruments()
    if "instrumen" in top:
        reader.choice(("instrumen",), top["instrumen"], known, "instrumen")
    return Declared(
        source,
        None if overlay else name,
        overlay,
        declared_instrument(source, known, DEFAULT_INSTRUMENT),
        tuple(reader.problems[len(source.problems) :]),
    )


def declared_instrument(source: Source, known: Collection[str], default: str) -> str:
    """Return the instrument a unit file names, or ``default`` where it names none that exists."""
    name = source.value.get("instrumen") if isinstance(source.value, dict) else None
    return name if isinstance(name, str) and name in known else default


def stray_instrument(name: str, wanted: str, file: str, line: int | None) -> Problem:
    """Say that a unit's instrument is not that of its folder."""
    return Problem(
        code="instrumen-campur",
        message=f"berkas ini memakai instrumen {name}, padahal folder ini untuk {wanted}; satu "
        "folder hanya untuk satu instrumen.",
        hint="Pindahkan ke folder periode sendiri, mis. parameters/2026-akip, dengan "
        f"'instrumen: {name}' di instansi.yaml-nya.",
        file=file,
        line=line,
    )


def read_head(path: Path) -> tuple[str, str]:
    """Return name and kind of a unit without its answers, which take nearly all of the time.

    They stand above the answers.
    """
    head, _, _ = read_regular(path).partition(b"\njawaban:")
    return declared_head(parse_yaml(head, str(path)))


def declared_head(source: Source) -> tuple[str, str]:
    """Return name and kind of a unit, whatever else is wrong with its file."""
    top = source.value if isinstance(source.value, dict) else {}
    return str(top.get("nama") or ""), str(top.get("jenis") or "")
