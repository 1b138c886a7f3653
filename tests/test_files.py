from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from zi_eval.errors import WorkspaceError
from zi_eval.files import create_bytes, hash_file, remove_unfinished, write_bytes, write_text


def test_a_written_file_holds_exactly_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "a.txt"
    write_text(path, "satu\ndua é\n")
    assert path.read_bytes() == "satu\ndua é\n".encode()
    assert hash_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_failed_write_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "lama")

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(WorkspaceError, match="tidak dapat ditulis"):
        write_bytes(path, b"baru")
    assert path.read_text() == "lama"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_file_is_made_only_where_nothing_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not has_links:  # as on exFAT
        monkeypatch.setattr(os, "link", no_links)
    path, nowhere = tmp_path / "sub" / "a.txt", tmp_path / "sub" / "b.txt"
    create_bytes(path, b"satu")
    nowhere.symlink_to(tmp_path / "lain")
    for taken in (path, nowhere):
        with pytest.raises(FileExistsError):
            create_bytes(taken, b"dua")
    assert path.read_bytes() == b"satu"
    assert sorted(item.name for item in path.parent.iterdir()) == ["a.txt", "b.txt"]
    assert not (tmp_path / "lain").exists()


def test_what_a_killed_write_left_goes_and_what_a_living_one_writes_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        os._exit(9)

    path = tmp_path / "a.yaml"
    if (child := os.fork()) == 0:
        monkeypatch.setattr(os, "replace", die)
        write_text(path, "setengah")
    os.waitpid(child, 0)
    (left,) = tmp_path.iterdir()
    mine = left.with_name(left.name.replace(f"-{child:x}-", f"-{os.getpid():x}-"))
    far = left.with_name(f".a.yaml.ffffffff-{child:x}-x.zi-eval-tmp")
    old = left.with_name(f".b.yaml.ffffffff-{child:x}-x.zi-eval-tmp")
    for other in (mine, far, old):
        other.write_text("setengah")
    os.utime(old, (0, 0))
    remove_unfinished(tmp_path, "a.yaml")
    assert set(tmp_path.iterdir()) == {mine, far, old}
    remove_unfinished(tmp_path)
    assert set(tmp_path.iterdir()) == {mine, far}
    remove_unfinished(tmp_path, is_held=True)
    assert list(tmp_path.iterdir()) == []


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "lama")
    path.chmod(0o640)
    write_text(path, "baru")
    assert path.stat().st_mode & 0o777 == 0o640
