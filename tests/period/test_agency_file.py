"""The agency's file: its kawasan, and what is wrong with them, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.core.problems import Severity
from zi_eval.instruments import load_rules
from zi_eval.period.agency_file import AgencyReading, parse_agency
from zi_eval.period.reading import Period
from zi_eval.survey.files import find_surveys, find_unit_surveys
from zi_eval.yaml_files.source import parse_yaml

HEAD = "nama: Kabupaten Contoh\njenis: kabupaten\nkawasan:\n"


def reading(text: str) -> AgencyReading:
    return parse_agency(parse_yaml((HEAD + text).encode(), "instansi.yaml"), load_rules())


def test_a_kawasan_is_read_with_its_units_and_facts() -> None:
    agency = reading(
        "  mpp:\n    nama: Mal Pelayanan\n    unit: [satu, dua]\n"
        "    syarat: {integrasi_proses: 7.1, kawasan_wbk: Ya}\n"
    ).agency
    assert agency is not None
    (site,) = agency.kawasan
    assert (site.id, site.name, site.units) == ("mpp", "Mal Pelayanan", ("satu", "dua"))
    assert site.facts == {"integrasi_proses": 7.1, "kawasan_wbk": True}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("  - mpp\n", "bentuk-salah", 3),
        ("  mpp:\n    unit: [a, b]\n", "wajib-diisi", 4),
        ("  mpp:\n    nama: M\n    unit: [a]\n", "unit-kawasan", 6),
        ("  mpp:\n    nama: M\n    unit: a, b\n", "unit-kawasan", 6),
        ("  mpp:\n    nama: M\n    unit: [a, a, b]\n", "unit-kawasan", 6),
        (
            "  x:\n    nama: X\n    unit: [a, b]\n  y:\n    nama: Y\n    unit: [b, c]\n",
            "unit-dua-kawasan",
            9,
        ),
        (
            "  mpp:\n    nama: M\n    unit: [a, b]\n    syarat: {spip: 3}\n",
            "kunci-tidak-dikenal",
            7,
        ),
        (
            "  mpp:\n    nama: M\n    unit: [a, b]\n    syarat: {integrasi_proses: tinggi}\n",
            "syarat-tidak-sah",
            7,
        ),
    ],
)
def test_each_mistake_in_a_kawasan_is_named_with_its_line(text: str, code: str, line: int) -> None:
    found = reading(text)
    assert found.agency is None
    assert (code, line) in {(problem.code, problem.line) for problem in found.problems}


def test_a_unit_without_a_file_is_a_warning_with_the_nearest_name(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    folder.mkdir()
    (folder / "dinas-satu.yaml").write_text("id: dinas-satu\nnama: Satu\n", encoding="utf-8")
    text = HEAD + "  mpp:\n    nama: M\n    unit: [dinas-satu, dinas-sat]\n"
    (folder / "instansi.yaml").write_text(text, encoding="utf-8")
    (problem,) = Period.read(folder).problems
    assert (problem.code, problem.line) == ("unit-kawasan-tidak-ada", 6)
    assert problem.severity is Severity.WARNING
    assert "dinas-satu" in problem.hint


def test_a_year_is_four_digits() -> None:
    good = reading("  {}\ntahun: 2026\n")
    assert good.agency is not None
    for wrong in ("26", "dua ribu", "[2026]", "20261"):
        (problem,) = reading(f"  {{}}\ntahun: {wrong}\n").problems
        assert (problem.code, problem.line) == ("tahun-tidak-sah", 5)


def test_a_unit_is_read_without_listing_the_folder_that_may_hold_thousands(tmp_path: Path) -> None:
    folder = tmp_path / "2026"
    folder.mkdir()
    for unit in ("a", "b"):
        (folder / f"{unit}.yaml").write_text(f"id: {unit}\nnama: {unit}\n", encoding="utf-8")
    text = HEAD + "  mpp:\n    nama: M\n    unit: [a, hilang]\n"
    (folder / "instansi.yaml").write_text(text, encoding="utf-8")
    (folder / "survei").mkdir()
    for name in ("a.ipak.csv", "b.ipak.csv", "ab.ipak.csv", "a.xlsx", ".a.ipak.csv"):
        (folder / "survei" / name).touch()
    period = Period.read(folder)
    period.read_unit(folder / "a.yaml")
    assert period.is_sound
    assert find_unit_surveys(period, "a") == {"ipak": (folder / "survei" / "a.ipak.csv",)}
    assert "unit_files" not in vars(period)
    assert find_unit_surveys(period, "c") == {}
    assert all(
        find_unit_surveys(period, key) == value for key, value in find_surveys(period).items()
    )
    assert [problem.code for problem in period.problems] == ["unit-kawasan-tidak-ada"]
