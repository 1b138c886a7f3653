"""A period and a unit as people use them: tidy tables, short displays, and clear sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import zi_eval as zi
from tests.sample import ROOT, copy_sample
from zi_eval import frames
from zi_eval.errors import ArgumentError, ParameterError, WorkspaceError
from zi_eval.lke.write import write_unit_workbook

TABLES = (
    "units", "scores", "answers", "rules", "prerequisites", "differences", "alike",
    "similarities",
    "problems", "changes", "indicators", "activities", "recommendations", "decisions", "surveys",
)  # fmt: skip
SCREEN = 45
"""Lines of a screen."""


@pytest.fixture(scope="module")
def period() -> zi.PeriodView:
    return zi.open_period(ROOT / "parameters" / "2026")


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_and_types_it_is_described_by(
    period: zi.PeriodView, table: str
) -> None:
    frame = getattr(period, table)()
    assert list(frame) == [column.name for column in frames.TABLES[table]]
    for column in frames.TABLES[table]:
        found = frame[column.name].dtype
        if column.dtype in ("category", "ordered"):
            assert isinstance(found, pd.CategoricalDtype), column.name
            assert found.ordered is (column.dtype == "ordered"), column.name
        elif column.dtype == "time":
            assert str(frame[column.name].dt.tz) == "UTC"
        elif column.dtype == "date":
            assert frame[column.name].dt.tz is None
        else:
            assert str(found) == column.dtype, column.name
    docs = getattr(zi.PeriodView, table).__doc__
    said = docs.partition("Columns: ")[2].partition("Examples")[0]
    assert all(column.name in said for column in frames.TABLES[table])


def test_a_row_is_one_fact(period: zi.PeriodView) -> None:
    keys = {
        "units": ["unit"],
        "scores": ["unit", "id"],
        "answers": ["unit", "question"],
        "rules": ["unit", "predicate", "rule"],
        "prerequisites": ["unit", "predicate", "prerequisite"],
        "differences": ["unit", "question"],
        "alike": ["unit", "other"],
        "surveys": ["unit", "survey", "element"],
    }
    for table, key in keys.items():
        assert not getattr(period, table)().duplicated(key).any(), table


def test_what_is_missing_is_na_and_never_0(period: zi.PeriodView) -> None:
    answers = period.answers()
    still_open = answers[answers["answer"].isna()]
    assert len(still_open) > 0
    assert still_open[["value", "points", "source"]].isna().all().all()
    assert period.prerequisites(unknown=True)["got"].isna().all()


def test_scores_are_those_of_the_evaluation(period: zi.PeriodView) -> None:
    card = period["dpmptsp"].case.evaluation.card
    mine = period.scores()[lambda t: t["unit"] == "dpmptsp"].set_index("id")["score"]
    assert mine["total"] == card.total.score
    for key, node in card.nodes.items():
        assert (mine[key] is pd.NA and node.score is None) or mine[key] == node.score
    areas = period.scores(level="area", stage="unit")
    assert set(areas["level"]) == {"area"}
    assert len(areas) == 6 * len(period)


def test_categories_are_in_official_order(period: zi.PeriodView) -> None:
    scores = period.scores(level="subarea")
    assert list(scores["id"].head(3)) == ["A.I.1.i", "A.I.1.ii", "A.I.1.iii"]
    assert (period.rules()["predicate"] < "WBBM").any()
    statuses = period.units()["status"].cat
    assert list(statuses.categories) == ["not_met", "unknown", "met"]


def test_labels_are_indonesian_on_request(period: zi.PeriodView) -> None:
    labelled = period.units(labels=True)
    assert list(labelled)[:2] == ["Unit", "Nama unit"]
    assert set(labelled["Hasil"]) <= {"tercapai", "belum tercapai", "belum dapat disimpulkan"}


def test_a_table_may_be_changed_without_another_seeing_it(period: zi.PeriodView) -> None:
    mine = period.scores()
    mine["score"] = 0.0
    assert (period.scores()["score"] > 0).any()


def test_the_recap_is_the_table_of_its_csv(period: zi.PeriodView) -> None:
    recap = period.recap()
    assert list(recap["Kode unit"]) == list(period.units()["unit"])
    assert str(recap["Peringkat"].dtype) == "Int64"


def test_a_file_with_errors_is_a_problem_and_stops_nobody(tmp_path: Path) -> None:
    home = copy_sample(tmp_path, "dpmptsp", "bapenda")
    broken = home / "parameters" / "2026" / "bapenda.yaml"
    broken.write_text("nama: Bapenda\ntarget: WKB\n", "utf-8")
    period = zi.open_period(home / "parameters" / "2026")
    units = period.units()
    assert list(units["unit"]) == ["dpmptsp"]
    assert units.attrs["left_out"] == ("bapenda",)
    assert "Tanpa 1 unit" in units._repr_html_()
    assert "bapenda" in repr(units)
    problems = period.problems()
    errors = problems[problems["severity"] == "error"]
    assert set(errors["unit"]) == {"bapenda"}
    assert errors["line"].notna().any()
    assert "bapenda" in repr(period)
    with pytest.raises(ParameterError, match="WKB"):
        period["bapenda"]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda p: p.scores(stage="TPI"), "Mungkin maksudnya 'tpi'"),
        (lambda p: p.scores("areas"), "Mungkin maksudnya 'area'"),
        (lambda p: p["dpmtsp"], "Mungkin maksudnya 'dpmptsp'"),
        (lambda p: p.letter("dpmtsp"), "Mungkin maksudnya 'dpmptsp'"),
        (lambda p: p["dpmptsp"].verdict("WKB"), "Mungkin maksudnya 'WBK'"),
        (lambda p: p["dpmptsp"].trace("A.I.9"), "Nomor 'A.I.9' tidak ada. Mungkin maksudnya"),
        (lambda p: p["dpmptsp"].what_if({"B.I.z": 4}), "Mungkin maksudnya 'B.I.b'"),
        (lambda p: p["dpmptsp"].what_if({"B.I.a": 9}), "angka dari 0 sampai 4"),
        (lambda p: p["dpmptsp"].what_if({"B.I.a": 4}).report(), "percobaan"),
    ],
)
def test_a_wrong_word_gets_the_sentence_and_the_nearest_right_one(
    period: zi.PeriodView, call: object, says: str
) -> None:
    assert callable(call)
    with pytest.raises((ArgumentError, WorkspaceError), match=says):
        call(period)


def test_a_notebook_shows_the_sentence_alone() -> None:
    error = ArgumentError("Unit 'dpmtsp' tidak ada.")
    assert error._render_traceback_() == ["ArgumentError: Unit 'dpmtsp' tidak ada."]


def test_the_newest_period_is_found_upwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("contoh", "2025", "2026", "2026-akip"):
        (tmp_path / "parameters" / name).mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert zi.open_period().name == "2026"
    assert zi.open_period("2025").name == "2025"
    assert "Belum ada unit" in repr(zi.open_period("contoh"))
    with pytest.raises(WorkspaceError, match="Mungkin maksudnya '2026'"):
        zi.open_period("2027")
    with pytest.raises(WorkspaceError, match="tidak ada"):
        zi.open_period("../parameters/2029")


def test_a_unit_tells_what_its_report_does(period: zi.PeriodView) -> None:
    unit = period["dpmptsp"]
    evaluation = unit.case.evaluation
    assert unit.score == evaluation.card.total.score
    assert unit.verdict("WBBM").status == evaluation.verdicts["WBBM"].status.value
    assert unit.verdict().predicate == unit.target == "WBK"
    assert unit.trace("A.I.1").lines()[0] == "A.I.1 Manajemen Perubahan"
    assert 0 < (unit.chance("WBK").share or 0) < 1
    trend = unit.trend().frame()
    assert list(trend["period"].cat.categories) == ["2025", "2026"]
    way = unit.improvement("WBBM")
    assert way.is_reachable
    assert way.effort is not None
    moves = way.moves()
    assert len(moves) > 0
    assert (moves["points"] > 0).all()


def test_what_if_is_another_value_and_nothing_is_saved(period: zi.PeriodView) -> None:
    unit = period["dpmptsp"]
    before = unit.case.file.read_bytes()
    tried = unit.what_if({"B.I.a": 4})
    assert tried.score is not None
    assert unit.score is not None
    assert tried.score > unit.score
    assert "dicoba: B.I.a" in repr(tried)
    compared = tried.compare(unit).set_index("id")
    assert compared.loc["total", "change"] == pytest.approx(tried.score - unit.score)
    assert "A" not in compared.index
    assert unit.compare(unit)["id"].tolist() == ["total"]
    assert unit.case.file.read_bytes() == before


def test_no_display_is_longer_than_a_screen(period: zi.PeriodView) -> None:
    unit = period["kecamatan-merdeka"]
    shown = [
        period, period.report(), period.letter("dpmptsp"), unit, unit.verdict(), unit.trace(),
        unit.improvement(), unit.chance(), unit.trend(), unit.report(), zi.audit(),
    ]  # fmt: skip
    for value in shown:
        assert len(repr(value).splitlines()) <= SCREEN, type(value)
        assert "object at" not in repr(value)
        assert value.section() is not None
    for table in TABLES:
        assert len(repr(getattr(period, table)()).splitlines()) <= SCREEN, table
    html = period.differences()._repr_html_()
    assert html.count("<tr>") <= SCREEN
    with pd.option_context("display.max_rows", None):
        assert len(repr(period.differences()).splitlines()) > SCREEN


def test_what_a_unit_is_made_of_is_named_and_not_spelt_out(period: zi.PeriodView) -> None:
    case = period["dpmptsp"].case
    parts = (
        case.evaluation, case.verdict, case.verdict.verdict, case.chance, case.improvement,
        case.trace, case.trends, case.performance, case.surveys,
    )  # fmt: skip
    assert all(part is not None for part in parts)
    assert max(len(repr(part)) for part in parts) < SCREEN * 60


def test_a_display_brings_a_style_that_touches_nothing_else(period: zi.PeriodView) -> None:
    html = period["dpmptsp"]._repr_html_()
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert html.startswith('<section class="zi-section">')
    assert html.count("<style>") == 1
    depth, outside = 0, []
    for line in style.splitlines():
        if depth == 0 and line.strip():
            outside.append(line.strip())
        depth += line.count("{") - line.count("}")
    assert depth == 0
    assert all(line.startswith((".zi-section", "[data-jp-theme", "}")) for line in outside)
    assert ":root" not in style
    assert "@page" not in style
    assert "body {" not in style


def test_tab_shows_the_face_and_nothing_else(period: zi.PeriodView) -> None:
    assert dir(zi) == sorted(zi.__all__)
    assert len(zi.__all__) <= 23
    assert set(TABLES) <= set(dir(period))
    assert not [name for name in dir(period["dpmptsp"]) if name.startswith("_")]
    assert period._ipython_key_completions_() == list(period)


def test_importing_the_face_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import zi_eval; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "third = {'pandas', 'numpy', 'yaml', 'jinja2', 'scipy', 'IPython', 'ipywidgets'}; "
        "assert not new & third, new; "
        "assert [n for n in sys.modules if n.startswith('zi_eval')] == ['zi_eval']"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_letters_and_workbooks(tmp_path: Path) -> None:
    home = copy_sample(tmp_path, "dpmptsp")
    period = zi.open_period(home / "parameters" / "2026")
    letter = period.letter("dpmptsp").save(tmp_path / "lhe.docx")
    assert letter.read_bytes()[:2] == b"PK"
    assert "<html" in period.letter("dpmptsp").save(tmp_path / "lhe.html").read_text("utf-8")
    with pytest.raises(WorkspaceError, match="sudah ada"):
        period.letter("dpmptsp").save(letter)
    with pytest.raises(ArgumentError, match=r"\.docx"):
        period.letter("dpmptsp").save(tmp_path / "lhe.doc")
    workbook = tmp_path / "LKE.xlsx"
    write_unit_workbook(home / "parameters" / "2026" / "dpmptsp.yaml", workbook, "unit")
    made = zi.import_workbook(workbook, unit="dinas-baru", period=period, name="Dinas Baru")
    assert made.name == "Dinas Baru"
    assert made.score == pytest.approx(period.unit("dpmptsp", stage="unit").score)
    assert "dinas-baru" in period.refresh()
    found = zi.audit(workbook)
    assert found.frame()["workbook"].unique().tolist() in (["LKE.xlsx"], [])
    assert np.isfinite(found.audits[0].score or np.nan)


def test_a_year_and_an_id_are_enough_for_who_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert zi.open_period(2026).name == "2026"
    assert zi.score("dpmptsp").id == "dpmptsp"
    with pytest.raises(ArgumentError, match="Mungkin maksudnya 'dpmptsp'"):
        zi.score("dpmptps")
    assert zi.survey_report("2026", "dpmptsp").opening()


def test_what_is_there_is_not_written_over_and_the_way_is_said_in_python(
    period: zi.PeriodView, tmp_path: Path
) -> None:
    page = tmp_path / "x.html"
    page.touch()
    with pytest.raises(WorkspaceError, match="force=True"):
        period["dpmptsp"].report().save(page)
