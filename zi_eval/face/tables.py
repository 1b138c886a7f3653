"""Tidy tables of everything that is known of a period, as people ask for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from zi_eval.case import load_agency
from zi_eval.core.agency import AgencyEvaluation, rank_units
from zi_eval.core.assessment import Stage
from zi_eval.face.display import Shown, pick
from zi_eval.period.reading import Period

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.frames import Known

__all__ = ["PeriodTables"]


class PeriodTables(Shown):
    """The tables of a period; each is made once for the same question.

    One row a fact. What cannot be read is left out, is named by the table's ``attrs["left_out"]``
    and stands with its reason in :meth:`problems`. Every table takes ``labels=True`` for Indonesian
    headings and words.
    """

    def __init__(self, period: Period, stage: str = "tpi") -> None:
        self._period, self.stage = period, pick(stage, [str(s) for s in Stage], "Tahap")
        self._agencies: dict[str, AgencyEvaluation] = {}
        self._tables: dict[Any, pd.DataFrame] = {}

    @property
    def name(self) -> str:
        """The period's name: that of its folder."""
        return self._period.folder.resolve().name

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
        orders["unit"] = tuple(self._period.unit_files)
        return frames.Known(self.name, orders, tuple(sorted(agency.failures)))

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

    def differences(self, *, stage: str = "tpi", labels: bool = False) -> pd.DataFrame:
        """Return one row for each question that the TPI answers otherwise than the unit.

        At the stage ``"tpn"``, that the TPN answers otherwise than the TPI.

        Columns: unit, question, title, unit_answer, tpi_answer, unit_value and tpi_value (0 to 1),
        points (what the correction moves), note; of the TPN tpi_answer, tpn_answer, tpi_value and
        tpn_value in their place.

        Examples
        --------
        >>> import zi_eval as zi
        >>> differences = zi.open_period("2026").differences()
        >>> differences.groupby("question", observed=True).size().max() > 1
        np.True_
        """
        from zi_eval import frames

        at = pick(stage, ("tpi", "tpn"), "Tahap")
        return self._table(
            "differences_tpn" if at == "tpn" else "differences", (),
            lambda: frames.difference_rows(self._agency(at).evaluations), at, labels,
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

    def holders(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each predicate that a unit of the agency holds or held.

        By the table of this period (``tpn/pemegang``) or the last one before it, and by results of
        the TPN since then.

        Columns: unit, predicate, awarded, decree, active, monitored, due, revoked, reason,
        replication.

        Examples
        --------
        >>> import zi_eval as zi
        >>> zi.open_period("2026").holders()[["unit", "predicate", "active"]].values.tolist()
        [['puskesmas-sukamaju', 'WBK', True]]
        """
        from zi_eval import frames
        from zi_eval.national.load import load_holders

        found = load_holders(self._period)
        rows = partial(frames.holder_rows, found.items, found.today)
        return self._table("holders", (), rows, "", labels)

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
