"""The agency recap: all units of a period on one page, a section a method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zi_eval.agreement.page.sections import agreement_section, national_agreement_section
from zi_eval.calendar.page.sections import calendar_section
from zi_eval.core.agency import (
    AgencyEvaluation,
    count_statuses,
    reaches_all_rules,
    share_met,
)
from zi_eval.core.text import by_name
from zi_eval.core.verdict import Status
from zi_eval.improvement.page.recap import improvement_recap_section
from zi_eval.national.page.sections import holders_recap, stages_recap
from zi_eval.pages.agency.groups import (
    GROUPS,
    Group,
    group_by_missing,
    group_by_verdict,
    make_filters,
)
from zi_eval.pages.agency.kawasan import kawasan_section
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.rows import (
    SHADE_KEY,
    area_rows,
    failure_row,
    heat_row,
    page_list,
    prerequisite_rows,
    question_rows,
    unit_row,
)
from zi_eval.performance.page.recap import performance_recap
from zi_eval.recommendations.page.sections import register_recap
from zi_eval.report import words
from zi_eval.report.made import Made
from zi_eval.report.page import Page, Room, Section, kept
from zi_eval.similarities.page.sections import similarities_section
from zi_eval.trends.page.sections import agency_trends_section
from zi_eval.workplan.page.sections import workplan_recap

__all__ = ["RecapPage"]

ROOM: Final = Room("pages/agency", ("pages/agency/style.css",))

LIMIT = 15
"""How many of the costliest questions are shown; the workbook has them all."""

LEAST_FILTERED = 12
"""More units than this are filtered; fewer are seen at a glance."""

SECTIONS = (
    ("ringkasan", "Ringkasan"),
    ("unit", "Unit"),
    ("area", ""),
    ("tren", "Tren"),
    ("pertanyaan", "Poin hilang"),
    ("perbaikan", "Perbaikan bersama"),
    ("keselarasan", "Unit dan TPI"),
    ("kesamaan", "Kesamaan antarunit"),
    ("prasyarat", "Prasyarat instansi"),
    ("kawasan", "Kawasan"),
    ("kinerja", "Kinerja"),
    ("kalender", "Tenggat"),
    ("rencana-zi", "Rencana kerja ZI"),
    ("tindak-lanjut", "Tindak lanjut"),
    ("tahap-nasional", "Tahap nasional"),
    ("pemegang", "Pemegang predikat"),
    ("keselarasan-tpn", "TPI dan TPN"),
    ("tidak-terbaca", "Kegagalan"),
    ("asal", "Asal rekap"),
)


@dataclass(frozen=True, repr=False)
class RecapPage(Page):
    """The recap of an agency; each method is one section."""

    recap: Recap
    made: Made
    room = ROOM

    @property
    def evaluation(self) -> AgencyEvaluation:
        """The units of the agency."""
        return self.recap.evaluation

    @property
    def _predicates(self) -> tuple[str, ...]:
        """The predicates that units aim at; none where bands give them."""
        return () if self.evaluation.rules.bands else self.evaluation.rules.predicates

    def _groups(self) -> list[Group]:
        return group_by_verdict(self.recap.standings, self.evaluation.rules)

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
        lead = f"{met} dari {evaluation.unit_count} unit memenuhi predikat yang dituju."
        doubted = sum(bool(item.target.doubts) for item in evaluation.evaluations)
        return f"{lead} Ada keraguan atas putusan {doubted} unit." if doubted else lead

    @kept
    def masthead(self) -> Section:
        """Say whose recap this is, in one sentence, and where the sections are."""
        evaluation = self.evaluation
        lead, labels = self._lead(), evaluation.instrument.labels
        if evaluation.failures:
            lead += f" {len(evaluation.failures)} unit tidak dapat dievaluasi."
        if missing := len(self.recap.unreported):
            lead += f" {missing} laporan gagal dibuat."
        lead += "".join(
            f" {problem.message[0].upper()}{problem.message[1:]}"
            for unit, problem in self.recap.conflicts
            if not unit
        )
        return self.section(
            "masthead",
            agency=evaluation.agency.name,
            period=evaluation.period,
            stage=words.stage_of_all(evaluation.stage, evaluation.evaluations),
            rules=f"{evaluation.rules.title} ({evaluation.rules.date})",
            remark=evaluation.agency.remark,
            lead=lead,
            is_long=len(page_list(self.recap.standings)) > 1,
            name=labels.name,
            sections=[
                (anchor, title or labels.areas_map)
                for anchor, title in SECTIONS
                if self._has(anchor)
            ],
        )

    def _has(self, anchor: str) -> bool:
        """Whether a section that only some agencies have is there."""
        recap = self.recap
        found = {
            "kawasan": self.evaluation.agency.kawasan,
            "tren": recap.trends,
            "keselarasan": recap.calibration,
            "tahap-nasional": recap.stages,
            "pemegang": recap.holders,
            "keselarasan-tpn": recap.national,
            "tindak-lanjut": recap.registers,
            "kalender": self.calendar(),
            "rencana-zi": not recap.workplans.is_empty,
            "kinerja": not recap.plans.is_empty,
        }
        return bool(found.get(anchor, True))

    @kept
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
            (
                "Bagian yang memenuhi",
                [words.format_percent(share_met(evaluation, one)) for one in predicates],
            ),
            ("Semua ambang nilai tercapai", [str(self._reaching(one)) for one in predicates]),
        ]
        all_targets = [item.assessment.target for item in evaluation.evaluations]
        return self.section(
            "summary",
            groups=groups,
            predicates=predicates,
            by_predicate=by_predicate,
            held=self._held(),
            failures=len(evaluation.failures),
            evaluated=len(evaluation.evaluations),
            units=evaluation.unit_count,
            target_totals=[all_targets.count(predicate) for predicate in predicates],
            missing=[
                (key, f"{title[0].lower()}{title[1:]}", len(found))
                for key, title, found in group_by_missing(self.recap.standings)
            ]
            if predicates
            else (),
        )

    def _reaching(self, predicate: str) -> int:
        return sum(reaches_all_rules(item, predicate) for item in self.evaluation.evaluations)

    def _held(self) -> list[str]:
        """Say which prerequisites of the agency hold every unit back, and from what."""
        held: dict[str, list[str]] = {}
        for predicate, outcomes in self.recap.prerequisites.items():
            for item in outcomes:
                if item.status is not Status.MET:
                    known = "belum dinyatakan" if item.got is None else "belum memenuhi"
                    held.setdefault(f"{item.prerequisite.title} {known}", []).append(predicate)
        return [f"{text} ({', '.join(predicates)})" for text, predicates in held.items()]

    @kept
    def units(self) -> Section:
        """Show every evaluated unit by what it misses, the nearest first, the highest score first.

        Where bands give the predicates, units are grouped by these. The filters need no script.
        """
        published, standings = self.recap.published, self.recap.standings
        pages, predicates = page_list(standings), self._predicates
        filters = make_filters(standings, predicates) if len(standings) > LEAST_FILTERED else ()
        groups = []
        for anchor, title, found in group_by_missing(standings) if predicates else self._groups():
            rows = [
                (unit_row(standing, published), " ".join(item.mark(standing) for item in filters))
                for standing in found
            ]
            parts = [{"title": page.title, "rows": rows[page.rows]} for page in page_list(found)]
            if found:
                groups.append(
                    {"anchor": anchor, "title": title, "total": len(found), "pages": parts}
                )
        linked = (
            "Nama bergaris bawah membuka laporan unit."
            if published.reports
            else "Laporan per unit belum dibuat."
        )
        return self.section(
            "units",
            groups=groups,
            filters=filters,
            is_long=len(pages) > 1,
            predicates=predicates,
            help=f"Nomor adalah peringkat nilai di seluruh instansi. {linked} {self._unit_help} "
            f"{self._doubts_help}",
        )

    @property
    def _doubts_help(self) -> str:
        """Say where the doubts of the units come from."""
        verdicts = self.recap.published.verdicts
        if verdicts is None:
            return "Keraguan dihitung dari jawaban, prasyarat, dan data setiap unit."
        bare = sum(item.assessment.unit.id not in verdicts for item in self.evaluation.evaluations)
        less = f"; {bare} unit tanpa laporan: hanya dari jawaban dan prasyarat" if bare else ""
        return f"Keraguan diambil dari laporan unit{less}."

    @property
    def _unit_help(self) -> str:
        if self.evaluation.rules.bands:
            return "Kekurangan terhadap predikat di atasnya ditulis dalam poin."
        return (
            "Kekurangan terhadap ambang ditulis dalam poin; prasyarat instansi tidak diulang pada "
            "tiap unit."
        )

    @kept
    def areas(self) -> Section:
        """Show the heat map: each area's share of its weight, by unit and for the agency."""
        rows = [
            heat_row(standing.evaluation, own)
            for standing, own in zip(self.recap.standings, self.recap.shares, strict=True)
        ]
        return self.section(
            "areas",
            areas=area_rows(self.evaluation, self.recap.shares),
            pages=[
                {"title": page.title, "rows": rows[page.rows]}
                for page in page_list(self.recap.standings)
            ],
            predicates=self._predicates,
            # What stands beside each unit: the predicate it has, or the one it aims at.
            aim="Predikat" if self.evaluation.rules.bands else "Target",
            shades=SHADE_KEY,
            is_long=len(page_list(self.recap.standings)) > 1,
            labels=self.evaluation.instrument.labels,
        )

    @kept
    def changes(self) -> Section:
        """Show what changed since earlier periods and why; empty without any."""
        return agency_trends_section(self.recap.trends, self.recap.published.reports)

    @kept
    def agreement(self) -> Section:
        """Show how far unit and TPI agree; empty where the TPI answered nothing."""
        return agreement_section(self.recap.calibration)

    @kept
    def similarities(self) -> Section:
        """Show what is the same across units beyond chance, to be looked at."""
        recap, units = self.recap, len(self.evaluation.evaluations)
        return similarities_section(recap.similarities, recap.names, units)

    @kept
    def questions(self) -> Section:
        """Show the questions that cost the units most points together."""
        return self.section(
            "questions", rows=question_rows(self.evaluation.instrument, self.recap.costly[:LIMIT])
        )

    @kept
    def improvements(self) -> Section:
        """Show which single step up helps most units."""
        return improvement_recap_section(self.evaluation, self.recap.shared_steps)

    @kept
    def prerequisites(self) -> Section:
        """Show what the agency itself must be, and whether it is."""
        return self.section(
            "prerequisites",
            rows=prerequisite_rows(self.recap.prerequisites, self._predicates),
            predicates=self._predicates,
            rules=self.evaluation.rules.title,
        )

    @kept
    def kawasan(self) -> Section:
        """Show the sites of several units; empty where the agency names none."""
        return kawasan_section(self.recap)

    @kept
    def performance(self) -> Section:
        """Show what to act on in the units' performance; empty where no unit has a table."""
        recap, today = self.recap, self.made.time.date()
        return performance_recap(recap.plans, recap.names, recap.published.pages, today)

    @kept
    def calendar(self) -> Section:
        """Show what is due next and for whom; empty where nothing of the period is left."""
        return calendar_section(self.recap.deadlines, self.made.time.date())

    @kept
    def workplans(self) -> Section:
        """Show what is late in the units' work plans, and their progress; empty without any."""
        return workplan_recap(self.recap.workplans, self.recap.names)

    @kept
    def recommendations(self) -> Section:
        """Show what is open longer than a year, and every unit's follow-up; empty without any."""
        recap, today = self.recap, self.made.time.date()
        return register_recap(recap.registers, recap.names, today)

    @kept
    def national(self) -> Section:
        """Show what the TPN decided, stage by stage, and how far it agrees with the TPI."""
        recap = self.recap
        decided = stages_recap(recap.stages, recap.names)
        agreed = national_agreement_section(recap.national, recap.names)
        told = tuple(problem for _, problem in recap.conflicts)
        held = holders_recap(recap.holders, recap.names, told, self.made.time.date())
        return Section(decided.html + held.html + agreed.html)

    @kept
    def failures(self) -> Section:
        """Show the units that could not be read or reported, each with its reason and its log."""
        failed = self.recap.published.failures
        unread = [
            failure_row(unit, "", reason, failed.get(unit))
            for unit, reason in by_name(self.evaluation.failures)
        ]
        unreported = [
            failure_row(unit, name, found.reason, found)
            for unit, name, found in self.recap.unreported
        ]
        return self.section("failures", unread=unread, unreported=unreported)

    @kept
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
        return self.section("origin", rows=[row for row in rows if row[1]])
