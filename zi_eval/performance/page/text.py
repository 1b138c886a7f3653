"""A unit's performance as plain text, for a terminal: what needs a decision, then one line each."""

from __future__ import annotations

from collections.abc import Iterator

from zi_eval.core.proposals import Proposal
from zi_eval.performance.page.words import (
    answer_words,
    candidate_words,
    date_text,
    finding_title,
    light_icon,
    light_label,
    measured_text,
    outlook_text,
    quarter_name,
)
from zi_eval.performance.plan import Plan, PlanFinding
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import pick_decisions
from zi_eval.report.words import format_number

__all__ = ["finding_line", "render_performance"]


def _one_line(text: str) -> str:
    """Return untrusted text without anything that moves a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def finding_line(plan: Plan, finding: PlanFinding) -> str:
    """Return a finding on one line with the row it stands in."""
    where = "seluruh unit"
    if finding.place is not None:
        item = plan.indicators[finding.place]
        where = f"baris {item.row}, {_one_line(item.name)}"
    said = _one_line(f"{finding_title(finding.code)}. {finding.seen} {finding.check}")
    return f"{plan.unit}: {where}: {said}"


def _proposal(proposal: Proposal, data: UnitPerformance) -> Iterator[str]:
    given = data.answers.get(proposal.question)
    said = candidate_words(proposal)
    said += " (sementara)" if proposal.is_provisional and proposal.answer is not None else ""
    answer = answer_words(given)
    note = "jawaban di LKE berbeda" if proposal.differs(given) else "jawaban di LKE"
    yield f"  {proposal.question}: {said}; {note}: {answer}"
    yield from (f"    {_one_line(reason)}" for reason in proposal.reasons)


def render_performance(data: UnitPerformance) -> str:
    """Return decisions, indicators and proposals as text."""
    standing = data.standing
    plan, score = standing.plan, standing.score
    lines = [
        f"{_one_line(plan.name)}, kinerja {plan.year} sampai {quarter_name(score.quarter)}",
        f"Capaian {format_number(score.percent, 1)} % ({score.known} dari {len(plan.indicators)} "
        f"indikator), anggaran terserap {format_number(score.absorption, 1)} %",
        "",
    ]
    decisions = pick_decisions(standing)
    lines.append("Perlu keputusan:" if decisions else "Tidak ada indikator yang perlu keputusan.")
    for decision in decisions:
        item, watch = plan.indicators[decision.place], decision.watch
        name = f"{light_icon(watch.light)} {light_label(watch.light)}: {_one_line(item.name)}"
        outlook = outlook_text(item, watch) if watch.projection else watch.reason
        lines += [f"  {name}: {outlook}", f"    {decision.ask}"]
        if item.follow_up:
            lines.append(f"    Tindak lanjut: {_one_line(item.follow_up)} ({date_text(item.due)})")
        lines.append(f"    Penanggung jawab: {_one_line(item.owner) or 'belum ditulis'}")
    lines += ["", "Semua indikator:"]
    for item, got, watch in zip(plan.indicators, score.indicators, standing.watches, strict=True):
        percent = f"{format_number(got.current.percent, 1)} %" if got.current else "–"
        result = item.result_until(score.quarter) if score.quarter else None
        lines.append(
            f"  {light_icon(watch.light)} {_one_line(item.name):<52.52} {percent:>8}  "
            f"{_one_line(measured_text(item, result))}"
        )
    if data.proposals:
        lines += ["", "Usulan jawaban LKE:"]
    for proposal in data.proposals:
        lines += _proposal(proposal, data)
    return "\n".join(lines)
