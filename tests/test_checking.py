"""Every problem of a period's files, whichever room finds it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zi_eval.checking import check_agency, check_files, check_tables
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Severity
from zi_eval.errors import ParameterError
from zi_eval.performance.load import load_agency_performance, performance_rules, stray_plans
from zi_eval.period.reading import Period
from zi_eval.survey.files import stray_files

HEAD = "nama: Kabupaten Contoh\njenis: kabupaten\n"


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    home = tmp_path / "2026"
    home.mkdir()
    shutil.copy(root / "parameters" / "2026" / "dpmptsp.yaml", home)
    return home


def write(folder: Path, text: str) -> Path:
    path = folder / "instansi.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_mistakes_of_all_parts_of_an_agency_file_come_out_together_by_line(folder: Path) -> None:
    path = write(folder, "lhe: {nomr: 1}\nkinerja:\n  hijau_mulai: 101\nketerangn: x\n")
    found = [(p.file, p.line, p.code) for p in check_files([path])]
    assert found == [
        (str(path), 3, "kunci-tidak-dikenal"),
        (str(path), 5, "batas-kinerja"),
        (str(path), 6, "kunci-tidak-dikenal"),
    ]
    assert {p.line for p in check_agency(Period.read(folder))} == {3, 5, 6}


def test_the_parts_of_topics_are_checked_also_beside_a_broken_rule_set(folder: Path) -> None:
    path = write(folder, "aturan: tidak-ada\nlhe:\n  tim: Sri\n")
    assert {p.line for p in check_files([path])} == {3, 5}


def test_what_a_topic_cannot_read_stops_that_topic_and_no_score(folder: Path) -> None:
    write(folder, "kinerja: {hijau_mulai: 101}\nlhe: {tim: Sri}\n")
    period = Period.read(folder)
    assert period.evaluate(period.find("dpmptsp"), Stage.TPI).card.total.score
    with pytest.raises(ParameterError, match="hijau_mulai"):
        performance_rules(folder)


def test_a_folder_without_an_agency_file_has_empty_sections(folder: Path) -> None:
    assert Period.read(folder).section("lhe").value is None
    assert check_agency(Period.read(folder)) == ()


def test_errors_of_tables_are_told_by_the_check_of_all(folder: Path, root: Path) -> None:
    sample = root / "parameters" / "2026"
    for name in ("kinerja/dpmptsp.csv", "survei/dpmptsp.ipak.csv"):
        target = folder / name
        target.parent.mkdir()
        shutil.copy(sample / name, target)
    assert check_tables([folder]) == ()
    table = folder / "survei" / "dpmptsp.ipak.csv"
    text = table.read_text("utf-8")
    table.write_text(text.replace("Kurang setuju", "9", 1), "utf-8")
    problems = check_tables([folder])
    assert {(problem.severity, problem.file) for problem in problems} == {
        (Severity.ERROR, str(table))
    }
    assert any(problem.line == 2 for problem in problems)


def test_a_table_of_no_unit_is_named_with_the_nearest_in_every_check_and_ranked_nowhere(
    folder: Path, root: Path
) -> None:
    sample = root / "parameters" / "2026"
    for part, name in (("kinerja", "dpmptps.csv"), ("survei", "dpmptps.ipak.csv")):
        (folder / part).mkdir()
        shutil.copy(sample / part / name.replace("dpmptps", "dpmptsp"), folder / part / name)
    plans, surveys = stray_plans(folder), stray_files(folder)
    assert [(p.code, "'dpmptsp'" in p.hint) for p in (*plans, *surveys)] == [
        ("tabel-tanpa-unit", True)
    ] * 2
    assert check_tables([folder]) == (*plans, *surveys)
    assert load_agency_performance(folder).is_empty
    # Under its unit's name it is a table like any other.
    (folder / "kinerja" / "dpmptps.csv").rename(folder / "kinerja" / "dpmptsp.csv")
    assert stray_plans(folder) == ()
    assert set(load_agency_performance(folder).standings) == {"dpmptsp"}
    # Where a period has tables only, none of them is astray.
    (folder / "dpmptsp.yaml").unlink()
    assert stray_plans(folder) == stray_files(folder) == ()


def test_check_says_of_a_part_larger_than_its_whole_what_a_score_says_with_its_line(
    folder: Path,
) -> None:
    path = folder / "dpmptsp.yaml"
    text = path.read_text("utf-8")
    asked = "  A.II.5.iii.a:\n    unit: [1, 5, 1, 7]"
    assert asked in text
    path.write_text(text.replace(asked, asked.replace("[1, 5, 1, 7]", "[1, 1, 1, 9]")), "utf-8")
    scored = Period.read(folder).evaluate(path, Stage.UNIT).card.problems
    said = {problem.message for problem in scored if problem.key == "A.II.5.iii.a"}
    assert said
    found = [problem for problem in check_files([path]) if problem.message in said]
    assert {problem.line for problem in found} == {text[: text.index(asked)].count("\n") + 1}
