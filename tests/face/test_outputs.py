"""What a run wrote, as tables: the same figures as those of the period it was made of."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import zi_eval as zi
from tests.sample import ROOT
from zi_eval.errors import WorkspaceError
from zi_eval.face import results
from zi_eval.period.score_json import dump_evaluation


@pytest.fixture(scope="module")
def period() -> zi.PeriodView:
    return zi.open_period(ROOT / "parameters" / "2026")


@pytest.fixture
def folder(tmp_path: Path, period: zi.PeriodView) -> Path:
    home = tmp_path / "outputs" / "2026"
    home.mkdir(parents=True)
    for unit in period:
        content = dump_evaluation(period[unit].case.evaluation)
        (home / f"{unit}.json").write_text(json.dumps(content), "utf-8")
    (home / ".ledger.json").write_text("{}", "utf-8")
    (home / "lain.json").write_text("[1]", "utf-8")
    return home


def test_the_tables_are_those_of_the_period(folder: Path, period: zi.PeriodView) -> None:
    found = zi.open_outputs(folder)
    assert len(found) == len(period)
    units = found.units().set_index("unit")
    same = [
        "name", "stage", "target", "status", "score", "floor", "rank", "answered", "questions",
        "failed_rules", "failed_prerequisites", "unknown_prerequisites", "problems",
    ]  # fmt: skip
    expected = period.units().set_index("unit")
    assert list(units.index) == list(expected.index)
    for name in same:
        assert units[name].astype(object).tolist() == expected[name].astype(object).tolist(), name
    keys = ["unit", "id"]
    columns = [*keys, "stage", "level", "title", "score", "weight", "percent", "floor", "answered",
               "questions"]  # fmt: skip
    wanted = period.scores()[lambda t: t["level"] != "area"]
    pd.testing.assert_frame_equal(
        found.scores()[columns]
        .astype(dict.fromkeys(columns[:5], "str"))
        .set_index(keys)
        .sort_index(),
        wanted[columns].astype(dict.fromkeys(columns[:5], "str")).set_index(keys).sort_index(),
    )
    assert set(found.scores(level="aspect")["level"]) == {"aspect"}
    for table in ("rules", "prerequisites"):
        mine, theirs = getattr(found, table)(), getattr(period, table)()
        assert list(mine) == list(theirs)
        assert mine.astype("str").sort_values(list(mine)).values.tolist() == (
            theirs.astype("str").sort_values(list(mine)).values.tolist()
        )
    assert len(found.rules(failed=True)) == len(period.rules(failed=True))
    assert len(found.prerequisites(unknown=True)) == len(period.prerequisites(unknown=True))


def test_a_broken_file_is_a_problem_and_stops_nobody(folder: Path) -> None:
    (folder / "bapenda.json").write_text("{", "utf-8")
    found = zi.open_outputs(folder)
    assert len(found) == 7
    assert found.units().attrs["left_out"] == ("bapenda",)
    problems = found.problems()
    assert problems.loc[problems["severity"] == "error", "unit"].tolist() == ["bapenda"]
    assert "1 berkas tidak terbaca" in repr(found)
    assert "hasil 7 unit" in found._repr_html_()


def test_many_files_are_read_by_several_processes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = zi.open_outputs(folder).scores()
    monkeypatch.setattr(results, "FEW", 4)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    together = zi.open_outputs(folder)
    key = ["unit", "id"]
    pd.testing.assert_frame_equal(
        together.scores().sort_values(key, ignore_index=True),
        alone.sort_values(key, ignore_index=True),
    )


def test_where_nothing_is_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="zi-eval run"):
        zi.open_outputs(tmp_path)
    with pytest.raises(WorkspaceError, match="tidak ada"):
        zi.open_outputs(tmp_path / "tiada")
