"""Every notebook is right at its first Run All: in a fresh folder, with one unit, on the sample."""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import ipykernel.ipkernel  # noqa: F401  # puts its manager of comms in place: before any widget
import ipywidgets
import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell

import zi_eval as zi
from tests.sample import ROOT, copy_sample
from zi_eval.errors import WorkspaceError
from zi_eval.face.books import RecapBook
from zi_eval.frames import recap_frame
from zi_eval.report.page import leave_style_to_page
from zi_eval.starter import write_workspace

BOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
FORMS = {"isi_lke", "verifikasi_tpi"}


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What cells display, in order; widgets are closed afterwards."""
    found: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda *values, **options: found.extend(values))
    leave_style_to_page(False)
    yield found
    ipywidgets.Widget.close_all()
    InteractiveShell.clear_instance()


def run_all(book: str, shown: list[Any], **parameters: str) -> list[Any]:
    """Run the code cells of a notebook here, and return what they display."""
    cells = json.loads((ROOT / "notebooks" / f"{book}.ipynb").read_text("utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body[-1]
        shows = tree.body.pop() if isinstance(last, ast.Expr) else None
        exec(compile(tree, book, "exec"), names)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if shows is not None:
            expression = ast.Expression(cast("ast.Expr", shows).value)
            shown.append(eval(compile(expression, book, "eval"), names))
    return [value for value in shown if value is not None]


def html_of(value: Any) -> str:
    """Return the HTML that a notebook shows of a value."""
    if isinstance(value, ipywidgets.HTML):
        return str(value.value)
    if isinstance(value, ipywidgets.Box):
        return "".join(html_of(child) for child in value.children)
    found, _ = DisplayFormatter().format(value)
    return str(found.get("text/html", ""))


@pytest.mark.parametrize("book", BOOKS)
def test_in_a_fresh_folder_one_cell_says_what_to_do_next(
    book: str, tmp_path: Path, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_workspace(tmp_path / "zi", "2026", "contoh")
    monkeypatch.chdir(tmp_path / "zi" / "notebooks")
    said = [text for value in run_all(book, shown) if (text := html_of(value))]
    if book in FORMS:
        assert any(isinstance(value, ipywidgets.Widget) for value in shown)
        return
    assert len([text for text in said if "tidak ada.</p>" not in text]) == 1, said
    assert "zi-eval" in said[0] or "Sebut buku kerja" in said[0]
    assert "contoh" in said[0] or book == "audit_lke"


@pytest.mark.parametrize("book", [b for b in BOOKS if b not in {*FORMS, "audit_lke", "analisis"}])
def test_with_one_unit_it_is_shown_at_once(
    book: str, tmp_path: Path, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp", plans=["dpmptsp"], notebooks=True)
    for part in ("survei", "rencana-zi"):
        shutil.copytree(ROOT / "parameters/2026" / part, home / "parameters/2026" / part)
    (home / "parameters" / "2025").mkdir()
    monkeypatch.chdir(home / "notebooks")
    html = "".join(html_of(value) for value in run_all(book, shown))
    name = "Pelayanan Terpadu Satu Pintu"
    lists = [w for w in shown if isinstance(w, ipywidgets.VBox) and w.children]
    if book == "tren":
        assert "Belum ada periode sebelumnya" in html
        return
    assert name in html or any(name in str(box.children[0].options) for box in lists)


def test_the_ten_questions_are_answered_in_three_lines_and_a_picture(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "notebooks")
    _, *answers = run_all("analisis", shown)
    assert len(answers) == 10
    assert all("<svg" in html_of(answer) for answer in answers)
    cells = json.loads((ROOT / "notebooks" / "analisis.ipynb").read_text("utf-8"))["cells"]
    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"][2:]
    assert all(len(lines) <= 3 for lines in code)


def test_sections_follow_the_unit_that_is_chosen(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "notebooks")
    report = zi.unit_report()
    opening: Any = report.opening()
    (chooser,) = (value.children[0] for value in shown)
    labels = [label for label, _ in chooser.options]
    assert labels == sorted(labels, key=str.casefold)
    chooser.value = "rsud-harapan"
    assert "RSUD Harapan" in html_of(opening)
    chooser.value = "bapenda"
    assert "RSUD Harapan" not in html_of(opening)


def test_a_unit_that_cannot_be_read_says_why_below_the_list(
    tmp_path: Path, shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp", notebooks=True)
    (home / "parameters" / "2026" / "aaa.yaml").write_text("nama: AAA\ntarget: WKB\n", "utf-8")
    monkeypatch.chdir(home / "notebooks")
    report = zi.unit_report()
    opening: Any = report.opening()
    chooser = shown[0]
    assert "WKB" in html_of(chooser.children[1])
    assert html_of(opening) == ""
    chooser.children[0].value = "dpmptsp"
    assert html_of(chooser.children[1]) == ""
    assert "Satu Pintu" in html_of(opening)


def test_what_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="tidak ada"):
        zi.unit_report(str(tmp_path / "tiada.yaml"))
    with pytest.raises(WorkspaceError, match="tidak ada"):
        zi.agency_report(str(tmp_path / "tiada"))


def test_the_recap_has_a_table_to_sort_and_search_but_on_a_page_of_a_run(tmp_path: Path) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp", "kecamatan-merdeka")
    path = home / "parameters" / "2026" / "dpmptsp.yaml"
    evil = "nama: <img src=x onerror=alert(1)> Dinas"
    path.write_text(re.sub("(?m)^nama:.*$", evil, path.read_text("utf-8")), "utf-8")
    recap = zi.agency_report(str(path.parent))
    html = str(recap.table().html)
    (sent,) = re.findall(r'"data_json": ("(?:[^"\\]|\\.)*")', html)
    rows = json.loads(json.loads(sent))
    frame = recap_frame(recap.recap)
    assert [row[1] for row in rows] == frame["Kode unit"].tolist()
    assert [row[6] for row in rows] == frame["Nilai total"].tolist()
    assert "&lt;img src=x" in str(rows)
    assert "<img" not in str(rows)
    assert not re.search(r'(src|href)="http', html)
    leave_style_to_page()
    assert not recap.table()
    leave_style_to_page(False)
    assert not RecapBook(recap, run="outputs/2026/.run").table()


def test_a_page_of_a_run_has_bare_sections() -> None:
    opening = zi.unit_report(str(ROOT / "parameters" / "2026" / "dpmptsp.yaml")).opening()
    assert html_of(opening).startswith('<section class="zi-section">')
    leave_style_to_page()
    assert html_of(opening) == str(opening.html)
    leave_style_to_page(False)


@pytest.mark.parametrize(
    "make",
    [
        zi.agency_report, zi.trend_report, zi.calibration_report,
        lambda home: zi.unit_report(f"{home}/dpmptsp.yaml"),
        lambda home: zi.survey_report(home, "dpmptsp"),
        lambda home: zi.performance_report(home, "dpmptsp"),
        lambda home: zi.open_period(home)["dpmptsp"].case.evaluation,
        lambda home: zi.open_period(home)["dpmptsp"].case.evaluation.card,
        lambda home: zi.open_period(home)["dpmptsp"].case.evaluation.instrument,
    ],
)  # fmt: skip
def test_what_a_notebook_holds_is_never_longer_than_a_screen_as_text(make: Any) -> None:
    assert len(repr(make(str(ROOT / "parameters" / "2026")))) < 2000


def test_trends_show_the_verdict_that_every_other_view_shows() -> None:
    folder = str(ROOT / "parameters" / "2026")
    assert zi.open_period(folder)["dpmptsp"].status == "unknown"
    shown = str(zi.trend_report(folder, "dpmptsp").steps().html)
    assert "belum dapat disimpulkan pada 2026" in shown


def test_a_form_begins_with_a_unit_that_has_something_to_show(
    shown: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "notebooks")
    place = zi.workplan_form("../parameters/2026")
    (chooser,) = (value.children[0] for value in shown)
    assert {"bapenda", "dpmptsp"} <= {unit for _, unit in chooser.options}
    assert chooser.value == "dpmptsp"
    assert place.children[0].state.unit == "dpmptsp"
    register = zi.register_form("../parameters/2026")
    options = [unit for _, unit in shown[-1].children[0].options]
    assert "instansi" in options
    assert register.children[0].state.register()
    zi.register_form("../parameters/2026", "instansi").close()
