"""The answers of a placed sheet; its scores are never read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Stage, Value
from zi_eval.core.instrument import Instrument, Question, parent_id
from zi_eval.core.problems import Problem, shorten
from zi_eval.core.scoring import value_question
from zi_eval.core.text import tidy_text
from zi_eval.lke.attached import cell_text, linked_text, list_cells, take_comments
from zi_eval.lke.cells import NOT_APPLICABLE_TEXT, describe, is_open
from zi_eval.lke.match import input_key
from zi_eval.lke.place import PlacedSheet, find_covered
from zi_eval.lke.tables import COUNT, scale_type
from zi_eval.lke.values import ValueReader
from zi_eval.sheets.grid import cell_problems, column_letter, warn_stripped
from zi_eval.sheets.marks import Place

__all__ = ["WorkbookReading", "read_sheet"]

MOST_OF_A_KIND = 200
"""Problems of a code that are told of one workbook: more than an instrument has rows, so that only
what stands beside it is told as a number."""


@dataclass(frozen=True)
class WorkbookReading:
    """What a workbook or table says.

    Attributes
    ----------
    answers
        By question id in official order; a question of which nothing is filled in has no entry.
    layout, sheet
        The layout it was read by and the sheet's name as the workbook spells it; of a table of
        questions :data:`~zi_eval.lke.question_table.TABLE` and the file's name.
    problems
        What was not taken, and why, each with its cell.
    answered, answered_by_tpi, answered_by_tpn
        How many questions the unit, the TPI and the TPN answered in it, counted as the scores
        count them: a question with some of its counts open is not answered.
    criteria
        What it says of the criteria that probe questions, by criterion id.
    """

    answers: Mapping[str, Answer]
    layout: str
    sheet: str
    problems: tuple[Problem, ...]
    answered: int
    answered_by_tpi: int
    criteria: Mapping[str, Answer] = field(default_factory=dict)
    answered_by_tpn: int = 0


def read_sheet(
    sheet: PlacedSheet, instrument: Instrument, file: str, *, comments: bool = True
) -> WorkbookReading:
    """Read the answers of a sheet whose rows and columns are known.

    Parameters
    ----------
    file
        Its name for messages.
    comments
        Whether comments are read as notes; not where only the columns count.
    """
    reader = _Reader(sheet, instrument, file, comments=comments)
    answers = reader.read()
    warn_stripped(reader.problems, sheet.grid)
    return WorkbookReading(
        answers=answers,
        layout=sheet.layout.id,
        sheet=sheet.grid.sheet,
        problems=shorten(reader.problems, MOST_OF_A_KIND, file),
        answered=_count(instrument, {key: a.unit for key, a in answers.items()}, Stage.UNIT),
        answered_by_tpi=_count(instrument, {key: a.tpi for key, a in answers.items()}, Stage.TPI),
        answered_by_tpn=_count(instrument, {key: a.tpn for key, a in answers.items()}, Stage.TPN),
    )


def fold_text(text: str) -> str:
    """Return a text without what copying changes: case and space."""
    return " ".join(text.split()).casefold()


def _count(instrument: Instrument, values: Mapping[str, Value | None], stage: Stage) -> int:
    return sum(
        value is not None
        and value_question(instrument.questions[key], value, stage)[0].value is not None
        for key, value in values.items()
    )


class _Reader:
    """Takes the answers out of a placed sheet and collects the problems on the way."""

    def __init__(
        self, sheet: PlacedSheet, instrument: Instrument, file: str, *, comments: bool
    ) -> None:
        self.comments = comments
        self.sheet, self.grid = sheet, sheet.grid
        self.rows = sheet.placement.rows
        self.placement = sheet.placement
        self.columns = sheet.columns
        self.instrument = instrument
        self.is_table = sheet.is_table
        self.covered = find_covered(sheet)
        self.problems = cell_problems(file, sheet.grid.sheet)
        self.marks = sheet.grid.marks
        self.first = min(sheet.kind + 1, sheet.columns.answer)
        self.values = ValueReader(sheet, instrument, self.covered, self.problems)
        self.lost_links: list[Place] = []

    def read(self) -> dict[str, Answer]:
        """Return the answers in official order."""
        for remark in self.columns.remarks:
            (self.problems.error if remark.is_error else self.problems.warning)(
                remark.code, remark.message, remark.hint, at=(remark.row, remark.column)
            )
        if not self.columns.is_found:
            self.problems.warning(
                "judul-kolom-tidak-ditemukan",
                "tidak ada judul kolom Jawaban di atas pertanyaan pertama; kolom "
                f"{column_letter(self.columns.answer)} dibaca sebagai jawaban unit dan jawaban TPI "
                "tidak dibaca.",
                "Bila keliru, sebut kolomnya dengan --columns jawaban=…,tpi=….",
            )
        self._say_how_placed()
        answers: dict[str, Answer] = {}
        for question in self.instrument.questions.values():
            answer = self._answer(question)
            if answer != Answer():
                answers[question.id] = answer
        if self.comments:
            self._take_comments(answers)
        self._say_what_was_done()
        for row in self.placement.extra:
            self.problems.warning(
                "baris-tidak-dikenal",
                f"baris {describe(row.text or row.label)} bukan bagian dari instrumen; isinya "
                "tidak dibaca.",
                "Periksa jawaban butir di sekitarnya, lalu hapus baris tambahan ini.",
                at=(row.row, self.columns.answer),
            )
        return answers

    def _say_how_placed(self) -> None:
        """Say what the rows were known by where the usual signs are missing."""
        sheet = self.sheet
        if not (sheet.is_typed and sheet.is_numbered):
            gone = " dan ".join(
                name
                for name, is_there in (
                    ("kolom pilihan jawaban", sheet.is_typed),
                    ("nomor pertanyaan", sheet.is_numbered),
                )
                if not is_there
            )
            self.problems.warning(
                "ditempatkan-menurut-kalimat",
                f"lembar ini tanpa {gone}; pertanyaan ditempatkan menurut "
                f"{'nomor dan ' if sheet.is_numbered else ''}kalimatnya.",
            )
        moved = [self.rows[key] for key in self.placement.moved if key in self.rows]
        if moved:
            self.problems.warning(
                "baris-dipindahkan",
                f"{len(moved)} pertanyaan tidak pada urutan resminya dan dibaca menurut "
                f"kalimatnya: {list_cells((row, self.columns.answer) for row in moved)}.",
                "Kembalikan urutan barisnya: rumus lembar kerja mengikuti urutan resmi.",
                at=(min(moved), self.columns.answer),
            )

    def _take_comments(self, answers: dict[str, Answer]) -> None:
        rows = {row: self._question_of(key) for key, row in self.rows.items()}
        comments = take_comments(
            self.grid,
            {row: key for row, key in rows.items() if key in self.instrument.questions},
            self.first,
            lambda key: answers.get(key, Answer()).tpi_note,
            self.problems,
        )
        for key, comment in comments.items():
            answers[key] = replace(answers.get(key, Answer()), tpi_note=comment)
        order = list(self.instrument.questions)
        for key in sorted(answers, key=order.index):
            answers[key] = answers.pop(key)

    def _question_of(self, key: str) -> str:
        return key if key in self.instrument.questions else key.rpartition(".")[0]

    def _say_what_was_done(self) -> None:
        """Say once for all cells of a kind how they were read."""
        marks = self.marks
        unread = [
            place
            for place in marks.links
            if place[0] in set(self.rows.values())
            and place[1] >= self.first
            and place[1] not in self.columns.texts
        ]
        for code, places, text, hint in (
            (
                "indeks-persen",
                self.values.percent,
                "{} indeks tampil sebagai persen di seluruh buku kerja ini dan dibaca sebagai "
                "bagian dari nilai tertingginya (91 % dari 4 = 3,64): {}.",
                "Periksa indeksnya dengan hasil survei.",
            ),
            (
                "angka-berupa-teks",
                self.values.typed_numbers if marks.is_known else [],
                "{} angka tersimpan sebagai teks dan dibaca sebagai angka: {}.",
                "Ubah selnya menjadi angka: rumus lembar kerja tidak menghitung teks.",
            ),
            (
                "sel-tersembunyi",
                self.values.hidden,
                "{} jawaban berada di baris atau kolom tersembunyi dan tetap dibaca: {}.",
                "Tampilkan baris dan kolomnya, lalu periksa apakah jawabannya masih berlaku.",
            ),
            (
                "tautan-tidak-terbaca",
                self.lost_links,
                "{} tautan dibuat dengan rumus yang alamatnya tidak dapat dihitung: {}.",
                "Tulis alamatnya di kolom bukti.",
            ),
            (
                "tautan-tidak-dibaca",
                unread,
                "{} tautan di luar kolom bukti dan catatan tidak dibaca: {}.",
                "Salin alamatnya ke kolom bukti bila memang bukti.",
            ),
        ):
            if places:
                message = text.format(len(places), list_cells(places))
                self.problems.warning(code, message, hint, at=min(places))
        if marks.is_hidden:
            self.problems.warning(
                "lembar-tersembunyi",
                f"lembar {self.grid.sheet} tersembunyi di buku kerja ini, tetapi dibaca.",
                "Periksa apakah lembar itu yang berlaku.",
            )

    def _answer(self, question: Question) -> Answer:
        if not self.is_table:
            self._check_rows(question)
        lines = [
            self.rows[key]
            for key in (question.id, *(input_key(question, item) for item in question.inputs))
            if key in self.rows
        ]
        if not lines:
            return Answer()
        evidence = (
            tidy_text(line)
            for column in self.columns.evidence
            for text in self._texts(lines, column)
            for line in text.splitlines()
        )
        unit = self.values.read(question, self.columns.answer)
        reason = self._note(lines, self.columns.reason)
        if reason and unit is not NOT_APPLICABLE:
            self.problems.warning(
                "alasan-tanpa-tidak-berlaku",
                f"ada alasan tidak berlaku, tetapi jawabannya bukan '{NOT_APPLICABLE_TEXT}'; "
                "alasan itu tidak dibaca.",
                f"Isi '{NOT_APPLICABLE_TEXT}' sebagai jumlah pertama, atau hapus alasannya.",
                at=(lines[0], self.columns.reason or 0),
                key=question.id,
            )
        return Answer(
            unit=unit,
            tpi=self.values.read(question, self.columns.tpi_answer),
            note=self._note(lines, self.columns.note),
            tpi_note=self._note(lines, self.columns.tpi_note),
            reason=reason if unit is NOT_APPLICABLE else "",
            returned=self._note(lines, self.columns.returned),
            tpn=self.values.read(question, self.columns.tpn_answer),
            tpn_note=self._note(lines, self.columns.tpn_note),
            evidence=tuple(dict.fromkeys(line for line in evidence if not is_open(line))),
        )

    def _check_rows(self, question: Question) -> None:
        """Report the rows that are missing or whose answer type was overwritten."""
        parent = self.rows.get(parent_id(question.id) or "")
        near = None if parent is None else (parent, self.columns.answer)
        wanted = {question.id: scale_type(question.scale)}
        wanted |= {input_key(question, item): COUNT for item in question.asked_inputs}
        for key, kind in wanted.items():
            shown = self.placement.kinds.get(key)
            if shown is None and (key != question.id or not question.inputs):
                self._report_missing(key, near)
            elif shown is not None and shown != kind and self.sheet.is_typed:
                self.problems.warning(
                    "tipe-jawaban-berubah",
                    f"pilihan jawaban di lembar kerja bukan {kind}; jawaban tetap dibaca menurut "
                    "instrumen, tetapi nilai di lembar kerja dapat salah.",
                    at=(self.rows[key], self.columns.answer - 1),
                    key=key,
                )

    def _report_missing(self, key: str, near: Place | None) -> None:
        """Report a row that was not placed: gone, or there in a place where nothing is sure."""
        question = self.instrument.questions.get(key)
        there = self.written.get(fold_text(question.text), ()) if question else ()
        if there:
            rows = ", ".join(str(row + 1) for row in there)
            self.problems.error(
                "butir-tidak-pasti",
                f"kalimatnya ada di baris {rows}, tetapi urutan, nomor, dan pilihan jawabannya "
                "tidak menunjukkan baris mana yang berlaku; jawabannya tidak dibaca.",
                "Kembalikan susunan barisnya seperti lembar resmi, lalu baca ulang.",
                at=(there[0], self.columns.answer),
                key=key,
            )
            return
        self.problems.error(
            "butir-tanpa-baris",
            "barisnya tidak ditemukan; jawabannya dianggap belum diisi.",
            "Kembalikan barisnya dari lembar resmi, lalu periksa butir di sekitarnya.",
            at=near,
            key=key,
        )

    @cached_property
    def written(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each text that stands left of the answers, but for those that are placed."""
        placed = set(self.rows.values())
        found: dict[str, tuple[int, ...]] = {}
        for row, values in enumerate(self.grid.rows):
            if row not in placed:
                for text in {fold_text(v) for v in values[: self.first] if isinstance(v, str)}:
                    found[text] = (*found.get(text, ()), row)
        return found

    def _texts(self, lines: Iterable[int], column: int | None) -> list[str]:
        if column is None:
            return []
        places = (self.covered.get((row, column), (row, column)) for row in lines)
        texts = map(self._linked, dict.fromkeys(places))
        return list(dict.fromkeys(text for text in texts if not is_open(text)))

    def _linked(self, place: Place) -> str:
        """Return a cell's text with where it leads; an error is named, as its text is lost."""
        text, address = cell_text(self.grid.value(*place)), self.marks.links.get(place)
        if place in self.marks.errors and address is None and is_open(text):
            error = self.values.describe_error(place)
            self.problems.warning(
                "isi-galat",
                f"isinya {error}; catatan atau bukti di sel itu tidak terbaca.",
                "Perbaiki rumusnya atau tulis isinya, simpan, lalu baca ulang.",
                at=place,
            )
        if address == "":
            self.lost_links.append(place)
        return linked_text("" if is_open(text) else text, address or "")

    def _note(self, lines: Iterable[int], column: int | None) -> str:
        return tidy_text("\n".join(self._texts(lines, column)))
