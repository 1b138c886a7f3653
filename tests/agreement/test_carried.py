"""TPI and TPN compared, and this year's answers read as the TPN read the same ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.sample import run_command
from zi_eval.agreement.calibration import calibrate_stages
from zi_eval.agreement.carried import carry_over, find_readings
from zi_eval.agreement.load import load_national
from zi_eval.agreement.page.sections import national_agreement_section
from zi_eval.case import load_agency
from zi_eval.core.assessment import Answer, Assessment, Stage, Unit
from zi_eval.core.verdict import Status
from zi_eval.instruments import load_instrument

INSTRUMENT = load_instrument("zi-2021")
GREEN = {Status.NOT_MET: 0, Status.UNKNOWN: 1, Status.MET: 2}


def unit(name: str, **answers: Answer) -> Assessment:
    keys = {key.replace("_", "."): answer for key, answer in answers.items()}
    return Assessment(Unit(name, name), INSTRUMENT.id, "WBK", answers=keys)


def test_only_units_that_the_tpn_answered_are_compared_with_it() -> None:
    first = unit(
        "a",
        A_I_1_i_b=Answer("A", "A", tpn="B", tpn_note="belum"),
        A_I_1_ii_b=Answer("B", "B", tpn="B"),
        A_I_1_ii_c=Answer("A", tpn="C"),
        A_I_1_iii_b=Answer("A", "A"),
    )
    second = unit("b", A_I_1_i_b=Answer("A", "B"))
    found = calibrate_stages(INSTRUMENT, [first, second], stage=Stage.TPN)
    total = found.agreement.total
    assert (found.first, found.second, list(found.names)) == ("TPI", "TPN", ["a"])
    assert (total.pairs, total.lowered, total.raised, total.waiting) == (2, 1, 0, 1)
    (difference,) = found.differences["A.I.1.i.b"]
    assert (difference.first, difference.second, difference.note) == ("A", "B", "belum")


def test_a_reading_is_the_mean_of_what_the_tpn_made_of_the_same_answer() -> None:
    judged = [
        unit("a", A_I_1_i_b=Answer("A", "A", tpn="B"), A_I_1_ii_b=Answer("B", "B", tpn="A")),
        unit("b", A_I_1_i_b=Answer("A", "A", tpn="A"), A_I_1_ii_b=Answer("A", "A", tpn="A")),
    ]
    found = find_readings(INSTRUMENT, judged)
    assert list(found) == [("A.I.1.i.b", "A")]
    reading = found["A.I.1.i.b", "A"]
    values = INSTRUMENT.questions["A.I.1.i.b"].scale.values
    assert reading.value == (values["A"] + values["B"]) / 2
    assert reading.count == 2


def test_reading_answers_lower_never_raises_a_total_or_a_verdict(root: Path) -> None:
    home = root / "parameters" / "2026"
    agency = load_agency(home)
    found = load_national(home, agency)
    assert found is not None
    assert found.period == "2025"
    assert found.carried
    by_unit = {item.assessment.unit.id: item for item in agency.evaluations}
    for item in found.carried:
        now = by_unit[item.unit]
        assert item.now == now.card.total.score
        assert item.then < item.now
        assert GREEN[item.status_then] <= GREEN[item.status_now]
    losses = [item.then - item.now for item in found.carried]
    assert losses == sorted(losses)
    # Read as last year's, the answers of a unit that the TPN answered itself are left alone.
    answered = [
        replace(item, assessment=replace(item.assessment, answers={"A.I.1.i.a": Answer(tpn="Ya")}))
        for item in agency.evaluations
    ]
    assert carry_over(answered, INSTRUMENT, {("A.I.1.i.a", "Ya"): next(iter(_readings()))}) == ()
    bad = "<script>"
    html = str(national_agreement_section(found, dict.fromkeys(by_unit, bad)).html)
    assert "&lt;script&gt;" in html
    assert bad not in html


def _readings():
    judged = [unit("a", A_I_1_i_b=Answer("A", "A", tpn="B"))]
    return find_readings(INSTRUMENT, judged).values()


def test_the_command_compares_tpi_and_tpn(capsys, root: Path) -> None:
    assert run_command("calibrate", "--period", "2025", "--stage", "tpn", "--folder", root) == 0
    out = capsys.readouterr().out
    assert "TPN menjawab sama pada" in out
    assert "TPN lebih rendah" in out
