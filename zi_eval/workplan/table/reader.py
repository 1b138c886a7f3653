"""A table of activities (CSV or a workbook): one row an activity, every problem with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Question
from zi_eval.core.problems import Problem, has_errors
from zi_eval.core.text import fold, quote
from zi_eval.errors import WorkbookError
from zi_eval.sheets.grid import Cell
from zi_eval.sheets.rows import RowReader, either, unreadable
from zi_eval.workplan.plan import Activity, Months, WorkPlan, parse_aim
from zi_eval.workplan.table.headings import FORM, RESULTS, TARGETS

__all__ = ["EMPTY", "WorkPlanReading", "aims_allowed", "read_workplan", "split_questions"]

EMPTY: Final = "tabel-kosong"
"""The code of the problem that a table without any activity has."""

MARKS: Final = frozenset({"x", "v", "√", "✓", "✔", "ya", "●", "■"})
"""How a table of bars says that something is planned or done in a month: one of it."""
SPLIT: Final = re.compile(r"[;,\n]|\bdan\b|\s{2,}")


@dataclass(frozen=True, slots=True)
class WorkPlanReading:
    """A plan with what was found; ``plan`` is None where anything is wrong."""

    plan: WorkPlan | None
    problems: tuple[Problem, ...]


def read_workplan(
    path: Path,
    unit: str,
    year: int,
    questions: Mapping[str, Question],
    name: str = "",
    sheet: str = "",
    data: bytes | None = None,
) -> WorkPlanReading:
    """Read a unit's work plan.

    Parameters
    ----------
    path
        CSV in any usual encoding and with any usual separator, or a workbook (xlsx, xls, ods).
    unit, name
        The unit's id and its name (default: the id).
    year
        The year of the plan.
    questions
        Those of the instrument, by id: an activity may be for these only.
    sheet
        Which sheet is read, where a person says so.
    data
        The bytes to read instead of the file's.
    """
    try:
        reader = _Reader(path, FORM, year, sheet, data)
    except WorkbookError as error:
        return WorkPlanReading(None, (unreadable(path, error),))
    activities = reader.read(questions)
    if not activities and not has_errors(reader.problems):
        reader.problems.error(
            EMPTY, "belum ada kegiatan di bawah judul kolom.", at=(reader.top, None)
        )
    plan = WorkPlan(unit, name or unit, year, tuple(activities))
    return WorkPlanReading(None if has_errors(reader.problems) else plan, tuple(reader.problems))


class _Reader(RowReader):
    """Reads the activities below the headings."""

    def read(self, questions: Mapping[str, Question]) -> list[Activity]:
        """Return the activities."""
        if not self.find_columns():
            return []
        self._questions = questions
        self._spelled = {question.casefold(): question for question in questions}
        activities: list[Activity] = []
        seen: dict[str, int] = {}
        for row, values in self.data_rows(("kegiatan",), ("pertanyaan", "penanggung_jawab")):
            name = self.text(values, "kegiatan")
            self.require_text(row, "kegiatan", name)
            key = fold(name)
            if name and key in seen:
                self.problems.error(
                    "kegiatan-ganda",
                    f"kegiatan ini sudah ada di baris {seen[key]}.",
                    "Satukan barisnya, atau beri nama yang berbeda.",
                    at=(row, self.columns["kegiatan"]),
                    key="kegiatan",
                )
            seen.setdefault(key, row + 1)
            activities.append(self._activity(row, values, name))
        return activities

    def bare_figure(self, typed: str, name: str, values: Sequence[Cell]) -> str:
        """Return a typed figure; a mark of a table of bars is one."""
        return "1" if typed.casefold() in MARKS else typed

    def _activity(self, row: int, values: Sequence[Cell], name: str) -> Activity:
        asked = self._asked(row, values)
        return Activity(
            name=name,
            questions=asked,
            aims=self._aims(row, values, asked),
            is_priority=self.choice(row, values, "prioritas") == "Ya",
            output=self.text(values, "keluaran"),
            unit_of_measure=self.text(values, "satuan"),
            owner=self.text(values, "penanggung_jawab"),
            targets=self._months(row, values, TARGETS),
            results=self._months(row, values, RESULTS),
            evidence=self.linked_text(row, values, "bukti"),
            obstacle=self.text(values, "kendala"),
            follow_up=self.text(values, "tindak_lanjut"),
            source=self.text(values, "sumber"),
            row=row + 1,
        )

    def _months(self, row: int, values: Sequence[Cell], names: Sequence[str]) -> Months:
        figures = self.numbers(row, values, names)
        for name, figure in zip(names, figures, strict=True):
            if figure and figure < 0:
                self.problems.error(
                    "bulan-negatif",
                    f"{name} tidak boleh negatif.",
                    at=(row, self.columns[name]),
                    key=name,
                )
        return figures

    def _asked(self, row: int, values: Sequence[Cell]) -> tuple[str, ...]:
        """Return the questions that a cell names, each once."""
        found: dict[str, None] = {}
        for piece in split_questions(self.text(values, "pertanyaan")):
            known = self._spelled.get(piece.casefold())
            if known:
                found[known] = None
                continue
            near = self.problems.nearest(piece, self._questions)
            self.problems.error(
                "butir-tidak-dikenal",
                f"'{quote(piece)}' bukan nomor pertanyaan LKE.",
                f"Mungkin maksudnya '{near}'." if near else "Tulis seperti A.I.1.ii.a.",
                at=(row, self.columns["pertanyaan"]),
                key="pertanyaan",
            )
        return tuple(found)

    def _aims(self, row: int, values: Sequence[Cell], asked: Sequence[str]) -> Mapping[str, Value]:
        """Return the answers aimed at: one for each question, or one that all of them have."""
        column = self.columns.get("jawaban_dituju")
        given = self.text(values, "jawaban_dituju")
        if column is None or not given or not asked:
            return {}
        # A comma may be the decimal sign of an index.
        texts = [text.strip() for text in re.split(r"[;\n]", given) if text.strip()]
        if len(texts) == 1 and len(asked) > 1:
            texts *= len(asked)
        if len(texts) != len(asked):
            self.problems.error(
                "jawaban-tidak-sepadan",
                f"{len(texts)} jawaban untuk {len(asked)} pertanyaan.",
                "Tulis seurutan dengan pertanyaannya, dipisahkan titik koma.",
                at=(row, column),
                key="jawaban_dituju",
            )
            return {}
        aims: dict[str, Value] = {}
        for key, text in zip(asked, texts, strict=True):
            question = self._questions[key]
            aim = parse_aim(question, text)
            if aim is not None:
                aims[key] = aim
            else:
                self.problems.error(
                    "jawaban-tidak-dikenal",
                    f"'{quote(text)}' bukan jawaban {key}.",
                    aims_allowed(question),
                    at=(row, column),
                    key="jawaban_dituju",
                )
        return aims


def split_questions(text: str) -> list[str]:
    """Return what may be numbers of questions in a cell, as typed."""
    return [piece.strip().rstrip(".") for piece in SPLIT.split(text) if piece.strip().rstrip(".")]


def aims_allowed(question: Question) -> str:
    """Say which answers of a question can be aimed at."""
    scale = question.scale
    if scale.kind == "choice":
        return f"Pilih {either(scale.values)}."
    if scale.kind == "index":
        return f"Tulis angka 0 sampai {scale.top:g}."
    return "Pertanyaan ini dijawab dengan hitungan, jadi tidak punya jawaban yang dituju."
