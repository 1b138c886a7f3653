"""Display words: Indonesian numbers, dates and labels, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from zi_eval.core.assessment import NOT_APPLICABLE, Assessment, Fact, Stage, Value
from zi_eval.core.evaluation import Evaluation
from zi_eval.core.instrument import Question
from zi_eval.core.text import MINUS, day_text, zone_name
from zi_eval.core.verdict import TOLERANCE, Status

if TYPE_CHECKING:
    from zi_eval.core.trace import Trace

__all__ = [
    "NOTHING",
    "answer_text",
    "distance_text",
    "doubts_text",
    "explained_text",
    "fact_text",
    "format_count",
    "format_margin",
    "format_number",
    "format_percent",
    "format_points_against",
    "format_time",
    "formula_text",
    "head_title",
    "margin_text",
    "one_line",
    "stage_label",
    "stage_of_all",
    "stage_text",
    "status_icon",
    "status_label",
    "verdict_label",
]

NOTHING: Final = "–"
"""Shown where there is no figure; never 0."""

NO_BREAK = "\u00a0"
MOST_DIGITS = 10

BEFORE_NUMBER = {"level", "tingkat"}
STATUS_LABELS = {
    Status.MET: "memenuhi",
    Status.NOT_MET: "belum memenuhi",
    Status.UNKNOWN: "belum dapat disimpulkan",
}
STATUS_ICONS = {Status.MET: "✓", Status.NOT_MET: "✕", Status.UNKNOWN: "?"}
STAGE_LABELS = {
    Stage.UNIT: "Penilaian mandiri unit",
    Stage.TPI: "Evaluasi TPI",
    Stage.TPN: "Evaluasi TPN",
}


HEADS: Final[Mapping[str, str]] = {
    "kecamatan": "Camat",
    "kelurahan": "Lurah",
    "rsud": "Direktur RSUD",
    "rumah": "Direktur Rumah",
    "inspektorat": "Inspektur",
}
"""Who heads a unit, by the first word of its name and in place of it; else ``Kepala``."""


def _round(number: float, digits: int) -> Decimal:
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _write(rounded: Decimal) -> str:
    text = f"{abs(rounded):,f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if rounded < 0 else text


def format_number(number: float | None, digits: int = 2) -> str:
    """Write a number the Indonesian way, rounded half up on its decimal notation.

    Examples
    --------
    >>> format_number(2.675), format_number(1234.5, 1), format_number(None)
    ('2,68', '1.234,5', '–')
    """
    return NOTHING if number is None else _write(_round(number, digits))


def format_count(number: float | None) -> str:
    """Write a counted number: no decimals, unless it has some (then at most four)."""
    if number is None:
        return NOTHING
    text = format_number(number, 4)
    return text.rstrip("0").rstrip(",")


def format_percent(share: float | None, digits: int = 1) -> str:
    """Write a share of 1 as a percentage, e.g. ``87,5 %``."""
    return NOTHING if share is None else f"{format_number(share * 100, digits)}{NO_BREAK}%"


def format_points_against(got: float | None, need: float, digits: int = 2) -> str:
    """Write points next to a minimum with as many decimals as it takes to show a miss.

    74.996 against 75 reads ``74,996``, not ``75,00``; a miss within the tolerance of the rules is
    none and is written as usual.
    """
    if got is None:
        return NOTHING
    if got < need - TOLERANCE:
        while digits < MOST_DIGITS and _round(got, digits) >= _round(need, digits):
            digits += 1
    return format_number(got, digits)


def format_margin(margin: float | None, digits: int = 2) -> str:
    """Write a margin with its sign; a miss never reads 0, a margin within tolerance does."""
    if margin is None:
        return NOTHING
    if abs(margin) <= TOLERANCE:
        return format_number(0.0, digits)
    # 9.475 - 6 is 3.4749999999999996: without the last bits it is rounded as 9.475 itself is.
    margin = round(margin, 9)
    while digits < MOST_DIGITS and margin < 0 and _round(margin, digits) == 0:
        digits += 1
    text = format_number(margin, digits)
    return f"+{text}" if margin > 0 and _round(margin, digits) > 0 else text


def margin_text(margin: float | None) -> str:
    """Say a margin in words: ``lebih 1,24``, ``kurang 0,30``, ``tepat di ambang``."""
    if margin is None:
        return "belum ada nilai"
    if abs(margin) <= TOLERANCE:
        return "tepat di ambang"
    word = "lebih" if margin > 0 else "kurang"
    return f"{word} {format_margin(margin).lstrip(f'+{MINUS}')}"


def head_title(unit: str) -> str:
    """Return the office of who heads a unit: ``Kepala Dinas Sosial``, ``Camat Merdeka``."""
    first, _, rest = unit.partition(" ")
    title = HEADS.get(first.casefold())
    return f"{title} {rest}".strip() if title else f"Kepala {unit}"


def distance_text(margin: float, need: float) -> str:
    """Say where a score stands: ``3,29 di atas ambang 75``, ``tepat di ambang 75``."""
    if abs(margin) <= TOLERANCE:
        return f"tepat di ambang {format_count(need)}"
    side = "atas" if margin > 0 else "bawah"
    points = format_margin(margin).lstrip(f"+{MINUS}")
    return f"{points} di {side} ambang {format_count(need)}"


def format_time(time: datetime, zone: tzinfo | None = None) -> str:
    """Write a time as ``5 Januari 2026 pukul 14.05 WIB``.

    Parameters
    ----------
    time
        A time with a time zone.
    zone
        The zone to show it in; by default its own.

    Raises
    ------
    ValueError
        Where ``time`` has no time zone: its hour would mean nothing.
    """
    shown = time.astimezone(zone) if zone else time
    return f"{day_text(shown)} pukul {shown:%H.%M} {zone_name(shown)}"


def status_label(status: Status) -> str:
    """Return the word for a status."""
    return STATUS_LABELS[status]


def status_icon(status: Status) -> str:
    """Return the sign shown beside the word of a status, never instead of it."""
    return STATUS_ICONS[status]


def verdict_label(status: Status, predicate: str) -> str:
    """Say the verdict on a predicate, e.g. ``Belum memenuhi WBK``."""
    if status is Status.UNKNOWN:
        return "Belum dapat disimpulkan"
    return f"{STATUS_LABELS[status].capitalize()} {predicate}"


def doubts_text(doubts: Sequence[str]) -> str:
    """Say beside a verdict how many doubts there are, and the strongest; empty without any."""
    if not doubts:
        return ""
    return f"{len(doubts)} keraguan{'; terkuat' if len(doubts) > 1 else ''}: {doubts[0]}"


def explained_text(explained: Sequence[str]) -> str:
    """Say beside a verdict how many doubts were explained in writing; empty without any."""
    return f"{len(explained)} keraguan sudah dijelaskan secara tertulis." if explained else ""


def stage_label(stage: Stage) -> str:
    """Return the name of a stage."""
    return STAGE_LABELS[stage]


def stage_text(evaluation: Evaluation) -> str:
    """Say whose evaluation it is in truth: how many questions the TPI answered, draft or final.

    At the TPI's stage the unit's answers stand where the TPI gave none: where it gave not one, it
    is the unit's own evaluation still. So it is at the TPN's.
    """
    assessment, questions = evaluation.assessment, evaluation.card.total.questions
    if evaluation.stage is Stage.UNIT:
        return STAGE_LABELS[Stage.UNIT]
    if evaluation.stage is Stage.TPN:
        seen = assessment.judged_by(Stage.TPN)
        before = _tpi_text(assessment, questions)
        if not seen:
            return f"{before}, belum dinilai TPN"
        return f"{STAGE_LABELS[Stage.TPN]}, {seen} dari {questions} pertanyaan; selebihnya {before}"
    return _tpi_text(assessment, questions)


def _tpi_text(assessment: Assessment, questions: int) -> str:
    seen = assessment.judged
    if not seen:
        return f"{STAGE_LABELS[Stage.UNIT]}, belum dievaluasi TPI"
    state = "final" if assessment.final is not None else "belum final"
    return f"{STAGE_LABELS[Stage.TPI]}, {seen} dari {questions} pertanyaan, {state}"


def stage_of_all(stage: Stage, evaluations: Sequence[Evaluation]) -> str:
    """Say the same of many units: how many the TPI answered whole, how many are final."""
    if stage is Stage.UNIT or not evaluations:
        return STAGE_LABELS[stage]
    if stage is Stage.TPN:
        seen = sum(item.assessment.judged_by(Stage.TPN) > 0 for item in evaluations)
        said = f"{seen} dari {len(evaluations)} unit dinilai per pertanyaan"
        return f"{STAGE_LABELS[Stage.TPN]}: {said}; selebihnya {_tpi_of_all(evaluations)}"
    return _tpi_of_all(evaluations)


def _tpi_of_all(evaluations: Sequence[Evaluation]) -> str:
    if not any(item.assessment.judged for item in evaluations):
        return f"{STAGE_LABELS[Stage.UNIT]}, belum dievaluasi TPI"
    whole = sum(item.assessment.judged >= item.card.total.questions for item in evaluations)
    final = sum(item.assessment.final is not None for item in evaluations)
    count = len(evaluations)
    return f"{STAGE_LABELS[Stage.TPI]}: {whole} dari {count} unit dinilai seluruhnya, {final} final"


def fact_text(fact: Fact | None, unit_of_measure: str = "") -> str:
    """Write a fact of a prerequisite: ya/tidak, a number with its unit, or a grade."""
    if fact is None:
        return "belum dinyatakan"
    if isinstance(fact, bool):
        return "ya" if fact else "tidak"
    if isinstance(fact, str):
        return fact
    number = format_count(fact)
    if unit_of_measure in BEFORE_NUMBER:
        return f"{unit_of_measure}{NO_BREAK}{number}"
    return f"{number}{NO_BREAK}{unit_of_measure}" if unit_of_measure else number


def answer_text(question: Question, answer: Value | None) -> str:
    """Write an answer in one line: option code, index, or the asked inputs.

    The text of the option stands in ``question.options``.
    """
    if answer is None:
        return "belum dijawab"
    if answer is NOT_APPLICABLE:
        return "tidak berlaku"
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        return "; ".join(
            f"{item.text}: {format_count(number)}"
            for item, number in zip(question.asked_inputs, answer, strict=True)
        )
    return f"{format_number(float(answer))} dari {format_count(question.scale.top)}"


def formula_text(trace: Trace) -> str:
    """Write how a figure came about, with at most four decimals: ``rata-rata (1; 0,5) × 0,5``."""
    numbers = [format_count(number) for number in trace.numbers]
    times = "" if trace.weight is None else f" × {format_count(trace.weight)}"
    results = [format_count(part.result) for part in trace.parts]
    match trace.operation:
        case "open":
            return "belum dijawab"
        case "sum":
            return " + ".join(results) or "belum ada nilai"
        case "mean":
            return f"rata-rata ({'; '.join(results)}){times}" if results else "belum ada nilai"
        case "no object":
            return f"tidak ada objek, dinilai {numbers[0]}{times}"
        case "choice":
            return f"jawaban {trace.answer}, nilai {numbers[0]}{times}"
        case "decrease":
            return f"penurunan dari {numbers[0]} ke {numbers[1]}{times}"
        case "share" if trace.numbers[1] == 0:
            return f"pembagi 0, dinilai {format_count(trace.result)}"
        case "share":
            return f"{numbers[0]} / {numbers[1]}, paling tinggi 1{times}"
        case "index":
            return f"{numbers[0]} / {numbers[1]}{times}"


def one_line(text: str) -> str:
    """Return untrusted text for a terminal: on one line, without anything that moves its cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
