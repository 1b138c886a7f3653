"""The chooser and the page, without a browser: units opened, made, imported; threads that end."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lke.builder import build
from tests.screens import running_threads, tell
from tests.waiting import wait_until
from zi_eval.core.assessment import Answer, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.errors import WorkspaceError
from zi_eval.forms.form import Workbench
from zi_eval.forms.page import FormPage
from zi_eval.forms.state import FormState
from zi_eval.instruments import load_workbook_layouts
from zi_eval.journal.fields import FieldPlace, Person, Role
from zi_eval.journal.store import AnswerStore, create_unit
from zi_eval.period.folders import find_parameters
from zi_eval.period.reading import Period


@pytest.fixture
def folder(folder: Path) -> Path:
    (folder / "notebooks").mkdir()
    return folder


@pytest.fixture
def bench(folder: Path) -> Iterator[Workbench]:
    bench = Workbench(False, "2026", "", "Sari", folder)
    yield bench
    bench.close_page()


def said(bench: Workbench) -> str:
    return str(bench.chooser.said.value)


def upload(bench: Workbench, name: str, content: bytes) -> None:
    bench.chooser.take([{"name": name, "content": memoryview(content)}])


def test_the_package_costs_nothing_to_import() -> None:
    code = (
        "import sys, zi_eval.forms\n"
        "assert not {'ipywidgets', 'anywidget', 'matplotlib'} & set(sys.modules)\n"
        "from zi_eval.forms import unit_form, verification_form\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_parameters_are_found_from_the_folder_and_from_its_notebooks(folder: Path) -> None:
    assert find_parameters(folder) == find_parameters(folder / "notebooks") == folder / "parameters"
    with pytest.raises(WorkspaceError, match="zi-eval init"):
        find_parameters(Path("/nowhere"))


def test_a_unit_and_a_name_open_the_form_at_once(folder: Path) -> None:
    bench = Workbench(True, "2026", "dpmptsp", "Rina", folder)
    assert isinstance(bench.page, FormPage)
    assert bench.page.state.person == Person("Rina", Role.MEMBER)
    assert bench.chooser.start.layout.display == "none"
    bench.close_page()


def test_without_a_name_nothing_opens(folder: Path) -> None:
    bench = Workbench(False, "2026", "dpmptsp", "  ", folder)
    bench.chooser.open()
    assert bench.page is None
    assert "Isi nama Anda" in said(bench)


def test_units_are_offered_by_name(bench: Workbench) -> None:
    labels = [label for label, _ in bench.chooser.unit.options]
    assert labels[0] == "– pilih unit –"
    assert "Kecamatan Merdeka (kecamatan-merdeka)" in labels
    assert len(labels) == 9


def test_an_unknown_unit_is_said(folder: Path) -> None:
    bench = Workbench(False, "2026", "dpmptps", "Sari", folder)
    assert "'dpmptps' tidak ada" in said(bench).replace("&#x27;", "'")


def test_a_broken_unit_file_says_every_problem_and_escapes_them(bench: Workbench) -> None:
    path = bench.chooser.parameters / "2026" / "bapenda.yaml"
    path.write_text("id: bapenda\nnama: <img src=x>\ntarget: <b>WBX</b>\n", encoding="utf-8")
    bench.chooser.unit.value = "bapenda"
    bench.chooser.open()
    assert bench.page is None
    assert "<b>" not in said(bench)
    assert "&lt;b&gt;WBX&lt;/b&gt;" in said(bench)


def test_a_new_unit_is_made_and_never_over_another(bench: Workbench) -> None:
    chooser = bench.chooser
    chooser.new_id.value, chooser.new_name.value = "dinas-uji", "Dinas Uji"
    chooser.make_unit()
    assert bench.page is not None
    assert bench.page.state.store.assessment.unit.name == "Dinas Uji"
    path = chooser.parameters / "2026" / "dinas-uji.yaml"
    before = path.read_bytes()
    for wrong in ("dinas-uji", "Dinas Uji", "../x", "con", ""):
        chooser.new_id.value = wrong
        chooser.make_unit()
        assert "zi-wrong" in said(bench)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.glob("*.yaml")).count("dinas-uji.yaml") == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.xlsx", b"bukan buku kerja"),
        ("../../etc/passwd", b"PK\x03\x04rusak"),
        ("a\x00b.xlsx", b""),
        ("besar.xlsx", b"0" * 20_000_001),
    ],
)
def test_a_wrong_file_is_one_sentence(bench: Workbench, name: str, content: bytes) -> None:
    upload(bench, name, content)
    assert said(bench).count("<p") == 1
    assert "<ul></ul>" in said(bench)
    assert "zi-wrong" in said(bench)
    assert bench.chooser.choices.layout.display == "none"


def test_a_workbook_fills_only_what_is_empty(
    bench: Workbench, tmp_path: Path, instrument: Instrument
) -> None:
    answers = {"A.I.1.i.a": Answer("Tidak", note="lama"), "A.I.1.i.b": Answer("B")}
    path = build(instrument, load_workbook_layouts("zi-2021")[0], answers).save(tmp_path)
    period = bench.chooser.parameters / "2026"
    made = create_unit(period, Unit("dinas-uji", "Dinas Uji"), "WBK")
    with AnswerStore.open(made, Person("Sari", Role.UNIT)) as store:
        store.change(FieldPlace("A.I.1.i.a", "unit"), "Ya", None)
    upload(bench, "LKE.xlsx", path.read_bytes())
    assert "2 jawaban ditemukan" in said(bench)
    bench.chooser.list_units()
    bench.chooser.unit.value = "dinas-uji"
    bench.chooser.import_into()
    assert bench.page is not None
    found = bench.page.state.store.assessment.answers
    assert found["A.I.1.i.a"] == Answer("Ya", note="lama")
    assert found["A.I.1.i.b"] == Answer("B")


def test_what_an_upload_could_not_read_stays_with_the_unit_once(
    bench: Workbench, tmp_path: Path, instrument: Instrument
) -> None:
    answers = {"A.I.1.i.a": Answer("Ya"), "A.I.1.i.b": Answer("B"), "A.I.1.ii.a": Answer("Ya")}
    made = build(instrument, load_workbook_layouts("zi-2021")[0], answers)
    for question in ("A.I.1.i.b", "A.I.1.ii.a"):
        made.cell(question).value = "entah"
    content = made.save(tmp_path).read_bytes()
    path = create_unit(bench.chooser.parameters / "2026", Unit("dinas-uji", "Dinas Uji"), "WBK")
    with AnswerStore.open(path, Person("Sari", Role.UNIT)) as store:
        store.change(FieldPlace("A.I.1.ii.a", "unit"), "Ya", None)
    for _ in range(2):
        upload(bench, "LKE.xlsx", content)
        bench.chooser.list_units()
        bench.chooser.unit.value = "dinas-uji"
        bench.chooser.import_into()
    bench.close_page()
    kept = Period.read(path.parent).read_unit(path)[0].assessment
    assert kept is not None
    # What the unit has answered itself is not taken from the workbook: nothing to look at there.
    assert [remark.question for remark in kept.remarks] == ["A.I.1.i.b"]
    assert "!" in kept.remarks[0].cell
    assert kept.answers["A.I.1.i.a"].unit == "Ya"


def test_another_unit_closes_the_one_before_with_its_thread(bench: Workbench) -> None:
    for unit in ("dpmptsp", "bapenda"):
        bench.chooser.unit.value = unit
        bench.chooser.open()
    assert bench.page is not None
    listeners = [t for t in threading.enumerate() if t.name == "zi-eval-news"]
    assert len(listeners) == 1
    bench.close_page()
    assert not [t for t in threading.enumerate() if t.name.startswith("zi-eval")]


def test_news_are_sent_while_a_screen_is_open_and_not_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "parameters" / "2026" / "dpmptsp.yaml"
    page = FormPage(FormState.open(path, Person("Sari", Role.UNIT)))
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(page, "send", sent.append)
    tell(page, type="open", view="a")
    assert [message["type"] for message in sent] == ["whole"]
    with AnswerStore.open(path, Person("Rina", Role.MEMBER)) as store:
        store.change(FieldPlace("A.I.1.i.a", "kembali"), "Perbaiki.", None)
        wait_until(lambda: len(sent) > 1)
        assert sent[1]["type"] == "news"
        assert sent[1]["patch"]["values"]["A.I.1.i.a"]["returned"] == "Perbaiki."
        page.close()
        store.change(FieldPlace("A.I.1.i.a", "kembali"), None, "Perbaiki.")
    assert running_threads() == []  # nobody is left to tell
    assert len(sent) == 2
