"""What is asked of one unit: its verdict, a figure's trace, the way, the chance, the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zi_eval.case import Case
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.verdict import Verdict
from zi_eval.errors import ArgumentError
from zi_eval.face.display import Shown
from zi_eval.report import words
from zi_eval.report.bands import verdict_title
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.improvement.way import Improvement
    from zi_eval.workplan.unit import UnitWorkPlan

__all__ = [
    "ChanceView",
    "ImprovementView",
    "TraceView",
    "TrendView",
    "VerdictView",
    "WorkPlanView",
]


class VerdictView(Shown):
    """Whether a predicate is met, and what is missing."""

    def __init__(self, evaluation: Evaluation, verdict: Verdict) -> None:
        self._evaluation, self._verdict = evaluation, verdict

    @property
    def predicate(self) -> str:
        """The predicate that is judged."""
        return self._verdict.predicate

    @property
    def status(self) -> str:
        """``met``, ``not_met`` or ``unknown``."""
        return self._verdict.status.value

    @property
    def is_met(self) -> bool:
        """Whether it is sure to be met."""
        return self.status == "met"

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Ids of the questions without an answer."""
        return self._verdict.open_questions

    @property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against the verdict, in words, the strongest first."""
        return self._verdict.doubts

    @property
    def explained(self) -> tuple[str, ...]:
        """The doubts that a named person explained in writing, with the explanation."""
        return self._verdict.explained

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not reached or not known yet, each in words."""
        rules = tuple(
            f"{item.rule.title} ({words.margin_text(item.margin)})"
            for item in self._verdict.failed_rules
        )
        failed = tuple(
            f"{item.prerequisite.title}: {words.status_label(item.status)}"
            for item in (*self._verdict.failed_prerequisites, *self._verdict.unknown_prerequisites)
        )
        open_ones = len(self.open_questions)
        return (
            *self.doubts,
            *rules,
            *failed,
            *((f"{open_ones} pertanyaan belum dijawab",) if open_ones else ()),
        )

    def section(self) -> Section:
        """Return the verdict as a box."""
        from markupsafe import Markup

        doubted = words.doubts_text(self.doubts)
        line = Markup('<p class="doubt">{}</p>').format(doubted) if doubted else ""
        others = self.missing[len(self.doubts) :][:8]
        items = Markup("").join(Markup("<li>{}</li>").format(text) for text in others)
        return Section(
            Markup(
                '<section class="hero {}"><p class="verdict">{} {}</p>{}<ul class="plain">{}</ul>'
                "</section>"
            ).format(
                self.status,
                words.status_icon(self._verdict.status),
                verdict_title(self._evaluation, self._verdict),
                line,
                items,
            )
        )

    def __repr__(self) -> str:
        head = words.verdict_label(self._verdict.status, self.predicate)
        return "\n".join((f"{self.predicate}: {head}", *(f"  - {x}" for x in self.missing[:8])))


class TraceView(Shown):
    """Where one figure comes from, down to the answers."""

    def __init__(self, text: str) -> None:
        self._text = text

    def section(self) -> Section:
        """Return it as indented lines."""
        from markupsafe import Markup

        return Section(Markup('<pre class="code">{}</pre>').format(self._short()))

    def lines(self) -> list[str]:
        """Return every line: a figure, how it is computed, what it is computed from."""
        return self._text.splitlines()

    def _short(self, most: int = 40) -> str:
        lines = self.lines()
        more = [f"… {len(lines) - most} baris lagi: .lines()"] if len(lines) > most else []
        return "\n".join((*lines[:most], *more))

    def __repr__(self) -> str:
        return self._short()


class ImprovementView(Shown):
    """The shortest way to a predicate: which answers to raise, by how much."""

    def __init__(self, case: Case, found: Improvement | None) -> None:
        self._case, self._found = case, found

    @property
    def is_reachable(self) -> bool:
        """Whether there is a way."""
        return self._found is not None and self._found.way is not None

    @property
    def effort(self) -> float | None:
        """What the way takes, as ``upaya.yaml`` counts it; None without a way."""
        way = self._found.way if self._found else None
        return way.effort if way else None

    def moves(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each answer to raise; empty where there is no way."""
        from zi_eval import frames

        way = self._found.way if self._found else None
        known = frames.Known(orders=frames.order_of([self._case.evaluation],
                                                    self._case.evaluation.instrument))  # fmt: skip
        rows = frames.move_rows(way.moves if way else ())
        return frames.make_frame("moves", rows, known, labels=labels)

    def section(self) -> Section:
        """Return the plan of action of the report."""
        from zi_eval.improvement.page.plan import action_plan_section

        effort = self._case.effort
        if effort is None:
            return Section()
        return action_plan_section(self._case.evaluation, effort, self._found)

    def __repr__(self) -> str:
        from zi_eval.improvement.page.plan import plan_sentences

        if self._found is None:
            return "Rencana perbaikan tidak dapat dihitung: belum ada jawaban atau upaya."
        return "\n".join(plan_sentences(self._case.evaluation, self._found))


class ChanceView(Shown):
    """The chance of a predicate on its scores, prerequisites left aside."""

    def __init__(self, case: Case, predicate: str) -> None:
        self._case, self.predicate = case, predicate

    @property
    def share(self) -> float | None:
        """The chance from 0 to 1; None where nothing is uncertain."""
        found = self._case.chance
        return None if found is None else found.shares[self.predicate]

    def section(self) -> Section:
        """Return the section of the report."""
        from zi_eval.chance.page import chance_section

        found = self._case.chance
        return Section() if found is None else chance_section(found, self._case.evaluation)

    def __repr__(self) -> str:
        from zi_eval.chance.page import chance_sentence

        found = self._case.chance
        if found is None:
            return "Tidak ada yang belum pasti."
        percent = words.format_percent(self.share)
        return f"{self.predicate}: {percent}\n{chance_sentence(found, self._case.evaluation)}"


class TrendView(Shown):
    """What changed since earlier periods, and why."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a period and score above the questions."""
        from zi_eval import frames

        periods = [
            *((item.evaluation.assessment.period, item.evaluation) for item in self._case.earlier),
            (self._case.evaluation.assessment.period, self._case.evaluation),
        ]
        orders = frames.order_of([self._case.evaluation], self._case.evaluation.instrument)
        seen = dict.fromkeys((*orders["id"], *(
            key for _, item in periods for key in frames.official_order(item.instrument)
        )))  # fmt: skip
        names = [name for name, _ in periods]
        known = frames.Known(orders={"id": tuple(seen), "period": names})
        return frames.make_frame("trend", frames.trend_rows(periods), known, labels=labels)

    def section(self) -> Section:
        """Return the section of the report."""
        from zi_eval.trends.page.sections import trends_section

        return trends_section(self._case.trends)

    def __repr__(self) -> str:
        from zi_eval.trends.page.words import step_lead

        trends = self._case.trends
        return step_lead(trends.last) if trends else "Belum ada periode sebelumnya."


class WorkPlanView(Shown):
    """A unit's work plan of building ZI, at the end of a month."""

    def __init__(self, case: Case, month: int | None = None) -> None:
        self._case, self._month = case, month

    @property
    def _data(self) -> UnitWorkPlan | None:
        found = self._case.workplan
        return found if found is None or self._month is None else found.at(self._month)

    def at(self, month: int) -> WorkPlanView:
        """Return it as it stood at the end of a month, 1 to 12."""
        if month not in range(1, 13):
            raise ArgumentError(f"bulan ke-{month} tidak ada; tulis 1 sampai 12.", "month")
        return WorkPlanView(self._case, month)

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row an activity, as :meth:`PeriodView.activities`."""
        from zi_eval import frames

        data = self._data
        standings = {} if data is None else {self._case.unit: data.standing}
        rows = frames.activity_rows(standings)
        return frames.make_frame("activities", rows, frames.Known(), labels=labels)

    @property
    def forecast(self) -> float | None:
        """Points once the plan is done and every answer is as aimed at; None without a plan."""
        data = self._data
        found = data.forecast if data is not None else None
        return None if found is None else found.then.card.total.score

    def section(self) -> Section:
        """Return the section of the report."""
        from zi_eval.workplan.page.sections import workplan_summary

        return workplan_summary(self._data)

    def __repr__(self) -> str:
        from zi_eval.workplan.page.words import counts_text, forecast_text, until_text

        data = self._data
        if data is None:
            return "Belum ada rencana kerja ZI."
        standing = data.standing
        lines = [f"{until_text(standing.month, standing.plan.year)}: {counts_text(standing)}"]
        return "\n".join((*lines, *([forecast_text(data.forecast)] if data.forecast else ())))
