"""A period as people work with it: its units, and tidy tables of everything known of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from zi_eval.case import Case
from zi_eval.core.agency import rank_units
from zi_eval.core.assessment import Stage
from zi_eval.face.display import NO_UNIT, Guidance, SavedReport, advise, pick
from zi_eval.face.letters import Letter
from zi_eval.face.topics import TopicTables
from zi_eval.face.unit import UnitView
from zi_eval.period.evaluations import require_unit_file
from zi_eval.period.folders import find_period
from zi_eval.period.reading import Period
from zi_eval.period.unit_file import UNIT_ID
from zi_eval.report import words
from zi_eval.report.page import Section

if TYPE_CHECKING:
    from zi_eval.runs.period import PeriodRun

__all__ = ["PeriodView", "open_period", "score"]


class PeriodView(TopicTables):
    """One period of an agency: ``p["unit"]`` is a unit, the methods are tables.

    Examples
    --------
    >>> import zi_eval as zi
    >>> p = zi.open_period("2026")
    >>> len(p), list(p)[:2]
    (8, ['bapenda', 'dinas-dukcapil'])
    """

    def __init__(self, period: Period, stage: str = "tpi") -> None:
        super().__init__(period, stage)
        self._units: dict[tuple[str, str], UnitView] = {}

    # --- what it is ---

    @property
    def folder(self) -> Path:
        """The period's folder."""
        return self._period.folder

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
    return open_period(require_unit_file(path).resolve().parent, stage=stage).unit(path.stem)
