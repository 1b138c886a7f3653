"""One unit as people work with it: a view of its :class:`~zi_eval.case.Case`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zi_eval.case import Case
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.errors import ArgumentError, WorkspaceError
from zi_eval.face.display import SavedReport, Shown, pick
from zi_eval.face.parts import (
    ChanceView,
    ImprovementView,
    TraceView,
    TrendView,
    VerdictView,
    WorkPlanView,
)
from zi_eval.period.answers import AnswerError, parse_value
from zi_eval.report import words
from zi_eval.report.bands import verdict_title
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.core.assessment import Answer
    from zi_eval.pages.unit.sections import UnitReport

__all__ = ["UnitView"]


class UnitView(Shown):
    """One unit in one period at one stage.

    Examples
    --------
    >>> import zi_eval as zi
    >>> u = zi.open_period("2026")["dpmptsp"]
    >>> u.target, u.status
    ('WBK', 'unknown')
    >>> round(u.score, 2)
    82.61
    >>> v = u.what_if({"B.I.a": 3.65})
    >>> v.compare(u)["change"].round(3).tolist()
    [0.044, 0.044, 0.044, 0.044]

    Attributes
    ----------
    case
        Everything that is known of it.
    """

    def __init__(self, case: Case, root: Path, trial: Mapping[str, Any] | None = None) -> None:
        self.case, self._root, self._trial = case, root, dict(trial or {})

    @property
    def _evaluation(self) -> Evaluation:
        return self.case.evaluation

    @property
    def id(self) -> str:
        """The unit's id: the name of its file."""
        return self._evaluation.assessment.unit.id

    @property
    def name(self) -> str:
        """The unit's name, as its file states it."""
        return self._evaluation.assessment.unit.name

    @property
    def stage(self) -> str:
        """Whose answers count: ``unit`` or ``tpi``."""
        return self.case.stage.value

    @property
    def target(self) -> str:
        """The predicate it builds for; where bands decide, the one that the score reaches."""
        return self._evaluation.target.predicate

    @property
    def status(self) -> str:
        """Of the target: ``met``, ``not_met`` or ``unknown``."""
        return self._evaluation.target.status.value

    @property
    def score(self) -> float | None:
        """Points as the official workbook gives them; None while nothing is answered."""
        return self._evaluation.card.total.score

    @property
    def proven(self) -> float:
        """Points where only answers with evidence count."""
        return self.case.proven

    def verdict(self, predicate: str = "") -> VerdictView:
        """Return whether a predicate is met, by default the target, and what is missing."""
        name = self._predicate(predicate)
        return VerdictView(self._evaluation, self._evaluation.verdicts[name])

    def trace(self, id: str = "total") -> TraceView:
        """Return where the figure of a question, node or the total comes from."""
        from zi_eval.pages.unit.text import render_trace

        instrument = self._evaluation.instrument
        known = ("total", *instrument.nodes, *instrument.questions)
        return TraceView(render_trace(self._evaluation, pick(id, known, "Nomor")))

    def improvement(self, predicate: str = "") -> ImprovementView:
        """Return the shortest way to a predicate, by default the one to go for next."""
        from zi_eval.improvement.programme import Unsolved
        from zi_eval.improvement.way import find_improvement

        found, effort = self.case.improvement, self.case.effort
        is_other = predicate and found is not None and found.predicate != self._predicate(predicate)
        if is_other and effort is not None:
            try:
                found = find_improvement(self._evaluation, effort.effort, predicate, effort.limits)
            except Unsolved:
                found = None
        return ImprovementView(self.case, found)

    def chance(self, predicate: str = "") -> ChanceView:
        """Return the chance of a predicate, by default the target."""
        return ChanceView(self.case, self._predicate(predicate))

    def trend(self) -> TrendView:
        """Return what changed since earlier periods."""
        return TrendView(self.case)

    @property
    def workplan(self) -> WorkPlanView:
        """Its work plan of building ZI: what is late, and what it brings to the score."""
        return WorkPlanView(self.case)

    def what_if(self, answers: Mapping[str, Any]) -> UnitView:
        """Return the unit as it would be with other answers; nothing is saved.

        Parameters
        ----------
        answers
            By question: the option, number or counts, as in the unit's file.

        Raises
        ------
        ArgumentError
            Where a question is not there (the nearest is named) or an answer is none of its own.
        """
        evaluation = self._evaluation
        questions, given = evaluation.instrument.questions, dict(evaluation.assessment.answers)
        for key, raw in answers.items():
            question = questions[pick(key, questions, "Pertanyaan")]
            try:
                value = parse_value(question, raw)
            except AnswerError as error:
                raise ArgumentError(f"{key}: {error}") from None
            given[key] = _answered(given.get(key), self.stage, value)
        tried = evaluate(
            evaluation.instrument,
            evaluation.rules,
            replace(evaluation.assessment, answers=given),
            evaluation.agency,
            evaluation.stage,
        )
        return UnitView(self.case.tried(tried), self._root, {**self._trial, **answers})

    def compare(self, other: UnitView, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each score that is another here than in ``other``.

        Columns: level, id, title, before, after, change (points); the total is always there.
        """
        from zi_eval import frames

        orders = frames.order_of([self._evaluation], self._evaluation.instrument)
        rows = frames.comparison_rows(other.case.evaluation, self._evaluation)
        return frames.make_frame("comparison", rows, frames.Known(orders=orders), labels=labels)

    def report(self) -> SavedReport:
        """Return its report: shown by its opening, saved whole with ``.save("x.html")``."""
        if self._trial:
            raise WorkspaceError(
                "Ini percobaan; laporannya tidak dibuat agar tidak tertukar dengan yang resmi. "
                "Bandingkan dengan .compare(), atau ubah jawabannya di formulir."
            )
        period = self._evaluation.assessment.period
        return SavedReport(
            self.section(),
            repr(self),
            "laporan_unit",
            {"unit_file": str(self.case.file.resolve()), "stage": self.stage, "run": ""},
            f"{self.name} · {period}",
            self._root,
        )

    def section(self) -> Section:
        """Return what the first screen of the report says."""
        return self._report().opening()

    def _report(self) -> UnitReport:
        from zi_eval.pages.unit.sections import unit_report
        from zi_eval.report.made import Made

        return unit_report(self.case, Made.now())

    def _predicate(self, name: str) -> str:
        return pick(name, self._evaluation.verdicts, "Predikat") if name else self.target

    def __repr__(self) -> str:
        evaluation = self._evaluation
        shown = words.format_number(self.score)
        trial = f", dicoba: {', '.join(self._trial)}" if self._trial else ""
        head = (
            f"{self.name} ({self.id}), {evaluation.assessment.period}, "
            f"{words.stage_text(evaluation)}{trial}"
        )
        lines = [
            head,
            f"Nilai {shown} dari {words.format_count(evaluation.instrument.weight)}; "
            f"{verdict_title(evaluation, evaluation.target)}",
            *self._report().reasons[1:],
        ]
        return "\n".join(lines)


def _answered(old: Answer | None, stage: str, value: Any) -> Answer:
    from zi_eval.core.assessment import Answer

    return replace(old or Answer(), **{stage: value})
