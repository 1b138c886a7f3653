"""Untidy, controlling and formula-like texts, by every door and out of every other."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.hostile.texts import FORMULAS, TERMINAL, TURNED, UNTIDY
from tests.journal.units import OTHER, TEXT, UNIT, at, edit_file, make_unit, read
from tests.sample import copy_sample, run_command
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem
from zi_eval.core.text import visible
from zi_eval.formats import is_formula_like, render_csv
from zi_eval.journal.fields import FieldPlace, Person, Role, tidy
from zi_eval.journal.store import AnswerStore
from zi_eval.lke.intake import render_template
from zi_eval.performance.form.store import PerformanceStore, indicator_key
from zi_eval.performance.table.reader import read_plan
from zi_eval.sheets.book import open_source
from zi_eval.yaml_files.source import parse_yaml
from zi_eval.yaml_files.text import render_value

NOTE = at("catatan")


def with_note(text: str) -> str:
    return TEXT.replace("catatan: Terbuka.", f"catatan: {json.dumps(text, ensure_ascii=True)}")


# One tidying at every door


@pytest.mark.parametrize("text", [text for text in UNTIDY if "\x0b" not in text])
def test_a_note_of_a_hand_written_file_can_be_changed_as_it_is_shown(
    tmp_path: Path, text: str
) -> None:
    path = make_unit(tmp_path)
    for end in ("\n", "\r\n"):
        edit_file(path, with_note(text).replace("\n", end))
        with AnswerStore.open(path, UNIT) as store:
            shown = store.assessment.answers[NOTE.key].note
            assert shown == tidy(text)
            store.change(NOTE, "lain", shown.replace("\n", "\r\n"))  # as browsers send it
            store.change(NOTE, f"{text}.", "lain")
            assert store.get(NOTE) == tidy(f"{text}.")
        assert read(path).answers[NOTE.key].note == tidy(f"{text}.")


@pytest.mark.parametrize("text", [text for text in UNTIDY if "\x0b" not in text])
def test_evidence_and_names_are_tidied_alike(tmp_path: Path, text: str) -> None:
    path = make_unit(tmp_path)
    written = json.dumps(text, ensure_ascii=True)
    body = TEXT.replace("catatan: Terbuka.", f"bukti: [{written}]").replace(
        "nama: Dinas Uji", f"nama: {written}"
    )
    edit_file(path, body)
    name, evidence = FieldPlace("identitas", "nama"), at("bukti")
    with AnswerStore.open(path, UNIT) as store:
        shown = list(store.assessment.answers[NOTE.key].evidence)
        assert "\n" not in store.assessment.unit.name + shown[0]
        store.change(evidence, ["lain"], shown)
        store.change(name, "Dinas Lain", store.assessment.unit.name)
    assert read(path).unit.name == "Dinas Lain"


def test_an_old_journal_with_untidy_values_is_no_endless_conflict(tmp_path: Path) -> None:
    """Journals written before values were tidied at every door."""
    from zi_eval.journal.changes import change_record
    from zi_eval.journal.fields import now
    from zi_eval.journal.records import Journal
    from zi_eval.period.journal_file import journal_path

    path = make_unit(tmp_path)
    AnswerStore.open(path, UNIT).close()
    journal = Journal(journal_path(path))
    journal.read_new()
    edits = [(NOTE, "Terbuka.", "satu  \r\ndua ")]
    journal.append(change_record(1, now(), Person("berkas", Role.FILE), edits))
    with AnswerStore.open(path, UNIT) as store:
        store.change(NOTE, "tiga", "satu\ndua")
    assert read(path).answers[NOTE.key].note == "tiga"


@pytest.mark.parametrize("text", UNTIDY)
def test_a_note_of_a_performance_table_can_be_changed_as_it_is_shown(
    tmp_path: Path, text: str
) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    path = period / "kinerja" / "dpmptsp.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    rows[1][rows[0].index("sebab")] = text
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    store = PerformanceStore.open(period, "dpmptsp")
    place = FieldPlace(indicator_key(store.plan.indicators[0]), "sebab")
    assert store.get(place) == tidy(text)
    store.change(UNIT, place, "lain", tidy(text))
    assert store.get(place) == "lain"


def test_an_import_keeps_notes_as_a_form_would(tmp_path: Path, instrument: Instrument) -> None:
    head, first, *rest = csv.reader(io.StringIO(render_template(instrument)), delimiter=";")
    from zi_eval.instruments import load_workbook_layouts
    from zi_eval.lke.reader import read_workbook

    first[head.index("catatan")] = " satu  \r\ndua\x0b\u2028tiga "
    path = tmp_path / "lke.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([head, first, *rest])
    reading = read_workbook(path, instrument, load_workbook_layouts(instrument.id))
    (answer,) = [answer for answer in reading.answers.values() if answer.note]
    assert answer.note == tidy(answer.note) == "satu\ndua\n\ntiga"


# Terminals and cells get text


@pytest.mark.parametrize("text", TERMINAL)
def test_control_characters_are_refused_in_our_files_with_their_line(text: str) -> None:
    written = json.dumps(text, ensure_ascii=True)
    for body in (f'a: 1\n"b": {written}\n', f"a: 1\n{written}: 1\n"):
        source = parse_yaml(body.encode(), "u.yaml")
        assert [(p.code, p.line) for p in source.problems] == [("karakter-terlarang", 2)]
        assert not any(c in repr(source.value) for c in "\x1b\x9b\x07\x00")


@pytest.mark.parametrize("text", [*TERMINAL, *TURNED, "baris\nGagal: semua"])
def test_a_problem_is_one_line_that_shows_what_it_quotes(text: str) -> None:
    shown = str(Problem(code="x", message=f"isi '{text}'.", file=f"{text}.yaml", key=text))
    assert shown.isprintable()
    assert visible(text, is_line=True) in shown


@pytest.mark.parametrize("text", ["\x1b]0;judul\x07", "a\u202eb", "\x9b1m", "\ufeffa"])
def test_no_command_prints_what_a_terminal_obeys(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copy_sample(tmp_path, "dpmptsp")
    period = folder / "parameters" / "2026"
    unit = (period / "dpmptsp.yaml").read_text("utf-8")
    (period / "buruk.yaml").write_text(f"{json.dumps(text)}: {json.dumps(text)}\n", "utf-8")
    (period / f"{text}.yaml").write_text("x: 1\n", "utf-8")
    name = next(line for line in unit.splitlines() if line.startswith("nama:"))
    (period / "dpmptsp.yaml").write_text(
        unit.replace(name, f"nama: {json.dumps('Dinas ' + text)}"), "utf-8"
    )
    for command in ("check", "score", "status", "history"):
        run_command(command, *(["dpmptsp"] if command != "status" else []), "--folder", folder)
        run_command(command, f"tidak-ada{text}", "--folder", folder)
    said = "".join(capsys.readouterr())
    assert "tidak-ada" in said
    assert {c for c in said if not c.isprintable()} <= {"\n", "\xa0"}


@pytest.mark.parametrize("code", ["_x001b_", "_x0007_", "_x007F_", "_x0000_"])
def test_control_characters_of_a_workbook_are_left_out_with_a_remark(
    tmp_path: Path, code: str
) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    rows = csv.reader(
        io.StringIO((period / "kinerja" / "dpmptsp.csv").read_text("utf-8-sig")), delimiter=";"
    )
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "asli.xlsx")
    path = tmp_path / "dpmptsp.xlsx"
    with zipfile.ZipFile(tmp_path / "asli.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.namelist():
            data = old.read(entry).replace(b"Layanan", f"L{code}ayanan".encode())
            new.writestr(entry, data)
    (grid,) = (open_source(path).grid(sheet) for sheet in open_source(path).parts)
    texts = [str(value) for row in grid.rows for value in row]
    assert all(text.isprintable() or "\n" in text for text in texts)
    assert any("Layanan" in text or code in text for text in texts)
    reading = read_plan(path, "dpmptsp", 2026)
    if any(code in text for text in texts):  # a text that was never decoded
        assert grid.stripped is None
    else:
        assert "karakter-terlarang" in [problem.code for problem in reading.problems]


def test_control_characters_of_a_csv_are_left_out_with_a_remark(tmp_path: Path) -> None:
    period = copy_sample(tmp_path, "dpmptsp", plans=["dpmptsp"]) / "parameters" / "2026"
    path = period / "kinerja" / "dpmptsp.csv"
    path.write_bytes(path.read_bytes().replace(b"Layanan", b"L\x1b\x07ayanan", 1))
    reading = read_plan(path, "dpmptsp", 2026)
    assert reading.plan is not None
    assert any("Layanan" in item.cause + item.follow_up for item in reading.plan.indicators)
    (problem,) = [p for p in reading.problems if p.code == "karakter-terlarang"]
    assert problem.cell


@pytest.mark.parametrize("text", FORMULAS)
def test_whatever_may_be_run_as_a_formula_is_text_in_every_table(text: str) -> None:
    assert is_formula_like(text)
    (field,) = next(csv.reader(io.StringIO(render_csv([[text]]), newline=""), delimiter=";"))
    assert field == f"'{text}"


@pytest.mark.parametrize("text", [*UNTIDY, *TURNED, *FORMULAS])
def test_what_the_form_keeps_is_read_back_from_the_file(text: str) -> None:
    kept = tidy(text)
    head, lines = render_value(kept, 2)
    body = "\n".join([f"catatan: {head}", *lines, ""])
    assert (parse_yaml(body.encode(), "u").value["catatan"] or None) == kept


def test_only_one_function_prints(root: Path) -> None:
    found = [
        f"{path.name}:{number}"
        for path in (root / "zi_eval" / "cli").glob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "click.echo" in line or "print(" in line.replace("set_print(", "")
    ]
    assert len(found) == 1, found


def test_other_places_keep_their_unit(tmp_path: Path) -> None:
    """A change beside an untidy note leaves the note's own bytes alone."""
    path = make_unit(tmp_path)
    body = TEXT.replace("catatan: Terbuka.", "catatan: |\n      satu  \n      dua")
    edit_file(path, body)
    with AnswerStore.open(path, UNIT) as store:
        store.change(at("unit", OTHER), "Tidak", "Ya")
    assert path.read_text() == body.replace("A.I.1.i.a: Ya", "A.I.1.i.a: Tidak")
