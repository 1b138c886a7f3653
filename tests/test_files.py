from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from zi_eval.errors import WorkspaceError
from zi_eval.files import hash_file, write_bytes, write_text


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


def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "lama")
    path.chmod(0o640)
    write_text(path, "baru")
    assert path.stat().st_mode & 0o777 == 0o640
