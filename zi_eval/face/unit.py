"""One unit as people work with it: a view of its :class:`~zi_eval.case.Case`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zi_eval.case import Case
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.problems import nearest
from zi_eval.core.verdict import Verdict
from zi_eval.errors import ArgumentError, WorkspaceError
from zi_eval.face.display import Shown
from zi_eval.period.answers import AnswerError, parse_value
from zi_eval.report import words
from zi_eval.report.bands import verdict_title
from zi_eval.report.page import Section

if TYPE_CHECKING:
    import pandas as pd

    from zi_eval.core.assessment import Answer
    from zi_eval.improvement.way import Improvement
    from zi_eval.pages.unit.sections import UnitReport

__all__ = [
    "ChanceView",
    "ImprovementView",
    "SavedReport",
    "TraceView",
    "TrendView",
    "UnitView",
    "VerdictView",
    "pick",
]


def pick(word: str, allowed: Iterable[str], what: str) -> str:
    """Return a word that is one of those allowed.

    Raises
    ------
    ArgumentError
        With the nearest of those allowed, where it is not.
    """
    known = [str(name) for name in allowed]
    if word in known:
        return word
    near = nearest(str(word), known)
    hint = f"Mungkin maksudnya '{near}'." if near else f"Yang ada: {', '.join(known[:12])}."
    raise ArgumentError(f"{what} '{word}' tidak ada. {hint}")


class SavedReport(Shown):
    """A report that is shown here by its opening, and saved whole as a page.

    Parameters
    ----------
    opening
        What is shown.
    text
        The same in a line of text.
    notebook, parameters, title
        The notebook that makes the page, what it is given, and the page's title.
    root
        The working folder, whose own notebook is used where it has one.
    """

    def __init__(
        self, opening: Section, text: str, notebook: str, parameters: Mapping[str, str],
        title: str, root: Path,
    ) -> None:  # fmt: skip
        self._opening, self._text = opening, text
        self._notebook, self._parameters, self._title = notebook, parameters, title
        self._root = root

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the whole report as one page, as ``zi-eval run`` makes it.

        Parameters
        ----------
        force
            Write over a file that is there.
        """
        from zi_eval.runs.notebooks import write_page

        output = Path(path)
        write_page(self._notebook, self._parameters, self._root, self._title, output, force)
        return output

    def section(self) -> Section:
        """Return the opening of the report."""
        return self._opening

    def __repr__(self) -> str:
        return f"{self._text}\nSimpan dengan .save('laporan.html')."


class VerdictView(Shown):
    """Whether a predicate is met, and what is missing."""

    def __init__(self, evaluation: Evaluation, verdict: Verdict) -> None:
        self._evaluation, self._verdict = evaluation, verdict

    @property
    def predicate(self) -> str:
        """The predicate that is judged."""
        return self._verdict.predicate

    @property
    def status(self) -> str:
        """``met``, ``not_met`` or ``unknown``."""
        return self._verdict.status.value

    @property
    def is_met(self) -> bool:
        """Whether it is sure to be met."""
        return self.status == "met"

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Ids of the questions without an answer."""
        return self._verdict.open_questions

    @property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against the verdict, in words, the strongest first."""
        return self._verdict.doubts

    @property
    def explained(self) -> tuple[str, ...]:
        """The doubts that a named person explained in writing, with the explanation."""
        return self._verdict.explained

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not reached or not known yet, each in words."""
        rules = tuple(
            f"{item.rule.title} ({words.margin_text(item.margin)})"
            for item in self._verdict.failed_rules
        )
        failed = tuple(
            f"{item.prerequisite.title}: {words.status_label(item.status)}"
            for item in (*self._verdict.failed_prerequisites, *self._verdict.unknown_prerequisites)
        )
        open_ones = len(self.open_questions)
        return (
            *self.doubts,
            *rules,
            *failed,
            *((f"{open_ones} pertanyaan belum dijawab",) if open_ones else ()),
        )

    def section(self) -> Section:
        """Return the verdict as a box."""
        from markupsafe import Markup

        doubted = words.doubts_text(self.doubts)
        line = Markup('<p class="doubt">{}</p>').format(doubted) if doubted else ""
        others = self.missing[len(self.doubts) :][:8]
        items = Markup("").join(Markup("<li>{}</li>").format(text) for text in others)
        return Section(
            Markup(
                '<section class="hero {}"><p class="verdict">{} {}</p>{}<ul class="plain">{}</ul>'
                "</section>"
            ).format(
                self.status,
                words.status_icon(self._verdict.status),
                verdict_title(self._evaluation, self._verdict),
                line,
                items,
            )
        )

    def __repr__(self) -> str:
        head = words.verdict_label(self._verdict.status, self.predicate)
        return "\n".join((f"{self.predicate}: {head}", *(f"  - {x}" for x in self.missing[:8])))


class TraceView(Shown):
    """Where one figure comes from, down to the answers."""

    def __init__(self, text: str) -> None:
        self._text = text

    def section(self) -> Section:
        """Return it as indented lines."""
        from markupsafe import Markup

        return Section(Markup('<pre class="code">{}</pre>').format(self._short()))

    def lines(self) -> list[str]:
        """Return every line: a figure, how it is computed, what it is computed from."""
        return self._text.splitlines()

    def _short(self, most: int = 40) -> str:
        lines = self.lines()
        more = [f"… {len(lines) - most} baris lagi: .lines()"] if len(lines) > most else []
        return "\n".join((*lines[:most], *more))

    def __repr__(self) -> str:
        return self._short()


class ImprovementView(Shown):
    """The shortest way to a predicate: which answers to raise, by how much."""

    def __init__(self, case: Case, found: Improvement | None) -> None:
        self._case, self._found = case, found

    @property
    def is_reachable(self) -> bool:
        """Whether there is a way."""
        return self._found is not None and self._found.way is not None

    @property
    def effort(self) -> float | None:
        """What the way takes, as ``upaya.yaml`` counts it; None without a way."""
        way = self._found.way if self._found else None
        return way.effort if way else None

    def moves(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each answer to raise; empty where there is no way."""
        from zi_eval import frames

        way = self._found.way if self._found else None
        known = frames.Known(orders=frames.order_of([self._case.evaluation],
                                                    self._case.evaluation.instrument))  # fmt: skip
        rows = frames.move_rows(way.moves if way else ())
        return frames.make_frame("moves", rows, known, labels=labels)

    def section(self) -> Section:
        """Return the plan of action of the report."""
        from zi_eval.improvement.page.plan import action_plan_section

        effort = self._case.effort
        if effort is None:
            return Section()
        return action_plan_section(self._case.evaluation, effort, self._found)

    def __repr__(self) -> str:
        from zi_eval.improvement.page.plan import plan_sentences

        if self._found is None:
            return "Rencana perbaikan tidak dapat dihitung: belum ada jawaban atau upaya."
        return "\n".join(plan_sentences(self._case.evaluation, self._found))


class ChanceView(Shown):
    """The chance of a predicate on its scores, prerequisites left aside."""

    def __init__(self, case: Case, predicate: str) -> None:
        self._case, self.predicate = case, predicate

    @property
    def share(self) -> float | None:
        """The chance from 0 to 1; None where nothing is uncertain."""
        found = self._case.chance
        return None if found is None else found.shares[self.predicate]

    def section(self) -> Section:
        """Return the section of the report."""
        from zi_eval.chance.page import chance_section

        found = self._case.chance
        return Section() if found is None else chance_section(found, self._case.evaluation)

    def __repr__(self) -> str:
        from zi_eval.chance.page import chance_sentence

        found = self._case.chance
        if found is None:
            return "Tidak ada yang belum pasti."
        percent = words.format_percent(self.share)
        return f"{self.predicate}: {percent}\n{chance_sentence(found, self._case.evaluation)}"


class TrendView(Shown):
    """What changed since earlier periods, and why."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """Return one row a period and score above the questions."""
        from zi_eval import frames

        periods = [
            *((item.evaluation.assessment.period, item.evaluation) for item in self._case.earlier),
            (self._case.evaluation.assessment.period, self._case.evaluation),
        ]
        orders = frames.order_of([self._case.evaluation], self._case.evaluation.instrument)
        seen = dict.fromkeys((*orders["id"], *(
            key for _, item in periods for key in frames.official_order(item.instrument)
        )))  # fmt: skip
        names = [name for name, _ in periods]
        known = frames.Known(orders={"id": tuple(seen), "period": names})
        return frames.make_frame("trend", frames.trend_rows(periods), known, labels=labels)

    def section(self) -> Section:
        """Return the section of the report."""
        from zi_eval.trends.page.sections import trends_section

        return trends_section(self._case.trends)

    def __repr__(self) -> str:
        from zi_eval.trends.page.words import step_lead

        trends = self._case.trends
        return step_lead(trends.last) if trends else "Belum ada periode sebelumnya."


class UnitView(Shown):
    """One unit in one period at one stage.

    Examples
    --------
    >>> import zi_eval as zi
    >>> u = zi.open_period("2026")["dpmptsp"]
    >>> u.target, u.status
    ('WBK', 'unknown')
    >>> round(u.score, 2)
    82.61
    >>> v = u.what_if({"B.I.a": 3.65})
    >>> v.compare(u)["change"].round(3).tolist()
    [0.044, 0.044, 0.044, 0.044]

    Attributes
    ----------
    case
        Everything that is known of it.
    """

    def __init__(self, case: Case, root: Path, trial: Mapping[str, Any] | None = None) -> None:
        self.case, self._root, self._trial = case, root, dict(trial or {})

    @property
    def _evaluation(self) -> Evaluation:
        return self.case.evaluation

    @property
    def id(self) -> str:
        """The unit's id: the name of its file."""
        return self._evaluation.assessment.unit.id

    @property
    def name(self) -> str:
        """The unit's name, as its file states it."""
        return self._evaluation.assessment.unit.name

    @property
    def stage(self) -> str:
        """Whose answers count: ``unit`` or ``tpi``."""
        return self.case.stage.value

    @property
    def target(self) -> str:
        """The predicate it builds for; where bands decide, the one that the score reaches."""
        return self._evaluation.target.predicate

    @property
    def status(self) -> str:
        """Of the target: ``met``, ``not_met`` or ``unknown``."""
        return self._evaluation.target.status.value

    @property
    def score(self) -> float | None:
        """Points as the official workbook gives them; None while nothing is answered."""
        return self._evaluation.card.total.score

    @property
    def proven(self) -> float:
        """Points where only answers with evidence count."""
        return self.case.proven

    def verdict(self, predicate: str = "") -> VerdictView:
        """Return whether a predicate is met, by default the target, and what is missing."""
        name = self._predicate(predicate)
        return VerdictView(self._evaluation, self._evaluation.verdicts[name])

    def trace(self, id: str = "total") -> TraceView:
        """Return where the figure of a question, node or the total comes from."""
        from zi_eval.pages.unit.text import render_trace

        instrument = self._evaluation.instrument
        known = ("total", *instrument.nodes, *instrument.questions)
        return TraceView(render_trace(self._evaluation, pick(id, known, "Nomor")))

    def improvement(self, predicate: str = "") -> ImprovementView:
        """Return the shortest way to a predicate, by default the one to go for next."""
        from zi_eval.improvement.programme import Unsolved
        from zi_eval.improvement.way import find_improvement

        found, effort = self.case.improvement, self.case.effort
        is_other = predicate and found is not None and found.predicate != self._predicate(predicate)
        if is_other and effort is not None:
            try:
                found = find_improvement(self._evaluation, effort.effort, predicate, effort.limits)
            except Unsolved:
                found = None
        return ImprovementView(self.case, found)

    def chance(self, predicate: str = "") -> ChanceView:
        """Return the chance of a predicate, by default the target."""
        return ChanceView(self.case, self._predicate(predicate))

    def trend(self) -> TrendView:
        """Return what changed since earlier periods."""
        return TrendView(self.case)

    def what_if(self, answers: Mapping[str, Any]) -> UnitView:
        """Return the unit as it would be with other answers; nothing is saved.

        Parameters
        ----------
        answers
            By question: the option, number or counts, as in the unit's file.

        Raises
        ------
        ArgumentError
            Where a question is not there (the nearest is named) or an answer is none of its own.
        """
        evaluation = self._evaluation
        questions, given = evaluation.instrument.questions, dict(evaluation.assessment.answers)
        for key, raw in answers.items():
            question = questions[pick(key, questions, "Pertanyaan")]
            try:
                value = parse_value(question, raw)
            except AnswerError as error:
                raise ArgumentError(f"{key}: {error}") from None
            given[key] = _answered(given.get(key), self.stage, value)
        tried = evaluate(
            evaluation.instrument,
            evaluation.rules,
            replace(evaluation.assessment, answers=given),
            evaluation.agency,
            evaluation.stage,
        )
        return UnitView(self.case.tried(tried), self._root, {**self._trial, **answers})

    def compare(self, other: UnitView, *, labels: bool = False) -> pd.DataFrame:
        """Return one row for each score that is another here than in ``other``.

        Columns: level, id, title, before, after, change (points); the total is always there.
        """
        from zi_eval import frames

        orders = frames.order_of([self._evaluation], self._evaluation.instrument)
        rows = frames.comparison_rows(other.case.evaluation, self._evaluation)
        return frames.make_frame("comparison", rows, frames.Known(orders=orders), labels=labels)

    def report(self) -> SavedReport:
        """Return its report: shown by its opening, saved whole with ``.save("x.html")``."""
        if self._trial:
            raise WorkspaceError(
                "Ini percobaan; laporannya tidak dibuat agar tidak tertukar dengan yang resmi. "
                "Bandingkan dengan .compare(), atau ubah jawabannya di formulir."
            )
        period = self._evaluation.assessment.period
        return SavedReport(
            self.section(),
            repr(self),
            "laporan_unit",
            {"unit_file": str(self.case.file.resolve()), "stage": self.stage, "run": ""},
            f"{self.name} · {period}",
            self._root,
        )

    def section(self) -> Section:
        """Return what the first screen of the report says."""
        return self._report().opening()

    def _report(self) -> UnitReport:
        from zi_eval.pages.unit.sections import unit_report
        from zi_eval.report.made import Made

        return unit_report(self.case, Made.now())

    def _predicate(self, name: str) -> str:
        return pick(name, self._evaluation.verdicts, "Predikat") if name else self.target

    def __repr__(self) -> str:
        evaluation = self._evaluation
        shown = words.format_number(self.score)
        trial = f", dicoba: {', '.join(self._trial)}" if self._trial else ""
        head = (
            f"{self.name} ({self.id}), {evaluation.assessment.period}, "
            f"{words.stage_text(evaluation)}{trial}"
        )
        lines = [
            head,
            f"Nilai {shown} dari {words.format_count(evaluation.instrument.weight)}; "
            f"{verdict_title(evaluation, evaluation.target)}",
            *self._report().reasons[1:],
        ]
        return "\n".join(lines)


def _answered(old: Answer | None, stage: str, value: Any) -> Answer:
    from zi_eval.core.assessment import Answer

    return replace(old or Answer(), **{stage: value})
