"""Templates kept compiled: taken only where nothing that decides about them has changed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest

from zi_eval.report.compiled import CompiledTemplates


@pytest.fixture(autouse=True)
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


class Compiler(jinja2.Environment):
    """An environment that counts what it compiles."""

    count = 0

    def compile(self, *given: Any, **options: Any) -> Any:
        self.count += 1
        return super().compile(*given, **options)


def render(folder: Path, source: str) -> tuple[str, int]:
    """Return what a new process would render, and how often it compiles for that."""
    environment = Compiler(
        loader=jinja2.DictLoader({"a": source}), bytecode_cache=CompiledTemplates(folder)
    )
    return environment.get_template("a").render(who="Sari"), environment.count


def test_a_template_is_compiled_once_for_all_processes_until_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "__pycache__"
    assert render(folder, "Halo {{ who }}") == ("Halo Sari", 1)
    assert render(folder, "Halo {{ who }}") == ("Halo Sari", 0)
    assert render(folder, "Salam {{ who }}") == ("Salam Sari", 1)
    (kept,) = folder.iterdir()
    assert render(folder, "Salam {{ who }}") == ("Salam Sari", 0)
    for broken in (kept.read_bytes()[:-9], kept.read_bytes()[:30], b""):
        kept.write_bytes(broken)
        assert render(folder, "Salam {{ who }}") == ("Salam Sari", 1)


def test_another_release_of_jinja_compiles_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert render(tmp_path, "Halo {{ who }}")[1] == 1
    monkeypatch.setattr(jinja2, "__version__", "99")
    assert render(tmp_path, "Halo {{ who }}")[1] == 1


def test_nothing_is_kept_where_python_keeps_nothing_or_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert render(tmp_path / "file", "Halo {{ who }}") == ("Halo Sari", 1)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(tmp_path / "none", "Halo {{ who }}") == ("Halo Sari", 1)
    assert not (tmp_path / "none").exists()
