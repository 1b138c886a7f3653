from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.portal.builders import make_assessment, write_period, write_unit
from tests.sample import run_command
from zi_eval.cli import portal as commands
from zi_eval.cli.commands import main
from zi_eval.cli.portal import portal, token
from zi_eval.portal.tokens import SCOPES, TokenFile


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli-portal")
    write_period(folder, make_assessment("dinas-satu"), make_assessment("belum-final", final=None))
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "zi"))


def run(folder: Path, *arguments: str) -> int:
    return run_command("portal", *arguments, "--folder", folder)


def refusal(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> str:
    """Return what a refused command says, on one line."""
    assert run(folder, *arguments) == 1
    lines = capsys.readouterr().err.splitlines()
    (line,) = (line for line in lines if not line.startswith("Periode 2026 (yang terbaru"))
    assert line.startswith("Salah: ")
    return line


@pytest.mark.parametrize(
    "words", [*([name] for name in portal.commands), *(["token", name] for name in token.commands)]
)
def test_help_of_every_command_is_indonesian_and_has_examples(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["portal", *words, "--help"])
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Commands|Show this message", text)


def test_help_needs_no_web_framework() -> None:
    code = (
        "import sys; from zi_eval.cli import main; main(['portal', 'serve', '--help']);"
        "sys.exit(bool({'fastapi', 'uvicorn', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize("command", ["check", "export"])
def test_only_serving_needs_the_extra(folder: Path, command: str) -> None:
    code = (
        "import sys; sys.modules['fastapi'] = sys.modules['uvicorn'] = None;"
        "from zi_eval.cli import main;"
        f"main(['portal', '{command}', '--folder', r'{folder}'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if command == "check" else 0)


def test_serving_without_the_extra_says_how_to_get_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    assert 'pip install "zi-eval[portal]"' in refusal(capsys, folder, "serve")


def test_export_writes_the_documents_of_the_units_that_may_be_published(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "export") == 0
    target = folder / "outputs" / "2026" / "portal"
    written = {path.relative_to(target).as_posix() for path in target.rglob("*.json")}
    assert written == {
        "pengusulan/unit-wbk.json",
        "pengusulan/unit-wbbm.json",
        "lke/jawaban-unit/dinas-satu.json",
    }
    assert "1 unit ditulis" in capsys.readouterr().out
    listed = json.loads((target / "pengusulan" / "unit-wbk.json").read_bytes())
    assert [unit["id"] for unit in listed["units"]] == ["dinas-satu"]
    write_unit(folder / "parameters" / "2026", make_assessment("dinas-satu", final=None))
    assert run(folder, "export") == 0
    assert "Dihapus, tidak lagi memenuhi" in capsys.readouterr().out
    assert not (target / "lke" / "jawaban-unit" / "dinas-satu.json").exists()


def test_export_goes_where_it_is_told_and_names_what_it_could_not_read(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "parameters" / "2026" / "rusak.yaml").write_text("id: [")
    assert run(folder, "export", "-o", str(tmp_path / "kirim")) == 1
    assert (tmp_path / "kirim" / "lke" / "jawaban-unit" / "dinas-satu.json").exists()
    assert "Dilewati: rusak" in capsys.readouterr().err


def test_export_of_a_period_that_is_no_year_or_has_no_agency_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "parameters" / "2026").rename(folder / "parameters" / "contoh")
    assert "bukan tahun" in refusal(capsys, folder, "export", "--period", "contoh")
    (folder / "parameters" / "contoh").rename(folder / "parameters" / "2026")
    (folder / "parameters" / "2026" / "instansi.yaml").unlink()
    assert "instansi.yaml tidak ada" in refusal(capsys, folder, "export")
    assert "tidak ada" in refusal(capsys, folder, "export", "--period", "2027")
    assert not (folder / "outputs").exists()


def test_check_says_unit_by_unit_what_would_be_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "check") == 1
    text = capsys.readouterr().out
    assert "dinas-satu, WBK: diberikan" in text
    assert "belum-final, WBK: tidak diberikan\n  ✕ evaluasi TPI belum dinyatakan final." in text
    assert "1 dari 2 unit diberikan" in text
    (folder / "parameters" / "2026" / "belum-final.yaml").unlink()
    assert run(folder, "check") == 0


def test_check_as_json_names_every_question(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = make_assessment("dinas-satu", changes={f"A.I.1.iv.{q}": None for q in "abcd"})
    write_unit(folder / "parameters" / "2026", unit)
    assert run(folder, "check", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["period"], found["refused"]) == ("2026", True)
    one = next(unit for unit in found["units"] if unit["unit"] == "dinas-satu")
    assert (one["published"], one["target"], one["name"]) == (False, "WBK", "Unit dinas-satu")
    finding = next(f for f in one["findings"] if f["code"] == "pertanyaan-terbuka")
    assert finding["places"] == [f"A.I.1.iv.{q}" for q in "abcd"]
    assert set(finding) == {"code", "refused", "message", "hint", "places"}


def test_a_token_is_shown_once_listed_without_it_and_revoked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "token", "add", "uji", "--scope", "wbk", "--days", "7") == 0
    shown = capsys.readouterr()
    text = shown.out.strip()
    assert re.fullmatch(r"zie_[A-Za-z0-9_-]{43}", text)
    assert text not in shown.err
    assert "tidak dapat ditampilkan lagi" in shown.err
    found = TokenFile(folder / "portal-tokens.json").find(text)
    assert found is not None
    assert found[0].scopes == ("wbk",)
    assert (found[0].expires - found[0].created).days in (6, 7)
    assert run(folder, "token", "list") == 0
    listed = capsys.readouterr().out
    assert re.search(r"^uji +berlaku +sampai .+ wbk$", listed, re.MULTILINE)
    assert text not in listed
    assert run(folder, "token", "revoke", "uji") == 0
    assert run(folder, "token", "list") == 0
    assert "dicabut" in capsys.readouterr().out.splitlines()[-1]
    assert "sudah ada" in refusal(capsys, folder, "token", "add", "uji")
    assert "Yang ada: uji" in refusal(capsys, folder, "token", "revoke", "dua")


def test_a_token_opens_all_three_documents_unless_told_otherwise(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.SCOPES == SCOPES
    assert run(folder, "token", "add", "uji", "--tokens", str(folder / "t.json")) == 0
    (kept,) = TokenFile(folder / "t.json").read()
    assert kept.scopes == SCOPES
    with pytest.raises(SystemExit) as stop:
        main(["portal", "token", "add", "dua", "--scope", "semua"])
    assert stop.value.code == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "portal.example"])
def test_a_network_address_without_tls_is_refused(
    host: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(capsys, folder, "serve", "--host", host)
    assert "--certfile" in said
    assert "--behind-proxy" in said


def test_what_cannot_be_served_is_refused_in_one_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "portal token add" in refusal(capsys, folder, "serve")
    run(folder, "token", "add", "uji")
    capsys.readouterr()
    bad = tmp_path / "bukan.pem"
    bad.write_text("bukan sertifikat")
    for files in (["--certfile", str(bad)], ["--certfile", str(tmp_path / "tidak-ada.pem")]):
        assert "Sertifikat tidak dapat dipakai" in refusal(capsys, folder, "serve", *files)
    assert "tanpa --certfile" in refusal(capsys, folder, "serve", "--keyfile", str(bad))
    assert "bukan alamat IP" in refusal(capsys, folder, "serve", "--behind-proxy", "semua")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "sedang dipakai" in refusal(capsys, folder, "serve", "--port", port)
    run(folder, "token", "revoke", "uji")
    capsys.readouterr()
    assert "portal token add" in refusal(capsys, folder, "serve")


def test_a_key_with_a_password_is_refused_and_nobody_is_asked(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    made, key = tmp_path / "c.pem", tmp_path / "k.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:rahasia"]
    command += ["-days", "2", "-subj", "/CN=x", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    said = refusal(capsys, folder, "serve", "--certfile", str(made), "--keyfile", str(key))
    assert "tanpa kata sandi" in said
