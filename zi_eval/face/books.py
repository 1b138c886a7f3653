"""What the notebooks are made of: reports, section by section."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from zi_eval.errors import WorkspaceError
from zi_eval.face.display import NO_UNIT, advise
from zi_eval.face.picker import choose_unit, guide, open_whole
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period

if TYPE_CHECKING:
    from zi_eval.agreement.page.sections import CalibrationPage
    from zi_eval.pages.agency.sections import RecapPage
    from zi_eval.pages.unit.sections import UnitReport
    from zi_eval.performance.unit import UnitPerformance
    from zi_eval.report.page import Section
    from zi_eval.survey.page.sections import SurveyPage
    from zi_eval.trends.page.sections import TrendsPage
    from zi_eval.workplan.page.sections import WorkPlanPage

__all__ = [
    "PerformanceBook",
    "RecapBook",
    "agency_report",
    "calibration_report",
    "performance_report",
    "survey_report",
    "trend_report",
    "unit_report",
    "workplan_report",
]

T = TypeVar("T")


NO_PLAN = (
    "Belum ada tabel kinerja di {folder}/kinerja.\nBuat yang pertama dengan "
    "'zi-eval kinerja template', isi, lalu jalankan notebook ini lagi."
)
NO_WORKPLAN = (
    "Belum ada rencana kerja di {folder}/rencana-zi.\nBuat yang pertama dengan "
    "'zi-eval rencana template', isi, lalu jalankan notebook ini lagi."
)
NO_SURVEY = (
    "Belum ada tabel survei di {folder}/survei.\nBuat yang pertama dengan "
    "'zi-eval survei template ipak', isi, lalu jalankan notebook ini lagi."
)


def unit_report(unit_file: str = "", stage: str = "tpi", run: str = "") -> UnitReport:
    """Return the report of one unit: each of its methods is a section.

    Parameters
    ----------
    unit_file
        Path of the unit's file; where empty, or a folder, the units there can be chosen.
    stage
        ``"unit"`` or ``"tpi"``.
    run
        The folder in which a run hands on what it computed once of all units.
    """
    from zi_eval.case import Case, load_case
    from zi_eval.core.assessment import Stage
    from zi_eval.pages.unit.sections import unit_report as report
    from zi_eval.report.made import Made

    if unit_file and not Path(unit_file).is_dir():
        return report(load_case(unit_file, stage, run), Made.now())

    def make(period: Period, unit: str) -> UnitReport:
        case = Case(period, period.find(unit), Stage(stage))
        case.evaluation  # what is wrong with its file is told now  # noqa: B018
        return report(case, Made.now())

    return choose_unit(unit_file, lambda period: period.unit_files, NO_UNIT, make)


class RecapBook:
    """The recap of an agency, with the table of its units where it is no page of a run.

    Its sections are those of :class:`~zi_eval.pages.agency.sections.RecapPage`.
    """

    def __init__(self, page: RecapPage, run: str) -> None:
        self._page, self._run = page, run

    def table(self) -> Section:
        """Return the units to sort and search, as in ``rekap.xlsx``; empty on a page to be sent.

        It needs a script, which no page has that is opened from a stick or a letter.
        """
        from zi_eval.report.page import Section, has_outer_style

        if self._run or has_outer_style():
            return Section()
        from zi_eval.face.table import table_section
        from zi_eval.frames import recap_frame

        return table_section(recap_frame(self._page.recap))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._page, name)

    def __repr__(self) -> str:
        return f"{self._page!r}, .table()"


def agency_report(parameters_folder: str = "", stage: str = "tpi", run: str = "") -> RecapBook:
    """Return the recap of an agency: each of its methods is a section, ``table`` too.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    stage
        ``"unit"`` or ``"tpi"``.
    run
        The folder in which a run says what it has published, to be linked.
    """
    from zi_eval.agreement.load import load_national
    from zi_eval.calendar.load import load_deadlines
    from zi_eval.case import load_agency
    from zi_eval.national.load import load_conflicts, load_holders, load_stages
    from zi_eval.pages.agency.published import read_published
    from zi_eval.pages.agency.recap import Recap
    from zi_eval.pages.agency.sections import RecapPage
    from zi_eval.performance.load import load_agency_performance
    from zi_eval.recommendations.load import load_registers
    from zi_eval.report.made import Made
    from zi_eval.similarities.load import read_paces
    from zi_eval.trends.load import load_agency_trends
    from zi_eval.workplan.load import load_agency_workplans

    try:
        period = Period.read(find_period(parameters_folder))
    except WorkspaceError as error:
        if parameters_folder:
            raise
        return cast("RecapBook", guide(str(error)))
    if not run and not period.unit_files:
        return cast("RecapBook", guide(advise(NO_UNIT, period.folder)))
    published = read_published(run)
    evaluation = load_agency(period, stage, published.verdicts)
    plans, trends = load_agency_performance(period), load_agency_trends(period, evaluation)
    registers, paces = load_registers(period), read_paces(period)
    workplans, stages = load_agency_workplans(period), load_stages(period)
    deadlines = load_deadlines(period)[0]
    found = (evaluation, plans, trends, published, registers, paces, workplans, deadlines, stages)
    national = (load_national(period, evaluation), load_holders(period), load_conflicts(period))
    return RecapBook(RecapPage(Recap(*found, *national), Made.now()), run)


class PerformanceBook:
    """The performance report of a unit, with the form that fills it where it is no page of a run.

    Its sections are those of :class:`~zi_eval.performance.page.sections.PerformancePage`.
    """

    def __init__(self, data: UnitPerformance, folder: Path, unit: str, run: str) -> None:
        from zi_eval.performance.page.sections import PerformancePage
        from zi_eval.report.made import Made

        self._report = PerformancePage(data, Made.now(), has_pages=bool(run))
        self._folder, self._unit, self._run = folder, unit, run

    def form(self) -> Any:
        """Return the form; None on a page of a run, where nobody can fill it in."""
        if self._run:
            return None
        from zi_eval.performance.form.screen import open_performance_form

        return open_performance_form(self._folder, self._unit)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._report, name)

    def __repr__(self) -> str:
        return f"{self._report!r}, .form()"


def performance_report(
    parameters_folder: str = "", unit: str = "", cap: str = "", run: str = ""
) -> PerformanceBook:
    """Return the performance report of one unit: each of its methods is a section, ``form`` too.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    unit
        Its id; where empty, the units with a table can be chosen.
    cap
        Most an achievement counts for, in percent; by default what the agency file sets.
    run
        The folder in which a run hands on what the unit is compared with.
    """
    from zi_eval.performance.load import find_plans, load_performance

    return choose_unit(
        parameters_folder,
        lambda period: find_plans(period.folder),
        NO_PLAN,
        lambda period, name: PerformanceBook(
            load_performance(period, name, cap, run), period.folder, name, run
        ),
        unit=unit,
    )


def survey_report(parameters_folder: str = "", unit: str = "") -> SurveyPage:
    """Return the report of a unit's surveys: each of its methods is a section.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    unit
        Its id; where empty, the units with a survey can be chosen.
    """
    from zi_eval.report.made import Made
    from zi_eval.survey.files import find_surveys
    from zi_eval.survey.load import load_surveys
    from zi_eval.survey.page.sections import SurveyPage

    return choose_unit(
        parameters_folder,
        find_surveys,
        NO_SURVEY,
        lambda period, name: SurveyPage(load_surveys(period, name), Made.now()),
        unit=unit,
    )


def workplan_report(parameters_folder: str = "", unit: str = "") -> WorkPlanPage:
    """Return the page of a unit's work plan of building ZI: each of its methods is a section.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    unit
        Its id; where empty, the units with a plan can be chosen.
    """
    from zi_eval.report.made import Made
    from zi_eval.workplan.files import TABLES
    from zi_eval.workplan.load import load_workplan
    from zi_eval.workplan.page.sections import WorkPlanPage

    return choose_unit(
        parameters_folder,
        lambda period: TABLES.find_all(period.folder),
        NO_WORKPLAN,
        lambda period, name: WorkPlanPage(load_workplan(period, name), Made.now()),
        unit=unit,
    )


def trend_report(parameters_folder: str = "", unit: str = "", stage: str = "tpi") -> TrendsPage:
    """Return what changed since earlier periods: each of its methods is a section.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    unit
        Its id; the whole agency where empty.
    """
    from zi_eval.case import evaluate_whole, load_agency
    from zi_eval.report.made import Made
    from zi_eval.trends.load import load_trends
    from zi_eval.trends.page.sections import TrendsPage

    def make(folder: Path) -> TrendsPage:
        # With the doubts, as every other view shows the verdict.
        found = load_trends(
            folder, unit, stage, evaluate=evaluate_whole, evaluate_agency=load_agency
        )
        return TrendsPage(found, Made.now())

    return open_whole(parameters_folder, make, is_named=bool(unit))


def calibration_report(
    parameters_folder: str = "",
    units: str = "",
    second: str = "",
    evaluators: str = "",
    stage: str = "tpi",
) -> CalibrationPage:
    """Return the material of a calibration meeting: each of its methods is a section.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    units
        Their ids with commas between; all where empty.
    second
        A folder with another evaluator's copies of the units' files.
    evaluators
        Two names of the journals, with a comma between.
    stage
        ``"tpi"`` compares the units with the TPI, ``"tpn"`` the TPI with the TPN.
    """
    from zi_eval.agreement.load import load_calibration
    from zi_eval.agreement.page.sections import CalibrationPage
    from zi_eval.report.made import Made

    def make(folder: Path) -> CalibrationPage:
        calibration, agency = load_calibration(folder, units, second, evaluators, stage)
        return CalibrationPage(calibration, agency, Made.now())

    return open_whole(parameters_folder, make, is_named=bool(units or second or evaluators))
