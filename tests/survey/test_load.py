from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.survey.files import find_surveys, stray_files
from zi_eval.survey.load import load_surveys, read_surveys
from zi_eval.survey.result import RequiredIndex


@pytest.fixture
def period(folder: Path) -> Path:
    return folder / "parameters" / "2026"


def test_tables_are_found_by_unit_and_survey(root: Path) -> None:
    found = find_surveys(root / "parameters" / "2026")
    assert list(found["dpmptsp"]) == ["ipak", "ipkp", "skm"]
    assert set(found) == {"dinas-dukcapil", "dpmptsp", "kecamatan-merdeka", "rsud-harapan"}


def test_a_period_without_surveys_has_none(tmp_path: Path) -> None:
    assert find_surveys(tmp_path) == {}
    assert stray_files(tmp_path) == ()


def test_the_sample_surveys_are_read_without_a_problem(root: Path) -> None:
    for unit in find_surveys(root / "parameters" / "2026"):
        assert read_surveys(root / "parameters" / "2026", unit).problems == ()


def test_the_sample_surveys_say_what_the_unit_files_answer(root: Path) -> None:
    proposed = {}
    for unit in find_surveys(root / "parameters" / "2026"):
        found = load_surveys(root / "parameters" / "2026", unit)
        for proposal in found.proposals:
            given = found.answers.get(proposal.question)
            proposed[unit, proposal.question] = (proposal.answer, given)
            assert not proposal.differs(given)
            assert proposal.source.startswith(f"survei/{unit}.")
    assert proposed == {
        ("dinas-dukcapil", "B.I.a"): (3.61, 3.61),
        ("dpmptsp", "B.I.a"): (3.64, 3.64),
        ("dpmptsp", "B.II.a"): (3.42, 3.42),
        ("kecamatan-merdeka", "B.II.a"): (3.49, None),
        ("rsud-harapan", "B.I.a"): (3.52, 3.52),
    }


def test_planted_doubts_of_the_sample_are_found(root: Path) -> None:
    (result,) = load_surveys(root / "parameters" / "2026", "rsud-harapan").results
    rows = {doubt.kind.value: doubt.rows for doubt in result.doubts}
    assert rows["ganda"] == (35, 49)
    assert rows["cepat"] == (23, 24, 25, 54)
    assert {8, 9, 23, 24, 25, 42, 43, 57} <= set(rows["lurus"])
    assert result.weakest[0].element.code == "P5"
    assert result.doubtful == 6


def test_the_marks_come_from_the_rules_of_the_period(period: Path) -> None:
    (period / "aturan.yaml").write_text(
        "id: kami\nbase: permenpanrb-90-2021\ntitle: Kami\ndate: '2026'\nsource: SE\nrules:\n"
        "  - {id: B.I.a, need: {WBK: {points: 16.625}}, source: SE}\n"
    )
    agency = period / "instansi.yaml"
    agency.write_text(agency.read_text("utf-8").replace("permenpanrb-90-2021", "aturan.yaml"))
    (result,) = load_surveys(period, "rsud-harapan").results
    assert [chance.mark for chance in result.chances] == [
        RequiredIndex("WBBM", 3.6),
        RequiredIndex("WBK", 3.8),
    ]


def test_a_table_that_cannot_be_used_leaves_the_others_alone(period: Path) -> None:
    (period / "survei" / "dpmptsp.ipak.csv").write_text("a;b\n1;2\n")
    found = load_surveys(period, "dpmptsp")
    assert [result.survey.key for result in found.results] == ["ipkp", "skm"]
    assert [problem.code for problem in found.problems] == ["tabel-tak-terbaca"]
    assert [proposal.question for proposal in found.proposals] == ["B.II.a"]


def test_a_unit_of_which_no_table_can_be_used_is_refused_with_every_problem(period: Path) -> None:
    (period / "survei" / "rsud-harapan.ipak.csv").write_text("P1;P2;P3;P4;P5\n9;9;4;4;4\n")
    with pytest.raises(ParameterError) as caught:
        load_surveys(period, "rsud-harapan")
    assert [p.code for p in caught.value.problems] == ["di-luar-skala", *["bukan-jawaban"] * 2]
    assert read_surveys(period, "rsud-harapan").results == ()


def test_a_broken_definition_of_the_team_is_named(period: Path) -> None:
    (period / "survei" / "ipak.yaml").write_text("conversion: entah\n")
    assert "ipak.yaml" in str(read_surveys(period, "rsud-harapan").problems[0])


def test_an_unknown_survey_is_told_with_the_nearest(period: Path) -> None:
    home = period / "survei"
    (home / "rsud-harapan.ipak.csv").rename(home / "rsud-harapan.ipakk.csv")
    (problem,) = read_surveys(period, "rsud-harapan").problems
    assert "Mungkin maksudnya 'ipak'" in str(problem)
    assert problem.file.endswith("rsud-harapan.ipakk.csv")


def test_a_unit_without_survey_is_told_with_the_nearest(period: Path) -> None:
    with pytest.raises(WorkspaceError, match="Mungkin maksudnya 'dpmptsp'"):
        load_surveys(period, "dpmpts")


def test_two_tables_of_one_survey_are_refused(period: Path) -> None:
    home = period / "survei"
    shutil.copy(home / "rsud-harapan.ipak.csv", home / "rsud-harapan.ipak.xlsx")
    with pytest.raises(ParameterError, match="lebih dari satu tabel"):
        load_surveys(period, "rsud-harapan")
    assert load_surveys(period, "dpmptsp").problems == ()


def test_a_table_named_without_its_survey_is_told(period: Path) -> None:
    (period / "survei" / "dpmptsp.csv").write_text("P1\n4\n")
    (problem,) = stray_files(period)
    assert "dpmptsp.ipak.csv" in problem.hint


def test_a_survey_without_a_unit_file_is_evaluated_all_the_same(period: Path) -> None:
    (period / "rsud-harapan.yaml").unlink()
    found = load_surveys(period, "rsud-harapan")
    assert (found.name, found.answers) == ("rsud-harapan", {})
    assert len(found.results) == 1
