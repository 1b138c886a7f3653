"""The doubts of the sample agency, and of one of its units after a contradiction is planted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zi_eval.case import Case, load_case
from zi_eval.core.verdict import Status


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    return root / "parameters" / "2026"


@pytest.fixture
def folder(sample: Path, tmp_path: Path) -> Path:
    for name in ("2025", "2026", "2026-akip"):
        shutil.copytree(sample.parent / name, tmp_path / name)
    return tmp_path / "2026"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def codes(case: Case) -> set[tuple[str, str]]:
    return {(doubt.code, doubt.statements[0].name) for doubt in case.doubts}


def test_dpmptsp_is_not_concluded_by_its_survey_and_chance(sample: Path) -> None:
    """Its score says WBK; its own survey and the chance say otherwise."""
    case = load_case(sample / "dpmptsp.yaml")
    verdict = case.verdict
    assert (verdict.verdict.status, verdict.status) == (Status.MET, Status.UNKNOWN)
    assert codes(case) == {("survei-lurus", "B.I.a"), ("peluang-rendah", "peluang")}
    by_code = {doubt.code: doubt for doubt in case.doubts}
    survey = by_code["survei-lurus"]
    assert survey.what.startswith("41,7 % responden IPAK")
    assert survey.what.endswith("tanpa mereka indeksnya 3,40, di bawah 3,60.")
    assert survey.statements[1].place.startswith("survei/dpmptsp.ipak.csv:")
    assert by_code["peluang-rendah"].what.startswith("Peluang WBK menurut nilainya 8 dari 10")
    assert survey.could_fail("WBK")
    assert not by_code["peluang-rendah"].is_decisive("WBK")
    assert case.doubts[-1].code == "peluang-rendah"  # it decides nothing, and moves no score


def test_what_dinas_perhubungan_claims_of_2025_its_own_table_denies(sample: Path) -> None:
    """The TPI has corrected it: at its stage nothing is doubted."""
    file = sample / "dinas-perhubungan.yaml"
    case = load_case(file, "unit")
    assert (case.verdict.verdict.status, case.verdict.status) == (Status.MET, Status.UNKNOWN)
    table = next(d for d in case.doubts if d.code == "data-beda-jawaban")
    assert table.what == "B.I.b dijawab B, sedangkan kinerja/dinas-perhubungan.csv menunjukkan D."
    assert "tahun 2025" in table.rule
    assert table.effects[0].turned["WBK"] == ("B.I", "B.I.b")
    assert load_case(file).doubts == ()


def test_half_the_reports_planted_in_a_file_are_found_at_both_lines(folder: Path) -> None:
    file = folder / "dpmptsp.yaml"
    before = {doubt.id for doubt in load_case(file).doubts}
    edit(
        file,
        "  A.II.5.iii.b:\n    unit: [4, 3, 33, 40]\n    tpi: [4, 3, 33, 40]\n",
        "  A.II.5.iii.b:\n    unit: [4, 3, 33, 20]\n    tpi: [4, 3, 33, 20]\n",
    )
    case = load_case(file)
    (doubt,) = (doubt for doubt in case.doubts if doubt.code == "syarat-beda-jawaban")
    assert doubt.id not in before
    lines = file.read_text(encoding="utf-8").splitlines()
    here, there = doubt.statements
    assert (here.file, there.file) == ("dpmptsp.yaml", "dpmptsp.yaml")
    assert lines[(here.line or 0) - 1].strip() == "lhkasn: 100"
    assert lines[(there.line or 0) - 1].strip() == "A.II.5.iii.b:"
    assert doubt.could_fail("WBK")
    assert case.verdict.status is Status.UNKNOWN


def test_a_sakip_predicate_that_the_units_own_akip_evaluation_does_not_give(
    folder: Path,
) -> None:
    edit(folder / "dpmptsp.yaml", "  sakip_unit: BB\n", "  sakip_unit: AA\n")
    case = load_case(folder / "dpmptsp.yaml")
    (doubt,) = (doubt for doubt in case.doubts if doubt.code == "syarat-beda-evaluasi")
    here, there = doubt.statements
    assert (here.name, here.says) == ("syarat sakip_unit", "AA")
    assert there.place == "2026-akip/dpmptsp.yaml"
    assert there.says != "AA"


def test_at_the_units_stage_claims_without_evidence_are_one_doubt(sample: Path) -> None:
    case = load_case(sample / "dinas-dukcapil.yaml", "unit")
    (doubt,) = (doubt for doubt in case.doubts if doubt.code == "tanpa-bukti")
    answers = case.evaluation.assessment.answers
    named = [statement.name for statement in doubt.statements]
    assert doubt.what == f"{len(named)} jawaban tidak menyebut bukti."
    assert all(not answers[key].evidence for key in named)
    assert all(case.evaluation.card.values[key].value for key in named)
    assert not doubt.could_fail("WBK")
    assert doubt not in case.verdict.decisive


def test_at_the_tpis_stage_answers_it_has_not_given_are_one_doubt(sample: Path) -> None:
    case = load_case(sample / "rsud-harapan.yaml", "tpi")
    (doubt,) = (doubt for doubt in case.doubts if doubt.code == "belum-dinilai-tpi")
    taken = [k for k in case.evaluation.card.taken_over if case.evaluation.card.values[k].value]
    assert [statement.name for statement in doubt.statements] == taken
    assert "tanpa-bukti" not in {other.code for other in case.doubts}


def test_an_evaluation_declared_final_stands_for_what_it_took_over(folder: Path) -> None:
    edit(
        folder / "rsud-harapan.yaml",
        "\nsyarat:\n",
        "\nevaluasi_final:\n  oleh: Ratnawulan\n  waktu: 2026-10-30T10:00:00+07:00\nsyarat:\n",
    )
    case = load_case(folder / "rsud-harapan.yaml", "tpi")
    assert "belum-dinilai-tpi" not in {doubt.code for doubt in case.doubts}
