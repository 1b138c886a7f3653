"""What a fresh working folder starts with."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval import starter
from zi_eval.errors import WorkspaceError


def test_the_sample_comes_with_its_tables_but_without_what_people_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    wanted = {
        "2026/instansi.yaml": "contoh/instansi.yaml",
        "2026/dinas.yaml": "contoh/dinas.yaml",
        "2026/kinerja/dinas.xlsx": "contoh/kinerja/dinas.xlsx",
        "2026/survei/dinas.ipak.csv": "contoh/survei/dinas.ipak.csv",
        "2026-akip/dinas.yaml": "contoh-akip/dinas.yaml",
        "2025/dinas.yaml": "contoh-2025/dinas.yaml",
    }
    left = ("2026/riwayat/dinas.jsonl", "2026/kinerja/~$dinas.xlsx", "2026/kinerja/.dinas.csv")
    content = b"\xff\x00 as it is"
    for name in (*wanted, *left):
        path = source / "parameters" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setattr(starter, "starter_folder", lambda: source)
    target = tmp_path / "target"
    starter.write_workspace(target, "2027", "contoh")
    home = target / "parameters"
    written = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
    assert written == {*wanted.values(), "2027/instansi.yaml"}
    assert {(home / name).read_bytes() for name in wanted.values()} == {content}


def test_no_table_of_the_sample_is_left_behind(tmp_path: Path) -> None:
    tables = starter.starter_folder() / "parameters" / "2026"
    folders = {path.name for path in tables.iterdir() if path.is_dir()}
    starter.write_workspace(tmp_path, "2027", "contoh")
    home = tmp_path / "parameters" / "contoh"
    copied = {path.name for path in home.iterdir() if path.is_dir()}
    assert copied == folders - {"jurnal", "riwayat", "bukti"}


def test_notebooks_are_added_to_a_working_folder_and_none_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    own = tmp_path / "notebooks" / "isi_lke.ipynb"
    own.write_text("milik tim")
    added = starter.add_notebooks(tmp_path)
    assert own not in added
    assert own.read_text() == "milik tim"
    names = {path.name for path in (starter.starter_folder() / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (tmp_path / "notebooks").iterdir()} == names
    assert starter.add_notebooks(tmp_path) == []
    for folder in (tmp_path / "outputs", own):
        with pytest.raises(WorkspaceError, match="zi-eval init"):
            starter.add_notebooks(folder)
