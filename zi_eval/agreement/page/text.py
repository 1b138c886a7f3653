"""Agreement for the terminal: the whole, the questions to discuss first, who stands out."""

from __future__ import annotations

from zi_eval.agreement.calibration import Calibration
from zi_eval.agreement.page.words import (
    direction_text,
    disputed_points,
    kappa_text,
    lead_sentences,
    member_text,
    share_text,
)
from zi_eval.report.words import format_number

__all__ = ["render_calibration"]


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
