"""What the system refuses is said in Indonesian words, wherever it is shown."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from tests.journal.units import UNIT, make_unit
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
