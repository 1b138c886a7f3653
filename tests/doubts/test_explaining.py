"""A doubt explained in writing: kept in journal and file, shown with the verdict, at its stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample import run_command as run
from zi_eval.case import load_agency, load_case
from zi_eval.core.agency import rank_units
from zi_eval.core.verdict import Status
from zi_eval.errors import ZiEvalError
from zi_eval.forms.state import FormState
from zi_eval.journal.store import AnswerStore, Person, Role
from zi_eval.journal.unit_text import read_history
from zi_eval.pages.agency.published import Published
from zi_eval.pages.agency.rows import unit_row
from zi_eval.pages.unit.sections import unit_report
from zi_eval.period.reading import Period
from zi_eval.period.unit_writer import render_unit
from zi_eval.report.made import Made

TEXT = "Jawaban itu: dicocokkan dengan daftar hadir 2 Maret; 40 responden memang puas."


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "parameters" / "2026" / "dpmptsp.yaml"


def decisive(file: Path, stage: str = "tpi") -> str:
    (doubt,) = load_case(file, stage).verdict.decisive
    return doubt.id


def test_what_a_named_person_of_the_tpi_explains_lifts_the_verdict_and_is_shown_with_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = file.read_text("utf-8")
    assert load_case(file).verdict.status is Status.UNKNOWN
    arguments = ("--text", TEXT, "--name", "Ratna <b>", "--role", "ketua")
    assert run("explain", str(file), "--doubt", decisive(file), *arguments) == 0
    assert TEXT in capsys.readouterr().out
    case = load_case(file)
    assert case.verdict.status is Status.MET
    report = unit_report(case, Made.now())
    assert "1 keraguan sudah dijelaskan secara tertulis." in report.opening().html
    assert f'<blockquote class="user">{TEXT}</blockquote>' in report.doubts().html
    assert "Ratna &lt;b&gt; (ketua)" in report.doubts().html
    (change,) = [c for c in read_history(file)[0] if c.place.key == "penjelasan"]
    assert (change.person.name, change.new["alasan"]) == ("Ratna <b>", TEXT)
    rest = [line for line in file.read_text("utf-8").splitlines() if line not in before.split("\n")]
    assert rest[0] == "penjelasan:"
    assert len(rest) <= 8


def test_the_recap_shows_the_explanation_with_the_verdict_in_a_run_too(file: Path) -> None:
    with AnswerStore.open(file, Person("Ratna", Role.LEADER)) as store:
        store.explain(decisive(file), TEXT)
    told = load_case(file).evaluation.verdicts
    reported = {key: (item.status, item.doubts, item.explained) for key, item in told.items()}
    period = Period(file.parent)
    for known in (None, {"dpmptsp": reported}):
        agency = load_agency(period, "tpi", known)
        (standing,) = (
            s for s in rank_units(agency) if s.evaluation.assessment.unit.id == "dpmptsp"
        )
        lacks = unit_row(standing, Published())["lacks"]
        assert [label for label, *_ in lacks] == ["1 keraguan:", "1 dijelaskan:"]
        assert TEXT in lacks[1][1]


def test_an_explanation_is_read_back_from_a_file_written_anew(file: Path) -> None:
    with AnswerStore.open(file, Person("Ratna", Role.SUPERVISOR)) as store:
        store.explain(decisive(file), TEXT)
        assessment = store.assessment
        text = render_unit(assessment, store.instrument, store.rules)
    file.write_text(text, "utf-8")
    reading = Period.read(file.parent).read_unit(file)[0]
    assert reading.assessment is not None
    assert reading.assessment.explanations == assessment.explanations


def test_the_unit_explains_at_its_own_stage_only_and_leaves_the_tpis_words(file: Path) -> None:
    doubt = decisive(file)
    with AnswerStore.open(file, Person("Sari", Role.UNIT)) as store:
        store.explain(doubt, TEXT)
    assert load_case(file, "unit").verdict.status is Status.MET
    assert load_case(file, "tpi").verdict.status is Status.UNKNOWN
    with AnswerStore.open(file, Person("Ratna", Role.LEADER)) as store:
        store.explain(doubt, "Diperiksa TPI.")
    with (
        AnswerStore.open(file, Person("Sari", Role.UNIT)) as store,
        pytest.raises(ZiEvalError, match="sudah dijelaskan TPI"),
    ):
        store.explain(doubt, TEXT)
    assert load_case(file, "unit").verdict.status is Status.MET


def test_the_form_explains_takes_back_and_refuses_what_is_no_doubt_any_more(file: Path) -> None:
    state = FormState.open(file, Person("Ratna", Role.LEADER))
    state.answer({"type": "open", "view": "v"})
    state.refresh_proposals()
    whole = state.answer({"type": "open", "view": "v"})
    (row,) = [row for row in whole["score"]["doubt_list"] if row["decisive"]]

    def explain(text: str, doubt: str = row["id"]) -> dict[str, object]:
        message = {"type": "explain", "view": "v", "doubt": doubt, "text": text}
        score: dict[str, object] = state.answer(message).get("patch", {}).get("score", {})
        return score

    assert explain(TEXT)["verdict"] == "Memenuhi WBK"
    assert explain("")["status"] == "unknown"
    assert explain(TEXT, "survei-lurus:lain#0") == {}
    state.close()


def test_an_explanation_without_a_reason_or_a_name_is_an_error_of_the_file(file: Path) -> None:
    text = file.read_text("utf-8")
    part = "penjelasan:\n  'x#1': {alasan: '', oleh: Ratna, peran: kepala, waktu: kemarin}\nsyarat:"
    file.write_text(text.replace("syarat:", part, 1), "utf-8")
    problems = Period.read(file.parent).read_unit(file)[0].problems
    assert all(problem.line for problem in problems)
    codes = {problem.code for problem in problems}
    assert codes == {"wajib-diisi", "kata-tidak-dikenal", "waktu-tidak-sah"}
