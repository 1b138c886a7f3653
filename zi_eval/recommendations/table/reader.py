"""A table of recommendations (CSV or a workbook): one row each, every problem with its cell."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem
from zi_eval.core.text import quote
from zi_eval.recommendations.table.headings import SHAPE
from zi_eval.recommendations.table.rows import Row, TableReader, open_table
from zi_eval.recommendations.values import Origin, Recommendation, Status

__all__ = ["read_recommendations"]

BETWEEN: Final = re.compile(r"[,;\s]+")
"""What stands between the ids of several questions."""
MOST_ROWS: Final = 5000


def read_recommendations(
    path: Path,
    year: int,
    questions: Collection[str] = (),
    sheet: str = "",
    content: bytes | None = None,
) -> tuple[tuple[Recommendation, ...] | None, tuple[Problem, ...]]:
    """Read a table; None instead of its recommendations where anything is wrong with it.

    Parameters
    ----------
    year
        Of the period: of a date that says none, and of the sheet meant.
    questions
        Ids of the instrument; others are warned of, and kept.
    sheet, content
        As :func:`~zi_eval.recommendations.table.rows.open_table`.
    """
    reader, problems = open_table(path, SHAPE, year, sheet, content)
    if reader is None:
        return None, problems
    items: list[Recommendation] = []
    seen: dict[str, int] = {}
    for row in reader.rows() if reader.is_sound else ():
        item = _read_row(reader, row, questions)
        place = (row[0], reader.columns["nomor"])
        if item.number and item.key in seen:
            reader.problems.error(
                "nomor-ganda",
                f"{item.origin.value} {quote(item.number)} sudah ada di baris {seen[item.key]}.",
                "Beri nomor lain, atau hapus salah satunya.",
                at=place,
                key="nomor",
            )
        seen.setdefault(item.key, row[0] + 1)
        items.append(item)
        if len(items) > MOST_ROWS:
            reader.problems.error("terlalu-banyak", f"lebih dari {MOST_ROWS} baris.", at=place)
            break
    return (tuple(items) if reader.is_sound else None), tuple(reader.problems)


def _read_row(reader: TableReader, row: Row, questions: Collection[str]) -> Recommendation:
    item = Recommendation(
        number=reader.text(row, "nomor", is_required=True),
        origin=Origin(reader.choice(row, "sumber", Origin.OTHER)),
        text=reader.text(row, "rekomendasi", is_required=True),
        questions=tuple(filter(None, BETWEEN.split(reader.text(row, "pertanyaan")))),
        issued=reader.date(row, "tanggal"),
        owner=reader.text(row, "penanggung_jawab"),
        due=reader.date(row, "batas_waktu"),
        status=Status(reader.choice(row, "status", Status.OPEN)),
        action=reader.text(row, "tindak_lanjut"),
        proof=reader.linked(row, "bukti"),
        verified_by=reader.text(row, "diverifikasi_oleh"),
        verified_on=reader.date(row, "tanggal_verifikasi"),
        note=reader.text(row, "keterangan"),
        row=row[0] + 1,
    )
    for question in item.questions if questions else ():
        if question not in questions:
            near = reader.problems.nearest(question, questions)
            reader.problems.warning(
                "butir-tidak-dikenal",
                f"tidak ada pertanyaan '{quote(question)}'.",
                f"Mungkin maksudnya '{near}'." if near else "Tulis nomor resminya, mis. A.I.1.i.b.",
                at=(row[0], reader.columns["pertanyaan"]),
                key="pertanyaan",
            )
    return item
