"""Every example of the face's docstrings says what really comes out."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
from functools import cache
from pathlib import Path

import pytest

import zi_eval
from tests.sample import ROOT
from zi_eval import frames
from zi_eval.errors import ZiEvalError
from zi_eval.face.api import write_api_page

MODULES = ("zi_eval", "zi_eval.face.period", "zi_eval.face.pictures", "zi_eval.face.tables",
           "zi_eval.face.topics", "zi_eval.face.unit",
           "zi_eval.face.workbooks")  # fmt: skip


open_once = cache(zi_eval.open_period)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    # Each example opens the sample agency, which none of them changes.
    monkeypatch.setattr(zi_eval, "open_period", open_once)
    done = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0


def test_every_table_of_a_period_has_an_example() -> None:
    view = zi_eval.PeriodView
    tables = [name for name in frames.TABLES if hasattr(view, name)]
    assert len(tables) == 16
    assert all(">>> " in (getattr(view, name).__doc__ or "") for name in tables)


def _described(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each table of a Markdown page, by the name in its heading."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for part in text.split("\n### ")[1:]:
        head, _, body = part.partition("\n")
        rows = [line for line in body.splitlines() if line.startswith("| `")]
        found[head.strip("` ")] = [tuple(c.strip(" `") for c in r.split("|")[1:-1]) for r in rows]
    return found


def test_the_notebooks_readme_describes_every_table_as_it_is(root: Path) -> None:
    described = _described((root / "notebooks" / "README.md").read_text("utf-8"))
    assert set(described) == set(frames.TABLES)
    for name, columns in frames.TABLES.items():
        wanted = [(c.name, c.dtype, c.label, c.meaning) for c in columns]
        assert described[name] == wanted, name


def test_the_api_page_says_every_name_of_the_face(tmp_path: Path) -> None:
    pytest.importorskip("pdoc", reason="needs the extra docs")
    text = write_api_page(tmp_path / "api").read_text("utf-8")
    named = [name for name in zi_eval.__all__ if not name.startswith("_")]
    assert [name for name in named if f'<section id="{name}">' not in text] == []
    assert 'id="PeriodView.scores"' in text
    assert "PeriodView.__init__" not in text
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=.https?:", text)


def test_without_pdoc_the_page_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pdoc", None)
    with pytest.raises(ZiEvalError, match=r"zi-eval\[docs\]"):
        write_api_page(tmp_path)
