"""Core values as tidy pandas tables: one row one fact. The only module that imports pandas.

Ids are stable and English, official titles stand in a column of their own, what can be ordered is
an ordered category, whole numbers are ``Int64``, times have their zone, and what is missing is
``NA``, never 0. With ``labels=True`` headings and categories are Indonesian instead, for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Fact, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Instrument, Question
from zi_eval.core.problems import Problem, Severity
from zi_eval.core.scoring import NodeScore
from zi_eval.core.verdict import Status
from zi_eval.lke.findings import WorkbookAudit
from zi_eval.pages.agency.recap import Recap
from zi_eval.pages.agency.tables import recap_columns, recap_rows
from zi_eval.performance.projection import Light
from zi_eval.performance.watch import PlanStanding
from zi_eval.similarities.values import Similarity
from zi_eval.survey.unit import UnitSurveys

__all__ = [
    "LEVELS",
    "TABLES",
    "Column",
    "Frame",
    "Known",
    "alike_rows",
    "answer_rows",
    "array_frame",
    "change_rows",
    "comparison_rows",
    "difference_rows",
    "finding_rows",
    "indicator_rows",
    "label_frame",
    "levels_of",
    "make_frame",
    "move_rows",
    "official_order",
    "order_of",
    "own_frame",
    "prerequisite_rows",
    "problem_rows",
    "recap_frame",
    "rule_rows",
    "score_rows",
    "similarity_rows",
    "survey_rows",
    "trend_rows",
    "unit_rows",
]

LEVELS: Final = ("total", "component", "aspect", "area", "part", "subarea", "question")
"""The levels of a score: ``area`` is what the rules take together, ``part`` its share of an aspect.

Where an instrument names no such areas, its own nodes keep their kinds.
"""
STATUSES: Final = tuple(status.value for status in (Status.NOT_MET, Status.UNKNOWN, Status.MET))
STAGES: Final = tuple(stage.value for stage in Stage)
SEVERITIES: Final = ("warning", "error")
LIGHTS: Final = tuple(
    light.name.lower()
    for light in (Light.NOT_DUE, Light.MISSING, Light.RED, Light.AMBER, Light.GREEN)
)
WORDS: Final[Mapping[str, str]] = {
    "not_met": "belum tercapai", "unknown": "belum dapat disimpulkan", "met": "tercapai",
    "unit": "penilaian unit", "tpi": "evaluasi TPI", "warning": "perhatian", "error": "salah",
    "total": "total", "component": "komponen", "aspect": "aspek", "area": "area",
    **{light.name.lower(): light.value for light in Light},
    "part": "bagian area", "subarea": "subarea", "question": "pertanyaan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    dtype
        ``string``, ``Float64``, ``Int64``, ``boolean``, ``category`` (unordered), ``ordered`` (a
        category in its official order) or ``time`` (with its zone).
    label
        Its heading in Indonesian.
    meaning
        What it says, with its unit of measure.
    """

    name: str
    dtype: str
    label: str
    meaning: str


UNIT: Final = Column("unit", "category", "Unit", "id of the unit: the name of its file")
STAGE: Final = Column("stage", "ordered", "Tahap", "whose answers count: unit < tpi")
QUESTION: Final = Column("question", "ordered", "Nomor", "official number, in official order")
TITLE: Final = Column("title", "string", "Keterangan", "official title or text")
PREDICATE: Final = Column("predicate", "ordered", "Predikat", "lowest first, e.g. WBK < WBBM")
STATUS: Final = Column("status", "ordered", "Hasil", "not_met < unknown < met")

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "units": (
        UNIT,
        Column("name", "string", "Nama unit", "as its file states it"),
        Column("kind", "string", "Jenis", "as its file states it"),
        STAGE,
        Column("target", "ordered", "Target", "predicate it builds for; NA where bands decide"),
        Column("status", "ordered", "Hasil", "of the target: not_met < unknown < met"),
        Column("score", "Float64", "Nilai", "points, as the official workbook gives them"),
        Column("floor", "Float64", "Nilai terendah", "points, open questions counted as 0"),
        Column("ceiling", "Float64", "Nilai tertinggi", "points, open questions at their best"),
        Column("rank", "Int64", "Peringkat", "1 for the highest score; equal scores share it"),
        Column("answered", "Int64", "Dijawab", "questions with a value"),
        Column("questions", "Int64", "Pertanyaan", "questions in all"),
        Column("failed_rules", "Int64", "Ambang belum tercapai", "of the target"),
        Column("failed_prerequisites", "Int64", "Prasyarat gagal", "known not to hold"),
        Column("unknown_prerequisites", "Int64", "Prasyarat belum diketahui", "not stated yet"),
        Column("problems", "Int64", "Catatan", "warnings of its file and answers"),
    ),
    "scores": (
        UNIT,
        STAGE,
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "official number, or total, or the id of an area"),
        TITLE,
        Column("score", "Float64", "Nilai", "points; NA while nothing below is answered"),
        Column("weight", "Float64", "Bobot", "the highest score; NA of a question without one"),
        Column("percent", "Float64", "Persen bobot", "score of weight, 0 to 100"),
        Column("floor", "Float64", "Nilai terendah", "points, open questions counted as 0"),
        Column("ceiling", "Float64", "Nilai tertinggi", "points, open questions at their best"),
        Column("answered", "Int64", "Dijawab", "questions below with a value"),
        Column("questions", "Int64", "Pertanyaan", "questions below in all"),
    ),
    "answers": (
        UNIT,
        STAGE,
        QUESTION,
        TITLE,
        Column("answer", "string", "Jawaban", "option, number or counts; NA while open"),
        Column("value", "Float64", "Nilai", "0 to 1; NA while open"),
        Column("points", "Float64", "Poin", "what it gives once no question is open"),
        Column("weight", "Float64", "Poin penuh", "the most it can give"),
        Column("source", "ordered", "Dijawab oleh", "whose answer it is: unit < tpi"),
        Column("evidence", "Int64", "Bukti", "pieces of evidence"),
        Column("note", "string", "Catatan", "of whoever answers; untrusted text"),
    ),
    "rules": (
        UNIT,
        STAGE,
        PREDICATE,
        Column("rule", "category", "Ambang", "id of the rule"),
        TITLE,
        Column("need", "Float64", "Diminta", "points"),
        Column("got", "Float64", "Diperoleh", "points; NA while nothing is answered"),
        Column("margin", "Float64", "Selisih", "points above the minimum, negative below"),
        STATUS,
        Column("source", "string", "Sumber", "where the rule stands"),
    ),
    "prerequisites": (
        UNIT,
        PREDICATE,
        Column("prerequisite", "category", "Prasyarat", "id of the prerequisite"),
        Column("who", "category", "Milik", "of whom it is stated: unit or instansi"),
        TITLE,
        Column("need", "string", "Diminta", "grade, number or Ya"),
        Column("got", "string", "Dinyatakan", "NA while nobody stated it"),
        STATUS,
        Column("source", "string", "Sumber", "where the prerequisite stands"),
    ),
    "differences": (
        UNIT,
        QUESTION,
        TITLE,
        Column("unit_answer", "string", "Jawaban unit", "NA while open"),
        Column("tpi_answer", "string", "Jawaban TPI", "another than the unit's"),
        Column("unit_value", "Float64", "Nilai unit", "0 to 1"),
        Column("tpi_value", "Float64", "Nilai TPI", "0 to 1"),
        Column("points", "Float64", "Poin", "what the correction moves once no question is open"),
        Column("note", "string", "Catatan TPI", "untrusted text"),
    ),
    "problems": (
        UNIT,
        Column("severity", "ordered", "Tingkat", "warning < error; an error leaves the file out"),
        Column("code", "category", "Kode", "stable name of the kind of problem"),
        Column("message", "string", "Masalah", "one sentence, in Indonesian"),
        Column("hint", "string", "Saran", "what to do next"),
        Column("file", "string", "Berkas", "its path"),
        Column("line", "Int64", "Baris", "from 1"),
        Column("cell", "string", "Sel", "Sheet!A1"),
        Column("key", "string", "Butir", "question, node or key"),
    ),
    "changes": (
        UNIT,
        Column("number", "Int64", "Nomor", "counts the changes of a unit from 1"),
        Column("time", "time", "Waktu", "when, in UTC"),
        Column("person", "string", "Oleh", "who made it; untrusted text"),
        Column("role", "category", "Peran", "unit, anggota, ketua, pengendali teknis or berkas"),
        Column("key", "string", "Butir", "question, or syarat, identitas, evaluasi"),
        Column("field", "category", "Bagian", "unit, tpi, catatan, bukti, …"),
        Column("old", "string", "Lama", "NA where there was nothing"),
        Column("new", "string", "Baru", "NA where it was taken away"),
        Column("undoes", "Int64", "Membatalkan", "number of the step it takes back"),
    ),
    "indicators": (
        UNIT,
        Column("goal", "string", "Sasaran", "untrusted text"),
        Column("indicator", "string", "Indikator", "untrusted text"),
        Column("unit_of_measure", "string", "Satuan", "of target and result"),
        Column("is_key", "boolean", "IKU", "whether it is a main indicator"),
        Column("quarter", "Int64", "Triwulan", "the last reported, 1 to 4"),
        Column("target", "Float64", "Target setahun", "in its unit of measure"),
        Column("result", "Float64", "Realisasi", "until the quarter, in its unit of measure"),
        Column("achievement", "Float64", "Capaian", "percent of what was planned until then"),
        Column("light", "ordered", "Lampu", " < ".join(LIGHTS)),
        Column("reason", "string", "Alasan", "of the light"),
        Column("ceiling", "Float64", "Pagu", "rupiah"),
        Column("spent", "Float64", "Serapan", "rupiah"),
    ),
    "surveys": (
        UNIT,
        Column("survey", "category", "Survei", "ipak, ipkp, skm or a team's own"),
        Column("element", "string", "Unsur", "id of the element; index is the whole survey"),
        TITLE,
        Column("index", "Float64", "Indeks", "of 4"),
        Column("low", "Float64", "Batas bawah", "of its 95 % interval; NA with few respondents"),
        Column("high", "Float64", "Batas atas", "of its 95 % interval"),
        Column("respondents", "Int64", "Responden", "who answered it"),
    ),
    "alike": (
        UNIT,
        Column("other", "category", "Unit lain", "id of the other unit"),
        Column("same", "Int64", "Jawaban sama", "questions both answered, and alike"),
        Column("both", "Int64", "Dijawab keduanya", "questions both answered"),
        Column("percent", "Float64", "Persen sama", "same of both, 0 to 100"),
    ),
    "similarities": (
        Column("sign", "category", "Yang terlihat", "kind of what is the same"),
        UNIT,
        Column("other", "category", "Unit lain", "id of the other unit; NA of one unit alone"),
        Column("count", "Int64", "Sama", "places that are the same, agreed or at their best"),
        Column("of", "Int64", "Dari", "places compared"),
        Column("expected", "Float64", "Wajarnya", "of answers: the same by chance in this agency"),
        Column("strength", "Float64", "Kekuatan", "standard deviations above that"),
        Column("seconds", "Float64", "Detik", "between two answers of the TPI, where known"),
        Column("questions", "string", "Pertanyaan", "ids to look at, the most telling first"),
    ),
    "findings": (
        Column("workbook", "string", "Buku kerja", "name of the file"),
        Column("kind", "ordered", "Jenis", "note < damage"),
        Column("code", "category", "Kode", "stable name of the kind of finding"),
        Column("sheet", "string", "Lembar", "of the workbook"),
        Column("cell", "string", "Sel", "as A1"),
        Column("key", "string", "Butir", "question, input or node"),
        Column("message", "string", "Temuan", "one sentence, in Indonesian"),
        Column("points", "Float64", "Poin", "moves the total; NA where that becomes an error"),
        Column("is_fixable", "boolean", "Dapat diperbaiki", "without knowing an answer"),
    ),
    "moves": (
        QUESTION,
        TITLE,
        Column("now", "string", "Sekarang", "NA while open"),
        Column("then", "string", "Menjadi", "the answer to reach"),
        Column("steps", "Int64", "Langkah", "options of a choice, tenths of a number"),
        Column("effort", "Float64", "Upaya", "as upaya.yaml counts it"),
        Column("points", "Float64", "Poin", "what it adds to the total"),
    ),
    "comparison": (
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "as in scores"),
        TITLE,
        Column("before", "Float64", "Semula", "points"),
        Column("after", "Float64", "Menjadi", "points"),
        Column("change", "Float64", "Selisih", "points"),
    ),
    "trend": (
        Column("period", "ordered", "Periode", "oldest first"),
        Column("level", "ordered", "Tingkat", "total < component < aspect < area < part < …"),
        Column("id", "ordered", "Nomor", "as in scores"),
        TITLE,
        Column("score", "Float64", "Nilai", "points"),
        Column("weight", "Float64", "Bobot", "the highest score"),
        Column("percent", "Float64", "Persen bobot", "score of weight, 0 to 100"),
    ),
}  # fmt: skip
"""Every table with its columns, in order."""


class Frame(pd.DataFrame):
    """A table that also says what is not in it; whatever is made of it is a plain data frame."""

    def _note(self) -> str:
        left = self.attrs.get("left_out") or ()
        if not left:
            return ""
        names = ", ".join(left[:5]) + (f" dan {len(left) - 5} lainnya" if len(left) > 5 else "")
        return f"Tanpa {len(left)} unit yang berkasnya tidak terbaca ({names}); lihat problems()."

    def _repr_html_(self) -> str:
        note = self._note()
        shown = str(super()._repr_html_())  # type: ignore[misc]
        return f"{shown}<p>{escape(note)}</p>" if note else shown

    def __repr__(self) -> str:
        note = self._note()
        return f"{super().__repr__()}\n{note}" if note else super().__repr__()


@dataclass(frozen=True, slots=True)
class Known:
    """What tables are made with: categories in their order, and what is not in the rows.

    Attributes
    ----------
    orders
        The values of ordered columns, and of units, by column.
    left_out
        Ids of units whose files cannot be read.
    """

    period: str = ""
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


_ORDERS: Final[Mapping[str, Sequence[str]]] = {
    "stage": STAGES, "source": STAGES, "status": STATUSES, "level": LEVELS,
    "severity": SEVERITIES, "light": LIGHTS, "kind": ("note", "damage"),
}  # fmt: skip


def _array(column: Column, values: Sequence[Any], order: Sequence[str] | None) -> Any:
    if column.dtype in ("category", "ordered"):
        is_ordered = column.dtype == "ordered"
        names = None if order is None else pd.Index(order)
        return pd.Categorical(values, categories=names, ordered=is_ordered)
    if column.dtype == "time":
        return pd.Series(pd.to_datetime(list(values), utc=True))
    kind: Any = column.dtype
    return pd.array(values, dtype=kind)


def make_frame(
    table: str, rows: Iterable[Sequence[Any]], known: Known, *, labels: bool = False
) -> pd.DataFrame:
    """Return rows as one of :data:`TABLES`.

    Parameters
    ----------
    rows
        Values in the order of the table's columns; None is missing.
    labels
        Head the columns, and word the categories, in Indonesian.
    """
    columns = TABLES[table]
    values: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    orders = {**_ORDERS, **known.orders}
    made = {
        column.name: _array(column, cells, orders.get(column.name))
        for column, cells in zip(columns, values, strict=True)
    }
    frame = Frame(made)
    if labels:
        label_frame(frame, columns)
    frame.attrs = {"table": table, "period": known.period, "left_out": known.left_out}
    return frame


def array_frame(
    table: str,
    columns: Mapping[str, npt.NDArray[Any]],
    known: Known,
    texts: Mapping[str, Sequence[str]],
    *,
    labels: bool = False,
) -> pd.DataFrame:
    """Return arrays as one of :data:`TABLES`, for millions of rows.

    Parameters
    ----------
    columns
        By name: numbers, NaN where missing, or codes of categories; what is left out is missing.
    texts
        What the codes of text columns stand for, repeated ones allowed.
    """
    size = len(next(iter(columns.values()), ()))
    orders = {**_ORDERS, **known.orders}
    made: dict[str, Any] = {}
    for column in TABLES[table]:
        values = columns.get(column.name)
        if column.name in texts:
            found = list(dict.fromkeys(texts[column.name]))
            place = {text: n for n, text in enumerate(found)}
            codes = np.array([place[text] for text in texts[column.name]], np.int16)
            made[column.name] = pd.Categorical.from_codes(
                codes[values] if values is not None else [], categories=pd.Index(found)
            )
        elif values is None:
            made[column.name] = _array(column, [None], orders.get(column.name)).repeat(size)
        elif column.dtype in ("category", "ordered"):
            order = pd.Index(orders[column.name])
            is_ordered = column.dtype == "ordered"
            made[column.name] = pd.Categorical.from_codes(values, order, ordered=is_ordered)
        elif column.dtype == "Int64":
            made[column.name] = pd.arrays.IntegerArray(
                values.astype(np.int64), np.zeros(size, np.bool_)
            )
        else:
            made[column.name] = pd.arrays.FloatingArray(values, np.isnan(values))
    frame = Frame(made, copy=False)
    if labels:
        label_frame(frame, TABLES[table])
    frame.attrs = {"table": table, "period": known.period, "left_out": known.left_out}
    return frame


def own_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that its caller may change without another seeing it."""
    own = Frame(frame.copy())
    own.attrs = dict(frame.attrs)
    return own


def label_frame(frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Head the columns, and word the categories, in Indonesian, in place."""
    for column in columns:
        if column.dtype == "ordered":
            words = {str(name): WORDS.get(str(name), str(name)) for name in
                     frame[column.name].cat.categories}  # fmt: skip
            frame[column.name] = frame[column.name].cat.rename_categories(words)
    frame.columns = pd.Index([column.label for column in columns])


# --- rows of each table ---


def _text(value: Value | Fact | None) -> str | None:
    """Write an answer or a fact as plain text; None stays missing."""
    if value is None:
        return None
    if value is NOT_APPLICABLE:
        return str(value.value)
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, tuple):
        return "; ".join("?" if item is None else f"{item:g}" for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def official_order(instrument: Instrument) -> tuple[str, ...]:
    """Return every id of a score in its order: total, areas, then nodes and questions."""
    return ("total", *(area.id for area in instrument.areas), *instrument.walk())


def order_of(evaluations: Sequence[Evaluation], instrument: Instrument) -> dict[str, Sequence[str]]:
    """Return the orders of what an instrument and its rules name."""
    predicates = evaluations[0].rules.predicates if evaluations else ()
    return {
        "id": official_order(instrument),
        "question": tuple(instrument.questions),
        **({"predicate": predicates, "target": predicates} if predicates else {}),
    }


def unit_rows(ranked: Iterable[tuple[Evaluation, int | None]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit."""
    for item, rank in ranked:
        unit, total, target = item.assessment.unit, item.card.total, item.target
        yield (
            unit.id, unit.name, unit.kind or None, item.stage.value,
            item.assessment.target or None, target.status.value,
            total.score, total.floor, total.ceiling, rank, total.answered,
            total.questions, len(target.failed_rules), len(target.failed_prerequisites),
            len(target.unknown_prerequisites), len(item.problems),
        )  # fmt: skip


def levels_of(instrument: Instrument) -> dict[str, tuple[str, str]]:
    """Return level and title of each node and question."""
    kinds = {"area": "part" if instrument.areas else "area"}
    found = {
        key: (kinds.get(node.kind, str(node.kind)), node.title)
        for key, node in instrument.nodes.items()
    }
    return found | {key: ("question", item.text) for key, item in instrument.questions.items()}


def _score(head: tuple[str, ...], key: str, title: str, score: NodeScore) -> tuple[Any, ...]:
    percent = score.score / score.weight * 100 if score.score is not None and score.weight else None
    return (
        *head, key, title, score.score, score.weight, percent, score.floor, score.ceiling,
        score.answered, score.questions,
    )  # fmt: skip


def score_rows(
    evaluations: Iterable[Evaluation], level: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and node, question or area; of one level where it is named."""
    levels: dict[str, dict[str, tuple[str, str]]] = {}
    for item in evaluations:
        instrument, card = item.instrument, item.card
        named = levels.setdefault(instrument.id, levels_of(instrument))
        head = (item.assessment.unit.id, item.stage.value)
        if level in (None, "total"):
            yield _score((*head, "total"), "total", "Nilai total", card.total)
        if level in (None, "area"):
            for area in instrument.areas:
                score = card.group(area.id, area.nodes)
                yield _score((*head, "area"), area.id, area.title, score)
        for key, score in card.nodes.items():
            kind, title = named[key]
            if level in (None, kind):
                yield _score((*head, kind), key, title, score)


def answer_rows(evaluations: Iterable[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and question."""
    points_of: dict[str, dict[str, float]] = {}
    for item in evaluations:
        points = points_of.setdefault(item.instrument.id, item.instrument.question_points())
        answers, is_tpi = item.assessment.answers, item.stage is Stage.TPI
        for key, value in item.card.values.items():
            answer = answers.get(key, Answer())
            weight, got = points[key], value.value
            yield (
                item.assessment.unit.id, item.stage.value, key,
                item.instrument.questions[key].text, _text(answer.value(item.stage)), got,
                None if got is None else got * weight, weight,
                value.source.value if value.source else None, len(answer.evidence),
                (is_tpi and answer.tpi_note.strip()) or answer.note.strip() or None,
            )  # fmt: skip


def rule_rows(evaluations: Iterable[Evaluation], failed: bool = False) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, predicate and rule; only those not reached where ``failed``."""
    for item in evaluations:
        for predicate, verdict in item.verdicts.items():
            for outcome in verdict.failed_rules if failed else verdict.rules:
                yield (
                    item.assessment.unit.id, item.stage.value, predicate, outcome.rule.id,
                    outcome.rule.title, outcome.need, outcome.got, outcome.margin,
                    outcome.status.value, outcome.rule.source,
                )  # fmt: skip


def prerequisite_rows(
    evaluations: Iterable[Evaluation], unknown: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, predicate and prerequisite; only unstated ones where ``unknown``."""
    for item in evaluations:
        for predicate, verdict in item.verdicts.items():
            for found in verdict.unknown_prerequisites if unknown else verdict.prerequisites:
                asked = found.prerequisite
                yield (
                    item.assessment.unit.id, predicate, asked.id, asked.who, asked.title,
                    _text(found.need), _text(found.got), found.status.value, asked.source,
                )  # fmt: skip


def difference_rows(evaluations: Iterable[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each question that the TPI answers otherwise than the unit."""
    points_of: dict[str, dict[str, float]] = {}
    for item in evaluations:
        points = points_of.setdefault(item.instrument.id, item.instrument.question_points())
        for key, question in item.instrument.questions.items():
            answer = item.assessment.answers.get(key, Answer())
            if answer.tpi is None or answer.tpi == answer.unit:
                continue
            own, tpi = item.unit_card.values[key].value, item.card.values[key].value
            moved = None if own is None or tpi is None else (tpi - own) * points[key]
            yield (
                item.assessment.unit.id, key, question.text, _text(answer.unit),
                _text(answer.tpi), own, tpi, moved, answer.tpi_note.strip() or None,
            )  # fmt: skip


def alike_rows(evaluations: Sequence[Evaluation]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each two units, with how many answers are the same, most alike first."""
    questions = evaluations[0].instrument.questions if evaluations else {}
    codes: dict[Any, int] = {}
    given = np.array(
        [
            [
                -1 if (value := item.card.values[key].answer) is None
                else codes.setdefault((key, value), len(codes))
                for key in questions
            ]
            for item in evaluations
        ]
    ).reshape(len(evaluations), len(questions))  # fmt: skip
    found = []
    for place, item in enumerate(evaluations):
        rest = given[place + 1 :]
        both = ((rest >= 0) & (given[place] >= 0)).sum(axis=1)
        same = ((rest == given[place]) & (given[place] >= 0)).sum(axis=1)
        others = evaluations[place + 1 :]
        for other, alike, of in zip(others, same.tolist(), both.tolist(), strict=True):
            percent = alike / of * 100 if of else None
            found.append(
                (item.assessment.unit.id, other.assessment.unit.id, alike, of, percent)
            )  # fmt: skip
    yield from sorted(found, key=lambda row: (-(row[4] or 0.0), row[0], row[1]))


def similarity_rows(found: Iterable[Similarity]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each thing that is the same across units, or stands out in one."""
    for item in found:
        yield (
            item.sign.value, item.units[0], item.units[1] if len(item.units) > 1 else None,
            item.count, item.of, item.expected, item.strength or None, item.seconds,
            ", ".join(item.places) or None,
        )  # fmt: skip


def problem_rows(problems: Iterable[tuple[str | None, Problem]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a problem, each given with its unit or None."""
    for unit, item in problems:
        yield (
            unit, "error" if item.severity is Severity.ERROR else "warning", item.code,
            item.message, item.hint or None, item.file or None, item.line, item.cell or None,
            item.key or None,
        )  # fmt: skip


def change_rows(changes: Iterable[tuple[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a change (:class:`zi_eval.journal.fields.Change`), each with its unit."""
    for unit, item in changes:
        yield (
            unit, item.number, item.time, item.person.name, item.person.role.value,
            item.place.key, item.place.field, _plain(item.old), _plain(item.new), item.undoes,
        )  # fmt: skip


def _plain(value: Any) -> str | None:
    if isinstance(value, list):
        return "; ".join("?" if item is None else _plain(item) or "" for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    return _text(value)


def indicator_rows(standings: Mapping[str, PlanStanding]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit and indicator of its performance plan."""
    for unit, standing in standings.items():
        of = zip(standing.plan.indicators, standing.score.indicators, standing.watches, strict=True)
        for item, got, watch in of:
            current = got.current
            yield (
                unit, item.goal, item.name, item.unit_of_measure or None, item.is_key,
                got.quarter or None, item.year_target,
                item.result_until(got.quarter) if got.quarter else None,
                current.percent if current else None, watch.light.name.lower(),
                watch.reason or None, item.ceiling, item.spent,
            )  # fmt: skip


def survey_rows(surveys: Iterable[UnitSurveys]) -> Iterator[tuple[Any, ...]]:
    """Return one row a unit, survey and element, the survey's index before its elements."""
    for data in surveys:
        for result in data.results:
            key, between = result.survey.key, result.interval
            yield (
                data.unit, key, "index", result.survey.title, result.index,
                between.low if between else None, between.high if between else None,
                result.respondents,
            )  # fmt: skip
            for item in result.elements:
                yield (
                    data.unit, key, item.element.code, item.element.name, item.index,
                    item.interval.low if item.interval else None,
                    item.interval.high if item.interval else None, sum(item.counts),
                )  # fmt: skip


def move_rows(moves: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """Return one row for each answer that a way raises (:class:`zi_eval.improvement.way.Move`)."""
    for move in moves:
        question: Question = move.question
        yield (
            question.id, question.text, _text(move.now), _text(move.then), move.steps,
            move.effort, move.points,
        )  # fmt: skip


def finding_rows(audits: Iterable[WorkbookAudit]) -> Iterator[tuple[Any, ...]]:
    """Return one row a finding of audited workbooks."""
    for audited in audits:
        for kind, found in (("damage", audited.findings), ("note", audited.notes)):
            for item in found:
                yield (
                    audited.file, kind, item.code, item.sheet or None, item.cell or None,
                    item.key or None, item.message, item.points, item.is_fixable,
                )  # fmt: skip


def comparison_rows(before: Evaluation, after: Evaluation) -> Iterator[tuple[Any, ...]]:
    """Return one row for each score that is another, the total always."""
    then = {row[3]: row for row in score_rows([before])}
    for row in score_rows([after]):
        level, key, title, score = row[2], row[3], row[4], row[5]
        old = then[key][5]
        change = None if score is None or old is None else score - old
        if key == "total" or old != score:
            yield level, key, title, old, score, change


def trend_rows(periods: Iterable[tuple[str, Evaluation]]) -> Iterator[tuple[Any, ...]]:
    """Return one row a period and score above the questions."""
    for period, item in periods:
        for row in score_rows([item]):
            if row[2] != "question":
                yield (period, *row[2:8])


def recap_frame(recap: Recap) -> pd.DataFrame:
    """Return the table of ``rekap.csv`` and ``rekap.xlsx``, with its Indonesian headings.

    Points and percentages are at full precision; what is not known is missing, never 0.
    """
    columns, rows = recap_columns(recap.evaluation), recap_rows(recap)
    frame = pd.DataFrame(rows, columns=pd.Index(columns))
    counts = [name for name in columns if name == "Peringkat" or _is_count(name)]
    return frame.astype(dict.fromkeys(counts, "Int64"))


def _is_count(column: str) -> bool:
    return column == "Catatan pemeriksaan" or column.startswith(
        ("Jumlah ", "Prasyarat belum ", "Pertanyaan belum ")
    )
