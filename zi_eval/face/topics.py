"""Tidy tables of a period's topics: plans, surveys, recommendations, decisions, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zi_eval.face.tables import PeriodTables

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TopicTables"]


class TopicTables(PeriodTables):
    """The tables of a period, those of its topics too."""

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
            paces = read_paces(self._period)
            return frames.similarity_rows(find_similarities(self._agency("tpi"), paces))

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
        from zi_eval.checking import find_problems

        def rows() -> Any:
            return frames.problem_rows(find_problems(self._period, self._agency().evaluations))

        return self._table("problems", (), rows, "", labels)

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
        from zi_eval.journal.unit_text import read_history
        from zi_eval.period.journal_file import journal_path

        def rows() -> Any:
            files = self._period.unit_files.items()
            kept = ((unit, path) for unit, path in files if journal_path(path).is_file())
            return frames.change_rows(
                (unit, change) for unit, path in kept for change in read_history(path)[0]
            )

        return self._table("changes", (), rows, "", labels)

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

        found = load_agency_performance(self._period).standings
        return self._table("indicators", (), lambda: frames.indicator_rows(found), "", labels)

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

        found = load_agency_workplans(self._period, month).standings
        return self._table("activities", (month,), lambda: frames.activity_rows(found), "", labels)

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

        found = load_registers(self._period)
        return self._table(
            "recommendations", (), lambda: frames.recommendation_rows(found), "", labels
        )

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

        found = load_stages(self._period).decisions
        return self._table("decisions", (), lambda: frames.decision_rows(found), "", labels)

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
            units = (unit for unit in find_surveys(self._period) if unit in self._period.unit_files)
            return frames.survey_rows(read_surveys(self._period, unit) for unit in units)

        return self._table("surveys", (), rows, "", labels)
