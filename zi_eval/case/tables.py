"""What the tables and earlier periods say of a unit besides its answers.

A table that cannot be read never stops the unit: its part stays empty, and a warning says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from zi_eval.core.assessment import Assessment, Stage
from zi_eval.core.problems import Problem, Severity
from zi_eval.errors import ParameterError, ZiEvalError
from zi_eval.period.reading import Period
from zi_eval.period.share import COMMON, read_share

if TYPE_CHECKING:
    from zi_eval.improvement.effort import UnitEffort
    from zi_eval.national.holders import Holders
    from zi_eval.national.values import NationalStages, UnitStages
    from zi_eval.performance.unit import UnitPerformance
    from zi_eval.recommendations.values import Register
    from zi_eval.survey.unit import UnitSurveys
    from zi_eval.trends.earlier import Earlier
    from zi_eval.workplan.unit import UnitWorkPlan

__all__ = ["UnitTables"]

PARTS = ("performance", "surveys", "workplan", "register", "earlier", "others", "effort")
"""The parts whose problems are told, in that order."""


class UnitTables:
    """A unit's tables, each read when it is first asked for.

    Parameters
    ----------
    period, file
        The period and the unit's file in it.
    stage
        Whose answers count; earlier periods are evaluated at the same stage.
    run
        The folder in which a run hands on what it computed once of all units
        (:mod:`zi_eval.period.share`); empty where there is none.
    """

    def __init__(
        self, period: Period, file: Path, stage: Stage = Stage.TPI, run: str | Path = ""
    ) -> None:
        self.period, self.file, self.stage, self.run = period, file, stage, run
        self._said: dict[str, tuple[Problem, ...]] = {}

    @property
    def unit(self) -> str:
        """The unit's id: the name of its file."""
        return self.file.stem

    def problems_of(self, part: str) -> tuple[Problem, ...]:
        """Return what is wrong with a part, which is read for that."""
        getattr(self, part)
        return self._said.get(part, ())

    @contextmanager
    def _warned(self, part: str, folder: str = "") -> Iterator[None]:
        """Keep why a part cannot be read, instead of stopping the unit."""
        try:
            yield
        except ZiEvalError as error:
            self._said[part] = tuple(_problems_of(error, self.period.folder / folder))

    @cached_property
    def performance(self) -> UnitPerformance | None:
        """Plan and results; None without a plan, or where its table has errors."""
        from zi_eval.performance.load import FOLDER, has_plan, load_performance

        with self._warned("performance", FOLDER):
            if has_plan(self.period.folder, self.unit):
                return load_performance(self.period, self.unit, run=self.run)
        return None

    @cached_property
    def surveys(self) -> UnitSurveys | None:
        """The surveys; None without a table of responses."""
        from zi_eval.survey.files import find_unit_surveys

        with self._warned("surveys"):
            if find_unit_surveys(self.period, self.unit):
                from zi_eval.survey.load import read_surveys

                found = read_surveys(self.period, self.unit)
                self._said["surveys"] = found.problems
                return found
        return None

    @cached_property
    def register(self) -> Register | None:
        """What was recommended to the unit and what became of it; None without any."""
        from zi_eval.recommendations.load import load_register

        with self._warned("register"):
            found = load_register(self.period, self.unit)
            self._said["register"] = found.problems
            return found or None
        return None

    @cached_property
    def _of_agency(self) -> tuple[NationalStages, Holders]:
        """What the TPN decided and who holds a predicate: in a run of this unit alone."""
        from zi_eval.national.load import load_holders, load_stages
        from zi_eval.national.share import national_name, parse_national

        share = read_share(self.run, national_name(self.unit))
        if share is not None:
            return parse_national(share)
        return load_stages(self.period), load_holders(self.period)

    @property
    def stages(self) -> NationalStages:
        """What the TPN decided of the unit, and perhaps of others; its problems stand in it."""
        return self._of_agency[0]

    @cached_property
    def holders(self) -> Holders:
        """What the unit holds, and perhaps what others do; its problems stand in it."""
        return self._of_agency[1]

    @cached_property
    def national(self) -> UnitStages | None:
        """What the TPN decided of this unit, stage by stage; None without any."""
        return self.stages.units.get(self.unit)

    @cached_property
    def workplan(self) -> UnitWorkPlan | None:
        """The work plan of building ZI; None without one, or where its table has errors."""
        from zi_eval.workplan.files import TABLES

        with self._warned("workplan", TABLES.folder):
            if TABLES.has(self.period.folder, self.unit):
                from zi_eval.workplan.load import load_workplan

                found = load_workplan(self.period, self.unit, stage=self.stage)
                self._said["workplan"] = found.problems
                return found
        return None

    @cached_property
    def earlier(self) -> tuple[Earlier, ...]:
        """The unit's evaluations of earlier periods, oldest first."""
        from zi_eval.trends.load import load_earlier

        with self._warned("earlier"):
            found = load_earlier(self.period, self.file, self.stage)
            self._said["earlier"] = found.problems
            return found.periods
        return ()

    @cached_property
    def others(self) -> tuple[Assessment, ...]:
        """Answers of units of the agency in its last period: how its TPI corrects."""
        from zi_eval.trends.load import load_others, parse_others

        with self._warned("others"):
            share = read_share(self.run, COMMON)
            if share is None:
                return load_others(self.period)
            return parse_others(share, self.period.read_unit(self.file)[1])
        return ()

    @cached_property
    def effort(self) -> UnitEffort | None:
        """What a better answer takes, and the unit's limits; without it there is no way."""
        from zi_eval.improvement.load import load_unit_effort

        with self._warned("effort"):
            instrument = self.period.read_unit(self.file)[1]
            found, self._said["effort"] = load_unit_effort(self.period, self.unit, instrument)
            return found
        return None

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the tables, as warnings: the unit's own answers stand without them."""
        found = (problem for part in PARTS for problem in self.problems_of(part))
        return tuple(replace(problem, severity=Severity.WARNING) for problem in found)


def _problems_of(error: ZiEvalError, folder: Path) -> Iterator[Problem]:
    if isinstance(error, ParameterError):
        yield from (problem for problem in error.problems if isinstance(problem, Problem))
    else:
        yield Problem(code="data-tidak-terbaca", message=str(error), file=str(folder))
