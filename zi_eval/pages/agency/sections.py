"""The agency recap: all units of a period on one page, a section a method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup

from zi_eval.agreement.calibration import calibrate_agency
from zi_eval.agreement.page.sections import agreement_section
from zi_eval.core.agency import (
    AgencyEvaluation,
    UnitStanding,
    area_shares,
    count_statuses,
    judge_agency,
    rank_units,
    reaches_all_rules,
    share_met,
)
from zi_eval.core.verdict import PrerequisiteOutcome, Status
from zi_eval.improvement.page.recap import improvement_recap_section
from zi_eval.pages.agency.kawasan import kawasan_section
from zi_eval.pages.agency.rows import (
    GROUPS,
    SHADE_KEY,
    area_rows,
    band_group,
    failure_row,
    heat_row,
    page_list,
    prerequisite_rows,
    question_rows,
    unit_row,
)
from zi_eval.performance.agency import AgencyPerformance
from zi_eval.performance.page.recap import performance_recap, unit_names
from zi_eval.report import words
from zi_eval.report.failure_log import FailedReport
from zi_eval.report.made import Made
from zi_eval.report.page import Section, report_environment, report_style
from zi_eval.trends.agency import AgencyTrends
from zi_eval.trends.page.sections import agency_trends_section

__all__ = ["AgencyReport", "agency_report"]

LIMIT = 15
"""How many of the weakest questions are shown; the workbook has them all."""

SECTIONS = (
    ("ringkasan", "Ringkasan"),
    ("unit", "Unit"),
    ("area", ""),
    ("tren", "Tren"),
    ("pertanyaan", "Pertanyaan terlemah"),
    ("perbaikan", "Perbaikan bersama"),
    ("keselarasan", "Unit dan TPI"),
    ("prasyarat", "Prasyarat instansi"),
    ("kawasan", "Kawasan"),
    ("kinerja", "Kinerja"),
    ("tidak-terbaca", "Kegagalan"),
    ("asal", "Asal rekap"),
)


def _render(section: str, **values: object) -> Section:
    template = report_environment().get_template(f"pages/agency/{section}.html.j2")
    return Section(Markup(template.render(values)))


@dataclass(frozen=True)
class AgencyReport:
    """The recap of an agency; each method is one section.

    Attributes
    ----------
    reports
        Ids of the units whose report stands beside the recap; only these are linked.
    failed
        Why others have none, by unit id; untrusted.
    plans
        The performance tables of the units.
    pages
        Ids of the units whose performance page stands beside the recap; only these are linked.
    trends
        The agency beside its earlier periods, where there are any.
    """

    evaluation: AgencyEvaluation
    made: Made
    reports: frozenset[str]
    failed: Mapping[str, FailedReport] = field(default_factory=dict)
    plans: AgencyPerformance = field(default_factory=AgencyPerformance)
    pages: frozenset[str] = frozenset()
    trends: AgencyTrends | None = None

    @cached_property
    def _standings(self) -> tuple[UnitStanding, ...]:
        return rank_units(self.evaluation)

    @cached_property
    def _outcomes(self) -> Mapping[str, tuple[PrerequisiteOutcome, ...]]:
        return judge_agency(self.evaluation)

    @property
    def _predicates(self) -> tuple[str, ...]:
        """The predicates that units aim at; none where bands give them."""
        return () if self.evaluation.rules.bands else self.evaluation.rules.predicates

    @property
    def _aim(self) -> str:
        """What stands beside each unit: the predicate it aims at, or the one it has."""
        return "Predikat" if self.evaluation.rules.bands else "Target"

    def _groups(self) -> list[tuple[str, str, list[UnitStanding]]]:
        """Return anchor, title and units of each group: by predicate given, or by status."""
        groups: dict[tuple[str, str], list[UnitStanding]] = {
            band_group(band.predicate): [] for band in reversed(self.evaluation.rules.bands)
        }
        statuses = (Status.UNKNOWN,) if groups else GROUPS
        groups |= {GROUPS[status]: [] for status in statuses}
        for standing in self._standings:
            item = standing.evaluation
            given = item.predicate
            groups[GROUPS[item.target.status] if given is None else band_group(given)].append(
                standing
            )
        return [(anchor, title, found) for (anchor, title), found in groups.items()]

    def _lead(self) -> str:
        evaluation = self.evaluation
        if evaluation.rules.bands:
            counts = [
                f"{len(found)} {title[0].lower()}{title[1:]}"
                for _, title, found in self._groups()
                if found
            ]
            said = f": {', '.join(counts)}" if counts else ""
            return f"{evaluation.unit_count} unit{said}."
        met = sum(item.target.status is Status.MET for item in evaluation.evaluations)
        return f"{met} dari {evaluation.unit_count} unit memenuhi predikat yang dituju."

    def masthead(self) -> Section:
        """Say whose recap this is, in one sentence, and where the sections are."""
        evaluation = self.evaluation
        lead, labels = self._lead(), evaluation.instrument.labels
        if evaluation.failures:
            lead += f" {len(evaluation.failures)} unit tidak dapat dievaluasi."
        if missing := len(self._without_report()):
            lead += f" {missing} laporan gagal dibuat."
        css = report_style("pages/agency/style.css")
        return _render(
            "masthead",
            css=Markup(css),
            agency=evaluation.agency.name,
            period=evaluation.period,
            stage=words.stage_label(evaluation.stage),
            rules=evaluation.rules.title,
            time=self.made.when,
            remark=evaluation.agency.remark,
            lead=lead,
            name=labels.name,
            sections=[
                (anchor, title or labels.areas_map)
                for anchor, title in SECTIONS
                if self._has(anchor)
            ],
        )

    def _has(self, anchor: str) -> bool:
        """Whether a section that only some agencies have is there."""
        if anchor == "kawasan":
            return bool(self.evaluation.agency.kawasan)
        if anchor == "tren":
            return self.trends is not None
        if anchor == "keselarasan":
            return bool(self._agreement.html)
        return anchor != "kinerja" or not self.plans.is_empty

    def summary(self) -> Section:
        """Show the counts by verdict, linking to the groups, and what holds all units back."""
        evaluation, predicates = self.evaluation, self._predicates
        groups = []
        for anchor, title, standings in self._groups():
            targets = [s.evaluation.assessment.target for s in standings]
            by_target = [targets.count(predicate) for predicate in predicates]
            groups.append(
                {"anchor": anchor, "title": title, "by_target": by_target, "total": len(targets)}
            )
        counts = [count_statuses(evaluation, predicate) for predicate in predicates]
        by_predicate = [
            (title, [str(count[status]) for count in counts])
            for status, (_, title) in GROUPS.items()
        ]
        by_predicate += [
            ("Bagian yang memenuhi", [self._share_met(predicate) for predicate in predicates]),
            (
                "Semua ambang nilai tercapai",
                [str(self._reaching(predicate)) for predicate in predicates],
            ),
        ]
        all_targets = [item.assessment.target for item in evaluation.evaluations]
        return _render(
            "summary",
            groups=groups,
            predicates=predicates,
            by_predicate=by_predicate,
            held=self._held(),
            failures=len(evaluation.failures),
            evaluated=len(evaluation.evaluations),
            units=evaluation.unit_count,
            target_totals=[all_targets.count(predicate) for predicate in predicates],
        )

    def _share_met(self, predicate: str) -> str:
        return words.format_percent(share_met(self.evaluation, predicate))

    def _reaching(self, predicate: str) -> int:
        return sum(reaches_all_rules(item, predicate) for item in self.evaluation.evaluations)

    def _held(self) -> list[str]:
        """Say which prerequisites of the agency hold every unit back, and from what."""
        held: dict[str, list[str]] = {}
        for predicate, outcomes in self._outcomes.items():
            for item in outcomes:
                if item.status is not Status.MET:
                    known = "belum dinyatakan" if item.got is None else "belum memenuhi"
                    held.setdefault(f"{item.prerequisite.title} {known}", []).append(predicate)
        return [f"{text} ({', '.join(predicates)})" for text, predicates in held.items()]

    def units(self) -> Section:
        """Show every evaluated unit, grouped by the verdict on its target, highest score first."""
        groups = []
        for anchor, title, standings in self._groups():
            if not standings:
                continue
            rows = [unit_row(standing, self.reports, self.failed) for standing in standings]
            pages = [
                {"title": page.title, "rows": rows[page.rows]} for page in page_list(standings)
            ]
            groups.append(
                {"anchor": anchor, "title": title, "total": len(standings), "pages": pages}
            )
        linked = (
            "Nama bergaris bawah membuka laporan unit."
            if self.reports
            else "Laporan per unit belum dibuat."
        )
        return _render(
            "units",
            groups=groups,
            predicates=self._predicates,
            help=f"Nomor adalah peringkat nilai di seluruh instansi. {linked} {self._unit_help}",
        )

    @property
    def _unit_help(self) -> str:
        if self.evaluation.rules.bands:
            return "Kekurangan terhadap predikat di atasnya ditulis dalam poin."
        return (
            "Kekurangan terhadap ambang ditulis dalam poin; prasyarat instansi tidak diulang pada "
            "tiap unit."
        )

    def areas(self) -> Section:
        """Show the heat map: each area's share of its weight, by unit and for the agency."""
        shares = [area_shares(standing.evaluation) for standing in self._standings]
        rows = [
            heat_row(standing.evaluation, own)
            for standing, own in zip(self._standings, shares, strict=True)
        ]
        return _render(
            "areas",
            areas=area_rows(self.evaluation, shares),
            pages=[
                {"title": page.title, "rows": rows[page.rows]}
                for page in page_list(self._standings)
            ],
            predicates=self._predicates,
            aim=self._aim,
            shades=SHADE_KEY,
            labels=self.evaluation.instrument.labels,
        )

    def changes(self) -> Section:
        """Show what changed since earlier periods and why; empty without any."""
        return agency_trends_section(self.trends, self.reports)

    @cached_property
    def _agreement(self) -> Section:
        return agreement_section(calibrate_agency(self.evaluation))

    def agreement(self) -> Section:
        """Show how far unit and TPI agree; empty where the TPI answered nothing."""
        return self._agreement

    def questions(self) -> Section:
        """Show the questions with the lowest mean value across the units."""
        return _render("questions", rows=question_rows(self.evaluation, LIMIT))

    def improvements(self) -> Section:
        """Show which single step up helps most units."""
        return improvement_recap_section(self.evaluation)

    def prerequisites(self) -> Section:
        """Show what the agency itself must be, and whether it is."""
        return _render(
            "prerequisites",
            rows=prerequisite_rows(self._outcomes, self._predicates),
            predicates=self._predicates,
            rules=self.evaluation.rules.title,
        )

    def kawasan(self) -> Section:
        """Show the sites of several units; empty where the agency names none."""
        return kawasan_section(self.evaluation, self.reports)

    def performance(self) -> Section:
        """Show what to act on in the units' performance; empty where no unit has a table."""
        names = unit_names(self.evaluation)
        return performance_recap(self.plans, names, self.pages, self.made.time.date())

    def _without_report(self) -> list[tuple[str, str]]:
        """Return id and name of the units that count, but whose report failed."""
        units = (item.assessment.unit for item in self.evaluation.evaluations)
        return sorted((u.id, u.name) for u in units if u.id in self.failed)

    def failures(self) -> Section:
        """Show the units that could not be read or reported, each with its reason and its log."""
        failed = self.failed
        unread = [
            failure_row(unit, "", reason, failed.get(unit))
            for unit, reason in sorted(self.evaluation.failures.items())
        ]
        unreported = [
            failure_row(unit, name, failed[unit].reason, failed[unit])
            for unit, name in self._without_report()
        ]
        return _render("failures", unread=unread, unreported=unreported)

    def origin(self) -> Section:
        """Say what the recap was made from."""
        evaluation = self.evaluation
        instrument, rules = evaluation.instrument, evaluation.rules
        rows = [
            ("Instrumen", f"{instrument.title} ({instrument.id} versi {instrument.version})"),
            ("Sidik instrumen", instrument.hash),
            ("Aturan", f"{rules.title} ({rules.id}, {rules.date})"),
            ("Sidik aturan", rules.hash),
            ("Versi zi-eval", self.made.version),
            ("Waktu dijalankan", self.made.when),
        ]
        return _render("origin", rows=[row for row in rows if row[1]])


def agency_report(
    evaluation: AgencyEvaluation,
    made: Made,
    reports: frozenset[str] = frozenset(),
    failed: Mapping[str, FailedReport] | None = None,
    plans: AgencyPerformance | None = None,
    pages: frozenset[str] = frozenset(),
    trends: AgencyTrends | None = None,
) -> AgencyReport:
    """Prepare the recap of an agency.

    Parameters
    ----------
    reports
        Ids of the units whose HTML report was made.
    failed
        Why the report of others could not be made, by unit id.
    plans
        The performance tables of the units, where the period has any.
    pages
        Ids of the units whose performance page was made.
    trends
        The agency beside its earlier periods, where it has any.
    """
    shown = plans or AgencyPerformance()
    return AgencyReport(evaluation, made, reports, failed or {}, shown, pages, trends)
