"""zi-eval: scores, verdicts and reports for Zona Integritas self-assessments.

Names are imported when they are first used, so that ``import zi_eval`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zi_eval.case import load_case
    from zi_eval.core.assessment import Stage
    from zi_eval.core.scoring import score_assessment
    from zi_eval.core.verdict import judge_all
    from zi_eval.instruments import load_instrument, load_rules
    from zi_eval.lke.load import load_audits
    from zi_eval.period.reading import Period, load_agency_evaluation, load_evaluation
    from zi_eval.report.made import Made

__all__ = [
    "Made",
    "Period",
    "Stage",
    "__version__",
    "judge_all",
    "load_agency_evaluation",
    "load_audits",
    "load_case",
    "load_evaluation",
    "load_instrument",
    "load_rules",
    "score_assessment",
]

__version__ = "0.1.0"

_HOMES = {
    "Made": "zi_eval.report.made",
    "Period": "zi_eval.period.reading",
    "Stage": "zi_eval.core.assessment",
    "judge_all": "zi_eval.core.verdict",
    "load_agency_evaluation": "zi_eval.period.reading",
    "load_audits": "zi_eval.lke.load",
    "load_case": "zi_eval.case",
    "load_evaluation": "zi_eval.period.reading",
    "load_instrument": "zi_eval.instruments",
    "load_rules": "zi_eval.instruments",
    "score_assessment": "zi_eval.core.scoring",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'zi_eval' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
