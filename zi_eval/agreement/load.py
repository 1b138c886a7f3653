"""Who of the TPI answered what, from the journals; and the calibration of a period's units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from zi_eval.agreement.calibration import (
    Calibration,
    calibrate_agency,
    calibrate_evaluators,
    calibrate_stages,
)
from zi_eval.agreement.carried import NationalAgreement, carry_over, find_readings
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Stage, Value
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import nearest
from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.journal.fields import Change
from zi_eval.journal.unit_text import read_history
from zi_eval.period.answers import AnswerError, parse_value
from zi_eval.period.earlier import earlier_folders
from zi_eval.period.evaluations import load_agency_evaluation
from zi_eval.period.journal_file import journal_path
from zi_eval.period.reading import Period

__all__ = ["Evaluators", "load_calibration", "load_national", "read_evaluators"]

UnitAnswers = Mapping[str, Mapping[str, Value | None]]


@dataclass(frozen=True, slots=True)
class Evaluators:
    """The TPI's answers by who gave them.

    Attributes
    ----------
    decided
        Who gave the last answer, by (unit, question).
    answers
        The last answer of each person, by name, unit and question.
    """

    decided: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answers: Mapping[str, UnitAnswers] = field(default_factory=dict)


def _standing(changes: Iterable[Change]) -> list[Change]:
    """Return the changes of TPI answers that nobody took back."""
    found = list(changes)
    undone = {change.undoes for change in found}
    return [
        change
        for change in found
        if change.place.field == "tpi"
        and change.person.role.is_tpi
        and change.undoes is None
        and change.group not in undone
    ]


def read_evaluators(files: Mapping[str, Path], instrument: Instrument) -> Evaluators:
    """Read who answered what from the journals beside unit files; units without one are left out.

    Parameters
    ----------
    files
        The unit files by id.
    """
    decided: dict[tuple[str, str], str] = {}
    answers: dict[str, dict[str, dict[str, Value | None]]] = {}
    for unit, file in files.items():
        if not journal_path(file).is_file():
            continue
        for change in _standing(read_history(file)[0]):
            question = instrument.questions.get(change.place.key)
            if question is None:
                continue
            try:
                value = parse_value(question, change.new)
            except AnswerError:  # of another version of the questionnaire
                continue
            decided[unit, question.id] = change.person.name
            answers.setdefault(change.person.name, {}).setdefault(unit, {})[question.id] = value
    return Evaluators(decided, answers)


def load_calibration(
    folder: str | Path,
    units: str = "",
    second: str = "",
    evaluators: str = "",
    stage: str | Stage = Stage.TPI,
) -> tuple[Calibration, AgencyEvaluation]:
    """Compare unit and TPI over a period, TPI and TPN, or two evaluators of the same units.

    Parameters
    ----------
    units
        Ids separated by commas; all units where empty.
    second
        A folder with another evaluator's copies of the unit files: the TPI's answers of both are
        compared.
    evaluators
        Two names separated by a comma: their answers in the journals are compared.
    stage
        Whose answers are compared with those of the stage before, where no evaluators are.

    Raises
    ------
    WorkspaceError
        Where a unit, a name or the folder is not there, or the TPN answered for no unit.
    """
    home = Path(folder)
    agency = load_agency_evaluation(home, Stage.TPI)
    wanted = _chosen(units, agency)
    assessments = [
        item.assessment for item in agency.evaluations if item.assessment.unit.id in wanted
    ]
    names = {item.unit.id: item.unit.name or item.unit.id for item in assessments}
    if second:
        other = load_agency_evaluation(Path(second), Stage.TPI)
        return calibrate_evaluators(
            agency.instrument,
            {a.unit.id: {q: x.tpi for q, x in a.answers.items()} for a in assessments},
            {
                e.assessment.unit.id: {q: x.tpi for q, x in e.assessment.answers.items()}
                for e in other.evaluations
            },
            (f"TPI di {home.name}", f"TPI di {Path(second).name}"),
            names,
        ), agency
    files = {unit: home / f"{unit}.yaml" for unit in names}
    found = read_evaluators(files, agency.instrument)
    if not evaluators and Stage(stage) is Stage.TPN:
        if not any(item.judged_by(Stage.TPN) for item in assessments):
            raise WorkspaceError(_unjudged(home, agency, units))
        return calibrate_stages(agency.instrument, assessments, stage=Stage.TPN), agency
    if not evaluators:
        return calibrate_stages(agency.instrument, assessments, found.decided), agency
    pair = [_person(name.strip(), found) for name in evaluators.split(",")]
    if len(pair) != 2:
        raise WorkspaceError("Sebut tepat dua penilai, dipisah koma, mis. 'Bayu, Dewi'.")
    first, other_name = pair
    return calibrate_evaluators(
        agency.instrument,
        found.answers[first],
        found.answers[other_name],
        (first, other_name),
        names,
    ), agency


def load_national(
    folder: Period | str | Path, agency: AgencyEvaluation
) -> NationalAgreement | None:
    """Compare TPI and TPN over the last period in which the TPN answered; None without any.

    Parameters
    ----------
    agency
        That of the present period, whose units are read as the TPN read the same answers then.
    """
    now = Period.read(folder)
    found = _last_national(now, agency)
    if found is None:
        return None
    period, judged = found
    calibration = calibrate_agency(judged, Stage.TPN)
    if calibration is None:
        return None
    readings = find_readings(judged.instrument, [e.assessment for e in judged.evaluations])
    carried = carry_over(agency.evaluations, judged.instrument, readings)
    return NationalAgreement(period, calibration, carried)


def _last_national(now: Period, agency: AgencyEvaluation) -> tuple[str, AgencyEvaluation] | None:
    if any(item.assessment.judged_by(Stage.TPN) for item in agency.evaluations):
        return now.folder.resolve().name, agency
    for earlier in reversed(earlier_folders(now.folder)):
        with suppress(ZiEvalError):  # a check of that period says why
            found = load_agency_evaluation(now.beside(earlier), Stage.TPI)
            if any(item.assessment.judged_by(Stage.TPN) for item in found.evaluations):
                return earlier.name, found
    return None


def _chosen(units: str, agency: AgencyEvaluation) -> set[str]:
    known = {item.assessment.unit.id for item in agency.evaluations}
    wanted = {unit.strip() for unit in units.split(",") if unit.strip()}
    for unit in sorted(wanted - known):
        near = nearest(unit, known)
        hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(sorted(known))}."
        raise WorkspaceError(f"Unit '{unit}' tidak ada atau tidak terbaca. {hint}")
    return wanted or known


def _unjudged(home: Path, agency: AgencyEvaluation, units: str) -> str:
    """Say that the TPN answered for none of the units compared, and which can be."""
    of = f"unit {units.replace(',', ', ')}" if units else "unit mana pun"
    judged = [e.assessment.unit.id for e in agency.evaluations if e.assessment.judged_by(Stage.TPN)]
    others = f"pilih unit yang dijawabnya: {', '.join(judged)}"
    remedy = others if judged else "pilih periode yang sudah dinilai TPN"
    return (
        f"Belum ada jawaban TPN untuk {of} di {home.resolve().name}. Isi 'tpn' pada jawabannya, "
        f"atau {remedy}."
    )


def _person(name: str, found: Evaluators) -> str:
    if name in found.answers:
        return name
    known = ", ".join(sorted(found.answers)) or "tidak ada"
    raise WorkspaceError(f"Tidak ada jawaban TPI dari '{name}' dalam jurnal. Yang ada: {known}.")
