"""Deviation seen early: what the figures of a unit, and of its peers, ask to be checked.

Every finding says what was seen and what to check. Each of these patterns has harmless causes as
well; none is a verdict, least of all on people. Thresholds are ours, stated here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isclose
from statistics import fmean, median

from zi_eval.core.text import fold
from zi_eval.performance.plan import TOLERANCE, Accrual, Indicator, Plan, PlanFinding, figure_text
from zi_eval.performance.projection import (
    USUAL_LIGHTS,
    Light,
    LightRules,
    Watch,
    watch_indicator,
)
from zi_eval.performance.score import (
    USUAL_RULES,
    AchievementRules,
    IndicatorScore,
    PlanScore,
    score_plan,
)

__all__ = [
    "Decision",
    "PlanStanding",
    "check_deviations",
    "check_peers",
    "evaluate_plan",
    "pick_decisions",
    "robust_scores",
]

MONEY_GAP = 20.0
"""Points between absorption and progress from which the two are worth comparing."""
JUMP_SHARE, JUMP_MORE = 0.5, 0.2
"""A jump in TW IV: half of the year's result, and a fifth of it more than was planned there."""
FEWEST_ALIKE = 3
"""Indicators (all exactly 100 %) or quarters (result equals target) that make a pattern."""
FEWEST_DIGITS = 5
"""Digits two units must share before equal figures are no chance."""
FEWEST_PEERS = 5
OUTLIER = 3.5
"""Modified z-score of Iglewicz and Hoaglin (1993) from which a value is an outlier."""


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A plan scored and watched by the rules of ``lights``; ``watches`` as its indicators stand."""

    plan: Plan
    score: PlanScore
    watches: tuple[Watch, ...]
    lights: LightRules = USUAL_LIGHTS


def evaluate_plan(
    plan: Plan, rules: AchievementRules = USUAL_RULES, lights: LightRules = USUAL_LIGHTS
) -> PlanStanding:
    """Score a plan and judge every indicator's light, as of its last reported quarter."""
    score = score_plan(plan, rules)
    watches = tuple(
        watch_indicator(item, got, rules, lights)
        for item, got in zip(plan.indicators, score.indicators, strict=True)
    )
    return PlanStanding(plan, score, watches, lights)


def check_deviations(standing: PlanStanding) -> tuple[PlanFinding, ...]:
    """Return what the figures of one unit ask to be checked, by indicator, the unit's last."""
    findings: list[PlanFinding] = []
    plan, score = standing.plan, standing.score
    rows = zip(plan.indicators, score.indicators, standing.watches, strict=True)
    for place, (item, got, watch) in enumerate(rows):
        for code, seen, check in _of_indicator(item, got, watch):
            findings.append(PlanFinding(code=code, place=place, seen=seen, check=check))
    known = [got.current for got in score.indicators if got.current is not None]
    if len(known) >= FEWEST_ALIKE and all(isclose(a.raw, 100, rel_tol=TOLERANCE) for a in known):
        findings.append(
            PlanFinding(
                code="semua-tepat-100",
                place=None,
                seen=f"Seluruh {len(known)} indikator yang dilaporkan tepat 100 %.",
                check="Cocokkan realisasi dengan sumber datanya; hasil pengukuran jarang tepat.",
            )
        )
    return tuple(findings)


def _of_indicator(
    item: Indicator, got: IndicatorScore, watch: Watch
) -> Iterator[tuple[str, str, str]]:
    if watch.light is Light.MISSING:
        yield "belum-dilaporkan", f"{_sentence(watch.reason)}", "Isi realisasi triwulan itu."
    if watch.light in (Light.RED, Light.AMBER):
        check = "Periksa sebab dan tindak lanjutnya."
        if not item.cause or not item.follow_up:
            lacking = [
                n for n, t in (("sebab", item.cause), ("tindak lanjut", item.follow_up)) if not t
            ]
            check = f"Isi {' dan '.join(lacking)}."
        yield f"menyimpang-{watch.light.value}", _sentence(watch.reason), check
    yield from _money(item, got)
    same = [
        (t, r)
        for t, r in zip(item.targets, item.results, strict=True)
        if t is not None and r is not None
    ]
    if len(same) >= FEWEST_ALIKE and all(_is_same(t, r) for t, r in same):
        yield (
            "realisasi-sama-target",
            f"Realisasi sama persis dengan target di {len(same)} triwulan.",
            "Pastikan angkanya hasil pengukuran, bukan salinan target.",
        )
    yield from _jump(item)


def _is_same(target: float, result: float) -> bool:
    return isclose(target, result, rel_tol=TOLERANCE)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _progress(item: Indicator, got: IndicatorScore) -> float | None:
    """Return how far the year's work is, in percent, to lay beside what was spent.

    Of the share of the year's work that was planned until now (of a level or a mean: the share of
    the quarters in which it is measured), as much as was achieved, but never more than planned.
    """
    if got.so_far is None or not got.quarter:
        return None
    share = sum(q <= got.quarter for q in item.measured) / len(item.measured)
    if item.accrual is Accrual.SUM and item.year_target and item.targets[3] is not None:
        share = got.so_far.target / item.year_target
    return share * min(got.so_far.percent, 100.0)


def _money(item: Indicator, got: IndicatorScore) -> Iterator[tuple[str, str, str]]:
    progress = _progress(item, got)
    if progress is None or got.absorption is None:
        return
    gap = got.absorption - progress
    said = (
        f"Anggaran terserap {figure_text(got.absorption)} %, "
        f"hasil {figure_text(progress)} % dari pekerjaan setahun."
    )
    if gap >= MONEY_GAP - TOLERANCE:
        yield "uang-mendahului-hasil", said, "Periksa apa yang sudah dibayar dan hasilnya."
    elif gap <= TOLERANCE - MONEY_GAP:
        yield (
            "hasil-mendahului-uang",
            said,
            "Periksa tagihan yang belum dibayar, atau pagu yang terlalu besar.",
        )


def _jump(item: Indicator) -> Iterator[tuple[str, str, str]]:
    result, target = item.result_until(4), item.target_until(4)
    last, planned = item.results[3], item.targets[3]
    if item.accrual is not Accrual.SUM or not result or last is None or result <= 0:
        return
    share = last / result
    expected = planned / target if planned is not None and target else 0.25
    if share >= JUMP_SHARE and share - expected >= JUMP_MORE:
        yield (
            "lonjakan-tw-iv",
            f"{figure_text(share * 100)} % hasil setahun tercatat di TW IV "
            f"(direncanakan {figure_text(expected * 100)} %).",
            "Periksa kapan hasil itu sebenarnya terjadi dan buktinya.",
        )


def robust_scores(values: Sequence[float]) -> tuple[float, ...]:
    """Return the modified z-score of each value among all; none for fewer than five.

    ``0.6745 (x - median) / MAD``; where more than half are equal, and MAD is 0, the mean absolute
    deviation takes its place, ``(x - median) / (1.253314 mean)`` (Iglewicz and Hoaglin 1993).

    Examples
    --------
    >>> robust_scores([1, 2, 3, 4, 10])[-1]               # 0.6745 x (10 - 3) / 1
    4.7215
    """
    if len(values) < FEWEST_PEERS:
        return ()
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    spread = median(distances) / 0.6745 or 1.253314 * fmean(distances)
    return tuple((value - middle) / spread if spread else 0.0 for value in values)


def check_peers(standings: Sequence[PlanStanding]) -> Mapping[str, tuple[PlanFinding, ...]]:
    """Return what comparing units shows, by unit: outliers among peers, and equal figures.

    Indicators are the same where their names are; peers are units of the same kind.
    """
    found: dict[str, list[PlanFinding]] = defaultdict(list)
    achieved: dict[tuple[str, str], list[tuple[str, int, float]]] = defaultdict(list)
    alike: dict[tuple[str, tuple[float | None, ...]], list[tuple[Plan, int]]] = defaultdict(list)
    for standing in standings:
        for place, item in enumerate(standing.plan.indicators):
            name = fold(item.name)
            current = standing.score.indicators[place].current
            if current is not None:
                key = (standing.plan.kind.casefold(), name)
                achieved[key].append((standing.plan.unit, place, current.raw))
            if _is_telling(item.results):
                alike[name, item.results].append((standing.plan, place))
    for group in achieved.values():
        values = [value for _, _, value in group]
        for (unit, place, value), score in zip(group, robust_scores(values), strict=False):
            if abs(score) > OUTLIER:
                found[unit].append(_outlier(place, value, median(values), len(values)))
    for twins in alike.values():
        everyone = sorted({(plan.name, plan.unit) for plan, _ in twins})
        for plan, place in twins if len(everyone) > 1 else ():
            # Three are enough to name two others; all of them again for each would be a square.
            others = [name for name, unit in everyone[:3] if unit != plan.unit][:2]
            found[plan.unit].append(_twin(place, others, len(everyone) - 1))
    return {unit: tuple(items) for unit, items in found.items()}


def _is_telling(results: tuple[float | None, ...]) -> bool:
    """Whether equal results could hardly be chance: several quarters, not all alike, digits."""
    known = [value for value in results if value is not None]
    if len(known) < 2 or len(set(known)) < 2:
        return False
    digits = sum(len(Decimal(repr(value)).normalize().as_tuple().digits) for value in known)
    return digits >= FEWEST_DIGITS


def _outlier(place: int, value: float, middle: float, count: int) -> PlanFinding:
    side = "atas" if value > middle else "bawah"
    return PlanFinding(
        code="pencilan",
        place=place,
        seen=(
            f"Capaian {figure_text(value)} % jauh di {side} nilai tengah {count} unit sejenis "
            f"({figure_text(middle)} %)."
        ),
        check="Periksa satuan, cara menghitung, dan target indikator ini dibanding unit lain.",
    )


def _twin(place: int, names: Sequence[str], count: int) -> PlanFinding:
    more = f" dan {count - 2} unit lain" if count > 2 else ""
    return PlanFinding(
        code="angka-kembar",
        place=place,
        seen=f"Realisasi semua triwulan sama persis dengan {', '.join(names)}{more}.",
        check="Periksa apakah angkanya diukur sendiri atau tersalin.",
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """An indicator that needs a decision; ``ask`` says of whom and what, in Indonesian."""

    place: int
    watch: Watch
    ask: str


def pick_decisions(standing: PlanStanding, limit: int = 3) -> tuple[Decision, ...]:
    """Return the indicators that need a decision, the most pressing first.

    Red before not reported before amber; then main indicators before others; then the one whose
    projected achievement is lowest.
    """
    order = {Light.RED: 0, Light.MISSING: 1, Light.AMBER: 2}
    plan = standing.plan

    def key(place: int) -> tuple[int, bool, float, int]:
        watch = standing.watches[place]
        projected = watch.projected.raw if watch.projected else 0.0
        return order[watch.light], not plan.indicators[place].is_key, projected, place

    places = [place for place, watch in enumerate(standing.watches) if watch.light in order]
    return tuple(
        Decision(place, standing.watches[place], _ask(plan.indicators[place], standing, place))
        for place in sorted(places, key=key)[:limit]
    )


def _ask(item: Indicator, standing: PlanStanding, place: int) -> str:
    if standing.watches[place].light is Light.MISSING:
        return "Minta realisasinya, dan tetapkan tanggal pelaporannya."
    if not item.cause:
        return "Minta sebabnya, lalu putuskan tindak lanjut dengan tanggalnya."
    if not item.follow_up:
        return "Sebabnya sudah diketahui; putuskan tindak lanjut dengan tanggalnya."
    if item.due is None:
        return "Tindak lanjut sudah ada; tetapkan batas waktunya."
    return "Pastikan tindak lanjut ini cukup, atau putuskan yang lain."
