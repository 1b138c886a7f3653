"""The report of one unit: one method a section, each rendered from templates that escape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from zi_eval.case import Case
from zi_eval.chance.page import chance_section
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Severity
from zi_eval.core.verdict import PrerequisiteOutcome, Status
from zi_eval.doubts.decided import DECIDED_OTHERWISE
from zi_eval.doubts.page.sections import brief_doubts_section, doubts_section
from zi_eval.improvement.options import Step
from zi_eval.improvement.page import advice
from zi_eval.improvement.page.plan import action_plan_section, brief_plan_section
from zi_eval.national.page.sections import UnitNational, unit_stages_section
from zi_eval.pages.unit.proposals import proposals_section
from zi_eval.pages.unit.sentences import verdict_reasons, verdicts_elsewhere, years_of_figures
from zi_eval.performance.page.sections import performance_summary
from zi_eval.recommendations.page.sections import register_section
from zi_eval.recommendations.values import FACT
from zi_eval.report import tables, titles
from zi_eval.report.axis import Mark
from zi_eval.report.bands import band_rows, verdict_title
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.report.svg import plot_scale, plot_track
from zi_eval.survey.page.sections import survey_section
from zi_eval.trends.page.sections import trends_section
from zi_eval.workplan.page.sections import workplan_summary

__all__ = ["UnitReport", "unit_report"]

MOST_GAINS = 12
MOST_STRENGTHS = 8
MOST_WEAKEST = 5


def _track(row: tables.AreaRow | tables.ResultRow, shares: Sequence[float]) -> Markup:
    need = row.outcome.need / row.weight if row.outcome else None
    return plot_track(shares, need)


@dataclass(frozen=True, repr=False)
class UnitReport(Page):
    """All sections of the report of one unit.

    Attributes
    ----------
    case
        The unit with all that is known of it: a section shows what is there, and computes nothing.
    """

    room: ClassVar[Room] = Room("pages/unit")
    case: Case
    made: Made

    @property
    def evaluation(self) -> Evaluation:
        """The unit's scores and verdicts."""
        return self.case.evaluation

    def common(self) -> Mapping[str, Any]:
        """Return what every template of the report is given."""
        evaluation = self.evaluation
        return {
            "report": self,
            "case": self.case,
            "evaluation": evaluation,
            "instrument": evaluation.instrument,
            "card": evaluation.card,
            "verdict": evaluation.target,
            "title_of": lambda identifier: titles.title_of(evaluation.instrument, identifier),
        }

    @property
    def title(self) -> str:
        """The title of the page."""
        unit, target = self.evaluation.assessment.unit, self.evaluation.target.predicate
        period = self.evaluation.assessment.period
        page = self.evaluation.instrument.labels.page.replace("{predicate}", target)
        parts = (unit.name, page, period)
        return " – ".join(part for part in parts if part)

    @property
    def _contradicted(self) -> frozenset[str]:
        """Questions whose answers a doubt on the target contradicts."""
        doubts = self.case.verdict.doubts
        return frozenset().union(*(doubt.contradicted for doubt in doubts))

    @property
    def _rises(self) -> tuple[Step, ...]:
        """The steps up to offer: not on an answer that may be another."""
        doubted = self._contradicted
        return tuple(step for step in self.case.steps_up if step.question.id not in doubted)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences under the verdict: the score against its minimum, then what is missing."""
        return verdict_reasons(self.evaluation)

    @kept
    def opening(self) -> Section:
        """Show the verdict in one glance and what to do first."""
        evaluation = self.evaluation
        card, verdict = evaluation.card, evaluation.target
        marks = []
        for predicate in evaluation.verdicts:
            outcome = titles.total_outcome(evaluation, predicate)
            if outcome is not None:
                marks.append(Mark(predicate, outcome.need))
        possible = None if card.is_complete else (card.total.floor, card.total.ceiling)
        bands = evaluation.rules.bands
        scale = plot_scale(
            "Nilai akhir dalam rentang predikat"
            if bands
            else "Nilai akhir terhadap ambang predikat",
            card.total.score,
            evaluation.instrument.weight,
            [Mark(band.predicate, band.upto) for band in bands] if bands else marks,
            possible,
            (evaluation.predicate or "") if bands else None,
            beside="syarat",
        )
        met = sum(outcome.status is Status.MET for outcome in verdict.rules)
        held = sum(item.status is Status.MET for item in verdict.asked)
        return self.section(
            "opening",
            scale=scale,
            steps=self._steps(),
            met=met,
            held=held,
            total=titles.total_outcome(evaluation),
            headline=verdict_title(evaluation, verdict),
            is_banded=bool(bands),
            has_weakest=bool(advice.weakest(evaluation, 1)),
        )

    def _steps(self) -> tuple[str, ...]:
        """Say what to do first: clear what the verdict hangs on, then what raises the score."""
        doubts = self.case.verdict.decisive[: advice.MOST_STEPS - 1]
        steps = advice.first_steps(self.evaluation, self._rises)
        cleared = (f"Jernihkan keraguan. {doubt.remedy}" for doubt in doubts)
        return (*cleared, *steps)[: advice.MOST_STEPS]

    @kept
    def rules(self) -> Section:
        """Show every threshold and prerequisite of the target, then the other predicates.

        Where bands give the predicate, show these with where the score stands.
        """
        if self.evaluation.rules.bands:
            return self.section("bands", rows=band_rows(self.evaluation))
        by_who: dict[str, list[PrerequisiteOutcome]] = {"unit": [], "instansi": []}
        for item in self.evaluation.target.prerequisites:
            by_who[item.prerequisite.who].append(item)
        return self.section(
            "rules",
            other_sets=verdicts_elsewhere(self.case),
            unit=tables.prerequisite_rows(by_who["unit"]),
            agency=tables.prerequisite_rows(by_who["instansi"]),
            others=[
                verdict
                for predicate, verdict in self.evaluation.verdicts.items()
                if predicate != self.evaluation.target.predicate
            ],
        )

    @kept
    def action_plan(self) -> Section:
        """Show the shortest way to the predicate; empty where no efforts are known."""
        case = self.case
        if case.effort is None:
            return Section()
        return action_plan_section(self.evaluation, case.effort, case.improvement)

    @kept
    def doubts(self) -> Section:
        """Show what speaks against the verdict: places, rule, what it would do, what clears it."""
        return doubts_section(self.evaluation, self.case.verdicts)

    @kept
    def main_doubts(self) -> Section:
        """Name the strongest doubts and what clears each; empty without any."""
        return brief_doubts_section(self.case.verdict)

    @kept
    def areas(self) -> Section:
        """Show each area, split by aspect, and each result outside of them, against its minimum."""
        rows, instrument = tables.area_rows(self.evaluation), self.evaluation.instrument
        # Without areas the components stand in for them, and hold the results already.
        results = tables.result_rows(self.evaluation) if instrument.areas else ()
        return self.section(
            "areas",
            rows=[
                (row, _track(row, [(part.got or 0.0) / row.weight for part in row.parts]))
                for row in rows
            ],
            results=[
                (
                    row,
                    _track(row, [(row.got or 0.0) / row.weight]),
                    titles.short_title(row.question),
                )
                for row in results
            ],
            legend=[part.title for part in rows[0].parts] if rows else [],
            has_needs=any(row.outcome for row in rows),
        )

    @kept
    def weakest(self) -> Section:
        """Show the parts that lose most points; empty where none does."""
        lost = advice.weakest(self.evaluation, MOST_WEAKEST)
        return self.section("weakest", parts_lost=lost) if lost else Section()

    @kept
    def brief_plan(self) -> Section:
        """Say the plan with the answers that gain most; empty where none can be computed."""
        case = self.case
        if case.effort is None:
            return Section()
        return brief_plan_section(self.evaluation, case.improvement)

    @kept
    def annex(self) -> Section:
        """Begin the annex: what it holds, and how it is printed with the rest.

        All that follows on the page is printed only where that is asked for.
        """
        case, labels = self.case, self.evaluation.instrument.labels
        later = (
            ("peluang", "Peluang", self.chance()),
            ("rencana", "Rencana aksi", case.effort),
            ("hasil", labels.results, tables.result_rows(self.evaluation)),
            ("tren", "Tren", case.trends),
            ("survei", "Survei", case.surveys),
            ("kinerja", "Kinerja", case.performance),
            ("rencana-zi", "Rencana kerja pembangunan ZI", case.workplan),
            ("tindak-lanjut", "Tindak lanjut rekomendasi", self.recommendations()),
            ("nasional", "Tahap nasional", self._national),
            ("usulan", "Usulan dari data", case.proposals),
        )
        return self.section("annex", later=later, is_banded=bool(self.evaluation.rules.bands))

    @kept
    def results(self) -> Section:
        """Show the questions that carry a weight of their own, e.g. survey indices."""
        rows = tables.result_rows(self.evaluation)
        if not rows:
            return Section()
        years = years_of_figures(self.case, (row.question.id for row in rows))
        has_needs = any(row.outcome for row in rows)
        return self.section("results", rows=rows, has_needs=has_needs, years=years)

    @kept
    def chance(self) -> Section:
        """Show the chance of the predicate; empty where nothing is uncertain."""
        found = self.case.chance
        return Section() if found is None else chance_section(found, self.evaluation)

    @kept
    def trends(self) -> Section:
        """Show what changed since earlier periods and why; empty without any."""
        return trends_section(self.case.trends)

    @kept
    def surveys(self) -> Section:
        """Show the unit's surveys; empty without any."""
        found = self.case.surveys
        return Section() if found is None else survey_section(found)

    @kept
    def performance(self) -> Section:
        """Show the unit's performance in brief; empty without a plan."""
        found = self.case.performance
        return Section() if found is None else performance_summary(found, self.case.has_pages)

    @kept
    def workplan(self) -> Section:
        """Show the work plan of building ZI: what is late, what it brings; empty without one."""
        return workplan_summary(self.case.workplan)

    @kept
    def recommendations(self) -> Section:
        """Show what was recommended to the unit and what became of it; empty without any."""
        stated = self.evaluation.assessment.facts.get(FACT)
        return register_section(self.case.register, stated, self.made.time.date())

    @property
    def _national(self) -> UnitNational:
        """What the TPN decided and answered, with the doubt that says where it differs."""
        case = self.case
        told = (d.what for d in case.verdict.doubts if d.code == DECIDED_OTHERWISE)
        unit = self.evaluation.assessment.unit.id
        return UnitNational(
            case.national, case.at_tpn, next(told, ""), case.holders.units.get(unit, ())
        )

    @kept
    def national(self) -> Section:
        """Show what the TPN decided of the unit, stage by stage; empty without any."""
        unit = self.evaluation.assessment.unit.id
        return unit_stages_section(self._national, unit, self.made.time.date())

    @kept
    def proposals(self) -> Section:
        """Show what data propose, beside the answers given; empty where they propose nothing."""
        return proposals_section(self.evaluation, self.case.proposals)

    @kept
    def improvements(self) -> Section:
        """Show what stands firm and where a better answer gains most."""
        rising = advice.gains(self.evaluation, self._rises)
        doubted = self._contradicted
        return self.section(
            "improvements",
            strengths=advice.strengths(self.evaluation, doubted)[:MOST_STRENGTHS],
            doubted=[key for key in self.evaluation.instrument.questions if key in doubted],
            gains=rising[:MOST_GAINS],
            more=max(0, len(rising) - MOST_GAINS),
            has_index=any(
                question.scale.kind == "index"
                for question in self.evaluation.instrument.questions.values()
            ),
        )

    @kept
    def differences(self) -> Section:
        """Show where the stage's evaluators differ from who came before, with the notes of both."""
        return self.section("differences", rows=tables.difference_rows(self.evaluation))

    @kept
    def missing_evidence(self) -> Section:
        """Show the answered questions without evidence."""
        groups = tables.missing_evidence(self.evaluation)
        return self.section(
            "missing_evidence", groups=groups, total=sum(len(items) for _, items in groups)
        )

    @kept
    def answers(self) -> Section:
        """Show all answers, folded by area."""
        return self.section("answers", groups=tables.answer_groups(self.evaluation))

    @kept
    def warnings(self) -> Section:
        """Show what the checks of the unit's file and of its answers found."""
        problems = (*self.evaluation.problems, *self.case.problems)
        counts = Counter(problem.severity for problem in problems)
        return self.section("warnings", problems=problems, errors=counts[Severity.ERROR])

    @kept
    def origin(self) -> Section:
        """Show where the figures come from: sources, versions, hashes and their computation."""
        return self.section("origin", trace=self.case.trace)


def unit_report(case: Case, made: Made) -> UnitReport:
    """Return the report of one unit.

    Parameters
    ----------
    case
        The unit, each part of which is computed when its section is first shown.
    """
    return UnitReport(case, made)
