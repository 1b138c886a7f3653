"""A table of recommendations (CSV or a workbook): one row each, every problem with its cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import quote
from zi_eval.errors import WorkbookError
from zi_eval.recommendations.table.headings import FORM
from zi_eval.recommendations.values import Origin, Recommendation, Status
from zi_eval.sheets.grid import Cell
from zi_eval.sheets.numbers import held_number
from zi_eval.sheets.rows import RowReader, unreadable

__all__ = ["BETWEEN", "read_recommendations"]

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
        Which sheet is read, where a person says so; the file's bytes, where they are read already.
    """
    try:
        reader = _Reader(path, FORM, year, sheet, content)
    except WorkbookError as error:
        return None, (unreadable(path, error),)
    items = reader.read(questions)
    return (None if has_errors(reader.problems) else tuple(items)), tuple(reader.problems)


class _Reader(RowReader):
    """Reads the recommendations below the headings."""

    def read(self, questions: Collection[str]) -> list[Recommendation]:
        """Return the recommendations; of ``questions`` others are warned of."""
        if not self.find_columns():
            return []
        items: list[Recommendation] = []
        seen: dict[str, int] = {}
        for row, values in self.data_rows(("rekomendasi",), ("nomor", "sumber")):
            item = self._item(row, values)
            place = (row, self.columns["nomor"])
            if item.number and item.key in seen:
                self.problems.error(
                    "nomor-ganda",
                    f"{item.origin} {quote(item.number)} sudah ada di baris {seen[item.key]}.",
                    "Beri nomor lain, atau hapus salah satunya.",
                    at=place,
                    key="nomor",
                )
            seen.setdefault(item.key, row + 1)
            items.append(item)
            if questions:
                self._check_questions(row, item, questions)
            if len(items) > MOST_ROWS:
                self.problems.error("terlalu-banyak", f"lebih dari {MOST_ROWS} baris.", at=place)
                break
        return items

    def _item(self, row: int, values: Sequence[Cell]) -> Recommendation:
        number = values[self.columns["nomor"]]
        held = held_number(number)
        # Excel keeps a typed 3 as 3.0.
        is_whole = held is not None and float(held).is_integer()
        item = Recommendation(
            number=f"{held:.0f}" if is_whole else self.text(values, "nomor"),
            origin=Origin(self.choice(row, values, "sumber") or Origin.OTHER),
            text=self.text(values, "rekomendasi"),
            questions=tuple(filter(None, BETWEEN.split(self.text(values, "pertanyaan")))),
            issued=self.date(row, values, "tanggal", "tanggalnya"),
            owner=self.text(values, "penanggung_jawab"),
            due=self.date(row, values, "batas_waktu", "batas waktunya"),
            status=Status(self.choice(row, values, "status") or Status.OPEN),
            action=self.text(values, "tindak_lanjut"),
            proof=self.linked_text(row, values, "bukti"),
            verified_by=self.text(values, "diverifikasi_oleh"),
            verified_on=self.date(row, values, "tanggal_verifikasi", "tanggal verifikasinya"),
            note=self.text(values, "keterangan"),
            row=row + 1,
        )
        self.require_text(row, "nomor", item.number)
        self.require_text(row, "rekomendasi", item.text)
        return item

    def _check_questions(self, row: int, item: Recommendation, known: Collection[str]) -> None:
        for question in item.questions:
            if question not in known:
                near = self.problems.nearest(question, known)
                self.problems.warning(
                    "butir-tidak-dikenal",
                    f"tidak ada pertanyaan '{quote(question)}'.",
                    f"Mungkin maksudnya '{near}'."
                    if near
                    else "Tulis nomor resminya, mis. A.I.1.i.b.",
                    at=(row, self.columns["pertanyaan"]),
                    key="pertanyaan",
                )
