"""zi-eval: scores, verdicts and reports for Zona Integritas self-assessments.

This is the face: what a person types after ``import zi_eval as zi``. Names are imported when they
are first used, so that ``import zi_eval`` costs nothing.

>>> import zi_eval as zi
>>> p = zi.open_period("2026")
>>> p.scores(level="total").shape
(8, 12)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zi_eval.face.books import (
        agency_report,
        calibration_report,
        performance_report,
        survey_report,
        trend_report,
        unit_report,
        workplan_report,
    )
    from zi_eval.face.forms import (
        performance_form,
        register_form,
        unit_form,
        verification_form,
        workplan_form,
    )
    from zi_eval.face.letters import letter_report
    from zi_eval.face.outputs import OutputsView, open_outputs
    from zi_eval.face.period import PeriodView, open_period, score
    from zi_eval.face.pictures import plot_bars
    from zi_eval.face.unit import UnitView
    from zi_eval.face.workbooks import audit, import_workbook

__version__ = "0.1.0"

_HOMES = {
    "OutputsView": "zi_eval.face.outputs",
    "PeriodView": "zi_eval.face.period",
    "UnitView": "zi_eval.face.unit",
    "agency_report": "zi_eval.face.books",
    "audit": "zi_eval.face.workbooks",
    "calibration_report": "zi_eval.face.books",
    "import_workbook": "zi_eval.face.workbooks",
    "letter_report": "zi_eval.face.letters",
    "open_outputs": "zi_eval.face.outputs",
    "open_period": "zi_eval.face.period",
    "performance_form": "zi_eval.face.forms",
    "performance_report": "zi_eval.face.books",
    "plot_bars": "zi_eval.face.pictures",
    "register_form": "zi_eval.face.forms",
    "score": "zi_eval.face.period",
    "survey_report": "zi_eval.face.books",
    "trend_report": "zi_eval.face.books",
    "unit_form": "zi_eval.face.forms",
    "unit_report": "zi_eval.face.books",
    "verification_form": "zi_eval.face.forms",
    "workplan_form": "zi_eval.face.forms",
    "workplan_report": "zi_eval.face.books",
}
_FORMER = {
    "Made": "zi_eval.report.made",
    "Period": "zi_eval.period.reading",
    "Stage": "zi_eval.core.assessment",
    "judge_all": "zi_eval.core.verdict",
    "load_agency_evaluation": "zi_eval.period.evaluations",
    "load_audits": "zi_eval.lke.load",
    "load_case": "zi_eval.case",
    "load_evaluation": "zi_eval.period.evaluations",
    "load_instrument": "zi_eval.instruments",
    "load_rules": "zi_eval.instruments",
    "score_assessment": "zi_eval.core.scoring",
}
"""Names that notebooks of older working folders use; they go on working unseen."""

__all__ = [
    "OutputsView",
    "PeriodView",
    "UnitView",
    "__version__",
    "agency_report",
    "audit",
    "calibration_report",
    "import_workbook",
    "letter_report",
    "open_outputs",
    "open_period",
    "performance_form",
    "performance_report",
    "plot_bars",
    "register_form",
    "score",
    "survey_report",
    "trend_report",
    "unit_form",
    "unit_report",
    "verification_form",
    "workplan_form",
    "workplan_report",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    home = _HOMES.get(name) or _FORMER.get(name)
    if home is None:
        raise AttributeError(f"module 'zi_eval' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(home), name)
    return value


def __dir__() -> list[str]:
    """Name the face and nothing else, for whoever presses Tab."""
    return list(__all__)
