"""The limits and lights an agency sets of performance, and the recap that depends on its tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.sample import copy_sample
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Problem
from zi_eval.errors import ParameterError
from zi_eval.performance.load import load_agency_performance, load_performance, read_plans
from zi_eval.performance.projection import Light, LightRules, PerformanceRules
from zi_eval.performance.rules_file import PART, parse_rules
from zi_eval.performance.score import AchievementRules
from zi_eval.period.keys import Section
from zi_eval.period.reading import Period
from zi_eval.runs.batch import plan_recap
from zi_eval.runs.identity import job_identity
from zi_eval.yaml_files.source import parse_yaml

HEAD = "nama: Kabupaten Contoh\njenis: kabupaten\n"
UNIT = "dpmptsp"


def reading(text: str) -> tuple[PerformanceRules, tuple[Problem, ...]]:
    return parse_rules(Section(parse_yaml((HEAD + text).encode(), "instansi.yaml"), PART))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    period = copy_sample(tmp_path, UNIT, plans=[UNIT]) / "parameters" / "2026"
    (period / "instansi.yaml").write_text(HEAD, encoding="utf-8")
    return period


def test_what_the_agency_does_not_state_stays_as_usual() -> None:
    for text in ("", "kinerja:\n", "kinerja: {}\n"):
        assert reading(text) == (PerformanceRules(), ())


def test_limits_and_lights_are_read_as_written() -> None:
    found = reading("kinerja: {batas_capaian: 110, merah_di_bawah: '72,5 %', hijau_mulai: 90}\n")
    assert found == (PerformanceRules(AchievementRules(cap=110.0), LightRules(72.5, 90.0)), ())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("kinerja:\n  batas_capaian: 99\n", "batas-kinerja", 4),
        ("kinerja:\n  hijau_mulai: 101\n", "batas-kinerja", 4),
        ("kinerja:\n  hijau_mulai: 90\n  merah_di_bawah: banyak\n", "batas-kinerja", 5),
        ("kinerja:\n  merah_di_bawah: .nan\n", "batas-kinerja", 4),
        ("kinerja:\n  merah_di_bawah: 96\n", "batas-kinerja", 3),
        ("kinerja:\n  batas: 110\n", "kunci-tidak-dikenal", 4),
        ("kinerja: 110\n", "bukan-pemetaan", 3),
        ("kinerja:\n  hijau_mulai: [90]\n", "bukan-teks", 4),
    ],
)
def test_each_mistake_is_named_with_its_line(text: str, code: str, line: int) -> None:
    _, problems = reading(text)
    assert (code, line) in {(problem.code, problem.line) for problem in problems}


def test_the_agencys_limits_hold_wherever_its_tables_are_read(folder: Path) -> None:
    usual = read_plans(folder).standings[UNIT]
    own = "kinerja: {batas_capaian: 105, merah_di_bawah: 50, hijau_mulai: 60}\n"
    (folder / "instansi.yaml").write_text(HEAD + own, encoding="utf-8")
    stricter = read_plans(folder).standings[UNIT]
    assert (usual.score.rules.cap, stricter.score.rules.cap) == (120, 105)
    assert stricter.score.percent < usual.score.percent
    lights = [[watch.light for watch in s.watches].count(Light.RED) for s in (usual, stricter)]
    assert lights == [2, 0]
    assert load_performance(folder, UNIT).standing == stricter
    assert load_performance(folder, UNIT, 120).standing.score.rules.cap == 120
    assert load_agency_performance(folder).standings[UNIT] == stricter


def test_with_a_broken_agency_file_no_figure_is_made_by_other_limits(folder: Path) -> None:
    (folder / "instansi.yaml").write_text(HEAD + "kinerja: {batas_capaian: 1}\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="batas_capaian"):
        load_performance(folder, UNIT)
    agency = load_agency_performance(folder)
    assert "batas_capaian" in agency.trouble
    assert not agency.standings


def test_two_tables_of_a_unit_are_broken_and_no_tables_are_nothing(folder: Path) -> None:
    (folder / "kinerja" / f"{UNIT}.xlsx").write_bytes(b"")
    (problem,) = load_agency_performance(folder).broken[UNIT]
    assert "dua tabel" in problem.message
    shutil.rmtree(folder / "kinerja")
    assert load_agency_performance(folder).is_empty


def test_the_recap_is_another_when_a_table_or_a_page_is(folder: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs" / "2026"
    outputs.mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()

    def identity() -> str:
        return job_identity(plan_recap(tmp_path, Period.read(folder), Stage.TPI, outputs))

    first = identity()
    assert identity() == first
    (outputs / f"{UNIT}.kinerja.html").write_text("x", encoding="utf-8")
    paged = identity()
    assert paged != first
    table = folder / "kinerja" / f"{UNIT}.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    assert identity() not in {first, paged}
