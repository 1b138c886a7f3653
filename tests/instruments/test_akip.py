"""The second instrument: its facts, its broken files, and the whole engine on it without ZI."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sample import run_command as run
from zi_eval.case import Case, load_case
from zi_eval.checking import check_files
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import InstrumentError, ParameterError
from zi_eval.frames import recap_frame
from zi_eval.instruments import (
    load_instrument,
    load_portal_ids,
    load_rules,
    load_workbook_layouts,
)
from zi_eval.instruments.folders import instrument_folder
from zi_eval.pages.agency.published import Published
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.sections import RecapPage
from zi_eval.pages.agency.tables import render_recap_csv, render_recap_xlsx
from zi_eval.pages.unit.sections import unit_report
from zi_eval.pages.unit.text import render_score, render_trace
from zi_eval.period.evaluations import load_agency_evaluation, load_evaluation
from zi_eval.period.reading import Period, Stage
from zi_eval.period.score_json import dump_evaluation
from zi_eval.period.unit_file import read_unit
from zi_eval.period.unit_writer import render_unit
from zi_eval.report.made import Made
from zi_eval.runs.batch import plan_recap, plan_units
from zi_eval.runs.identity import job_identity

INSTRUMENT = load_instrument("akip-2021")
RULES = load_rules("akip-2021")
MADE = Made(datetime(2026, 1, 5, 7, 5, tzinfo=UTC), "1")
OF_ZI = re.compile(
    r"\bWBK\b|\bWBBM\b|\bZI\b(?!-eval)|zi-2021|Zona Integritas|pengungkit|pemenuhan|\breform"
    r"|enam area|area perubahan|\bIPAK\b|\bIPKP\b|survei|LHKPN|tim penilai nasional|\bambang\b"
    r"|\btarget predikat\b",
    re.IGNORECASE,
)
"""Words that only ZI knows."""


def without_own(html: str) -> str:
    """Return the text that a report shows: no styles, tags or addresses."""
    html = re.sub(r"<style>.*?</style>|<title .*?</title>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(html.split())


@pytest.fixture
def parameters(tmp_path: Path, root: Path) -> Path:
    """Return the sample agency's parameters, to be changed."""
    for name in ("2026", "2026-akip"):
        shutil.copytree(
            root / "parameters" / name,
            tmp_path / "parameters" / name,
            ignore=shutil.ignore_patterns("jurnal", "kinerja"),
        )
    return tmp_path / "parameters"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- the instrument ---


def test_the_weights_are_20_30_and_50_percent_of_each_component() -> None:
    assert [node.weight for node in INSTRUMENT.nodes.values()] == [30, 30, 15, 25]
    shares = {"a": 0.2, "b": 0.3, "c": 0.5}
    for question in INSTRUMENT.questions.values():
        component, part = question.id.split(".")
        assert question.weight == pytest.approx(INSTRUMENT.nodes[component].weight * shares[part])
    assert len(INSTRUMENT.questions) == 12


def test_the_grades_are_worth_what_the_sources_say() -> None:
    values = {"AA": 1, "A": 0.9, "BB": 0.8, "B": 0.7, "CC": 0.6, "C": 0.5, "D": 0.3, "E": 0}
    assert {q.scale.id for q in INSTRUMENT.questions.values()} == {"huruf"}
    assert INSTRUMENT.questions["1.a"].scale.values == values


def test_every_subcomponent_names_its_criteria_and_what_each_grade_asks() -> None:
    for question in INSTRUMENT.questions.values():
        assert len(INSTRUMENT.criteria_of(question.id)) >= 3
        assert question.title in ("Keberadaan", "Kualitas", "Pemanfaatan")
        assert len(set(question.options.values())) == 8
        assert len(question.evidence) == 3


def test_criteria_stand_in_order_behind_their_subcomponent() -> None:
    counts = [len(INSTRUMENT.criteria_of(question)) for question in INSTRUMENT.questions]
    assert counts == [6, 11, 8, 3, 7, 10, 6, 9, 7, 3, 5, 5]
    entries = list(INSTRUMENT.entries)
    assert entries[:7] == ["1.a", *(f"1.a.{number}" for number in range(1, 7))]
    assert len(entries) == len(INSTRUMENT.questions) + len(INSTRUMENT.criteria)


def test_the_bands_are_those_of_the_sources() -> None:
    tops = {"D": 30, "C": 50, "CC": 60, "B": 70, "BB": 80, "A": 90, "AA": 100}
    assert {band.predicate: band.upto for band in RULES.bands} == tops
    assert RULES.prerequisites == ()


def test_there_is_no_workbook_and_no_portal_and_both_say_so() -> None:
    for load in (load_workbook_layouts, load_portal_ids):
        with pytest.raises(InstrumentError, match="akip-2021 tidak mempunyai"):
            load("akip-2021")


BROKEN = [
    ("thresholds.yaml", "BB: 80, A: 90", "A: 90, BB: 80", "rentang-tidak-lengkap", "D, C, CC"),
    ("thresholds.yaml", "AA: 100", "AA: 110", "rentang-tidak-penuh", "100"),
    ("thresholds.yaml", "CC: 60", "CC: 40", "rentang-tidak-naik", "naik"),
    ("thresholds.yaml", "C: 50, CC: 60", "CC: 60", "rentang-tidak-lengkap", "satu kali"),
    ("thresholds.yaml", "D: 30", "D: 0", "di-luar-batas", "lebih besar dari 0"),
    ("thresholds.yaml", "bands:", "rentang:", "kunci-tidak-dikenal", "bands"),
    ("labels.yaml", "areas_map:", "area_map:", "kunci-tidak-dikenal", "areas_map"),
    ("labels.yaml", "name: Evaluasi AKIP", "name: ''", "kosong", "tidak boleh kosong"),
    ("instrument.yaml", "workbook: false", "workbook: tidak", "bukan-ya-tidak", "false"),
    ("instrument.yaml", "workbook: false\n", "", "berkas-tidak-terbaca", ""),
    ("questions/1.yaml", "weight: 9", "weight: 8", "bobot-tidak-cocok", "30"),
    ("questions/1.yaml", "    CC: Lebih", "    XX: Lebih", "pilihan-tidak-lengkap", "CC"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "words"), BROKEN)
def test_a_mistake_is_named_with_its_file(
    tmp_path: Path, file: str, old: str, new: str, code: str, words: str
) -> None:
    folder = Path(shutil.copytree(instrument_folder("akip-2021"), tmp_path / "akip-2021"))
    change(folder / file, old, new)
    with pytest.raises(InstrumentError) as caught:
        load_rules("akip-2021", folder=folder)
    found = [p for p in caught.value.problems if isinstance(p, Problem) and p.code == code]
    assert found, caught.value
    assert words in str(found[0])
    assert found[0].file
    if code not in ("berkas-tidak-terbaca", "bobot-tidak-cocok"):
        assert found[0].file.endswith(file)
        assert found[0].line


def test_labels_move_no_hash_but_are_shown(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(instrument_folder("akip-2021"), tmp_path / "akip-2021"))
    change(folder / "labels.yaml", "areas: Komponen", "areas: Bagian")
    changed = load_instrument("akip-2021", folder)
    assert changed.labels.areas == "Bagian"
    assert changed.hash == INSTRUMENT.hash
    (folder / "labels.yaml").unlink()
    assert load_instrument("akip-2021", folder).labels.name == "evaluasi"


# --- unit files ---


def test_the_sample_is_invented_and_without_problems(root: Path) -> None:
    files = sorted((root / "parameters" / "2026-akip").glob("*.yaml"))
    assert [path.stem for path in files] == ["dpmptsp", "instansi", "kecamatan-merdeka"]
    assert check_files(files) == ()
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# Data contoh")
        assert text.count("://") == text.count("https://bukti.kabupaten-contoh.example/")
    agency = load_agency_evaluation(root / "parameters" / "2026-akip")
    found = {item.assessment.unit.id: item.predicate for item in agency.evaluations}
    assert found == {"dpmptsp": "BB", "kecamatan-merdeka": "B"}


def test_a_unit_file_survives_writing_and_reading(parameters: Path, tmp_path: Path) -> None:
    path = parameters / "2026-akip" / "dpmptsp.yaml"
    first = read_unit(path, INSTRUMENT, RULES).assessment
    assert first is not None
    text = render_unit(first, INSTRUMENT, RULES)
    assert "\ntarget" not in text
    assert "\nsyarat" not in text
    path.write_text(text, encoding="utf-8")
    assert read_unit(path, INSTRUMENT, RULES).assessment == first


def test_a_target_is_refused(parameters: Path) -> None:
    path = parameters / "2026-akip" / "dpmptsp.yaml"
    change(path, "instrumen: akip-2021", "instrumen: akip-2021\ntarget: A")
    (problem,) = check_files([path])
    assert problem.code == "target-tidak-dipakai"
    assert problem.line == 7
    with pytest.raises(ParameterError, match="predikatnya mengikuti nilai"):
        load_evaluation(path)


def test_a_grade_that_does_not_exist_is_refused_with_all_that_do(parameters: Path) -> None:
    path = parameters / "2026-akip" / "dpmptsp.yaml"
    change(path, "tpi: CC", "tpi: B+")
    (problem,) = check_files([path])
    assert problem.key == "2.c"
    assert "AA, A, BB, B, CC, C, D" in str(problem)


@pytest.mark.parametrize("place", ["2026", "2026-akip"])
def test_two_instruments_in_a_folder_are_a_clear_problem(parameters: Path, place: str) -> None:
    other = "2026-akip" if place == "2026" else "2026"
    moved = parameters / place / "kecamatan-baru.yaml"
    shutil.copy(parameters / other / "kecamatan-merdeka.yaml", moved)
    change(moved, "id: kecamatan-merdeka", "id: kecamatan-baru")
    errors = [p for p in check_files([moved]) if p.severity is Severity.ERROR]
    assert [problem.code for problem in errors] == ["instrumen-campur"]
    assert errors[0].line
    assert "satu folder hanya untuk satu instrumen" in str(errors[0])
    agency = load_agency_evaluation(parameters / place)
    assert set(agency.failures) == {"kecamatan-baru"}


def test_without_an_agency_file_the_units_must_agree(parameters: Path) -> None:
    folder = parameters / "2026-akip"
    (folder / "instansi.yaml").unlink()
    assert load_evaluation(folder / "dpmptsp.yaml").predicate == "BB"
    shutil.copy(parameters / "2026" / "smpn-1-contoh.yaml", folder)
    agency = load_agency_evaluation(folder)
    assert agency.instrument.id == "akip-2021"
    assert set(agency.failures) == {"smpn-1-contoh"}
    assert "instrumen zi-2021" in agency.failures["smpn-1-contoh"]


def test_an_unknown_instrument_of_the_agency_is_named_with_its_line(parameters: Path) -> None:
    path = parameters / "2026-akip" / "instansi.yaml"
    change(path, "instrumen: akip-2021", "instrumen: akip-2020")
    problem = next(p for p in check_files([path]) if "akip-2020" in p.message)
    assert problem.line == 4
    assert "akip-2021, zi-2021" in problem.message


# --- its predicate beside the prerequisites of ZI ---


def proposals(parameters: Path, unit: str = "dpmptsp") -> list[Problem]:
    path = parameters / "2026" / f"{unit}.yaml"
    return [p for p in check_files([path]) if p.code == "syarat-beda-evaluasi"]


@pytest.mark.parametrize("text", ["nama: [x", None], ids=["broken", "dangling"])
def test_a_broken_agency_file_of_akip_is_told_of_the_unit_it_says_nothing_of(
    parameters: Path, text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    agency = parameters / "2026-akip" / "instansi.yaml"
    agency.unlink()
    agency.symlink_to("tidak-ada") if text is None else agency.write_text(text)
    unit = parameters / "2026" / "dpmptsp.yaml"
    (problem,) = (p for p in check_files([unit]) if p.code == "evaluasi-tidak-terbaca")
    assert problem.key == "sakip_unit"
    assert problem.line is not None
    assert "sakip_unit:" in unit.read_text("utf-8").splitlines()[problem.line - 1]
    assert "2026-akip/instansi.yaml" in problem.message
    run("score", "dpmptsp", "--period", "2026", "--folder", parameters.parent)
    assert str(problem) in capsys.readouterr().err


def test_the_sample_states_what_was_evaluated(parameters: Path) -> None:
    assert proposals(parameters) == proposals(parameters, "kecamatan-merdeka") == []
    assert proposals(parameters, "bapenda") == []  # has no AKIP file


def test_a_stated_predicate_that_differs_is_said_with_both_and_kept(parameters: Path) -> None:
    change(parameters / "2026" / "dpmptsp.yaml", "sakip_unit: BB", "sakip_unit: A")
    (problem,) = proposals(parameters)
    assert problem.severity is Severity.WARNING
    assert problem.key == "sakip_unit"
    assert problem.line == 16
    assert "dinyatakan A, sedangkan Evaluasi AKIP (2026-akip/dpmptsp.yaml) memberi BB" in str(
        problem
    )
    evaluation = load_evaluation(parameters / "2026" / "dpmptsp.yaml")
    assert evaluation.assessment.facts["sakip_unit"] == "A"
    html = str(unit_report(Case.known(evaluation), MADE).warnings().html)
    assert "dinyatakan A" in html
    assert "memberi BB" in html


def test_a_predicate_not_stated_is_proposed_and_not_filled_in(parameters: Path) -> None:
    change(parameters / "2026" / "kecamatan-merdeka.yaml", "sakip_unit: B", "sakip_unit:")
    (problem,) = proposals(parameters, "kecamatan-merdeka")
    assert "belum dinyatakan" in problem.message
    assert "belum final) memberi B" in problem.message
    evaluation = load_evaluation(parameters / "2026" / "kecamatan-merdeka.yaml")
    assert "sakip_unit" not in evaluation.assessment.facts
    unknown = {item.prerequisite.id for item in evaluation.target.unknown_prerequisites}
    assert "sakip_unit" in unknown


@pytest.mark.parametrize("spoil", ["tpi: CC\n", "instrumen: akip-2021\n"])
def test_an_unfinished_or_broken_evaluation_proposes_nothing(parameters: Path, spoil: str) -> None:
    change(parameters / "2026" / "dpmptsp.yaml", "sakip_unit: BB", "sakip_unit: A")
    path = parameters / "2026-akip" / "dpmptsp.yaml"
    if spoil.startswith("tpi"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"  4\.c:\n(    .*\n)+", "", text), encoding="utf-8")
        assert load_evaluation(path).predicate is None
    else:
        change(path, spoil, "instrumen: akip\n")
        assert check_files([path])
    assert proposals(parameters) == []


def test_a_changed_evaluation_makes_the_other_report_anew(parameters: Path, root: Path) -> None:
    period = Period.read(parameters / "2026")
    outputs = parameters.parent / "outputs"

    def identities() -> dict[str, str]:
        jobs = plan_units(root, period, period.unit_files, Stage.TPI, outputs)
        found = {job.unit: job_identity(job) for job in jobs}
        return {**found, "": job_identity(plan_recap(root, period, Stage.TPI, outputs))}

    before = identities()
    change(parameters / "2026-akip" / "dpmptsp.yaml", "tpi: CC", "tpi: D")
    after = identities()
    changed = {unit for unit, identity in after.items() if identity != before[unit]}
    assert changed == {"dpmptsp", ""}


# --- reports without ZI ---


def sections(parameters: Path, unit: str) -> dict[str, str]:
    report = unit_report(load_case(parameters / "2026-akip" / f"{unit}.yaml"), MADE)
    names = ("opening", "rules", "areas", "results", "improvements", "differences",
             "missing_evidence", "answers", "warnings", "origin")  # fmt: skip
    return {"title": report.title, **{name: str(getattr(report, name)().html) for name in names}}


@pytest.mark.parametrize("unit", ["dpmptsp", "kecamatan-merdeka"])
def test_the_unit_report_knows_no_zi(parameters: Path, unit: str) -> None:
    for name, html in sections(parameters, unit).items():
        text = without_own(html)
        assert text, name
        assert not OF_ZI.search(text), (name, OF_ZI.search(text))


def test_the_unit_report_says_predicate_band_and_what_is_next(parameters: Path) -> None:
    found = sections(parameters, "dpmptsp")
    opening = without_own(found["opening"])
    assert "Laporan Evaluasi AKIP · 2026-akip" in opening
    assert "Predikat BB" in opening
    assert "Nilai 76,55 dari 100, dalam rentang BB: di atas 70 sampai 80." in opening
    assert "kurang 3,45 untuk A (di atas 80)" in opening
    assert "pertanyaan 1.c dari BB ke A, menambah 1,50 poin" in opening
    rows = re.findall(r"<th scope=\"row\"[^>]*>(\w+)</th>", found["rules"])
    assert rows == ["AA", "A", "BB", "B", "CC", "C", "D"]
    assert found["rules"].count("76,55") == 1
    areas = without_own(found["areas"])
    assert "Keberadaan" in areas
    assert "Kualitas" in areas
    assert "21,60 dari 30" in areas
    assert "Setiap subkomponen mendapat satu nilai huruf" in without_own(found["results"])
    assert "Keberadaan (3.a) (Pelaporan Kinerja, 3,00 dari 3)" in without_own(found["improvements"])
    assert "evaluator AKIP" in found["origin"]


def test_an_open_answer_leaves_the_predicate_open(parameters: Path) -> None:
    path = parameters / "2026-akip" / "dpmptsp.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"  4\.c:\n(    .*\n)+", "", text), encoding="utf-8")
    found = sections(parameters, "dpmptsp")
    opening = without_own(found["opening"])
    assert "Belum dapat disimpulkan" in opening
    assert "Predikat BB" not in opening
    assert "predikat akhir akan antara B dan A" in opening
    assert found["rules"].count("masih mungkin") == 2
    evaluation = load_evaluation(path)
    assert dump_evaluation(evaluation)["predicate"] is None
    assert "Belum dijawab: 4.c" in render_score(evaluation)


def test_score_and_trace_speak_of_the_band(parameters: Path) -> None:
    evaluation = load_evaluation(parameters / "2026-akip" / "kecamatan-merdeka.yaml")
    assert evaluation.card.total.score == pytest.approx(64.45)
    text = render_score(evaluation)
    assert "Predikat B\n" in text
    assert not OF_ZI.search(text)
    assert "jawaban CC, nilai 0,6 × 15 = 9" in render_trace(evaluation, "1")
    dumped = dump_evaluation(evaluation)
    assert dumped["predicate"] == "B"
    assert "target" not in dumped
    json.dumps(dumped)


def test_the_recap_groups_by_predicate_and_knows_no_zi(parameters: Path) -> None:
    change(parameters / "2026-akip" / "kecamatan-merdeka.yaml", "    tpi: C\n", "    tpi: A\n")
    agency = load_agency_evaluation(parameters / "2026-akip")
    recap = RecapPage(Recap(agency, published=Published(frozenset({"dpmptsp"}))), MADE)
    names = ("masthead", "summary", "units", "areas", "questions", "prerequisites", "failures",
             "origin")  # fmt: skip
    html = {name: str(getattr(recap, name)().html) for name in names}
    for name, part in html.items():
        assert not OF_ZI.search(without_own(part)), (name, OF_ZI.search(without_own(part)))
    # 64.45 with 2.c at A instead of C: 15 x 0.4 = 6 more, 70.45
    assert "2 unit: 2 predikat BB." in without_own(html["masthead"])
    assert 'href="#predikat-bb"' in html["summary"]
    assert 'id="predikat-bb"' in html["units"]
    assert "Peta komponen" in html["areas"]
    assert "Pengukuran Kinerja" in html["areas"]


def test_the_recap_tables_hold_the_predicate_and_no_target(parameters: Path) -> None:
    (parameters / "2026-akip" / "rusak.yaml").write_text("id: rusak\n", encoding="utf-8")
    agency = load_agency_evaluation(parameters / "2026-akip")
    frame = recap_frame(Recap(agency))
    assert list(frame["Predikat"]) == ["BB", "B", "tidak dapat dievaluasi"]
    assert not [name for name in frame if "Target" in name or "Ambang" in name]
    assert frame["Perencanaan Kinerja (% bobot)"][0] == pytest.approx(82)
    assert b"Predikat" in render_recap_csv(Recap(agency)).splitlines()[0]
    assert render_recap_xlsx(Recap(agency)).startswith(b"PK")


# --- the command line ---


def test_both_instruments_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("instruments") == 0
    out = capsys.readouterr().out
    assert "akip-2021  Evaluasi AKIP (PermenPANRB 88/2021) (12 pertanyaan, 100 poin)" in out
    assert "zi-2021" in out


def test_a_new_folder_holds_the_akip_sample_and_checks_clean(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "baru")) == 0
    sample = tmp_path / "baru" / "parameters" / "contoh-akip"
    assert sorted(path.stem for path in sample.iterdir()) == [
        "dpmptsp",
        "instansi",
        "kecamatan-merdeka",
    ]
    assert run("check", "--folder", str(tmp_path / "baru")) == 0


def test_an_export_says_that_there_is_no_workbook(
    parameters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = str(parameters / "2026-akip" / "dpmptsp.yaml")
    target = tmp_path / "hasil.xlsx"
    assert run("export", unit, "-o", str(target)) == 1
    assert "tidak mempunyai lembar kerja Excel" in capsys.readouterr().err
    assert not target.exists()


def test_the_portal_refuses_the_akip_period(
    parameters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("portal", "check", "--period", "2026-akip", "--folder", str(parameters.parent))
    assert code == 1
    assert "bukan tahun" in capsys.readouterr().out
