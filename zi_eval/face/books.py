"""What the notebooks are made of: reports section by section, forms, and the choice of a unit.

What was asked for by name and is not there is an error. What nobody named is found: the newest
period, and a list of its units to choose from; where there is nothing yet, a box says what to do
next and every section is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from zi_eval.errors import WorkspaceError, ZiEvalError
from zi_eval.face.display import NO_UNIT, Guidance, Shown, advise
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import ipywidgets
    import pandas as pd

    from zi_eval.agreement.page.sections import CalibrationPage
    from zi_eval.lke.findings import WorkbookAudit
    from zi_eval.pages.agency.sections import RecapPage
    from zi_eval.pages.unit.sections import UnitReport
    from zi_eval.performance.unit import UnitPerformance
    from zi_eval.survey.page.sections import SurveyPage
    from zi_eval.trends.page.sections import TrendsPage

__all__ = [
    "AuditView",
    "PerformanceBook",
    "agency_report",
    "audit",
    "calibration_report",
    "performance_form",
    "performance_report",
    "survey_report",
    "trend_report",
    "unit_form",
    "unit_report",
    "verification_form",
]

T = TypeVar("T")


class _Empty(Guidance):
    """A report of nothing: each of its sections is empty."""

    def __getattr__(self, name: str) -> Callable[[], Section]:
        if name.startswith("_"):
            raise AttributeError(name)
        return Section


class _Picked:
    """A report whose unit is chosen in a list: its sections follow the choice.

    Parameters
    ----------
    units
        Name by id.
    make
        Returns the report of a unit.
    """

    def __init__(self, units: Mapping[str, str], make: Callable[[str], Any]) -> None:
        import ipywidgets as widgets
        from IPython.display import display

        self._make = make
        self._places: dict[str, ipywidgets.VBox] = {}
        options = sorted(((name or unit, unit) for unit, name in units.items()), key=_folded)
        self._list = widgets.Dropdown(
            description="Unit", options=options, layout={"width": "100%", "max_width": "38rem"}
        )
        self._said = widgets.HTML()
        self._list.observe(lambda change: self._show(), "value")
        self._show()
        display(widgets.VBox([self._list, self._said]))  # type: ignore[no-untyped-call]

    def _show(self) -> None:
        self._said.value = ""
        try:
            self._report = self._make(self._list.value)
        except ZiEvalError as error:
            self._report = _Empty(str(error))
            self._said.value = self._report.section().live_html
        for name in self._places:
            self._fill(name)

    def _fill(self, name: str) -> None:
        import ipywidgets as widgets

        found = getattr(self._report, name)()
        if isinstance(found, Section):
            found = widgets.HTML(found.live_html)
        self._places[name].children = () if found is None else (found,)

    def __getattr__(self, name: str) -> Callable[[], Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def section() -> Any:
            import ipywidgets as widgets

            self._places[name] = widgets.VBox()
            self._fill(name)
            return self._places[name]

        return section


def _folded(option: tuple[str, str]) -> str:
    return option[0].casefold()


def _guide(text: str) -> Any:
    """Show what to do next, and return a report of nothing."""
    from IPython.display import display

    empty = _Empty(text)
    display(empty)  # type: ignore[no-untyped-call]
    return empty


def _names(period: Period, units: Any) -> dict[str, str]:
    """Return names by id; of a file that cannot be read, nothing is known but its id."""
    names = {}
    for unit in units:
        names[unit] = ""
        path = period.find_unit(unit)
        if path is not None:
            with suppress(ZiEvalError, OSError):
                names[unit] = period.read_head(path)[0]
    return names


def _choose(
    folder: str, units: Callable[[Period], Any], nothing: str, make: Callable[[Period, str], T]
) -> T:
    """Return a report with a list of units above it, or what to do next."""
    try:
        period = Period(find_period(folder))
        found = list(units(period))
    except WorkspaceError as error:
        if folder:
            raise
        return cast("T", _guide(str(error)))
    if not found:
        return cast("T", _guide(advise(nothing, period.folder)))
    return cast("T", _Picked(_names(period, found), lambda unit: make(period, unit)))


NO_PLAN = (
    "Belum ada tabel kinerja di {folder}/kinerja.\nBuat yang pertama dengan "
    "'zi-eval kinerja template', isi, lalu jalankan notebook ini lagi."
)
NO_SURVEY = (
    "Belum ada tabel survei di {folder}/survei.\nBuat yang pertama dengan "
    "'zi-eval survei template ipak', isi, lalu jalankan notebook ini lagi."
)


NO_WORKBOOK = (
    "Sebut buku kerja LKE (.xlsx) yang diperiksa, atau folder yang berisi banyak buku kerja."
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

    return _choose(unit_file, lambda period: period.unit_files, NO_UNIT, make)


def agency_report(parameters_folder: str = "", stage: str = "tpi", run: str = "") -> RecapPage:
    """Return the recap of an agency: each of its methods is a section.

    Parameters
    ----------
    parameters_folder
        The period's folder; the newest where empty.
    stage
        ``"unit"`` or ``"tpi"``.
    run
        The folder in which a run says what it has published, to be linked.
    """
    from zi_eval.pages.agency.published import read_published
    from zi_eval.pages.agency.recap import Recap
    from zi_eval.pages.agency.sections import RecapPage
    from zi_eval.performance.load import load_agency_performance
    from zi_eval.period.reading import load_agency_evaluation
    from zi_eval.report.made import Made
    from zi_eval.trends.load import load_agency_trends

    try:
        period = Period(find_period(parameters_folder))
    except WorkspaceError as error:
        if parameters_folder:
            raise
        return cast("RecapPage", _guide(str(error)))
    if not run and not period.unit_files:
        return cast("RecapPage", _guide(advise(NO_UNIT, period.folder)))
    evaluation = load_agency_evaluation(period, stage)
    plans, trends = load_agency_performance(period), load_agency_trends(period, evaluation)
    return RecapPage(Recap(evaluation, plans, trends, read_published(run)), Made.now())


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

    if unit:
        folder = Path(parameters_folder) if parameters_folder else find_period()
        return PerformanceBook(load_performance(folder, unit, cap, run), folder, unit, run)
    return _choose(
        parameters_folder,
        lambda period: find_plans(period.folder),
        NO_PLAN,
        lambda period, name: PerformanceBook(
            load_performance(period, name, cap), period.folder, name, ""
        ),
    )


class _Form:
    """A form that a list of units is shown above."""

    def __init__(self, folder: Path, unit: str) -> None:
        self._folder, self._unit = folder, unit

    def form(self) -> Any:
        from zi_eval.performance.form.screen import open_performance_form

        return open_performance_form(self._folder, self._unit)


def performance_form(parameters_folder: str = "", unit: str = "") -> Any:
    """Return the form in which a unit fills in results, causes and what it does about them.

    Parameters
    ----------
    parameters_folder, unit
        As :func:`performance_report`.
    """
    from zi_eval.performance.load import find_plans

    if unit:
        folder = Path(parameters_folder) if parameters_folder else find_period()
        return _Form(folder, unit).form()
    book = _choose(
        parameters_folder,
        lambda period: find_plans(period.folder),
        NO_PLAN,
        lambda period, name: _Form(period.folder, name),
    )
    return book.form()


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
    from zi_eval.survey.load import find_surveys, load_surveys
    from zi_eval.survey.page.sections import SurveyPage

    if unit:
        folder = Path(parameters_folder) if parameters_folder else find_period()
        return SurveyPage(load_surveys(folder, unit), Made.now())
    return _choose(
        parameters_folder,
        find_surveys,
        NO_SURVEY,
        lambda period, name: SurveyPage(load_surveys(period, name), Made.now()),
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
    from zi_eval.report.made import Made
    from zi_eval.trends.load import load_trends
    from zi_eval.trends.page.sections import TrendsPage

    return _report(
        parameters_folder,
        lambda folder: TrendsPage(load_trends(folder, unit, stage), Made.now()),
        is_named=bool(unit),
    )


def calibration_report(
    parameters_folder: str = "", units: str = "", second: str = "", evaluators: str = ""
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
    """
    from zi_eval.agreement.load import load_calibration
    from zi_eval.agreement.page.sections import CalibrationPage
    from zi_eval.report.made import Made

    def make(folder: Path) -> CalibrationPage:
        calibration, agency = load_calibration(folder, units, second, evaluators)
        return CalibrationPage(calibration, agency, Made.now())

    return _report(parameters_folder, make, is_named=bool(units or second or evaluators))


def _report(folder: str, make: Callable[[Path], T], *, is_named: bool) -> T:
    """Return a report of a whole period; what to do next where nobody named what is not there."""
    try:
        period = Period(find_period(folder))
        if not folder and not period.unit_files:
            return cast("T", _guide(advise(NO_UNIT, period.folder)))
        return make(period.folder)
    except WorkspaceError as error:
        if folder or is_named:
            raise
        return cast("T", _guide(str(error)))


def unit_form(period: str = "", unit: str = "", nama: str = "") -> ipywidgets.Widget:
    """Return the form in which a unit answers its questionnaire.

    Parameters
    ----------
    period, unit
        What to open; without a unit the form asks.
    nama
        Who fills it in; every change is kept with this name.
    """
    from zi_eval.forms import unit_form as form

    return form(period, unit, nama)


def verification_form(period: str = "", unit: str = "", nama: str = "") -> ipywidgets.Widget:
    """Return the form in which the TPI checks a unit's answers; see :func:`unit_form`."""
    from zi_eval.forms import verification_form as form

    return form(period, unit, nama)


class AuditView(Shown):
    """What is wrong with workbooks: formulas, weights, types, answers and recap, by cell."""

    def __init__(self, audits: list[WorkbookAudit]) -> None:
        self.audits = audits

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a finding."""
        from zi_eval import frames

        return frames.make_frame(
            "findings", frames.finding_rows(self.audits), frames.Known(), labels=labels
        )

    def section(self) -> Section:
        """Return the page of the audit."""
        from zi_eval.lke.page.audit import audit_section

        return audit_section(self.audits) if self.audits else Guidance(NO_WORKBOOK).section()

    def __repr__(self) -> str:
        if not self.audits:
            return NO_WORKBOOK
        from zi_eval.lke.page.audit import render_audits

        lines = render_audits(self.audits).splitlines()
        more = [f"… {len(lines) - 40} baris lagi: .frame()"] if len(lines) > 40 else []
        return "\n".join((*lines[:40], *more))


def audit(*paths: str | Path) -> AuditView:
    """Audit workbooks, or all those in folders; the worst first.

    Raises
    ------
    WorkspaceError
        Where a folder holds none.

    Examples
    --------
    >>> import zi_eval as zi
    >>> zi.audit()
    Sebut buku kerja LKE (.xlsx) yang diperiksa, atau folder yang berisi banyak buku kerja.
    """
    from zi_eval.lke.load import load_audits

    named = [path for path in paths if str(path)]
    return AuditView(load_audits(*named) if named else [])
