"""The wording of a team's own workbook: read from its sheet, and written as ``kalimat.yaml``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem
from zi_eval.core.wording import MAX_LENGTH, QuestionWording, answer_type, clean_text
from zi_eval.instruments.layouts import WorkbookLayout
from zi_eval.lke.cells import describe
from zi_eval.lke.headings import read_headings, word_role
from zi_eval.lke.match import Row, input_key, read_rows
from zi_eval.lke.place import PlacedSheet, place_sheet
from zi_eval.lke.tables import COUNT, Tables, find_tables, scale_type
from zi_eval.sheets.book import open_source
from zi_eval.sheets.grid import Grid, cell_problems

__all__ = ["WordingReading", "read_wording", "render_wording"]

LETTER = re.compile(r"\(?([A-Za-z])\s*[.):]\s*(?=\S)")
BULLET = re.compile(r"^[-•–]\s*")
SAME_HINT = "Pastikan buku kerjanya dari instrumen dan tahun yang sama."


@dataclass(frozen=True)
class WordingReading:
    """What a workbook says of each question, and every difference from the instrument.

    Attributes
    ----------
    questions
        By id in official order; texts the workbook does not have are empty.
    sheet
        The sheet they were read from.
    """

    questions: Mapping[str, QuestionWording]
    sheet: str
    problems: tuple[Problem, ...]


def read_wording(
    path: Path, instrument: Instrument, layouts: Sequence[WorkbookLayout]
) -> WordingReading:
    """Read the wording of one LKE workbook; its rows are found as for its answers.

    Raises
    ------
    WorkbookError
        Where it cannot be read at all, or no sheet in it holds the instrument.
    """
    book = open_source(path)
    sheet, _ = place_sheet(book, instrument, layouts)
    return _Reader(sheet, instrument, str(path)).read()


def _split_options(text: str, codes: Sequence[str]) -> tuple[list[str], str]:
    """Split an explanation into what its options ask for and what stands before them.

    An option begins on a line of its own with its code, in order; other lines go on with the one
    before. Letters are counted on past the last code, so that one too many is seen.
    """
    is_lettered = all(len(code) == 1 for code in codes)
    options: list[list[str]] = []
    before: list[str] = []
    for line in (line.strip() for line in text.splitlines()):
        rest = _after_code(line, codes, len(options), is_lettered)
        if rest is not None:
            options.append([rest])
        else:
            (options[-1] if options else before).append(line)
    return [clean_text(" ".join(lines)) for lines in options], clean_text(" ".join(before))


def _after_code(line: str, codes: Sequence[str], at: int, is_lettered: bool) -> str | None:
    """Return what follows the code of option ``at``, None where the line does not begin so."""
    if is_lettered:
        found = LETTER.match(line)
        wanted = codes[at] if at < len(codes) else chr(ord(codes[-1]) + at - len(codes) + 1)
        is_it = found is not None and found[1].casefold() == wanted.casefold()
        return line[found.end() :] if found is not None and is_it else None
    for place in range(at, len(codes)):
        found = re.match(rf"{re.escape(codes[place])}\s*[,.:)]\s*(?=\S)", line, re.IGNORECASE)
        if found and place == at:
            return line[found.end() :]
    return None


class _Reader:
    """Takes the texts out of a placed sheet and collects the differences on the way."""

    def __init__(self, sheet: PlacedSheet, instrument: Instrument, file: str) -> None:
        self.grid: Grid = sheet.grid
        self.sheet, self.instrument = sheet, instrument
        self.rows, self.kinds = sheet.placement.rows, sheet.placement.kinds
        tables = find_tables(sheet.grid, instrument)
        self.tables = tables or Tables((0,), sheet.kind)  # a placed sheet always has some
        self.labelled: dict[int, Row] = {
            row.row: row for row in read_rows(sheet.grid, self.tables, instrument)
        }
        self.guide, self.evidence = self._find_columns()
        self.problems = cell_problems(file, sheet.grid.sheet)

    def _find_columns(self) -> tuple[int | None, int | None]:
        """Return the column that explains the options, and the one of usual evidence, if any.

        The first is the one in which most cells hold options; the second stands among the
        questions' own columns with a heading of its kind.
        """
        columns = [c for c in range(self.sheet.columns.answer) if c != self.tables.kind]
        choices = [q for q in self.instrument.questions.values() if q.options and q.id in self.rows]

        def count(column: int) -> int:
            texts = ((q, self.grid.value(self.rows[q.id], column)) for q in choices)
            return sum(
                isinstance(text, str) and bool(_split_options(text, list(q.options))[0])
                for q, text in texts
            )

        counts = {column: count(column) for column in columns}
        guide = max(counts, key=lambda column: counts[column], default=None)
        if guide is not None and not counts[guide]:
            guide = None
        span = range(self.tables.labels[-1] + 1, self.sheet.columns.answer)
        headings = read_headings(self.grid, min(self.rows.values()), span)
        evidence = [
            column
            for (_, column), text in headings.items()
            if column not in (guide, self.tables.kind) and word_role(text) == "evidence"
        ]
        return guide, (evidence[0] if evidence else None)

    def read(self) -> WordingReading:
        """Return the texts in official order, with every difference."""
        questions = {
            question.id: wording
            for question in self.instrument.questions.values()
            if (wording := self._question(question)) is not None
        }
        self._check_extra()
        return WordingReading(questions, self.grid.sheet, tuple(self.problems))

    def _check_extra(self) -> None:
        """Report rows that are nobody's: one count too many, or a question of another kind."""
        owners = sorted((self.rows[key], key) for key in self.instrument.questions
                        if key in self.rows)  # fmt: skip
        for row in self.sheet.placement.extra:
            before = [key for place, key in owners if place < row.row]
            place = (row.row, self.tables.kind)
            shown = describe(row.text or row.label)
            if row.kind == COUNT and before:
                message = f"ada masukan jumlah yang tidak ada pada instrumen: {shown}."
                self.problems.error("masukan-berbeda", message, SAME_HINT, at=place, key=before[-1])
            else:
                self.problems.warning(
                    "baris-tidak-dikenal",
                    f"baris sesudahnya, {shown}, bukan bagian dari instrumen; tidak diambil.",
                    "Periksa kalimat pertanyaan di sekitarnya.",
                    at=place,
                    key=before[-1] if before else "",
                )

    def _question(self, question: Question) -> QuestionWording | None:
        row = self.rows.get(question.id)
        if row is None:
            message = f"barisnya tidak ditemukan: '{question.text}'."
            self.problems.error("butir-kurang", message, SAME_HINT, key=question.id)
            return None
        wanted, shown = scale_type(question.scale), self.kinds.get(question.id, "")
        if shown != wanted:
            cell = self.grid.value(row, self.tables.kind)
            self.problems.error(
                "tipe-berbeda",
                f"tipe jawabannya {describe(cell)}, pada instrumen "
                f"'{answer_type(question.scale)}'.",
                SAME_HINT,
                at=(row, self.tables.kind),
                key=question.id,
            )
            return None
        options, guide = self._explanation(question, row)
        text = self._statement(row)
        if not text:
            hint = "Kembalikan kalimatnya dari lembar resmi."
            self.problems.error("kosong", "kalimatnya kosong.", hint, at=(row, 0), key=question.id)
        wording = QuestionWording(
            type=answer_type(question.scale),
            text=text,
            options=options,
            inputs=self._inputs(question),
            guide=guide,
            evidence=self._evidence(row),
        )
        texts = (text, guide, *options.values(), *wording.inputs.values(), *wording.evidence)
        if any(len(one) > MAX_LENGTH for one in texts):
            self.problems.error(
                "terlalu-panjang",
                f"ada teks lebih dari {MAX_LENGTH} karakter.",
                "Pastikan barisnya memuat kalimat resmi, bukan isian.",
                at=(row, self.guide or 0),
                key=question.id,
            )
        return wording

    def _statement(self, row: int) -> str:
        """Return the first text between a row's label and its answer type, bullets left out."""
        level = self.labelled[row].level if row in self.labelled else None
        start = self.tables.labels[0] if level is None else self.tables.labels[level] + 1
        for column in range(start, self.tables.kind):
            value = self.grid.value(row, column)
            if column not in (self.guide, self.evidence) and isinstance(value, str):
                text = BULLET.sub("", clean_text(value))
                if text:
                    return text
        return ""

    def _explanation(self, question: Question, row: int) -> tuple[dict[str, str], str]:
        """Return the options' texts, empty where the workbook states none, and the rest."""
        value = self.grid.value(row, self.guide)
        if not isinstance(value, str) or not question.options:
            return {}, clean_text(value) if isinstance(value, str) else ""
        codes = list(question.options)
        options, before = _split_options(value, codes)
        place = (row, self.guide or 0)
        is_lettered = all(len(code) == 1 for code in codes)
        if not is_lettered and len(codes) == 2 and len(options) == 1:
            # Of Ya/Tidak the official workbook explains only Ya.
            options.append(question.options[codes[1]])
        is_partly = (
            is_lettered
            and not options
            and any(LETTER.match(line.strip()) for line in value.splitlines())
        )
        if is_partly or (options and len(options) != len(codes)):
            self.problems.error(
                "pilihan-berbeda",
                f"di buku kerja ada {len(options)} pilihan berurutan, pada instrumen {len(codes)} "
                f"({', '.join(codes)}).",
                SAME_HINT,
                at=place,
                key=question.id,
            )
            return {}, ""
        return dict(zip(codes, options, strict=False)), before

    def _inputs(self, question: Question) -> dict[int, str]:
        """Return the labels of the counted inputs; a derived one without a row keeps ours."""
        texts: dict[int, str] = {}
        for item in question.inputs:
            row = self.rows.get(input_key(question, item))
            if row is None and not item.is_derived:
                self.problems.error(
                    "masukan-berbeda",
                    f"baris masukan {item.number} tidak ditemukan: '{item.text}'.",
                    SAME_HINT,
                    at=(self.rows[question.id], self.tables.kind),
                    key=question.id,
                )
            found = "" if row is None else self._statement(row)
            texts[item.number] = found or item.text
        return texts

    def _evidence(self, row: int) -> tuple[str, ...]:
        value = self.grid.value(row, self.evidence)
        lines = value.splitlines() if isinstance(value, str) else []
        return tuple(filter(None, (BULLET.sub("", clean_text(line)) for line in lines)))


def _quoted(text: str) -> str:
    """Return a text in double quotes, which YAML reads as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def _lines(question: Question, wording: QuestionWording) -> Iterator[str]:
    yield f"  {question.id}:"
    yield f"    type: {_quoted(wording.type)}"
    yield f"    text: {_quoted(wording.text)}"
    groups: tuple[tuple[str, Iterable[tuple[object, str]], Mapping[str, str]], ...] = (
        ("options", wording.options.items(), question.options),
        (
            "inputs",
            wording.inputs.items(),
            {str(item.number): item.text for item in question.inputs},
        ),
    )
    for name, texts, own in groups:
        for place, (key, text) in enumerate(texts):
            if not place:
                yield f"    {name}:"
            mark = "  # kalimat zi-eval" if own.get(str(key)) == text else ""
            yield f"      {_quoted(str(key))}: {_quoted(text)}{mark}"
    if wording.guide:
        yield f"    guide: {_quoted(wording.guide)}"
    if wording.evidence:
        yield "    evidence:"
        yield from (f"      - {_quoted(text)}" for text in wording.evidence)


def render_wording(
    instrument: Instrument, reading: WordingReading, *, source: str, sha256: str, date: str
) -> str:
    """Return the text of ``kalimat.yaml``: all questions in official order.

    Parameters
    ----------
    source, sha256, date
        The workbook's name, the hash of its bytes and the day it was read.
    """
    lines = [
        "# Kalimat pertanyaan dari buku kerja tim sendiri; dipakai formulir, laporan, rekap, dan",
        "# ekspor periode ini. Nilai, bobot, dan aturan tidak berubah. Yang bertanda 'kalimat",
        "# zi-eval' tidak ada di buku kerja. Hapus berkas ini untuk kembali ke kalimat zi-eval.",
        "# Buat ulang: zi-eval wording LKE.xlsx --force",
        f"instrument: {instrument.id}",
        f"source: {_quoted(clean_text(source))}",
        f"sha256: {_quoted(sha256)}",
        f"date: {_quoted(date)}",
        "questions:",
    ]
    for question in instrument.questions.values():
        lines += _lines(question, reading.questions[question.id])
    return "\n".join(lines) + "\n"
