"""What the plan's figures propose as answers of the LKE, with the reasoning. Never filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zi_eval.core.proposals import Proposal
from zi_eval.performance.comparison import (
    COMPARED,
    PeerFigures,
    compare_indicator,
    is_better,
    missing_comparisons,
)
from zi_eval.performance.plan import TOLERANCE, Indicator, Kind, figure_text
from zi_eval.performance.projection import Light
from zi_eval.performance.score import (
    Achievement,
    achievement,
    mean_known,
)
from zi_eval.performance.watch import PlanStanding

__all__ = [
    "TOPIC",
    "Questions",
    "propose_answers",
    "propose_evidence",
    "propose_performance",
    "propose_targets",
]

TOPIC = "performance"
"""Under which an instrument names the questions that a plan speaks to (``links.yaml``)."""
Questions = Mapping[str, str]
"""Their ids by what they ask; on what an instrument does not ask nothing is said."""


def _is_undecided(standing: PlanStanding, place: int, got: Achievement) -> bool:
    """Whether a projected miss may still be met: the target lies within the interval."""
    projection = standing.watches[place].projection
    if got.is_met or projection is None or standing.score.indicators[place].year is not None:
        return False
    return projection.low <= got.target <= projection.high


def _year_end(standing: PlanStanding, place: int) -> tuple[Achievement | None, bool]:
    """Return the year's achievement, else the projected one, and whether it is projected."""
    year = standing.score.indicators[place].year
    if year is not None:
        return year, False
    return standing.watches[place].projected, True


def propose_answers(
    standing: PlanStanding, peers: PeerFigures | None, questions: Questions
) -> tuple[Proposal, ...]:
    """Propose the answers that a plan's figures decide by the questions' own rules."""
    achieved, goals = questions.get("achievement"), questions.get("goals")
    return (
        *((propose_performance(standing, peers, achieved),) if achieved else ()),
        *((propose_targets(standing, goals),) if goals else ()),
    )


def propose_performance(
    standing: PlanStanding, peers: PeerFigures | None, question: str
) -> Proposal:
    """Propose the answer on what was achieved, A to E, from the main indicators (IKU).

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
        return Proposal(question, None, (), False, ("Belum ada indikator utama (IKU).",))
    outcomes = sum(plan.indicators[place].kind is Kind.OUTCOME for place in places)
    reasons.append(f"{outcomes} dari {len(places)} indikator utama berjenis outcome.")
    if not outcomes:
        return Proposal(question, "E", (), False, tuple(reasons))
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
        return Proposal(question, "D", (), is_projected, tuple(reasons))
    if close:
        names = "; ".join(plan.indicators[place].name for place in close[:2])
        reasons.append(f"Belum pasti tercapai: {names}.")
        return Proposal(question, None, ("A", "B", "C", "D"), is_projected, tuple(reasons))
    if len(known) < len(places):
        reasons.append(
            f"{len(places) - len(known)} indikator utama belum mempunyai capaian setahun."
        )
        return Proposal(question, None, ("A", "B", "C", "D"), is_projected, tuple(reasons))
    return _above(question, standing, known, peers, is_projected, reasons)


def _above(
    question: str,
    standing: PlanStanding,
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
        return Proposal(question, answer, rest, is_projected, tuple(reasons))

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
        reasons.append(
            f"Realisasi tahun {plan.year - 1} belum diisi, jadi perbandingannya belum diketahui."
        )
        return conclude("A", "B", "C")
    now = mean_known(n for n, _ in pairs) or 0.0
    then = mean_known(b for _, b in pairs) or 0.0
    is_up = now > then + TOLERANCE
    reasons.append(
        f"Dengan target yang sama, {figure_text(then)} % tahun {plan.year - 1} dan "
        f"{figure_text(now)} % tahun {plan.year} ({len(pairs)} indikator)."
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
    standing: PlanStanding,
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


def propose_targets(standing: PlanStanding, question: str) -> Proposal:
    """Propose two counts: how many sasaran there are, how many reach 100 %.

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
    return Proposal(question, answer, (), provisional, tuple(reasons))


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a plan shows on one question, and what it decides of the answer."""

    reasons: tuple[str, ...]
    answer: str | None = None
    candidates: tuple[str, ...] = ()


def propose_evidence(standing: PlanStanding, questions: Questions) -> tuple[Proposal, ...]:
    """Say what a plan shows about the questions on accountability (pemenuhan).

    Mostly evidence without an answer: a table shows neither that a document exists and is signed
    nor who took part. Data can decide against, not for: planning is not aimed at results where no
    main indicator is an outcome, and indicators without a unit or a target, which nobody can
    measure, rule out the answers that call them SMART.
    """
    items = standing.plan.indicators
    if not items:
        return ()
    shown = {
        "monitoring": _Shown(_monitored(standing)),
        "documents": _Shown(_documents(items)),
        "outcomes": _outcomes(items),
        "key_indicators": _Shown(_keys(items)),
        "smart": _smart(items),
        "reports": _Shown(_reported(standing)),
        "records": _Shown(_recorded(standing)),
    }
    return tuple(
        Proposal(questions[asked], found.answer, found.candidates, False, found.reasons)
        for asked, found in shown.items()
        if asked in questions
    )


def _share(items: Iterable[bool], what: str) -> str:
    """Say of how many indicators something is true."""
    known = list(items)
    return f"{sum(known)} dari {len(known)} indikator {what}."


def _monitored(standing: PlanStanding) -> tuple[str, ...]:
    plan = standing.plan
    astray = [
        item
        for item, watch in zip(plan.indicators, standing.watches, strict=True)
        if watch.light in (Light.RED, Light.AMBER)
    ]
    followed = (
        f"Dari {len(astray)} indikator yang menyimpang, {sum(bool(i.cause) for i in astray)} punya "
        f"sebab dan {sum(bool(i.follow_up) for i in astray)} punya tindak lanjut."
        if astray
        else "Tidak ada indikator yang menyimpang dari rencana."
    )
    return (
        _reported_until(standing),
        followed,
        "Keikutsertaan pimpinan tidak terlihat dari tabel; lihat notula dan daftar hadir.",
    )


def _reported_until(standing: PlanStanding) -> str:
    quarter = standing.plan.quarter
    due = [i for i in standing.plan.indicators if min(i.measured) <= quarter]
    if not due:
        return "Belum ada realisasi triwulan yang dicatat."
    complete = [i.result_until(quarter) is not None for i in due]
    name = ("I", "II", "III", "IV")[quarter - 1]
    return _share(complete, f"yang harus sudah diukur lengkap realisasinya sampai TW {name}")


def _documents(items: Sequence[Indicator]) -> tuple[str, ...]:
    return (
        _share((i.year_target is not None for i in items), "punya target setahun"),
        _share((any(t is not None for t in i.targets) for i in items), "punya target triwulan"),
        _share((bool(i.renstra_goal) for i in items), "terhubung ke sasaran Renstra"),
        _share((bool(i.action) for i in items), "terhubung ke Rencana Aksi"),
        _share((bool(i.individual) for i in items), "diturunkan ke sasaran kinerja individu"),
        "Kelengkapan dan pengesahan dokumennya tidak terlihat dari tabel.",
    )


def _keys(items: Sequence[Indicator]) -> tuple[str, ...]:
    keys = [item for item in items if item.is_key]
    if not keys:
        return ("Tidak ada indikator yang ditandai sebagai IKU di tabel.",)
    return (
        f"{len(keys)} indikator ditandai sebagai IKU; {sum(bool(i.formula) for i in keys)} punya "
        f"cara menghitung dan {sum(i.year_target is not None for i in keys)} punya target setahun.",
        "Keputusan penetapannya tidak terlihat dari tabel.",
    )


def _reported(standing: PlanStanding) -> tuple[str, ...]:
    plan, score = standing.plan, standing.score
    pairs = zip(plan.indicators, score.indicators, strict=True)
    lacking = missing_comparisons([compare_indicator(i, got, plan.year) for i, got in pairs])
    # Not every indicator has a national standard, so its absence shows nothing.
    named = [
        f"{COMPARED[name].lower()} ({len(p)})" for name, p in lacking.items() if name != "national"
    ]
    count = len(plan.indicators)
    return (
        f"Diminta dari laporan kinerja, tetapi belum ada, dari {count} indikator: "
        f"{'; '.join(named)}."
        if named
        else f"Semua perbandingan yang diminta dari laporan kinerja ada untuk {count} indikator.",
        _share((bool(i.evidence) for i in plan.indicators), "menyebut bukti"),
        "Isi laporannya sendiri tidak terlihat dari tabel.",
    )


def _recorded(standing: PlanStanding) -> tuple[str, ...]:
    items = standing.plan.indicators
    return (
        _reported_until(standing),
        _share((bool(i.owner) for i in items), "punya penanggung jawab"),
        "Tabel kinerja triwulanan adalah satu mekanisme; aplikasi dan SOP-nya tidak terlihat.",
    )


def _outcomes(items: Sequence[Indicator]) -> _Shown:
    keys = [item for item in items if item.is_key]
    count = sum(item.kind is Kind.OUTCOME for item in keys)
    seen = f"{count} dari {len(keys)} indikator utama berjenis outcome menurut tabel."
    if keys and not count:
        return _Shown((seen,), "Tidak")
    limits = "Tabel saja tidak memastikan bahwa Renstra dan rencana kerja berfokus pada hasil."
    return _Shown((seen, limits))


def _smart(items: Sequence[Indicator]) -> _Shown:
    failed = [i for i in items if not i.unit_of_measure or i.year_target is None]
    limits = "Spesifik, relevan, dan wajarnya target tidak dapat dipastikan dari tabel."
    if not failed:
        return _Shown(("Semua indikator punya satuan dan target setahun.", limits))
    names = "; ".join(item.name for item in failed[:2])
    more = f" dan {len(failed) - 2} lainnya" if len(failed) > 2 else ""
    seen = f"Tanpa satuan atau target, jadi tidak terukur: {names}{more}."
    if len(failed) == len(items):
        return _Shown((seen,), "D")
    # At most the rest is SMART: most of them, or, where that is half or less, a small part.
    open_still = ("B", "C", "D") if len(failed) * 2 < len(items) else ("C", "D")
    return _Shown((seen, limits), candidates=open_still)
