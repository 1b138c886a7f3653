"""Words about agreement: how often the same, who is higher, what to talk about; and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zi_eval.agreement.calibration import Calibration, Difference
from zi_eval.agreement.carried import Carried
from zi_eval.agreement.intervals import Proportion
from zi_eval.agreement.kappa import GroupAgreement, Kappa
from zi_eval.agreement.outliers import Funnel, Member
from zi_eval.core.assessment import Value
from zi_eval.core.instrument import Question
from zi_eval.report.words import (
    NOTHING,
    answer_text,
    format_count,
    format_margin,
    format_number,
    format_percent,
    status_label,
)

__all__ = [
    "carried_text",
    "change_texts",
    "direction_text",
    "disputed_points",
    "kappa_text",
    "lead_sentences",
    "member_text",
    "render_calibration",
    "said_answer",
    "share_text",
    "signed_points",
    "topic_text",
]

KAPPA_REASONS = {
    "few pairs": "pasangan jawabannya kurang dari 10",
    "no variation": "hampir semua jawabannya sama nilainya",
    "few units": "unitnya kurang dari 10, jadi tanpa selang",
}


def share_text(share: Proportion) -> str:
    """Write a share with its interval: ``87 % (82–91 %)``."""
    if share.low is None or share.high is None:
        return NOTHING
    low, high = (format_number(part * 100, 0) for part in (share.low, share.high))
    return f"{format_percent(share.value, 0)} ({low}–{high}\u00a0%)"


def kappa_text(kappa: Kappa) -> str:
    """Write a kappa with its interval, or why there is none."""
    if kappa.value is None:
        return f"{NOTHING} ({KAPPA_REASONS[kappa.reason]})"
    value = format_number(kappa.value)
    if kappa.low is None or kappa.high is None:
        return f"{value} ({KAPPA_REASONS[kappa.reason]})"
    return f"{value} ({format_number(kappa.low)}–{format_number(kappa.high)})"


def disputed_points(item: GroupAgreement) -> float:
    """Return the points in dispute over all units together."""
    return (item.moved or 0.0) * item.units


def direction_text(item: GroupAgreement, second: str) -> str:
    """Say which way the second differs."""
    if not item.raised + item.lowered:
        return "tidak ada yang berbeda"
    parts = [(item.lowered, "lebih rendah"), (item.raised, "lebih tinggi")]
    if not item.lowered or not item.raised:
        count, word = next(part for part in parts if part[0])
        return f"{second} {word} {count} kali"
    said = ", ".join(f"{word} {count} kali" for count, word in parts)
    return f"{second} {said}"


def topic_text(item: GroupAgreement, first: str, second: str) -> str:
    """Say what a meeting can settle about a question."""
    if item.is_one_way:
        word = "lebih rendah" if item.lowered > item.raised else "lebih tinggi"
        return (
            f"{second} hampir selalu {word}: {first} dan {second} membaca pilihannya berbeda. "
            "Sepakati bukti terendah untuk tiap pilihan."
        )
    if item.raised and item.lowered:
        return "Arahnya berganti-ganti: bandingkan buktinya unit demi unit."
    return "Baru terjadi pada satu-dua jawaban: cukup periksa buktinya."


def said_answer(question: Question, answer: Value) -> str:
    """Write an answer shortly: counted inputs by their numbers alone, named once elsewhere."""
    if isinstance(answer, tuple):
        return "; ".join(format_count(number) for number in answer)
    return answer_text(question, answer)


def change_texts(question: Question, found: Sequence[Difference]) -> list[str]:
    """Count which answer became which, the most frequent first."""
    if question.scale.kind == "choice":
        counts = Counter(
            (answer_text(question, item.first), answer_text(question, item.second))
            for item in found
        )
        return [f"{first} → {second}: {count}" for (first, second), count in counts.most_common()]
    lower = sum(item.change < 0 for item in found)
    counted = ((lower, "nilai turun"), (len(found) - lower, "nilai naik"))
    return [f"{word}: {count}" for count, word in counted if count]


def lead_sentences(data: Calibration) -> tuple[str, ...]:
    """Say the whole in two or three sentences."""
    total, first, second = data.agreement.total, data.first, data.second
    if not total.pairs:
        waiting = f" {total.waiting} jawaban menunggu." if total.waiting else ""
        return (f"Belum ada jawaban yang diberikan keduanya, {first} dan {second}.{waiting}",)
    sentences = [
        f"{second} menjawab sama pada {format_percent(total.equal.value, 0)} dari {total.pairs} "
        f"jawaban di {total.units} unit."
    ]
    if total.raised + total.lowered:
        points = total.points or 0.0
        moved = (
            f"rata-rata satu unit {'turun' if points < 0 else 'naik'} "
            f"{format_number(abs(points))} poin"
        )
        sentences.append(f"Bila berbeda: {direction_text(total, second)}; {moved}.")
    if total.waiting:
        sentences.append(
            f"{total.waiting} jawaban {first} belum dievaluasi {second}; itu bukan persetujuan "
            "dan tidak dihitung."
        )
    return tuple(sentences)


def carried_text(item: Carried) -> str:
    """Say what a unit would lose and what of its verdict: ``−1,20 poin; tetap memenuhi``."""
    moved = format_margin(item.then - item.now)
    now, then = status_label(item.status_now), status_label(item.status_then)
    said = f"{now} menjadi {then}" if item.is_turned else f"tetap {now}"
    return f"{format_number(item.now)} → {format_number(item.then)} ({moved}); {said}"


def member_text(member: Member, funnel: Funnel) -> str:
    """Say how a unit or evaluator stands against what is usual."""
    if funnel.usual is None:
        return "terlalu sedikit untuk dibandingkan"
    if member.z is None:
        return "jawabannya terlalu sedikit"
    if not member.stands_out:
        return "wajar"
    return "jauh lebih banyak berbeda" if member.z > 0 else "jauh lebih sedikit berbeda"


def signed_points(points: float | None) -> str:
    """Write the points a total changes, with its sign."""
    return NOTHING if points is None else format_margin(points)


def render_calibration(data: Calibration, most: int) -> str:
    """Return the calibration as text with at most so many questions."""
    total = data.agreement.total
    lines = list(lead_sentences(data))
    if data.is_empty:
        return "\n".join(lines)
    lines.append(f"Sama {share_text(total.equal)}, kappa tertimbang {kappa_text(total.kappa)}.")
    if data.order:
        lines += ["", "Bahas lebih dulu:"]
    for number, item in enumerate(data.order[:most], start=1):
        question = data.instrument.questions[item.id]
        points = format_number(disputed_points(item))
        lines.append(
            f"{number:>3}. {item.id}  {question.text}\n     berbeda di "
            f"{item.raised + item.lowered} dari {item.pairs} unit, {points} poin berpindah; "
            f"{direction_text(item, data.second)}"
        )
    if len(data.order) > most:
        lines.append(f"     dan {len(data.order) - most} pertanyaan lain")
    for title, funnel in (("Unit", data.units), ("Penilai", data.evaluators)):
        for member in funnel.outstanding if funnel else ():
            name = data.names.get(member.id, member.id)
            assert funnel is not None
            lines.append(
                f"{title} yang menonjol: {name}, {member.different} dari {member.of} jawaban "
                f"berbeda ({member_text(member, funnel)})"
            )
    return "\n".join(lines)
