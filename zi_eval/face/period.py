"""A period as people work with it: its units, and tidy tables of everything known of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from zi_eval.case import Case, load_agency
from zi_eval.core.agency import AgencyEvaluation, rank_units
from zi_eval.core.assessment import Stage
from zi_eval.core.problems import Problem
from zi_eval.errors import WorkspaceError
from zi_eval.face.display import NO_UNIT, Guidance, SavedReport, Shown, advise, pick
from zi_eval.face.letters import Letter
from zi_eval.face.unit import UnitView
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period
from zi_eval.period.unit_file import UNIT_ID
from zi_eval.report import words
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.frames import Known
    from zi_eval.runs.period import PeriodRun

__all__ = ["PeriodView", "open_period", "score"]


class PeriodView(Shown):
    """One period of an agency: ``p["unit"]`` is a unit, the methods are tables.

    Tables have one row a fact. What cannot be read is left out of them, is named by their
    ``attrs["left_out"]`` and stands with its reason in :meth:`problems`. Every table takes
    ``labels=True`` for Indonesian headings and words.

    Examples
    --------
    >>> import zi_eval as zi
    >>> p = zi.open_period("2026")
    >>> len(p), list(p)[:2]
    (8, ['bapenda', 'dinas-dukcapil'])
    """

    def __init__(self, period: Period, stage: str = "tpi") -> None:
        self._period, self.stage = period, pick(stage, [str(s) for s in Stage], "Tahap")
        self._agencies: dict[str, AgencyEvaluation] = {}
        self._tables: dict[Any, pd.DataFrame] = {}
        self._units: dict[tuple[str, str], UnitView] = {}

    # --- what it is ---

    @property
    def folder(self) -> Path:
        """The period's folder."""
        return self._period.folder

    @property
    def name(self) -> str:
        """The period's name: that of its folder."""
        return self._period.folder.resolve().name

    @property
    def agency(self) -> str:
        """The agency's name."""
        return self._agency().agency.name

    @property
    def _root(self) -> Path:
        folder = self.folder.resolve()
        return folder.parent.parent if folder.parent.name == "parameters" else folder

    def __len__(self) -> int:
        return len(self._period.unit_files)

    def __iter__(self) -> Iterator[str]:
        return iter(self._period.unit_files)

    def __contains__(self, unit: object) -> bool:
        return unit in self._period.unit_files

    def __getitem__(self, unit: str) -> UnitView:
        return self.unit(unit)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def unit(self, unit: str, stage: str = "") -> UnitView:
        """Return one unit, at another stage where that is named; ``p["unit"]`` in short."""
        key = (pick(unit, self._period.unit_files, "Unit"), self._stage(stage))
        if key not in self._units:
            case = Case(self._period, self._period.unit_files[key[0]], Stage(key[1]))
            case.evaluation  # a file with errors says so now, not in a later cell  # noqa: B018
            self._units[key] = UnitView(case, self._root)
        return self._units[key]

    def _stage(self, stage: str) -> str:
        return pick(stage, [str(s) for s in Stage], "Tahap") if stage else self.stage

    def _agency(self, stage: str = "") -> AgencyEvaluation:
        key = self._stage(stage)
        if key not in self._agencies:
            self._agencies[key] = load_agency(self._period, key)
        return self._agencies[key]

    def _table(
        self, table: str, key: tuple[Any, ...], rows: Callable[[], Any], stage: str, labels: bool
    ) -> pd.DataFrame:
        """Return a table that is made once for the same question, and is the caller's own."""
        from zi_eval import frames

        place = (table, *key, self._stage(stage), labels)
        if place not in self._tables:
            known = self._known(stage)
            self._tables[place] = frames.make_frame(table, rows(), known, labels=labels)
        return frames.own_frame(self._tables[place])

    def _known(self, stage: str = "") -> Known:
        from zi_eval import frames

        agency = self._agency(stage)
        orders = frames.order_of(agency.evaluations, agency.instrument)
        orders["unit"] = tuple(self)
        return frames.Known(self.name, orders, tuple(sorted(agency.failures)))

    # --- tables ---

    def units(self, *, stage: str = "", labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, the highest score first.

        Columns: unit, name, kind, stage, target, status, score, floor and ceiling (points), rank,
        answered, questions, failed_rules, failed_prerequisites, unknown_prerequisites, problems.

        Examples
        --------
        >>> import zi_eval as zi
        >>> units = zi.open_period("2026").units()
        >>> units.loc[0, ["unit", "status"]].tolist()
        ['puskesmas-sukamaju', 'met']
        >>> str(units["score"].dtype), str(units["answered"].dtype)
        ('Float64', 'Int64')
        """
        from zi_eval import frames

        def rows() -> Any:
            ranked = rank_units(self._agency(stage))
            return frames.unit_rows((item.evaluation, item.rank) for item in ranked)

        return self._table("units", (), rows, stage, labels)

    def scores(
        self, level: str | None = None, *, stage: str = "", labels: bool = False
    ) -> pd.DataFrame:
        """Return one row a unit and score, in points.

        Parameters
        ----------
        level
            One of total, component, aspect, area (what the rules take together), part (of an area
            in one aspect), subarea, question; all where None.

        Columns: unit, stage, level, id, title, score, weight, percent (of the weight), floor,
        ceiling, answered, questions.

        Examples
        --------
        >>> import zi_eval as zi
        >>> areas = zi.open_period("2026").scores(level="area", stage="tpi")
        >>> len(areas), str(areas["score"].dtype)
        (48, 'Float64')
        """
        from zi_eval import frames

        if level is not None:
            pick(level, frames.LEVELS, "Tingkat")
        return self._table(
            "scores", (level,),
            lambda: frames.score_rows(self._agency(stage).evaluations, level), stage, labels,
        )  # fmt: skip

    def answers(self, *, stage: str = "", labels: bool = False) -> pd.DataFrame:
        """Return one row a unit and question; an open one has no answer and no value.

        Columns: unit, stage, question, title, answer, value (0 to 1), points, weight (points),
        source, evidence (pieces), note.

        Examples
        --------
        >>> import zi_eval as zi
        >>> answers = zi.open_period("2026").answers()
        >>> int(answers["value"].isna().sum())
        20
        """
        from zi_eval import frames

        return self._table(
            "answers", (), lambda: frames.answer_rows(self._agency(stage).evaluations),
            stage, labels,
        )  # fmt: skip

    def rules(self, *, failed: bool = False, stage: str = "", labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, predicate and minimum; only those not reached if ``failed``.

        Columns: unit, stage, predicate, rule, title, need, got and margin (points), status, source.

        Examples
        --------
        >>> import zi_eval as zi
        >>> bool((zi.open_period("2026").rules(failed=True)["margin"] < 0).all())
        True
        """
        from zi_eval import frames

        return self._table(
            "rules", (failed,),
            lambda: frames.rule_rows(self._agency(stage).evaluations, failed), stage, labels,
        )  # fmt: skip

    def prerequisites(self, *, unknown: bool = False, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, predicate and prerequisite; only unstated ones if ``unknown``.

        Columns: unit, predicate, prerequisite, who, title, need, got, status, source.

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2026").prerequisites(unknown=True)["got"].isna().all()
        np.True_
        """
        from zi_eval import frames

        return self._table(
            "prerequisites", (unknown,),
            lambda: frames.prerequisite_rows(self._agency().evaluations, unknown), "", labels,
        )  # fmt: skip

    def differences(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each question that the TPI answers otherwise than the unit.

        Columns: unit, question, title, unit_answer, tpi_answer, unit_value and tpi_value (0 to 1),
        points (what the correction moves), note.

        Examples
        --------
        >>> import zi_eval as zi
        >>> differences = zi.open_period("2026").differences()
        >>> differences.groupby("question", observed=True).size().max() > 1
        np.True_
        """
        from zi_eval import frames

        return self._table(
            "differences", (),
            lambda: frames.difference_rows(self._agency("tpi").evaluations), "tpi", labels,
        )  # fmt: skip

    def alike(self, *, stage: str = "unit", labels: bool = False) -> pd.DataFrame:
        """Return one row for each two units: how many of their answers are the same.

        The most alike come first; by default their own answers are compared, not the TPI's.

        Columns: unit, other, same, both, percent (0 to 100).

        Examples
        --------
        >>> import zi_eval as zi
        >>> len(zi.open_period("2026").alike())
        28
        """
        from zi_eval import frames

        return self._table(
            "alike", (), lambda: frames.alike_rows(self._agency(stage).evaluations), stage, labels
        )

    def similarities(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each thing that is the same across units beyond chance.

        Answers, notes and evidence of two units; of one unit, answers that are all at their best
        and a TPI that agrees with all of them, or within seconds. Each is something to look at
        and says nothing of why.

        Columns: sign, unit, other, count, of, expected, strength, seconds, questions.

        Examples
        --------
        >>> import zi_eval as zi
        >>> len(zi.open_period("2026").similarities())
        0
        """
        from zi_eval import frames
        from zi_eval.similarities.find import find_similarities
        from zi_eval.similarities.load import read_paces

        def rows() -> Any:
            found = find_similarities(self._agency("tpi"), read_paces(self._period))
            return frames.similarity_rows(found)

        return self._table("similarities", (), rows, "tpi", labels)

    def problems(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each thing that is wrong with a file of the period.

        Columns: unit (NA of shared files), severity, code, message, hint, file, line, cell, key.

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2026").problems()["severity"].cat.categories.tolist()
        ['warning', 'error']
        """
        from zi_eval import frames

        return self._table(
            "problems", (), lambda: frames.problem_rows(self._problems()), "", labels
        )

    def changes(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a change that a form, or a hand, made in a unit's file, oldest first.

        Columns: unit, number, time (UTC), person, role, key, field, old, new, undoes.

        Examples
        --------
        >>> import zi_eval as zi
        >>> str(zi.open_period("2026").changes()["time"].dt.tz)
        'UTC'
        """
        from zi_eval import frames

        return self._table("changes", (), lambda: frames.change_rows(self._changes()), "", labels)

    def indicators(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit and indicator of its performance plan.

        Columns: unit, goal, indicator, unit_of_measure, is_key, quarter, target, result,
        achievement (percent), light, reason, ceiling and spent (rupiah).

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2026").indicators()["unit"].nunique()
        8
        """
        from zi_eval import frames
        from zi_eval.performance.load import load_agency_performance

        def rows() -> Any:
            found = load_agency_performance(self._period)
            return frames.indicator_rows(found.standings)

        return self._table("indicators", (), rows, "", labels)

    def activities(self, month: int | None = None, *, labels: bool = False) -> pd.DataFrame:
        """Return one row an activity of the work plans of building ZI, as it stands.

        Columns: unit, activity, questions, is_priority, owner, month, standing, planned, reached,
        whole, unit_of_measure, late_since, is_unproven, without_effect, evidence, obstacle,
        follow_up.

        Parameters
        ----------
        month
            At whose end they are looked at, 1 to 12; by default each plan's last that is reported.

        Examples
        --------
        >>> import zi_eval as zi
        >>> found = zi.open_period("2026").activities(month=6)
        >>> found.loc[found["late_since"].notna(), "late_since"].tolist()
        [4]
        """
        from zi_eval import frames
        from zi_eval.workplan.load import load_agency_workplans

        def rows() -> Any:
            return frames.activity_rows(load_agency_workplans(self._period, month).standings)

        return self._table("activities", (month,), rows, "", labels)

    def recommendations(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a recommendation to a unit, or to the agency (unit NA).

        Those of earlier periods are among them, each in its latest state.

        Columns: unit, number, origin, questions, text, owner, issued, due, progress, is_open,
        is_proven, action, proof, verified_by, period, since.

        Examples
        --------
        >>> import zi_eval as zi
        >>> found = zi.open_period("2026").recommendations()
        >>> sorted(found.loc[found["period"] != "2026", "period"].unique())
        ['2025']
        """
        from zi_eval import frames
        from zi_eval.recommendations.load import load_registers

        def rows() -> Any:
            return frames.recommendation_rows(load_registers(self._period))

        return self._table("recommendations", (), rows, "", labels)

    def decisions(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each decision of the TPN on a unit at a stage.

        Columns: unit, step, outcome, day, condition, recommendation.

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2025").decisions()["outcome"].value_counts().to_dict()
        {'lulus': 3, 'tidak lulus': 3}
        """
        from zi_eval import frames
        from zi_eval.national.load import load_stages

        def rows() -> Any:
            return frames.decision_rows(load_stages(self._period).decisions)

        return self._table("decisions", (), rows, "", labels)

    def surveys(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a unit, survey and element; the element ``index`` is the whole survey.

        Columns: unit, survey, element, title, index (of 4), low and high (95 %), respondents.

        Examples
        --------
        >>> import zi_eval as zi
        >>> surveys = zi.open_period("2026").surveys()
        >>> sorted(surveys["survey"].unique())
        ['ipak', 'ipkp', 'skm']
        """
        from zi_eval import frames
        from zi_eval.survey.files import find_surveys
        from zi_eval.survey.load import read_surveys

        def rows() -> Any:
            units = (unit for unit in find_surveys(self._period) if unit in self)
            return frames.survey_rows(read_surveys(self._period, unit) for unit in units)

        return self._table("surveys", (), rows, "", labels)

    def recap(self, *, stage: str = "") -> pd.DataFrame:
        """Return the table of ``rekap.csv`` and ``rekap.xlsx``, with its Indonesian headings.

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2026").recap().columns[1]
        'Kode unit'
        """
        from zi_eval import frames
        from zi_eval.pages.agency.recap import Recap

        return frames.recap_frame(Recap(self._agency(stage)))

    def _problems(self) -> Iterator[tuple[str | None, Problem]]:
        from zi_eval.astray import find_astray
        from zi_eval.checking import check_agency, find_table_problems

        shared = (*check_agency(self._period), *find_astray(self._period))
        yield from ((None, problem) for problem in shared)
        for unit, path in self._period.unit_files.items():
            yield from ((unit, problem) for problem in self._period.read_unit(path)[0].problems)
        for item in self._agency().evaluations:
            yield from ((item.assessment.unit.id, problem) for problem in item.card.problems)
        for unit, problem in find_table_problems(self._period):
            yield unit if unit in self else None, problem

    def _changes(self) -> Iterator[tuple[str, Any]]:
        from zi_eval.journal.unit_text import read_history
        from zi_eval.period.journal_file import journal_path

        for unit, path in self._period.unit_files.items():
            if journal_path(path).is_file():
                yield from ((unit, change) for change in read_history(path)[0])

    # --- what is made of it ---

    def report(self) -> SavedReport:
        """Return the recap of the agency: shown by its opening, saved with ``.save("x.html")``."""
        return SavedReport(
            self.section(),
            repr(self),
            "rekap_instansi",
            {"parameters_folder": str(self.folder.resolve()), "stage": self.stage, "run": ""},
            f"Rekap {self.agency} · {self.name}",
            self._root,
        )

    def letter(self, unit: str) -> Letter:
        """Return the evaluation letter (LHE) of a unit, to be saved."""
        return Letter(self._period, pick(unit, self._period.unit_files, "Unit"))

    def run(self, jobs: int | None = None, *, force: bool = False) -> PeriodRun:
        """Make the report of every unit that changed, then the recap, in ``outputs/<period>/``.

        Parameters
        ----------
        jobs
            Notebooks at the same time.
        force
            Make also what is done and unchanged.
        """
        from zi_eval.runs.period import run_period

        with _script_left_out():
            return run_period(self._root, self.name, stage=self.stage, workers=jobs, force=force)

    def refresh(self) -> PeriodView:
        """Return the period as its files are now."""
        return PeriodView(Period(self.folder), self.stage)

    def section(self) -> Section:
        """Return the masthead and the summary of the recap."""
        from zi_eval.pages.agency.recap import Recap
        from zi_eval.pages.agency.sections import RecapPage
        from zi_eval.report.made import Made

        if not len(self):
            return Guidance(advise(NO_UNIT, self.folder)).section()
        page = RecapPage(Recap(self._agency()), Made.now())
        return Section(page.masthead().html + page.summary().html)

    def __repr__(self) -> str:
        if not len(self):
            return advise(NO_UNIT, self.folder)
        agency = self._agency()
        stage = words.stage_of_all(agency.stage, agency.evaluations)
        lines = [f"{agency.agency.name}, periode {self.name}, {stage}: {len(self)} unit"]
        for item in rank_units(agency)[:12]:
            unit, target = item.evaluation.assessment.unit, item.evaluation.target
            shown = words.format_number(item.evaluation.card.total.score)
            label = words.status_label(target.status)
            lines.append(f"  {shown:>7}  {unit.id:<28.28} {target.predicate} {label}")
        if len(agency.evaluations) > 12:
            lines.append(f"  … dan {len(agency.evaluations) - 12} unit lainnya: .units()")
        if agency.failures:
            names = sorted(agency.failures)
            more = f" dan {len(names) - 5} lainnya" if len(names) > 5 else ""
            lines.append(f"  Tidak terbaca: {', '.join(names[:5])}{more}; lihat problems()")
        return "\n".join(lines)


@contextmanager
def _script_left_out() -> Iterator[None]:
    """Keep new processes from running the script that asks, which need not guard its main part."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def open_period(period: str | int | Path = "", *, stage: str = "tpi") -> PeriodView:
    """Open a period of the nearest ``parameters`` folder, at or above where you are.

    Parameters
    ----------
    period
        Its name, as ``"2026"`` or 2026, or the path of its folder; the newest where empty.
    stage
        Whose answers count where a table is not asked for another: ``"tpi"`` or ``"unit"``.

    Raises
    ------
    WorkspaceError, ArgumentError
        Where it is not there; the nearest name is named.

    Examples
    --------
    >>> import zi_eval as zi
    >>> zi.open_period("2026").agency
    'Pemerintah Kabupaten Contoh'
    """
    return PeriodView(Period(find_period(period)), stage)


def score(file: str | Path, *, stage: str = "tpi") -> UnitView:
    """Open one unit by its file, or by its id in the newest period.

    Examples
    --------
    >>> import zi_eval as zi
    >>> zi.score("parameters/2026/dpmptsp.yaml").target
    'WBK'
    """
    path = Path(file)
    if UNIT_ID.fullmatch(str(file)) and not path.exists():
        return open_period(stage=stage).unit(str(file))
    if not path.is_file():
        raise WorkspaceError(f"Berkas {path} tidak ada. Periksa nama unit dan periodenya.")
    return open_period(path.resolve().parent, stage=stage).unit(path.stem)
