"""The case of a unit's file, and every unit of a period evaluated whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.case.unit import Case
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation, compact
from zi_eval.core.verdict import Status
from zi_eval.period.evaluations import (
    evaluate_units,
    load_agency_evaluation,
    require_unit_file,
)
from zi_eval.period.reading import Period, kept
from zi_eval.similarities.values import MOST_UNITS

if TYPE_CHECKING:
    from zi_eval.core.agency import AgencyEvaluation

__all__ = ["Reported", "evaluate_whole", "load_agency", "load_case"]

Reported = Mapping[str, tuple[Status, tuple[str, ...], tuple[str, ...]]]
"""Status, doubts and explained doubts of a unit's verdicts, by predicate, as its report says."""


def evaluate_whole(period: Period, file: Path, stage: Stage = Stage.TPI) -> Evaluation:
    """Evaluate a unit with all that speaks against its verdicts, as every view shows it.

    Raises
    ------
    ParameterError
        As :attr:`Case.evaluation`.
    """
    return Case(period, file, stage).evaluation


def load_case(unit_file: str | Path, stage: str | Stage = Stage.TPI, run: str | Path = "") -> Case:
    """Return the unit of a file, with the period that the file stands in.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    stage
        ``"unit"`` or ``"tpi"``.
    run
        As :class:`Case`.
    """
    path = require_unit_file(unit_file)
    return _open_case(Period.read(path.parent), path, Stage(stage), str(run))


@kept
def _open_case(period: Period, file: Path, stage: Stage, run: str) -> Case:
    return Case(period, file, stage, run)


def load_agency(
    folder: Period | str | Path,
    stage: str | Stage = Stage.TPI,
    reported: Mapping[str, Reported] | None = None,
) -> AgencyEvaluation:
    """Evaluate every unit of a period, each with what speaks against its verdicts.

    Parameters
    ----------
    folder, stage
        As :func:`~zi_eval.period.evaluations.load_agency_evaluation`.
    reported
        In a run, what the units' reports say, by unit: nothing is computed of them again. Of a
        unit without a report only what its own file says is known then, and it is a doubt that
        the rest is not. None outside a run, where each unit is known whole.
    """
    period = Period.read(folder)
    if reported is not None:
        return _load_reported(period, Stage(stage), reported)
    agency = load_agency_evaluation(period, stage)
    found = []
    for item in agency.evaluations:
        case = Case(period, period.unit_files[item.assessment.unit.id], item.stage)
        case.__dict__["scored"] = item
        found.append(case.evaluation)
    return replace(agency, evaluations=tuple(found))


def _load_reported(
    period: Period, stage: Stage, reported: Mapping[str, Reported]
) -> AgencyEvaluation:
    """Evaluate every unit as its report says; made small one by one, and kept with the period.

    Of more units than are compared with one another nobody asks what they wrote.
    """
    from zi_eval.doubts.load import find_doubts
    from zi_eval.doubts.unseen import doubt_unreported
    from zi_eval.doubts.verdict import judge_with_doubts, lower
    from zi_eval.doubts.weighing import order_doubts, weigh

    has_texts = len(period.unit_files) <= MOST_UNITS

    def finish(item: Evaluation) -> Evaluation:
        known = reported.get(item.assessment.unit.id)
        if known is None or known.keys() != item.verdicts.keys():
            own = weigh(item, doubt_unreported(item)) + find_doubts(item)
            doubts = order_doubts(own, item.target.predicate)
            return compact(lower(item, judge_with_doubts(item, doubts)), has_texts)
        verdicts = {
            predicate: replace(verdict, status=status, doubts=doubts, explained=explained)
            for predicate, verdict in item.verdicts.items()
            for status, doubts, explained in (known[predicate],)
        }
        return compact(replace(item, verdicts=verdicts), has_texts)

    key = (_load_reported, stage, tuple((unit, *said.items()) for unit, said in reported.items()))
    if key not in period.memory:
        period.memory[key] = evaluate_units(period, stage, finish)
    found: AgencyEvaluation = period.memory[key]
    return found
