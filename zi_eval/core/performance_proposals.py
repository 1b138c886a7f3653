"""What the plan's figures propose as answers of the LKE, with the reasoning. Never filled in."""

from __future__ import annotations

from collections.abc import Sequence

from zi_eval.core.performance import TOLERANCE, Kind, figure_text
from zi_eval.core.performance_comparison import PeerFigures, is_better
from zi_eval.core.performance_score import (
    Achievement,
    achievement,
    mean_known,
)
from zi_eval.core.performance_watch import Standing
from zi_eval.core.proposals import Proposal

__all__ = ["PERFORMANCE", "TARGETS", "propose_performance", "propose_targets"]

PERFORMANCE, TARGETS = "B.I.b", "A.II.4.i.a"
"""The questions of zi-2021 that the plan answers."""


def _is_undecided(standing: Standing, place: int, got: Achievement) -> bool:
    """Whether a projected miss may still be met: the target lies within the interval."""
    projection = standing.watches[place].projection
    if got.is_met or projection is None or standing.score.indicators[place].year is not None:
        return False
    return projection.low <= got.target <= projection.high


def _year_end(standing: Standing, place: int) -> tuple[Achievement | None, bool]:
    """Return the year's achievement, else the projected one, and whether it is projected."""
    year = standing.score.indicators[place].year
    if year is not None:
        return year, False
    return standing.watches[place].projected, True


def propose_performance(standing: Standing, peers: PeerFigures | None = None) -> Proposal:
    """Propose the answer to B.I.b by its own rule, from the main indicators (IKU).

    Where the question leaves room we choose: E only where no IKU is an outcome; a target missed by
    any IKU is D, whatever the mean says; "above 100 %" is the mean of the IKU, the cap applied;
    "better than last year" lays last year's results beside this year's by the same targets, because
    a lower target is no improvement; "national or peers" is met where most IKU with a national
    standard beat it or, where none has one, where the mean beats the peers' average.
    """
    plan = standing.plan
    places = [place for place, item in enumerate(plan.indicators) if item.is_key]
    reasons: list[str] = []
    if not places:
        return Proposal(PERFORMANCE, None, (), False, ("Belum ada indikator utama (IKU).",))
    outcomes = sum(plan.indicators[place].kind is Kind.OUTCOME for place in places)
    reasons.append(f"{outcomes} dari {len(places)} indikator utama berjenis outcome.")
    if not outcomes:
        return Proposal(PERFORMANCE, "E", (), False, tuple(reasons))
    reached = [_year_end(standing, place) for place in places]
    known = [(place, got) for place, (got, _) in zip(places, reached, strict=True) if got]
    is_projected = any(projected and got for got, projected in reached)
    close = [place for place, got in known if _is_undecided(standing, place, got)]
    missed = [
        plan.indicators[place].name for place, got in known if not got.is_met and place not in close
    ]
    word = "diperkirakan tidak tercapai" if is_projected else "tidak tercapai"
    if missed:
        more = f" dan {len(missed) - 2} lainnya" if len(missed) > 2 else ""
        reasons.append(f"Target {word}: {'; '.join(missed[:2])}{more}.")
        return Proposal(PERFORMANCE, "D", (), is_projected, tuple(reasons))
    if close:
        names = "; ".join(plan.indicators[place].name for place in close[:2])
        reasons.append(f"Belum pasti tercapai: {names}.")
        return Proposal(PERFORMANCE, None, ("A", "B", "C", "D"), is_projected, tuple(reasons))
    if len(known) < len(places):
        reasons.append(
            f"{len(places) - len(known)} indikator utama belum mempunyai capaian setahun."
        )
        return Proposal(PERFORMANCE, None, ("A", "B", "C", "D"), is_projected, tuple(reasons))
    return _above(standing, known, peers, is_projected, reasons)


def _above(
    standing: Standing,
    known: Sequence[tuple[int, Achievement]],
    peers: PeerFigures | None,
    is_projected: bool,
    reasons: list[str],
) -> Proposal:
    """Tell A, B and C apart, all targets being met."""
    plan = standing.plan
    mean = mean_known(got.percent for _, got in known) or 0.0
    reasons.append(f"Semua target tercapai; rata-rata capaian {figure_text(mean)} %.")

    def conclude(*answers: str) -> Proposal:
        answer = answers[0] if len(answers) == 1 else None
        rest = () if answer else answers
        return Proposal(PERFORMANCE, answer, rest, is_projected, tuple(reasons))

    pairs = [
        (got.percent, before.percent)
        for place, got in known
        if (
            before := achievement(
                got.target,
                plan.indicators[place].last_year(plan.year),
                plan.indicators[place].direction,
                standing.score.rules,
            )
        )
    ]
    if not pairs:
        reasons.append("Realisasi tahun lalu belum diisi, jadi perbandingannya belum diketahui.")
        return conclude("A", "B", "C")
    now = mean_known(n for n, _ in pairs) or 0.0
    then = mean_known(b for _, b in pairs) or 0.0
    is_up = now > then + TOLERANCE
    reasons.append(
        f"Dengan target yang sama, tahun lalu {figure_text(then)} % dan tahun ini "
        f"{figure_text(now)} % ({len(pairs)} indikator)."
    )
    if not is_up:
        return conclude("C")
    if mean <= 100 + 100 * TOLERANCE:
        reasons.append("Capaian tidak di atas 100 %.")
        return conclude("B")
    ahead = _beats_others(standing, known, mean, peers, reasons)
    if ahead is None:
        return conclude("A", "B")
    return conclude("A" if ahead else "B")


def _beats_others(
    standing: Standing,
    known: Sequence[tuple[int, Achievement]],
    mean: float,
    peers: PeerFigures | None,
    reasons: list[str],
) -> bool | None:
    items = [(standing.plan.indicators[place], got) for place, got in known]
    national = [
        better
        for item, got in items
        if (better := is_better(item, got.result, item.national)) is not None
    ]
    if national:
        reasons.append(f"{sum(national)} dari {len(national)} IKU melampaui standar nasional.")
        return sum(national) * 2 > len(national)
    if peers is not None and peers.percent is not None:
        reasons.append(f"Rata-rata {peers.units} unit sejenis {figure_text(peers.percent)} %.")
        return mean > peers.percent + TOLERANCE
    reasons.append("Standar nasional dan capaian unit sejenis belum ada.")
    return None


def propose_targets(standing: Standing) -> Proposal:
    """Propose the inputs of A.II.4.i.a: how many sasaran there are, how many reach 100 %.

    A sasaran reaches 100 % where the mean of its indicators does, the cap applied: our choice, and
    the reasons name a sasaran that gets there although one of its indicators misses its target.
    """
    plan = standing.plan
    total, reached, open_goals, provisional = len(plan.goals), 0, 0, False
    offset: list[str] = []
    for goal, places in plan.goals.items():
        ends = [_year_end(standing, place) for place in places]
        known = [got for got, _ in ends if got is not None]
        if len(known) < len(places):
            open_goals += 1
            continue
        provisional = provisional or any(projected for _, projected in ends)
        if (mean_known(got.percent for got in known) or 0.0) >= 100 * (1 - TOLERANCE):
            reached += 1
            offset += [goal] if not all(got.is_met for got in known) else []
    word = "diperkirakan mencapai" if provisional else "mencapai"
    reasons = [f"{reached} dari {total} sasaran {word} 100 % atau lebih."]
    if offset:
        reasons.append(
            f"{len(offset)} di antaranya karena indikator lain menutupi yang tidak tercapai: "
            f"{'; '.join(offset[:2])}."
        )
    if open_goals:
        reasons.append(f"{open_goals} sasaran belum mempunyai capaian setahun.")
    answer = None if open_goals or not total else (float(total), float(reached))
    return Proposal(TARGETS, answer, (), provisional, tuple(reasons))
