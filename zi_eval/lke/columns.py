"""Which column of an LKE sheet holds what: found by the words of its heading rows.

Every guess is stated: what was decided by a rule, and what was left unread, becomes a remark with
its place; two columns that could both be the answer and differ are refused, never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zi_eval.errors import ArgumentError
from zi_eval.lke.cells import is_open
from zi_eval.lke.headings import (
    WIDEST,
    Heading,
    find_blocks,
    name_columns,
    read_headings,
    word_role,
)
from zi_eval.sheets.grid import Grid, column_index, column_letter
from zi_eval.sheets.limits import MAX_MERGES

__all__ = ["ColumnRemark", "Columns", "Sheet", "find_columns", "parse_choice"]

ROLES: Mapping[str, str] = {
    "jawaban": "answer",
    "catatan": "note",
    "bukti": "evidence",
    "tpi": "tpi_answer",
    "jawaban_tpi": "tpi_answer",
    "catatan_tpi": "tpi_note",
    "tpn": "tpn_answer",
    "jawaban_tpn": "tpn_answer",
    "catatan_tpn": "tpn_note",
}
"""What a person may call a column, and the field of :class:`Columns` it is."""


def parse_choice(text: str) -> dict[str, int]:
    """Return the columns a person names: ``tpi=N,catatan_tpi=Q``.

    Raises
    ------
    ArgumentError
        Where a name or a column is unknown, or two names share a column.
    """
    chosen: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, letters = (piece.strip() for piece in part.partition("="))
        role = ROLES.get(name.casefold())
        if role is None or not re.fullmatch("[A-Za-z]{1,3}", letters):
            raise ArgumentError(
                f"'{part}' bukan kolom; tulis seperti tpi=N,catatan_tpi=Q (nama: "
                f"{', '.join(ROLES)}).",
                "columns",
            )
        chosen[role] = column_index(letters)
    if len(set(chosen.values())) < len(chosen):
        raise ArgumentError(f"'{text}' menyebut satu kolom untuk dua isi.", "columns")
    return chosen


@dataclass(frozen=True, slots=True)
class ColumnRemark:
    """Something to say about the columns; ``row`` and ``column`` are its 0-based place."""

    code: str
    message: str
    row: int
    column: int
    hint: str = ""
    is_error: bool = False


@dataclass(frozen=True)
class Columns:
    """0-based columns; ``is_found`` is False where the layout's own were assumed.

    ``reason`` and ``returned`` (why a question has no object, what the TPI sent back) are columns
    only this project's own workbooks have; the TPN's are in none of the official ones, but in
    copies of those who put its results beside their own. ``remarks`` say what was guessed or left
    unread; ``refusal`` is the sentence why nothing can be read, where two columns are in doubt.
    """

    answer: int
    note: int | None
    evidence: tuple[int, ...]
    tpi_answer: int | None = None
    tpi_note: int | None = None
    reason: int | None = None
    returned: int | None = None
    tpn_answer: int | None = None
    tpn_note: int | None = None
    is_found: bool = True
    remarks: tuple[ColumnRemark, ...] = ()
    refusal: str = ""

    @property
    def texts(self) -> frozenset[int]:
        """The columns whose texts are read with the links they stand on."""
        single = (self.note, self.tpi_note, self.tpn_note, self.reason, self.returned)
        return frozenset(column for column in (*single, *self.evidence) if column is not None)

    @property
    def used(self) -> frozenset[int]:
        """All columns that are read."""
        answers = (self.answer, self.tpi_answer, self.tpn_answer)
        return self.texts | {column for column in answers if column is not None}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What :func:`find_columns` may ask of a sheet.

    Attributes
    ----------
    top
        Row of the first node; the headings stand above it.
    kind
        Column of the answer types; the answers stand right of it, or left after ``labels_end``.
    rows
        The instrument's rows.
    layout
        The layout's ``answer``, ``note`` and ``evidence`` columns; empty for a table of
        questions, whose headings each stand for themselves in any order.
    has_answers
        Whether a column mostly holds valid answers.
    entries
        What is filled in the answer rows of a column, by row.
    chosen
        Columns a person has named, by their field of :class:`Columns`.
    """

    grid: Grid
    top: int
    kind: int
    labels_end: int
    rows: Sequence[int]
    layout: Mapping[str, int]
    has_answers: Callable[[int], bool]
    entries: Callable[[int], Mapping[int, str]]
    chosen: Mapping[str, int] = field(default_factory=dict)


class _Finder:
    """Chooses the columns of one sheet and collects the remarks."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.remarks: list[ColumnRemark] = []
        self.refusal = ""
        self.headings: dict[int, Heading] = {}
        self.right = range(sheet.kind + 1, min(sheet.grid.width, sheet.kind + WIDEST))

    def columns(self, owner: str, role: str) -> list[int]:
        return [h.column for h in self.headings.values() if (h.owner, h.role) == (owner, role)]

    def describe(self, column: int) -> str:
        heading = self.headings.get(column)
        return f"kolom {column_letter(column)}" + (f" ('{heading.text}')" if heading else "")

    def remark(self, code: str, message: str, column: int, hint: str = "") -> None:
        heading = self.headings.get(column)
        row = heading.row if heading else max(self.sheet.top - 1, 0)
        self.remarks.append(ColumnRemark(code, message, row, column, hint))

    def find(self) -> Columns:
        sheet = self.sheet
        columns = self.right
        texts = read_headings(sheet.grid, sheet.top, columns)
        answers: list[int] = []
        for start in find_blocks(texts):
            found = name_columns(
                texts, columns, range(start, sheet.top), is_grouped=bool(sheet.layout)
            )
            self.headings = {heading.column: heading for heading in found}
            answers = self.columns("unit", "answer")
            if answers:
                break
        if "answer" in sheet.chosen:
            return self._complete(sheet.chosen["answer"])
        answer = self._choose(answers, "jawaban unit") if answers else self._guess_answer()
        if answer is None:
            answer = sheet.kind + 1
            if not self.refusal:
                if not sheet.layout:
                    return Columns(answer=answer, note=None, evidence=(), is_found=False)
                shift = answer - sheet.layout["answer"]
                return Columns(
                    answer=answer,
                    note=sheet.layout["note"] + shift,
                    evidence=(sheet.layout["evidence"] + shift,),
                    is_found=False,
                )
        return self._complete(answer)

    def _complete(self, answer: int) -> Columns:
        """Return all columns, those without a heading where the layout has them."""
        layout = self.sheet.layout
        known = {"answer": answer}
        right = max(answer, self.sheet.kind) if layout else self.sheet.kind
        self._take_back(right)
        notes = [column for column in self.columns("unit", "note") if column > right]
        evidence = [column for column in self.columns("unit", "evidence") if column > right]
        if notes:
            known["note"] = notes[0]
        if evidence:
            known["evidence"] = evidence[0]
        for role in ("note", "evidence"):
            if role not in known and role in layout:
                base = min(known, key=lambda name: abs(layout[name] - layout[role]))
                guess = known[base] + layout[role] - layout[base]
                if guess not in self.headings and guess > self.sheet.kind:
                    known[role] = guess
        tpi_answer = self._tpi_answer(answer)
        tpi_notes = self.columns("tpi", "note")

        def single(role: str) -> int | None:
            return next((h.column for h in self.headings.values() if h.role == role), None)

        chosen = self.sheet.chosen
        if "evidence" in chosen:
            evidence = [chosen["evidence"]]
        columns = Columns(
            answer=answer,
            note=chosen.get("note", known.get("note")),
            evidence=tuple(evidence) or ((known["evidence"],) if "evidence" in known else ()),
            tpi_answer=tpi_answer,
            tpi_note=chosen.get("tpi_note", tpi_notes[0] if tpi_notes else None),
            reason=single("reason"),
            returned=single("returned"),
            tpn_answer=self._tpn_answer({answer, *chosen.values()}),
            tpn_note=chosen.get("tpn_note", next(iter(self.columns("tpn", "note")), None)),
            refusal=self.refusal,
        )
        self._name_unread(columns)
        return replace(columns, remarks=tuple(self.remarks))

    def _take_back(self, right: int) -> None:
        """Give the unit its evidence and note where they only stand right of a column of the TPI.

        Evidence is the unit's; of two notes the one that does not name the TPI is. What stands
        left of ``right`` explains the questions and is neither.
        """
        for role in ("evidence", "note"):
            if any(column > right for column in self.columns("unit", role)):
                continue
            others = [h for h in self.headings.values() if (h.owner, h.role) == ("tpi", role)]
            bare = [heading for heading in others if heading.is_inherited]
            if bare and (role == "evidence" or len(bare) < len(others)):
                self.headings[bare[0].column] = replace(bare[0], owner="unit")

    def _guess_answer(self) -> int | None:
        """Return the column that holds answers though no heading says so."""
        sheet = self.sheet
        left = read_headings(sheet.grid, sheet.top, range(sheet.labels_end + 1, sheet.kind))
        headed = {column for (_, column), text in left.items() if word_role(text) == "answer"}
        taken = {
            h.column for h in self.headings.values() if h.owner != "unit" or h.role == "evidence"
        }
        found = [
            c for c in (*sorted(headed), *self.right) if c not in taken and sheet.has_answers(c)
        ]
        if not self.headings and sheet.kind + 1 in found:
            return None  # nothing contradicts the layout
        chosen = self._choose(found, "jawaban unit")
        if chosen is not None:
            self.remark(
                "kolom-jawaban-ditebak",
                f"judul kolom Jawaban tidak ditemukan; {self.describe(chosen)} dibaca sebagai "
                "jawaban unit karena hanya kolom itu yang isinya sesuai pilihan jawaban.",
                chosen,
                "Beri judul 'Jawaban' pada kolom jawaban unit, lalu periksa hasilnya.",
            )
        return chosen

    def _tpi_answer(self, answer: int) -> int | None:
        if "tpi_answer" in self.sheet.chosen:
            return self.sheet.chosen["tpi_answer"]
        taken = {answer, *self.sheet.chosen.values()}
        candidates = [
            c
            for c in self.columns("tpi", "answer")
            if c not in taken and (not self.headings[c].is_guessed or self.sheet.entries(c))
        ]
        if not any(map(self.sheet.has_answers, candidates)):
            candidates += [
                column
                for role in ("bare", "value")
                for column in self.columns("tpi", role)
                if column not in taken and self.sheet.has_answers(column)
            ]
        refusal, self.refusal = self.refusal, ""
        chosen = self._choose(candidates, "jawaban TPI")
        if self.refusal:
            self.remarks.append(
                ColumnRemark(
                    "kolom-tpi-meragukan",
                    f"{self.refusal} jawaban TPI tidak dibaca.",
                    self.headings[candidates[0]].row,
                    candidates[0],
                    "Pilih salah satunya, mis. zi-eval import … --columns tpi="
                    f"{column_letter(candidates[0])}.",
                    is_error=True,
                )
            )
        self.refusal = refusal
        if chosen is not None and (
            self.headings[chosen].is_guessed or self.headings[chosen].role != "answer"
        ):
            self.remark(
                "kolom-tpi-ditebak",
                f"{self.describe(chosen)} dibaca sebagai jawaban TPI.",
                chosen,
                "Bila keliru, pilih kolom lain dengan --columns tpi=….",
            )
        return chosen

    def _tpn_answer(self, taken: Collection[int]) -> int | None:
        """Return the column of the TPN's answers: one that a heading names, never a guess."""
        if "tpn_answer" in self.sheet.chosen:
            return self.sheet.chosen["tpn_answer"]
        named = [c for c in self.columns("tpn", "answer") if c not in taken]
        bare = [c for c in self.columns("tpn", "bare") if c not in taken]
        return next(iter([*named, *filter(self.sheet.has_answers, bare)]), None)

    def _choose(self, candidates: Sequence[int], what: str) -> int | None:
        """Return the only filled candidate, or the fullest of several that agree.

        Where they differ ``refusal`` says so and nothing is chosen.
        """
        entries = {column: self.sheet.entries(column) for column in candidates}
        filled = [column for column in candidates if entries[column]]
        if len(filled) < 2:
            return next(iter((*filled, *candidates)), None)
        fullest = max(filled, key=lambda column: len(entries[column]))
        if all(entries[column].items() <= entries[fullest].items() for column in filled):
            return fullest
        names = " dan ".join(self.describe(column) for column in filled)
        fitting = [column for column in filled if self.sheet.has_answers(column)]
        if len(fitting) == 1:
            option = "jawaban" if what == "jawaban unit" else "tpi"
            self.remark(
                "kolom-dipilih",
                f"{names} sama-sama dapat berarti {what}; {self.describe(fitting[0])} yang dibaca "
                "karena hanya kolom itu yang isinya sesuai pilihan jawaban.",
                fitting[0],
                f"Bila keliru, pilih kolom lain dengan --columns {option}=….",
            )
            return fitting[0]
        self.refusal = f"{names} sama-sama dapat berarti {what} dan isinya berbeda;"
        return None

    def _name_unread(self, columns: Columns) -> None:
        """Say which columns hold texts or answers that nobody reads."""
        sheet, grid = self.sheet, self.sheet.grid
        joined = {  # first cells of ranges merged into a column that is read
            left
            for _, left, _, right in grid.merges[:MAX_MERGES]
            if any(left < column <= right for column in columns.used)
        }
        for column in self.right:
            heading = self.headings.get(column)
            role = heading.role if heading else ""
            is_number = role in ("skip", "value", "bare", "question") and not sheet.has_answers(
                column
            )
            if column in columns.used or is_number or (column in joined and heading is None):
                continue
            found = [
                row
                for row in sheet.rows
                if (row, column) not in grid.formulas
                and isinstance(value := grid.value(row, column), str)
                and not is_open(value)
                and any(map(str.isalpha, value))
            ]
            # One text without a heading is a remark beside the table, no column.
            if len(found) > (heading is None):
                self.remarks.append(
                    ColumnRemark(
                        "kolom-tidak-dibaca",
                        f"{self.describe(column)} berisi {len(found)} isian yang tidak dibaca.",
                        found[0],
                        column,
                        "Bila isinya bagian dari LKE, sebut kolomnya dengan --columns, mis. "
                        f"catatan_tpi={column_letter(column)}.",
                    )
                )


def find_columns(sheet: Sheet) -> Columns:
    """Find the columns of answers, notes and evidence of a sheet."""
    return _Finder(sheet).find()
