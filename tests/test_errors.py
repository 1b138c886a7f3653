"""What the system refuses is said in Indonesian words, wherever it is shown."""

from __future__ import annotations

import errno
import io
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.journal.units import UNIT, make_unit
from tests.sample import copy_sample, run_command
from zi_eval.cli.commands import main
from zi_eval.errors import WorkspaceError, describe_os_error
from zi_eval.journal.store import AnswerStore


def test_no_word_of_the_system_is_shown() -> None:
    for number in errno.errorcode:
        english = os.strerror(number)
        assert english not in describe_os_error(OSError(number, english, "berkas"))
    assert "dikenal" in describe_os_error(socket.gaierror(-2, "Name or service not known"))
    assert describe_os_error(OSError(errno.EPROTO, os.strerror(errno.EPROTO))) == (
        "galat sistem EPROTO"
    )


def test_a_text_of_ours_stays_and_what_has_no_number_is_said_as_it_is() -> None:
    ours = OSError(errno.ELOOP, "ini tautan simbolik, bukan berkas", "a.yaml")
    assert describe_os_error(ours) == "ini tautan simbolik, bukan berkas"
    assert describe_os_error(OSError("terputus")) == "terputus"
    assert describe_os_error(OSError()) == "OSError"


def test_a_file_in_the_place_of_the_journals_is_said_in_our_words(tmp_path: Path) -> None:
    path = make_unit(tmp_path)
    (path.parent / "jurnal").write_text("")
    with pytest.raises(WorkspaceError, match="jurnal tidak dapat ditulis: "):
        AnswerStore.open(path, UNIT)


def test_what_the_system_refuses_any_command_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "parameters")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 1
    assert capsys.readouterr().err == "Salah: parameters: tidak ada izin.\n"


def test_a_passphrase_is_asked_for_at_a_terminal_only(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copy_sample(tmp_path / "zi", "dpmptsp")
    tables = home / "parameters/2026/survei"
    tables.mkdir()
    shutil.copy(root / "parameters/2026/survei/dpmptsp.ipak.csv", tables)
    monkeypatch.setattr(sys, "stdin", io.StringIO("rahasia\nrahasia\n"))
    asked = ("survei", "annex", "dpmptsp", "-o", tmp_path / "x.zip", "--name", "Ani", "--role")
    assert run_command(*asked, "unit", "--folder", home) == 2
    said = capsys.readouterr().err
    assert "--passphrase-file" in said
    assert "Warning" not in said
    assert not (tmp_path / "x.zip").exists()
