"""The audit of workbooks: a gallery of damages, each made by code from a clean export."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formula.translate import Translator

from tests.lke.samples import draw_assessment, load_book, open_book
from zi_eval.core.assessment import Answer, Assessment, Unit, Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import score_assessment
from zi_eval.errors import WorkspaceError
from zi_eval.instruments import WorkbookLayout, load_instrument, load_workbook_layouts
from zi_eval.lke.audit import audit_workbook, audit_workbooks, inspect_workbook, summarize
from zi_eval.lke.export import export_workbook
from zi_eval.lke.findings import AuditFinding, WorkbookAudit, group_findings
from zi_eval.lke.load import load_audits
from zi_eval.lke.mend import mend_workbook
from zi_eval.lke.page.audit import render_audit, render_audit_page
from zi_eval.lke.reader import read_workbook

Layouts = tuple[WorkbookLayout, ...]
Sheet = Any
ANSWER_CODES = ("jawaban", "jumlah-tidak", "bagian-melebihi", "baris")
UNKNOWN, ELSEWHERE = "rumus-tidak-dikenal", "LKE ZI!Y5"
OFFICIAL = "ZI_EVAL_OFFICIAL_WORKBOOK"


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    return load_workbook_layouts("zi-2021")


def answers_of(instrument: Instrument) -> dict[str, Answer]:
    """Answers with a value of their own each: neither all best nor all alike."""
    answers: dict[str, Answer] = {}
    for place, (key, question) in enumerate(instrument.questions.items()):
        codes = tuple(question.scale.values)
        value: Value = codes[place % 2] if codes else 3.0
        if question.inputs:
            value = (10.0, 5.0, 4.0)[: len(question.asked_inputs)]
            if len(question.asked_inputs) == 4:
                value = (1.0, 2.0, 5.0, 6.0)
        answers[key] = Answer(unit=value)
    return answers


def assess(answers: Mapping[str, Answer]) -> Assessment:
    return Assessment(Unit("u", "Unit"), "zi-2021", "WBK", "2026", answers=answers)


def write(folder: Path, assessment: Assessment, instrument: Instrument, layouts: Layouts) -> Path:
    path = folder / "lke.xlsx"
    path.write_bytes(export_workbook(assessment, instrument, layouts[0]).data)
    return path


@cache
def clean_export() -> bytes:
    """The workbook that all damages are done to."""
    instrument, layouts = load_instrument("zi-2021"), load_workbook_layouts("zi-2021")
    return export_workbook(assess(answers_of(instrument)), instrument, layouts[0]).data


def clean(folder: Path) -> Path:
    path = folder / "lke.xlsx"
    path.write_bytes(clean_export())
    return path


@cache
def damage_export(damages: tuple[Damage, ...]) -> bytes:
    book = open_book(clean_export())
    if any(damage.official for damage in damages):
        officialize(book["LKE ZI"])
    for damage in damages:
        damage.do(book)
    book.save(made := io.BytesIO())
    return made.getvalue()


def officialize(sheet: Sheet) -> None:
    """Write the formulas in the shapes of the workbook that circulates."""
    scales = {"Ya/Tidak": (1, 0), "A/B/C": (1, 0.5, 0), "A/B/C/D": (1, 0.67, 0.33, 0)}
    scales["A/B/C/D/E"] = (1, 0.75, 0.5, 0.25, 0)
    for row in range(4, 209):
        kind, formula = sheet[f"J{row}"].value, sheet[f"L{row}"].value
        if kind is None:
            if isinstance(formula, str) and "AVERAGE" in formula:
                inside = re.search(r"AVERAGE\(([^)]*)\)", formula)[1].split(",")  # type: ignore[index]
                last = inside[-1]
                is_block = row != 175
                cells = f"{inside[0]}:{last}" if is_block else ",".join(inside)
                sheet[f"L{row}"].value = f"=AVERAGE({cells})*H{row}"
            elif isinstance(formula, str) and "SUM(" in formula:
                sheet[f"L{row}"].value = "=" + re.search(r"SUM\([^)]*\)", formula)[0]  # type: ignore[index]
            if sheet[f"M{row}"].value:
                sheet[f"M{row}"].value = f"=L{row}/H{row}"
            continue
        if kind.startswith("Nilai"):
            sheet[f"L{row}"].value = f'=IF(K{row}="","Blm Diisi",K{row}/4)*H{row}'
            continue
        text = '"-"'
        for name, values in scales.items():
            inner = '"Blm Diisi"'
            for code, value in reversed(list(zip(name.split("/"), values, strict=True))):
                inner = f'IF($K${row}="{code}",{value},{inner})'
            text = f'IF(J{row}="{name}", {inner}, {text})'
        text = f'IF(J{row}="%",IF(K{row}="","Blm Diisi",K{row}),{text})'
        text = f'IF(J{row}="Jumlah",IF(K{row}="","Blm Diisi",""),{text})'
        sheet[f"L{row}"].value = f"={text}*H203" if row == 203 else f"={text}"


@dataclass(frozen=True)
class Damage:
    """What is done to a clean workbook, and what must be found."""

    name: str
    do: Callable[[Any], None]
    code: str
    cell: str
    moves: Callable[[Instrument, dict[str, Answer]], float | None]
    official: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether it is done to what the unit answered, or asked, and not to the workbook."""
        return self.code.startswith(ANSWER_CODES)

    @property
    def is_mendable(self) -> bool:
        """Whether anybody knows what should stand there."""
        return not self.is_answer and self.code != UNKNOWN and self.cell != ELSEWHERE


def put(cell: str, value: Any, sheet: str = "LKE ZI") -> Callable[[Any], None]:
    def do(book: Any) -> None:
        book[sheet][cell].value = value

    return do


def total(instrument: Instrument, answers: dict[str, Answer]) -> float:
    score = score_assessment(instrument, assess(answers)).total.score
    assert score is not None
    return score


def mean_without(node: str, *left_out: str) -> Callable[[Instrument, dict[str, Answer]], float]:
    """The move where a mean passes over some questions."""

    def moves(instrument: Instrument, answers: dict[str, Answer]) -> float:
        rest = {key: answer for key, answer in answers.items() if key not in left_out}
        return total(instrument, rest) - total(instrument, answers)

    return moves


def node_at(node: str, figure: float) -> Callable[[Instrument, dict[str, Answer]], float]:
    """The move where a node shows ``figure``."""

    def moves(instrument: Instrument, answers: dict[str, Answer]) -> float:
        card = score_assessment(instrument, assess(answers))
        return figure - (card.nodes[node].score or 0.0)

    return moves


def times(node: str, factor: float) -> Callable[[Instrument, dict[str, Answer]], float]:
    """The move where a node's figure is multiplied."""

    def moves(instrument: Instrument, answers: dict[str, Answer]) -> float:
        card = score_assessment(instrument, assess(answers))
        return (card.nodes[node].score or 0.0) * (factor - 1)

    return moves


def answered(key: str, value: Value | None) -> Callable[[Instrument, dict[str, Answer]], float]:
    """The move where a question's value is another answer's."""

    def moves(instrument: Instrument, answers: dict[str, Answer]) -> float:
        changed = {**answers, key: Answer(unit=value)}
        return total(instrument, changed) - total(instrument, answers)

    return moves


def nothing(instrument: Instrument, answers: dict[str, Answer]) -> float:
    return 0.0


def an_error(instrument: Instrument, answers: dict[str, Answer]) -> None:
    return None


def insert_question(book: Any) -> None:
    sheet = book["LKE ZI"]
    sheet["F90"].value, sheet["G90"].value, sheet["J90"].value = "z.", "Pertanyaan lokal", "A/B/C"


def reads_on(instrument: Instrument, answers: dict[str, Answer]) -> float:
    """A.I.2.iii averages its two questions, area 3, its first subarea and that one's first."""
    keys = ("A.I.2.iii.a", "A.I.2.iii.b", "A.I.3", "A.I.3.i", "A.I.3.i.a")
    mean = sum(node_value(instrument, answers, key) for key in keys) / 5
    return mean * 0.5 - node_value(instrument, answers, "A.I.2.iii")


GALLERY = (
    Damage("weight of a subarea", put("H7", 1), "bobot-berubah", "LKE ZI!H7", times("A.I.1.i", 2)),
    Damage("weight of an area", put("H6", 5), "bobot-berubah", "LKE ZI!H6", nothing),
    Damage(
        "weight of a result", put("H202", 20), "bobot-berubah", "LKE ZI!H202",
        times("B.I.a", 20 / 17.5),
    ),
    Damage("weight as text", put("H14", "satu"), "bobot-berubah", "LKE ZI!H14", an_error),
    Damage(
        "type overwritten", put("J8", "Ya"), "tipe-berubah", "LKE ZI!J8",
        mean_without("A.I.1.i", "A.I.1.i.a"), official=True,
    ),
    Damage("type overwritten, own formula", put("J8", "Ya"), "tipe-berubah", "LKE ZI!J8", nothing),
    Damage(
        "type of another scale", put("J9", "A/B/C/D"), "tipe-berubah", "LKE ZI!J9",
        # B is worth 0.67 of A/B/C/D and 0.5 of A/B/C; one of two questions of weight 0.5.
        lambda i, a: 0.17 / 2 * 0.5, official=True,
    ),
    Damage("type of a count", put("J129", "%"), "tipe-berubah", "LKE ZI!J129", nothing),
    Damage("value typed over", put("L8", 0.9), "rumus-diganti-angka", "LKE ZI!L8",
           lambda i, a: (0.9 - 1) / 2 * 0.5),
    Damage("subarea typed over", put("L24", 1), "rumus-diganti-angka", "LKE ZI!L24",
           node_at("A.I.2.i", 1)),
    Damage("area typed over", put("L75", 7.5), "rumus-diganti-angka", "LKE ZI!L75",
           node_at("A.I.5", 7.5)),
    Damage("total typed over", put("L208", 90), "rumus-diganti-angka", "LKE ZI!L208",
           lambda i, a: 90 - total(i, a)),
    Damage("formula removed", put("L37", None), "rumus-hilang", "LKE ZI!L37",
           node_at("A.I.3.i", 0)),
    Damage("formula as text", put("L37", "'=AVERAGE"), "rumus-diganti-angka", "LKE ZI!L37",
           node_at("A.I.3.i", 0)),
    Damage(
        "question dropped", put("L10", "=AVERAGE(L11:L12)*H10"), "pertanyaan-keluar-rata-rata",
        "LKE ZI!L10", mean_without("A.I.1.ii", "A.I.1.ii.c"),
    ),
    Damage(
        "LHKASN left out", put("L175", "=AVERAGE(L177:L179)*H175"), "pertanyaan-keluar-rata-rata",
        "LKE ZI!L175", mean_without("A.II.5.iii", "A.II.5.iii.b"),
    ),
    Damage(
        "rows too many", put("L28", "=AVERAGE(L28+0,L29:L34)*H28"), "rumus-baca-baris-lain",
        "LKE ZI!L28", an_error,
    ),
    Damage(
        "reads the next subarea", put("L33", "=AVERAGE(L34:L38)*H33"), "rumus-baca-baris-lain",
        "LKE ZI!L33", reads_on,
    ),
    Damage(
        "another weight's row", put("L14", "=AVERAGE(L15:L17)*H18"), "rumus-salah", "LKE ZI!L14",
        times("A.I.1.iii", 1.5),
    ),
    Damage(
        "subarea left out of an area", put("L6", "=SUM(L7,L10,L14)"), "bagian-keluar-jumlah",
        "LKE ZI!L6", lambda i, a: -node_value(i, a, "A.I.1.iv"),
    ),
    Damage(
        "subarea added twice", put("L23", "=L24+L28+L33+L33"), "rumus-salah", "LKE ZI!L23",
        lambda i, a: node_value(i, a, "A.I.2.iii"),
    ),
    Damage(
        "aspect left out of the total", put("L208", "=SUM(L206)"), "rumus-salah", "LKE ZI!L208",
        lambda i, a: -node_value(i, a, "A"),
    ),
    Damage("rounded", put("L7", "=ROUND(AVERAGE(L8:L9)*H7,1)"), "rumus-salah", "LKE ZI!L7",
           node_at("A.I.1.i", 0.4)),
    Damage(
        "a function nobody knows", put("L7", "=XMEAN(L8:L9)*H7"), "rumus-tidak-dikenal",
        "LKE ZI!L7", an_error,
    ),
    Damage("broken reference", put("L18", "=AVERAGE(#REF!)*H18"), "rumus-galat", "LKE ZI!L18",
           an_error),
    Damage(
        "from another workbook", put("L18", "=[1]Lembar1!A1"), "tautan-luar", "LKE ZI!L18", an_error
    ),
    Damage("scale changed", put("L9", '=IF(K9="A",1,IF(K9="B",0.6,IF(K9="C",0,"Blm Diisi")))'),
           "rumus-salah", "LKE ZI!L9", lambda i, a: 0.1 / 2 * 0.5),
    Damage(
        "open counts as zero", put("L9", '=IF(K9="A",1,IF(K9="B",0.5,0))'), "rumus-salah",
        "LKE ZI!L9", nothing,
    ),
    Damage("ratio typed over", put("K128", 1), "rasio-diketik", "LKE ZI!K128",
           answered("A.II.1.i.a", (1.0, 1.0))),
    Damage("ratio of wrong rows", put("K131", "=K133/K129"), "rumus-salah", "LKE ZI!K131", nothing),
    Damage("derived total typed over", put("K178", 12), "jumlah-diketik", "LKE ZI!K178",
           answered("A.II.5.iii.a", (4.0, 4.0, 4.0, 6.0))),
    Damage("derived total removed", put("K185", None), "rumus-hilang", "LKE ZI!K185",
           mean_without("A.II.5.iii", "A.II.5.iii.b")),
    Damage("number in a count's line", put("L129", 5), "angka-di-baris-jumlah", "LKE ZI!L129",
           # The official average takes the whole block: 0.5, 0.5 and now 5, of weight 2.
           lambda i, a: (6 / 3 - 0.5) * 2, official=True),
    Damage("answer outside its list", put("K9", "D"), "jawaban-di-luar-pilihan", "LKE ZI!K9",
           nothing),
    Damage("index above its top", put("K202", 90), "jawaban-di-luar-pilihan", "LKE ZI!K202",
           lambda i, a: 90 / 4 * 17.5),
    Damage("answer only a reader knows", put("K9", "B."), "jawaban-tidak-terbaca-rumus",
           "LKE ZI!K9", mean_without("A.I.1.i", "A.I.1.i.b")),
    Damage("negative count", put("K130", -2), "jumlah-tidak-mungkin", "LKE ZI!K130",
           # Ours leaves the question open; the formula gives -2 / 10.
           lambda i, a: (-0.2 - 0.5) / 2 * 2),
    Damage("fractional count", put("K161", 12.5), "jumlah-tidak-mungkin", "LKE ZI!K161",
           lambda i, a: 5 / 12.5 * 2),
    Damage("text as count", put("K161", "dua belas"), "jumlah-tidak-mungkin", "LKE ZI!K161",
           nothing),
    Damage("part above its whole", put("K162", 11), "bagian-melebihi", "LKE ZI!K162", nothing),
    Damage("share typed", put("M7", 0.5), "rumus-diganti-angka", "LKE ZI!M7", nothing),
    Damage("recap weight", put("H31", 9, "Ctt Eval"), "rekap-bobot", "Ctt Eval!H31", nothing),
    Damage("recap typed over", put("I28", 88, "Utama"), "rekap-diketik", "Utama!I28",
           lambda i, a: 88 - total(i, a)),
    Damage("recap reads another row", put("I5", "='LKE ZI'!L23", "Utama"), "rekap-salah-rujuk",
           "Utama!I5", nothing),
    Damage("recap broken", put("I9", "='LKE ZI'!#REF!", "Ctt Eval"), "rekap-galat", "Ctt Eval!I9",
           nothing),
    Damage("question not in the instrument", insert_question, "baris-tambahan", "LKE ZI!K90",
           nothing),
    Damage("broken elsewhere", put("Y5", "=#REF!+1"), "rumus-galat", ELSEWHERE, nothing),
)  # fmt: skip


def node_value(instrument: Instrument, answers: dict[str, Answer], node: str) -> float:
    score = score_assessment(instrument, assess(answers)).nodes[node].score
    assert score is not None
    return score


def gathered() -> list[tuple[Damage, ...]]:
    """All damages in few workbooks, as many in each as do not change what is said of another.

    A damaged answer changes the score that the others move, unless they are of other subareas.
    """

    def is_apart(one: Damage, other: Damage) -> bool:
        if one.cell == other.cell or one.official != other.official:
            return False
        answers = [damage.is_answer for damage in (one, other)]
        rows = [int(re.sub(r"\D", "", damage.cell)) for damage in (one, other)]
        return not any(answers) or (all(answers) and abs(rows[0] - rows[1]) > 1)

    books: list[list[Damage]] = []
    for damage in GALLERY:
        for book in books:
            if all(is_apart(damage, other) for other in book):
                book.append(damage)
                break
        else:
            books.append([damage])
    return [tuple(book) for book in books]


ALONE = [pytest.param((damage,), id=damage.name, marks=pytest.mark.long) for damage in GALLERY]
DAMAGES = [*ALONE, *gathered()]


def damaged(
    folder: Path, instrument: Instrument, *damages: Damage
) -> tuple[Path, dict[str, Answer]]:
    path = folder / "lke.xlsx"
    path.write_bytes(damage_export(damages))
    return path, answers_of(instrument)


def place_of(finding: AuditFinding) -> str:
    return f"{finding.sheet}!{finding.cell}"


def test_the_gallery_has_at_least_25_kinds() -> None:
    assert len({damage.name for damage in GALLERY}) == len(GALLERY) >= 25


@pytest.mark.parametrize("damages", DAMAGES)
def test_each_damage_is_found_with_its_points_and_mended_and_nothing_else(
    instrument: Instrument, layouts: Layouts, tmp_path: Path, damages: tuple[Damage, ...]
) -> None:
    path, answers = damaged(tmp_path, instrument, *damages)
    audited = inspect_workbook(path, instrument, layouts)
    audit = summarize(audited, path.name)
    every = {place_of(finding): finding for finding in (*audit.findings, *audit.template)}
    assert len(every) == len(audit.findings) + len(audit.template)
    assert {place: finding.code for place, finding in every.items()} == {
        damage.cell: damage.code for damage in damages
    }
    for damage in damages:
        expected = damage.moves(instrument, answers)
        wanted = None if expected is None else pytest.approx(expected, abs=1e-9)
        assert every[damage.cell].points == wanted, damage.name
    made = mend_workbook(audited)
    fixed = tmp_path / "fixed.xlsx"
    fixed.write_bytes(made.data)
    audit = audit_workbook(fixed, instrument, layouts)
    mended = {damage.cell for damage in damages if damage.is_mendable}
    assert {f"{mending.sheet}!{mending.cell}" for mending in made.mendings} == mended
    left = {damage.cell: damage.code for damage in damages if not damage.is_mendable}
    found = {place_of(finding): finding.code for finding in (*audit.findings, *audit.template)}
    assert found == left
    if not any(damage.is_answer for damage in damages):
        assert dict(read_workbook(fixed, instrument, layouts).answers) == answers
        shown = None if UNKNOWN in left.values() else total(instrument, answers)
        assert audit.shown == (shown if shown is None else pytest.approx(shown, abs=1e-9))


# Clean workbooks


def clean_codes(audit: WorkbookAudit) -> list[tuple[str, str]]:
    """Findings but for parts larger than their whole, which random answers really have."""
    return [(f.code, place_of(f)) for f in audit.findings if f.code != "bagian-melebihi"]


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 6))]
)
def test_a_clean_export_gives_no_finding(
    instrument: Instrument, layouts: Layouts, tmp_path: Path, seed: int
) -> None:
    assessment = draw_assessment(random.Random(seed), instrument)
    path = write(tmp_path, assessment, instrument, layouts)
    audit = audit_workbook(path, instrument, layouts)
    assert clean_codes(audit) == []
    score = score_assessment(instrument, assessment).total.score
    assert audit.score == score
    assert audit.shown == (None if score is None else pytest.approx(score, abs=1e-9))


@pytest.mark.parametrize("open_share", [0.0, 0.3])
def test_the_shapes_of_the_official_formulas_are_clean(
    instrument: Instrument, layouts: Layouts, tmp_path: Path, open_share: float
) -> None:
    chance = random.Random(open_share)
    answers = {k: a for k, a in answers_of(instrument).items() if chance.random() >= open_share}
    path = write(tmp_path, assess(answers), instrument, layouts)
    book = open_book(path.read_bytes())
    officialize(book["LKE ZI"])
    assert book["LKE ZI"]["L7"].value == "=AVERAGE(L8:L9)*H7"
    book.save(path)
    assert audit_workbook(path, instrument, layouts).findings == ()


def test_shifted_rows_are_no_damage(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = clean(tmp_path)
    sheet = open_book(path.read_bytes())["LKE ZI"]
    made = openpyxl.Workbook()
    target = made.active
    target.title = "LKE ZI"
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
        place = target.cell(cell.row + 5, cell.column)
        place.value = cell.value
        if cell.data_type == "f":
            move = Translator(cell.value, cell.coordinate)
            place.value = move.translate_formula(place.coordinate)
    made.save(path)
    audit = audit_workbook(path, instrument, layouts)
    assert audit.findings == ()
    assert audit.shown == pytest.approx(audit.score, abs=1e-9)


def test_open_questions_are_a_note_with_what_the_average_hides(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    answers = answers_of(instrument)
    del answers["A.I.1.ii.c"]
    path = write(tmp_path, assess(answers), instrument, layouts)
    audit = audit_workbook(path, instrument, layouts)
    node = score_assessment(instrument, assess(answers)).nodes["A.I.1.ii"]
    assert audit.findings == ()
    (note,) = audit.notes
    assert (note.code, note.key) == ("terbuka-tertutup-rata-rata", "A.I.1.ii")
    assert place_of(note) == "LKE ZI!L10"
    assert note.points == pytest.approx(node.score - node.floor)


def test_a_right_formula_that_errs_on_empty_answers_is_a_note_where_it_begins(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    answers = answers_of(instrument)
    del answers["B.I.a"]
    path = write(tmp_path, assess(answers), instrument, layouts)
    book = open_book(path.read_bytes())
    officialize(book["LKE ZI"])
    book.save(path)
    audit = audit_workbook(path, instrument, layouts)
    assert (audit.findings, audit.shown) == ((), None)
    assert [(n.code, place_of(n), n.points) for n in audit.notes] == [
        ("hasil-galat", "LKE ZI!L202", None)
    ]


# Saved values


def test_a_stale_value_is_found_where_it_begins_and_not_where_it_ends(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    answers = answers_of(instrument)
    path = clean(tmp_path)
    name = "xl/worksheets/sheet3.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    text, count = re.subn(
        r'(<c r="K8"[^>]*>.*?<t[^>]*>)Ya(</t>)', r"\g<1>Tidak\g<2>", parts[name].decode(), count=1
    )
    assert count == 1
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    audit = audit_workbook(path, instrument, layouts)
    by_place = {place_of(finding): finding for finding in audit.findings}
    assert {finding.code for finding in audit.findings} == {"nilai-basi"}
    assert set(by_place) == {"LKE ZI!L8"}
    finding = by_place["LKE ZI!L8"]
    assert (finding.found, finding.expected) == ("1", "0")
    right = total(instrument, {**answers, "A.I.1.i.a": Answer(unit="Tidak")})
    assert finding.points == pytest.approx(total(instrument, answers) - right)
    assert audit.score == pytest.approx(right)
    assert audit.shown == pytest.approx(total(instrument, answers))


# Mending


def test_mending_never_touches_an_answer(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = clean(tmp_path)
    book = open_book(path.read_bytes())
    sheet = book["LKE ZI"]
    sheet["K9"].value, sheet["K130"].value, sheet["H7"].value = "X", -4, 3
    book.save(path)
    made = mend_workbook(inspect_workbook(path, instrument, layouts))
    fixed = tmp_path / "fixed.xlsx"
    fixed.write_bytes(made.data)
    after = load_book(fixed)["LKE ZI"]
    assert [after[cell].value for cell in ("K9", "K130", "H7")] == ["X", -4, 0.5]
    codes = {finding.code for finding in audit_workbook(fixed, instrument, layouts).findings}
    assert codes == {"jawaban-di-luar-pilihan", "jumlah-tidak-mungkin"}


# Several workbooks, and the official one


def test_what_cannot_be_read_is_a_row_of_its_own_and_the_worst(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path, _ = damaged(tmp_path, instrument, GALLERY[0])
    broken = tmp_path / "rusak.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    audits = list(audit_workbooks([path, broken], instrument, layouts))
    assert [bool(audit.failure) for audit in audits] == [False, True]
    assert min(audits, key=lambda audit: audit.rank).file == str(broken)


@pytest.mark.skipif(OFFICIAL not in os.environ, reason=f"{OFFICIAL} names no official workbook")
def test_of_the_official_workbook_only_its_known_flaws_are_found(
    instrument: Instrument, layouts: Layouts
) -> None:
    audit = audit_workbook(Path(os.environ[OFFICIAL]), instrument, layouts)
    assert audit.findings == ()
    (layout,) = (layout for layout in layouts if layout.defects)
    assert sorted(map(place_of, audit.template)) == sorted(layout.defects)


def spoil(path: Path, cells: Mapping[str, object]) -> None:
    book = open_book(path.read_bytes())
    for cell, value in cells.items():
        sheet, _, name = cell.partition("!")
        book[sheet][name] = value
    book.save(path)


def test_a_flaw_of_the_official_workbook_is_a_finding_only_where_it_moves_the_score(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    known = "=AVERAGE(L176:L179)*H175"
    blank = write(tmp_path, assess({}), instrument, layouts)
    spoil(blank, {"LKE ZI!L175": known})
    audit = audit_workbook(blank, instrument, layouts)
    assert (audit.findings, [place_of(item) for item in audit.template]) == ((), ["LKE ZI!L175"])
    assert "tidak ada temuan selain cacat bawaan templat" in render_audit(audit)
    assert "0 dari 1 buku kerja perlu diperiksa" in render_audit_page([audit])
    answers = answers_of(instrument)
    answers["A.II.5.iii.a"] = Answer(unit=(4.0, 4.0, 4.0, 6.0))
    answers["A.II.5.iii.b"] = Answer(unit=(4.0, 4.0, 4.0, 3.0))
    filled = write(tmp_path, assess(answers), instrument, layouts)
    spoil(filled, {"LKE ZI!L175": known})
    audit = audit_workbook(filled, instrument, layouts)
    (finding,) = (item for item in audit.findings if item.cell == "L175")
    assert (finding.is_moving, finding.is_template) == (True, True)
    assert "Cacat bawaan templat resmi." in render_audit(audit)
    spoil(filled, {"LKE ZI!L175": "=AVERAGE(L176:L180)*H175"})
    audit = audit_workbook(filled, instrument, layouts)
    assert [item.is_template for item in audit.findings if item.cell == "L175"] == [False]


def test_what_is_wrong_in_the_same_way_is_one_finding_with_all_cells_in_indonesian_numbers(
    instrument: Instrument, layouts: Layouts, tmp_path: Path
) -> None:
    path = clean(tmp_path)
    spoil(path, {f"LKE ZI!H{row}": 0.25 for row in (7, 10, 14)})
    audit = audit_workbook(path, instrument, layouts)
    weights = [item for item in audit.findings if item.code == "bobot-berubah"]
    assert {item.cell for item in weights} == {"H7", "H10", "H14"}
    (group,) = (item for item in group_findings(audit.findings) if item[0] in weights)
    assert len(group) == 3
    text, page = render_audit(audit), render_audit_page([audit])
    assert text.count("bobotnya bukan bobot instrumen.") == 1
    assert page.count("bobotnya bukan bobot instrumen.") == 1
    assert "LKE ZI!H7 A.I.1.i: 0,25, seharusnya 0,5" in text
    assert "1 temuan di 3 sel, 3 menggeser nilai" in text


def test_a_workbook_that_is_not_there_is_an_error_and_no_row(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"Tidak ditemukan: .*tiada\.xlsx"):
        load_audits(tmp_path, tmp_path / "tiada.xlsx")
