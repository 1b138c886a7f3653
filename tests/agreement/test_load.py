"""Who of the TPI answered what: the last answer that stands, by person, from the journals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journal.units import LEADER, MEMBER, OTHER, UNIT, Q, at, make_unit
from tests.sample import ROOT
from zi_eval.agreement.calibration import calibrate_evaluators
from zi_eval.agreement.load import load_calibration, read_evaluators
from zi_eval.core.instrument import Instrument
from zi_eval.errors import WorkspaceError
from zi_eval.journal.store import AnswerStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = make_unit(tmp_path)
    with AnswerStore.open(path, MEMBER) as store:
        store.change_many([(at("tpi"), "B", None), (at("catatan_tpi"), "Belum lengkap.", None)])
        store.change(at("tpi", OTHER), "Ya", None)
    with AnswerStore.open(path, LEADER) as store:
        store.change(at("tpi"), "C", "B")
        note = (at("catatan_tpi", OTHER), "Tidak ada SK.", None)
        store.change_many([(at("tpi", OTHER), "Tidak", "Ya"), note])
        store.undo()
    return path


def test_the_last_answer_that_stands_counts_and_who_gave_it(
    path: Path, instrument: Instrument
) -> None:
    found = read_evaluators({"dinas-uji": path}, instrument)
    assert found.decided == {("dinas-uji", Q): LEADER.name, ("dinas-uji", OTHER): MEMBER.name}
    assert found.answers[MEMBER.name] == {"dinas-uji": {Q: "B", OTHER: "Ya"}}
    assert found.answers[LEADER.name] == {"dinas-uji": {Q: "C"}}
    assert UNIT.name not in found.answers


def test_a_unit_without_a_journal_has_no_known_evaluator(
    tmp_path: Path, instrument: Instrument
) -> None:
    assert read_evaluators({"dinas-uji": make_unit(tmp_path)}, instrument).decided == {}


def test_two_evaluators_of_the_same_unit_are_compared_from_its_journal(path: Path) -> None:
    data, _ = load_calibration(path.parent, evaluators=f"{MEMBER.name}, {LEADER.name}")
    assert (data.first, data.second) == (MEMBER.name, LEADER.name)
    assert (data.agreement.total.pairs, data.agreement.total.lowered) == (1, 1)
    assert [item.id for item in data.order] == [Q]


def test_unit_and_tpi_are_compared_with_the_evaluators_named(path: Path) -> None:
    data, agency = load_calibration(path.parent)
    assert agency.period == "2026"
    assert data.agreement.total.pairs == 2
    assert {member.id for member in data.evaluators.members} == {MEMBER.name, LEADER.name}
    assert data.differences[Q][0].note == "Belum lengkap."


def test_two_evaluators_are_compared_from_copies_of_the_unit_files(
    path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "penilai-2"
    other.mkdir()
    shutil.copy(path, other)
    copy = other / path.name
    copy.write_text(copy.read_text("utf-8").replace("tpi: C", "tpi: A"), "utf-8")
    data, _ = load_calibration(path.parent, second=str(other))
    assert (data.agreement.total.pairs, data.agreement.total.raised) == (2, 1)
    assert data.second == "TPI di penilai-2"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"units": "dinas-ujo"}, "Mungkin maksudnya 'dinas-uji'"),
        ({"evaluators": "Bayu, Siapa"}, "Tidak ada jawaban TPI dari 'Siapa'"),
        ({"evaluators": "Bayu"}, "tepat dua penilai"),
        ({"second": "tidak-ada"}, "tidak-ada tidak ada"),
        ({"stage": "tpn"}, "Belum ada jawaban TPN untuk unit mana pun di 2026. .* pilih periode"),
    ],
)
def test_what_is_not_there_is_named(path: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(WorkspaceError, match=said):
        load_calibration(path.parent, **options)


def test_a_unit_without_answers_of_the_tpn_is_told_which_have_some() -> None:
    said = "untuk unit dpmptsp di 2025. .*pilih unit yang dijawabnya: puskesmas-sukamaju"
    with pytest.raises(WorkspaceError, match=said):
        load_calibration(ROOT / "parameters/2025", "dpmptsp", stage="tpn")


def test_two_evaluators_with_no_unit_in_common_agree_on_nothing(instrument: Instrument) -> None:
    found = calibrate_evaluators(instrument, {"a": {Q: "A"}}, {"b": {Q: "A"}}, ("x", "y"), {})
    assert found.is_empty
    assert found.agreement.units == ()
