"""Words of surveys: intervals, chances, what makes an answer doubtful; and all of it as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from zi_eval.core.verdict import Status
from zi_eval.report.proposals import proposal_lines
from zi_eval.report.words import NOTHING, format_count, format_number, format_percent, one_line
from zi_eval.survey.index import Interval
from zi_eval.survey.quality import DoubtKind
from zi_eval.survey.result import Chance, GroupResult, SurveyResult
from zi_eval.survey.unit import UnitSurveys, chance_words, index_to_answer

__all__ = [
    "against_text",
    "alpha_text",
    "chance_status",
    "chance_text",
    "chance_word",
    "doubt_meaning",
    "doubt_title",
    "group_name",
    "index_text",
    "interval_text",
    "render_surveys",
    "rows_text",
    "weakest_text",
]

SURE: Final = 0.975
"""From here on, and below its complement, the interval does not hold the mark."""
CLEAR: Final = 0.9
NAMED: Final = 3
"""Groups standing together that are named."""
DOUBTS: Final = {
    DoubtKind.STRAIGHT: (
        "Jawaban sama untuk semua pertanyaan",
        "Wajar pada pengguna yang puas; perlu dilihat bila sangat banyak.",
    ),
    DoubtKind.DUPLICATE: (
        "Kiriman ganda",
        "Identitas yang sama dengan baris sebelumnya, atau jawaban yang sama pada detik yang sama "
        "atau dengan komentar panjang yang sama. Yang pertama tidak disebut.",
    ),
    DoubtKind.FAST: (
        "Diisi terlalu cepat",
        "Lebih cepat daripada waktu untuk membaca pertanyaannya.",
    ),
    DoubtKind.PARTIAL: (
        "Kurang dari separuh terjawab",
        "Hanya pertanyaan yang dijawab yang dihitung.",
    ),
}


def doubt_title(kind: DoubtKind) -> str:
    """Return what a kind of doubt is called."""
    return DOUBTS[kind][0]


def doubt_meaning(kind: DoubtKind) -> str:
    """Return what a kind of doubt says and what it does not."""
    return DOUBTS[kind][1]


def interval_text(interval: Interval | None) -> str:
    """Write an interval: ``3,54–3,72``."""
    if interval is None:
        return NOTHING
    return f"{format_number(interval.low)}–{format_number(interval.high)}"


def index_text(result: SurveyResult) -> str:
    """Write an index so that no rounding lifts it over a minimum it does not reach."""
    return against_text(result, result.index)


def against_text(result: SurveyResult, index: float | None) -> str:
    """Write any index beside the minima of a result, as :func:`index_text`."""
    if index is None:
        return NOTHING
    value = index_to_answer(index, [item.mark.need for item in result.chances])
    whole, _, decimals = format_count(value).partition(",")
    return f"{whole},{decimals:0<2}"


def chance_word(item: Chance) -> str:
    """Say the chance of a mark, e.g. ``peluang 80 dari 100``, or nothing where there is none."""
    return "" if item.chance is None else f"peluang {chance_words(item.chance)}"


def chance_text(item: Chance) -> str:
    """Say whether a mark is reached and how sure that is."""
    said = "mencapai" if item.is_reached else "belum mencapai"
    chance = chance_word(item)
    return f"{said}; {chance}" if chance else said


def chance_status(item: Chance) -> Status:
    """Return a mark's status: unknown where the interval holds it."""
    if item.chance is None:
        return Status.UNKNOWN
    if item.is_reached:
        return Status.MET if item.chance >= SURE else Status.UNKNOWN
    return Status.NOT_MET if item.chance <= 1 - SURE else Status.UNKNOWN


def weakest_text(result: SurveyResult) -> str:
    """Say which element is the weakest, and whether that is clear."""
    order = result.weakest
    if not order:
        return "Belum ada jawaban."
    first = order[0]
    name = f"{first.element.name} ({format_number(first.index)})"
    if first.lowest_share is None or len(order) < 2:
        return f"Terlemah: {name}."
    if first.lowest_share >= CLEAR:
        return f"Terlemah, dan jelas bedanya: {name}."
    second = order[1]
    return (
        f"Terlemah: {name}. Dengan responden lain bisa juga {second.element.name} "
        f"({format_number(second.index)}); bedanya belum pasti."
    )


def alpha_text(alpha: float | None) -> str:
    """Say Cronbach's alpha and how it is usually read."""
    if alpha is None:
        return "tidak dapat dihitung"
    word = "baik" if alpha >= 0.8 else "cukup" if alpha >= 0.7 else "rendah"
    return f"{format_number(alpha)} ({word})"


def rows_text(rows: Sequence[int]) -> str:
    """Write row numbers, runs of them as a range: ``2, 7–9, 16``."""
    parts: list[str] = []
    start = previous = None
    for row in [*rows, None]:
        if previous is not None and (row is None or row != previous + 1):
            first = start if start is not None else previous
            parts.append(f"{first}" if first == previous else f"{first}–{previous}")
            start = None
        if row is not None and start is None:
            start = row
        previous = row
    return ", ".join(parts)


def group_name(group: GroupResult) -> str:
    """Return a group's name; of those standing together, their names."""
    names = [name or "(tidak disebut)" for name in group.names]
    if len(names) == 1:
        return names[0]
    more = f", dan {len(names) - NAMED} lainnya" if len(names) > NAMED else ""
    return f"Gabungan: {', '.join(names[:NAMED])}{more}"


def _result(result: SurveyResult) -> Iterator[str]:
    survey, sample = result.survey, result.sample
    quality = f", mutu {result.band.letter}" if result.band else ""
    yield f"{survey.short}: {index_text(result)} dari 4 (95 %: {interval_text(result.interval)})"
    yield (
        f"  Nilai {format_number(result.hundred)}{quality}; {result.respondents} responden, "
        f"sedikitnya {sample.minimum}{'' if sample.is_enough else ': belum cukup'}"
    )
    for item in result.chances:
        need = format_number(item.mark.need)
        yield f"  Ambang {item.mark.name} {need}: {chance_text(item)}"
    yield f"  {one_line(weakest_text(result))}"
    for element in result.weakest:
        name = one_line(f"{element.element.code} {element.element.name}")
        yield (
            f"    {name:<46.46} {format_number(element.index)}  {interval_text(element.interval)}"
            + (f"  {element.missing} tidak menjawab" if element.missing else "")
        )
    for title, groups in result.groups.items():
        for group in groups:
            name = one_line(group_name(group))
            shown = f"{format_number(group.index)}  {interval_text(group.interval)}"
            yield f"  {title} {name:<40.40} {group.respondents:>5}  {shown}"
    for doubt in result.doubts:
        share = format_percent(len(doubt.rows) / result.respondents)
        yield (
            f"  {doubt_title(doubt.kind)}: {len(doubt.rows)} ({share}), tanpa itu "
            f"{against_text(result, doubt.index)}; baris {rows_text(doubt.rows)}"
        )
    yield f"  Alfa Cronbach {alpha_text(result.alpha)}; konversi: {survey.conversion_text}"
    if result.data.personal:
        yield f"  Kolom data pribadi tidak dibaca: {one_line(', '.join(result.data.personal))}"


def render_surveys(data: UnitSurveys) -> str:
    """Return indices, elements, doubts and proposals as text; comments are left to the page."""
    lines = [f"{one_line(data.name)}, survei", ""]
    for result in data.results:
        lines += [*_result(result), ""]
    lines += ["Usulan jawaban LKE:", *proposal_lines(data.proposals, data.answers)]
    if not data.proposals:
        lines.append("  Survei ini tidak menjawab pertanyaan LKE.")
    return "\n".join(lines)
