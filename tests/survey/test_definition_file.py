from __future__ import annotations

from pathlib import Path

import pytest

from zi_eval.core.text import fold
from zi_eval.errors import InstrumentError
from zi_eval.instruments import load_instrument
from zi_eval.survey.definitions import available_surveys, load_survey, read_survey
from zi_eval.survey.values import Conversion, SamplingFrame, Survey


def overlay(folder: Path, text: str, key: str = "ipak") -> Survey:
    path = folder / f"{key}.yaml"
    path.write_text(text, "utf-8")
    found, problems = read_survey(key, path)
    assert problems == ()
    assert found is not None
    return found


def refused(folder: Path, text: str, key: str = "ipak") -> str:
    path = folder / f"{key}.yaml"
    path.write_text(text, "utf-8")
    found, problems = read_survey(key, path)
    assert found is None
    assert all(problem.file == str(path) and problem.line for problem in problems)
    return "\n".join(map(str, problems))


def test_the_three_surveys_are_packaged() -> None:
    assert available_surveys() == ("ipak", "ipkp", "skm")
    assert load_survey("skm") is load_survey("skm-2017")
    assert [len(load_survey(key).elements) for key in available_surveys()] == [5, 8, 9]


@pytest.mark.parametrize("key", ["ipak", "ipkp", "skm"])
def test_a_packaged_survey_is_complete(key: str) -> None:
    survey = load_survey(key)
    assert sum(element.weight for element in survey.elements) == pytest.approx(1)
    assert {element.weight for element in survey.elements} == {1 / len(survey.elements)}
    assert (survey.lowest, survey.highest, survey.conversion) == (1, 4, Conversion.DIRECT)
    assert [band.upto for band in survey.bands] == [64.99, 76.60, 88.30, 100]
    assert all(element.keywords and element.question for element in survey.elements)
    question = survey.lke_question
    assert not question or load_instrument("zi-2021").questions[question].scale.kind == "index"
    headings = [
        fold(text) for e in survey.elements for text in {e.code, e.name, *e.headings}
    ]  # fmt: skip
    assert len({fold(e.code) for e in survey.elements}) == len(survey.elements)
    assert headings


def test_the_surveys_answer_the_two_questions_of_the_lke() -> None:
    assert [load_survey(key).lke_question for key in ("ipak", "ipkp", "skm")] == [
        "B.I.a", "B.II.a", "",
    ]  # fmt: skip


def test_without_a_file_of_the_team_the_packaged_survey_counts(tmp_path: Path) -> None:
    assert read_survey("ipak", tmp_path / "ipak.yaml") == (load_survey("ipak"), ())


def test_a_team_may_say_only_whom_it_asked(tmp_path: Path) -> None:
    found = overlay(tmp_path, "units:\n  dpmptsp: {population: 900, surveyor: Lembaga Contoh}\n")
    assert found.frames == {"dpmptsp": SamplingFrame(900, None, "Lembaga Contoh")}
    assert found.elements == load_survey("ipak").elements
    assert found.overlay.endswith("ipak.yaml")
    assert found.sha256 != load_survey("ipak").sha256


def test_another_scale_names_its_conversion(tmp_path: Path) -> None:
    said = refused(tmp_path, "scale: {lowest: 1, highest: 6}\n")
    assert "kali-4-per-top atau satu-sampai-empat" in said
    assert "berbeda" in said
    said = refused(tmp_path, "scale: {lowest: 1, highest: 6}\nconversion: langsung\n")
    assert "skala 1 sampai 6" in said
    assert "langsung" in refused(tmp_path, "conversion: satu-sampai-empat\n")
    found = overlay(
        tmp_path, "scale: {lowest: 1, highest: 6}\nconversion: satu-sampai-empat\nbase: ipak\n"
    )
    assert found.convert(6) == 4


def test_words_of_another_scale_are_not_carried_over(tmp_path: Path) -> None:
    six = "scale: {lowest: 1, highest: 6}\nconversion: kali-4-per-top\n"
    found = overlay(tmp_path, six, "skm")
    assert found.answers == {}
    assert all(element.answers == {} for element in found.elements)
    worded = overlay(tmp_path, six + 'answers: {"6": [sangat setuju]}\n', "skm")
    assert worded.answers == {"sangat setuju": 6}


def test_elements_are_changed_by_code_and_can_be_weighted(tmp_path: Path) -> None:
    lines = "".join(f"  - {{code: P{n}, weight: {n}}}\n" for n in range(1, 6))
    found = overlay(tmp_path, f"elements:\n{lines}")
    assert [round(e.weight * 15, 9) for e in found.elements] == [1, 2, 3, 4, 5]
    assert found.elements[4].name == "Percaloan"


def test_a_survey_of_ones_own_starts_from_a_packaged_one(tmp_path: Path) -> None:
    found = overlay(
        tmp_path,
        "base: ipkp\ntitle: Survei Kepuasan Pasien\nshort: SKP\nlke_question: ''\n"
        "elements:\n  - {code: S1, name: Ramah, question: Keramahan}\n"
        "  - {code: S2, name: Cepat, question: Kecepatan}\n",
        "pasien",
    )
    assert (found.id, found.key, found.lke_question) == ("pasien", "pasien", "")
    assert [e.weight for e in found.elements] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("elemen: []\n", "kunci 'elemen' tidak dikenal"),
        ("elements:\n  - {code: P1, weight: 2}\n  - {code: P2}\n", "sebagian unsur"),
        ("elements:\n  - {code: Z1}\n", "kunci 'name' belum ada"),
        ("elements:\n  - {code: P1}\n  - {code: P1}\n", "ditulis dua kali"),
        ("elements:\n  - {code: P1, weight: -1}\n", "lebih besar dari"),
        ("elements:\n  - {code: P1, headings: [calo]}\n  - {code: P5}\n", "satu judul satu unsur"),
        ('answers: {"5": [hebat]}\n', "bukan angka 1 sampai 4"),
        ('answers: {"1": [ya], "2": [ya]}\n', "satu kata satu nilai"),
        ("bands:\n  - {letter: A, upto: 90, word: Baik}\n", "yang terakhir 100"),
        ("base: ipaak\n", "Mungkin maksudnya 'ipak'"),
        ("conversion: lurus\n", "yang boleh"),
        ("small_group: 1\n", "paling kecil"),
        ("units: {dpmptsp: {population: 0}}\n", "paling kecil"),
        ("scale: {lowest: 0, highest: 4}\n", "paling kecil"),
    ],
)
def test_a_mistake_in_a_teams_file_is_named_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in refused(tmp_path, text)


def test_an_unknown_survey_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="Mungkin maksudnya 'skm'"):
        load_survey("smk")
    found, problems = read_survey("smk", tmp_path / "smk.yaml")
    assert found is None
    assert "skm" in str(problems[0])


def test_the_example_of_the_readme_is_valid(tmp_path: Path, root: Path) -> None:
    text = (root / "zi_eval" / "survey" / "kinds" / "README.md").read_text("utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    found = overlay(tmp_path, example)
    assert found.conversion is Conversion.SHARE
    assert found.answers["agak setuju"] == 4
    assert round(found.convert(5.35), 2) == 3.57
    assert found.other_conversion is not None
    assert round(found.other_conversion.convert(5.35), 2) == 3.61
