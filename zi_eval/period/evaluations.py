"""Evaluations of one unit's file and of all units of a period, by their files alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Agency, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.declared import stray_instrument
from zi_eval.period.reading import Period, kept

if TYPE_CHECKING:
    from zi_eval.core.agency import AgencyEvaluation

__all__ = ["evaluate_units", "load_agency_evaluation", "load_evaluation", "require_unit_file"]


def require_unit_file(unit_file: str | Path) -> Path:
    """Return the path of a unit's file.

    Raises
    ------
    WorkspaceError
        Where it is not there.
    """
    path = Path(unit_file)
    if not path.is_file():
        raise WorkspaceError(f"Berkas {path} tidak ada. Periksa nama unit dan periodenya.")
    return path


def load_evaluation(unit_file: str | Path, stage: str | Stage = Stage.TPI) -> Evaluation:
    """Evaluate the unit of a file, with the agency file beside it where there is one.

    Parameters
    ----------
    unit_file
        Path of ``parameters/<period>/<unit>.yaml``.
    stage
        ``"unit"`` or ``"tpi"``.
    """
    path = require_unit_file(unit_file)
    return Period.read(path.parent).evaluate(path, Stage(stage))


def load_agency_evaluation(
    folder: Period | str | Path, stage: str | Stage = Stage.TPI
) -> AgencyEvaluation:
    """Evaluate every unit of a period; a unit that cannot be read is listed with its reason."""
    return _evaluate_units(Period.read(folder), Stage(stage))


@kept
def _evaluate_units(period: Period, stage: Stage) -> AgencyEvaluation:
    return evaluate_units(period, stage)


def evaluate_units(
    period: Period, stage: Stage, finish: Callable[[Evaluation], Evaluation] | None = None
) -> AgencyEvaluation:
    """Evaluate every unit of a period, as :func:`load_agency_evaluation`, which keeps it.

    Parameters
    ----------
    finish
        Makes of each evaluation the one that is held; then nothing else that was read of a unit
        stays with the period: of tens of thousands that is much.
    """
    from zi_eval.core.agency import AgencyEvaluation  # no unit alone needs it

    evaluations: list[Evaluation] = []
    failures = {}
    for unit, path in period.unit_files.items():
        try:
            evaluation = period.evaluate(path, stage)
        except ParameterError as error:
            failures[unit] = str(error)
            continue
        if finish is not None:
            period.forget(path)
        name = evaluation.instrument.id
        if evaluations and evaluations[0].instrument.id != name:
            failures[unit] = str(
                stray_instrument(name, evaluations[0].instrument.id, str(path), None)
            )
        else:
            evaluations.append(evaluation if finish is None else finish(evaluation))
    instrument = evaluations[0].instrument if evaluations else period.load_instrument()
    rules = period.rules(instrument.id)
    return AgencyEvaluation(
        agency=period.agency.agency or Agency(f"Instansi tanpa {AGENCY_FILE}", "", rules.id),
        rules=rules,
        instrument=instrument,
        period=period.folder.resolve().name,
        stage=stage,
        evaluations=tuple(evaluations),
        failures=failures,
    )
