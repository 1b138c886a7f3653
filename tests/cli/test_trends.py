from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sample import run_command as run


@pytest.mark.parametrize("name", ["tren", "kalibrasi"])
def test_help_is_indonesian_and_has_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    text = capsys.readouterr().out
    assert "Pemakaian:" in text
    assert "Contoh:" in text
    assert not re.search(r"Usage|Options|Commands|Show this message", text)


def test_trends_of_a_unit_say_how_much_and_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tren", "dpmptsp", "--folder", str(folder)) == 0
    out = capsys.readouterr().out
    assert "Nilai naik 3,55 poin: 79,06 pada 2025, 82,61 pada 2026." in out
    assert "WBK: belum memenuhi pada 2025, belum dapat disimpulkan pada 2026." in out


def test_trends_of_the_agency_leave_out_who_is_not_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tren", "--folder", str(folder)) == 0
    out = capsys.readouterr().out
    assert "Rata-rata 6 unit yang lengkap pada keduanya naik 2,72 poin" in out
    assert "Kecamatan Merdeka  (belum lengkap)" in out


def test_without_earlier_period_the_command_says_where_to_put_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tren", "bapenda", "--folder", str(folder)) == 1
    assert re.search(r"Taruh berkasnya di .*2025", capsys.readouterr().err)


def test_calibration_names_what_to_discuss_and_who_stands_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("kalibrasi", "--folder", str(folder)) == 0
    out = capsys.readouterr().out
    assert "TPI menjawab sama pada 89" in out
    assert "  1. B.I.b" in out
    assert "Unit yang menonjol: Dinas Perhubungan" in out
    assert run("kalibrasi", "dpmptsp", "--folder", str(folder)) == 0
    assert "di 1 unit" in capsys.readouterr().out
    both = ("--second", "x", "--evaluators", "a,b")
    assert run("kalibrasi", *both, "--folder", str(folder)) == 2


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("arguments", "shown"),
    [(("kalibrasi",), 'id="bahas"'), (("tren", "dpmptsp"), 'id="tren"'), (("tren",), 'id="tren"')],
)
def test_the_page_comes_from_the_notebook_and_is_not_overwritten(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...], shown: str
) -> None:
    page = tmp_path / "halaman.html"
    whole = (*arguments, "--folder", str(folder), "-o", str(page))
    assert run(*whole) == 0
    assert shown in page.read_text("utf-8")
    if arguments == ("kalibrasi",):
        assert run(*whole) == 1
        assert run(*whole, "--force") == 0
