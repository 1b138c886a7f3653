"""The list of respondents: on request only, encrypted, noted in the journal before it is there."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.sample import copy_sample, run_command
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.journal.chain import verify_chain
from zi_eval.journal.fields import Person, Role
from zi_eval.survey.form.annex import write_annex

ANI = Person("Ani", Role.UNIT)
SECRET = "kuda hijau makan apel"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = copy_sample(tmp_path / "kerja", "dpmptsp") / "parameters" / "2026"
    (home / "survei").mkdir()
    for name in ("dpmptsp.ipak.csv", "ipak.yaml"):
        shutil.copy(ROOT / "parameters" / "2026" / "survei" / name, home / "survei")
    return home


def test_annex_opens_with_its_passphrase_alone_and_is_noted(home: Path, tmp_path: Path) -> None:
    pyzipper = pytest.importorskip("pyzipper", reason="needs the extra annex")
    target = tmp_path / "responden.zip"
    for _ in range(2):
        assert write_annex(home, "dpmptsp", target, SECRET, ANI, force=True) == ("ipak.csv",)
    table = (home / "survei" / "dpmptsp.ipak.csv").read_bytes()
    assert table[100:200] not in target.read_bytes()
    with pyzipper.AESZipFile(io.BytesIO(target.read_bytes())) as packed:
        with pytest.raises(RuntimeError):
            packed.read("ipak.csv")
        packed.setpassword(SECRET.encode())
        assert packed.read("ipak.csv") == table
    journal = home / "jurnal" / "dpmptsp.survei.jsonl"
    notes = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert [(note["nomor"], note["oleh"]) for note in notes] == [(1, "Ani"), (2, "Ani")]
    assert SECRET not in journal.read_text("utf-8")
    assert verify_chain(journal).findings == ()


@pytest.mark.parametrize(
    ("secret", "name", "unit"),
    [("pendek", "a.zip", "dpmptsp"), (SECRET, "a.csv", "dpmptsp"), (SECRET, "a.zip", "bapenda")],
)
def test_what_is_refused_leaves_no_file_and_no_note(
    home: Path, tmp_path: Path, secret: str, name: str, unit: str
) -> None:
    with pytest.raises((ZiEvalError, WorkspaceError)):
        write_annex(home, unit, tmp_path / name, secret, ANI)
    assert not (tmp_path / name).exists()
    assert not (home / "jurnal").exists()


def test_without_the_library_the_command_says_what_to_install(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "pyzipper", None)
    secret = tmp_path / "sandi.txt"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    by = ("--name", "Ani", "--role", "unit", "--folder", home.parent.parent)
    line = ("survei", "annex", "dpmptsp", "--passphrase-file", secret)
    assert run_command(*line, *by) == 2  # nobody named where to
    assert run_command(*line, "-o", tmp_path / "a.zip", *by) == 1
    assert "zi-eval[annex]" in capsys.readouterr().err
    secret.write_bytes(b"\xff\xfe")
    for path in (secret, tmp_path):
        line = (*line[:-1], path)
        assert run_command(*line, "-o", tmp_path / "a.zip", *by) == 1
        assert "kata sandi" in capsys.readouterr().err
    assert not (home / "jurnal").exists()
