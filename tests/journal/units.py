"""A period with one small unit, for the tests of what is saved."""

from __future__ import annotations

import os
from pathlib import Path

from zi_eval.core.assessment import Assessment
from zi_eval.journal.store import FieldPlace, Person, Role
from zi_eval.period.journal_file import journal_path
from zi_eval.period.reading import Period

UNIT = Person("Sari", Role.UNIT)
MEMBER = Person("Bayu", Role.MEMBER)
LEADER = Person("Dewi", Role.LEADER)
SUPERVISOR = Person("Rini", Role.SUPERVISOR)
Q = "A.I.1.i.b"
OTHER = "A.I.1.i.a"
TEXT = """\
id: dinas-uji   # rekaan
nama: Dinas Uji
instrumen: zi-2021
target: WBK

syarat:
  lhkpn: 100

jawaban:
  # Tim kerja
  A.I.1.i.a: Ya
  A.I.1.i.b:
    unit: A  # menurut SK
    catatan: Terbuka.
  A.II.5.ii.a: {tidak_berlaku: Tidak ada pengaduan}
"""


def make_unit(folder: Path) -> Path:
    """Write the unit into a new period's folder and return its path."""
    path = folder / "2026" / "dinas-uji.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return path


def at(field: str, question: str = Q) -> FieldPlace:
    return FieldPlace(question, field)


def read(path: Path) -> Assessment:
    """Return what the file itself says."""
    reading = Period.read(path.parent).read_unit(path)[0]
    assert reading.assessment is not None, reading.problems
    return reading.assessment


def edit_file(path: Path, text: str) -> None:
    """Write the file as a person with an editor did a few seconds ago."""
    path.write_text(text, encoding="utf-8")
    set_back(path, 5)


def set_back(path: Path, seconds: float) -> None:
    """Let the file have been written some seconds before it was."""
    moment = path.stat().st_mtime - seconds
    os.utime(path, (moment, moment))


def lines(path: Path) -> int:
    return len(journal_path(path).read_bytes().splitlines())
