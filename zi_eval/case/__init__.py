"""One unit, known whole: everything the program knows of it in one period at one stage.

The unit report, the form's panel, the letter, ``zi-eval score`` and the notebooks are views of the
same :class:`Case`, so that none can be surer than another. Each part is computed when it is first
asked for, and kept; a file is opened once (:class:`~zi_eval.period.reading.Period`). A broken table
never stops the unit that it is about: its part stays empty, and a warning says why.
"""

from __future__ import annotations

from zi_eval.case.load import Reported, evaluate_whole, load_agency, load_case
from zi_eval.case.unit import Case

__all__ = ["Case", "Reported", "evaluate_whole", "load_agency", "load_case"]
