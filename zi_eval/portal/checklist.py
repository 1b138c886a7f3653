"""What the portal would miss or refuse of a period, unit by unit, before it comes to fetch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from zi_eval.case import evaluate_whole
from zi_eval.checking import check_agency
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Agency, Stage
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.problems import Problem, Severity, has_errors
from zi_eval.errors import ParameterError, WorkspaceError
from zi_eval.period.agency_file import AGENCY_FILE
from zi_eval.period.reading import Period
from zi_eval.portal.documents import PREDICATES
from zi_eval.portal.publication import (
    PortalFinding,
    find_agency_findings,
    find_gaps,
    find_obstacles,
    is_published,
    require_year,
)

__all__ = ["Checklist", "UnitCheck", "check_period"]


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """One unit: who it is as far as its file can be read, and what was found."""

    unit: str
    name: str
    target: str
    is_published: bool
    findings: tuple[PortalFinding, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A period: what concerns the agency, then unit by unit."""

    period: str
    findings: tuple[PortalFinding, ...]
    units: tuple[UnitCheck, ...]

    @property
    def is_refused(self) -> bool:
        """Whether anything would be refused."""
        found = (*self.findings, *(f for unit in self.units for f in unit.findings))
        return any(finding.is_refused for finding in found)


def check_period(folder: Path) -> Checklist:
    """Check everything of ``parameters/<period>``; nothing stops at the first finding."""
    period = Period.read(folder)
    evaluations: dict[str, Evaluation] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for unit, path in period.unit_files.items():
        try:
            evaluations[unit] = evaluate_whole(period, path)
        except ParameterError:
            # With a broken agency file nothing is evaluated, but each file can still be read.
            problems[unit] = period.read_unit(path)[0].problems
    units = tuple(
        _check_unit(unit, evaluations.get(unit), problems.get(unit, ()))
        for unit in period.unit_files
    )
    findings = (*_period_findings(period), *_agency_findings(period, evaluations))
    return Checklist(folder.resolve().name, findings, _with_namesakes(units))


def _period_findings(period: Period) -> Iterator[PortalFinding]:
    try:
        require_year(period.folder.resolve().name)
    except WorkspaceError as error:
        yield PortalFinding("periode-bukan-tahun", str(error))
    if not (period.folder / AGENCY_FILE).exists():
        yield PortalFinding(
            "tanpa-instansi",
            f"{period.folder / AGENCY_FILE} tidak ada, padahal memuat prasyarat instansi.",
            "Buat berkas itu.",
        )
    yield from map(_from_problem, check_agency(period))
    if not period.unit_files:
        yield PortalFinding("tanpa-unit", f"tidak ada berkas unit di {period.folder}.")


def _agency_findings(period: Period, units: Mapping[str, Evaluation]) -> tuple[PortalFinding, ...]:
    if not units:
        return ()
    first = next(iter(units.values()))
    agency = period.agency.agency or Agency("", "", first.rules.id)
    return find_agency_findings(
        AgencyEvaluation(
            agency=agency,
            rules=first.rules,
            instrument=first.instrument,
            period=period.folder.name,
            stage=Stage.TPI,
            evaluations=tuple(units.values()),
        )
    )


def _check_unit(
    unit: str, evaluation: Evaluation | None, problems: tuple[Problem, ...]
) -> UnitCheck:
    if evaluation is None:
        stays = PortalFinding(
            "tetap-seperti-terakhir",
            "layanan yang sedang berjalan tetap memberi isi unit ini yang terakhir terbaca.",
            "Perbaiki berkasnya; hapus berkasnya bila unit ini tidak lagi diusulkan.",
            is_refused=False,
        )
        return UnitCheck(
            unit,
            "",
            "",
            False,
            (*map(_from_problem, problems), *([stays] if has_errors(problems) else ())),
        )
    assessment = evaluation.assessment
    findings = [*find_obstacles(evaluation), *find_gaps(evaluation)]
    if assessment.target not in PREDICATES:
        message = f"PortalRB tidak menerima usulan untuk target '{assessment.target}'."
        findings.insert(0, PortalFinding("target-tidak-diterima", message))
    published = is_published(evaluation) and assessment.target in PREDICATES
    return UnitCheck(unit, assessment.unit.name, assessment.target, published, tuple(findings))


def _with_namesakes(units: tuple[UnitCheck, ...]) -> tuple[UnitCheck, ...]:
    """Add what can only be seen with all units at hand: two with the same name."""
    by_name: dict[str, list[str]] = {}
    for unit in units:
        by_name.setdefault(unit.name.casefold(), []).append(unit.unit)
    found = []
    for unit in units:
        others = [other for other in by_name[unit.name.casefold()] if other != unit.unit]
        findings = unit.findings
        if unit.name and others:
            message = f"namanya sama dengan unit {', '.join(others)}."
            findings = (
                *findings, PortalFinding("nama-kembar", message, "Bedakan keduanya.", False)
            )  # fmt: skip
        found.append(UnitCheck(unit.unit, unit.name, unit.target, unit.is_published, findings))
    return tuple(found)


def _from_problem(problem: Problem) -> PortalFinding:
    place = f"baris {problem.line}: " if problem.line else ""
    return PortalFinding(
        problem.code,
        f"{place}{problem.message}",
        problem.hint,
        problem.severity is Severity.ERROR,
        (problem.key,) if problem.key else (),
    )
