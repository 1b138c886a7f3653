"""Is the plan any good: what SMART asks of an indicator and data can show.

Specific, measurable and time-bound can be seen in what is filled in; achievable and challenging
in the target beside earlier years; relevant in the kind of indicator and in its place in the chain
Renstra, Perjanjian Kinerja, Rencana Aksi, individual goals. Nothing here judges people, and a
finding may well have a good reason: it says what was seen, and what to look at. The thresholds are
ours; no regulation states them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import isclose

from zi_eval.performance.plan import (
    QUARTERS,
    TOLERANCE,
    Accrual,
    Direction,
    Indicator,
    Kind,
    Plan,
    PlanFinding,
    figure_text,
)

__all__ = ["check_plan"]

FEWEST_YEARS = 3
"""Earlier years from which a trend can be told."""
TIMES_TREND = 3.0
"""A step this many times the largest one seen is beyond any trend."""
LEAST_STEP = 0.10
"""Relative: a smaller step is never called unrealistic."""
LEAST_DROP = 0.01
"""Relative: a target less than this below last year's result is the same."""
SAME_YEARS = 3
"""Equal targets in this many years, this one included."""

Note = tuple[str, str, str]


def check_plan(plan: Plan) -> tuple[PlanFinding, ...]:
    """Return what the plan leaves open or asks to be looked at, by indicator, the unit's last."""
    findings = [
        PlanFinding(code=code, place=place, seen=seen, check=check)
        for place, item in enumerate(plan.indicators)
        for notes in (_stated(item, plan.year), _level(item, plan.year), _chain(item, plan))
        for code, seen, check in notes
    ]
    keys = [item for item in plan.indicators if item.is_key]
    if keys and all(item.kind is Kind.OUTPUT for item in keys):
        seen = f"Seluruh {len(keys)} indikator utama berjenis output."
        check = "Tambahkan indikator yang menunjukkan manfaat bagi masyarakat (outcome)."
        findings.append(PlanFinding(code="tanpa-outcome", place=None, seen=seen, check=check))
    return tuple(findings)


def _stated(item: Indicator, year: int) -> Iterator[Note]:
    """Specific, measurable, time-bound: what has to be filled in, and must agree."""
    if not item.unit_of_measure:
        yield "tanpa-satuan", "Satuan belum ditulis.", "Tulis satuannya, mis. %, orang, hari."
    if not item.formula:
        check = "Tulis pembilang, penyebut, dan sumber datanya."
        yield "tanpa-rumus", "Cara menghitung belum ditulis.", check
    if not item.earlier_results:
        check = f"Isi realisasi tahun {year - 1}, atau jelaskan mengapa belum ada."
        yield "tanpa-baseline", "Belum ada realisasi tahun sebelumnya.", check
    if item.year_target is None:
        yield "tanpa-target", "Target belum berupa angka.", "Tetapkan target yang dapat diukur."
    elif all(item.targets[q - 1] is None for q in QUARTERS):
        check = "Bagi target ke triwulan agar penyimpangan terlihat sejak awal."
        yield "tanpa-target-triwulan", "Target belum dibagi per triwulan.", check
    else:
        yield from _agreement(item)
    if not item.owner:
        yield "tanpa-penanggung-jawab", "Penanggung jawab belum ditulis.", "Tulis jabatannya."


def _agreement(item: Indicator) -> Iterator[Note]:
    made, stated = item.target_until(4), item.annual_target
    # A mean is rounded when it is written down; a sum and a position are not.
    near = 0.01 if item.accrual is Accrual.MEAN else 1e-6
    if made is None or stated is None or isclose(made, stated, rel_tol=near):
        return
    said = (
        f"Target setahun {figure_text(stated)}, tetapi triwulannya ({item.accrual.value}) "
        f"menjadi {figure_text(made)}."
    )
    check = "Samakan keduanya, atau periksa cara penjumlahannya."
    if item.targets[3] is not None and isclose(item.targets[3], stated, rel_tol=1e-6):
        # The usual cause: running totals typed under "kumulatif".
        check = (
            "Isi tiap triwulan sendiri-sendiri (bukan jumlah berjalan), atau pilih posisi akhir."
        )
    yield "target-tidak-cocok", said, check


def _level(item: Indicator, year: int) -> Iterator[Note]:
    """Achievable and challenging: the target beside earlier years."""
    target, last = item.year_target, item.last_year(year)
    if target is None:
        return
    if last is not None and item.direction is not Direction.HOLD:
        gain = _gain(item, last, target)
        if gain < -LEAST_DROP * max(abs(last), abs(target)):
            yield (
                "target-di-bawah-tahun-lalu",
                f"Target {figure_text(target)} lebih mudah daripada realisasi tahun lalu "
                f"{figure_text(last)}.",
                "Naikkan targetnya, atau tulis alasan penurunannya.",
            )
        elif step := _largest_step(item, year):
            size = abs(last) or abs(target)
            if gain > TIMES_TREND * step and size and gain / size > LEAST_STEP:
                yield (
                    "target-jauh-dari-tren",
                    f"Target {figure_text(target)} meminta perubahan {figure_text(gain)} dalam "
                    f"setahun; yang terbesar selama ini {figure_text(step)}.",
                    "Tulis apa yang berbeda tahun ini, atau bagi target ke beberapa tahun.",
                )
    years = [item.earlier_targets.get(year - back) for back in range(1, SAME_YEARS)]
    if (
        item.direction is not Direction.HOLD
        and all(t is not None and isclose(t, target, rel_tol=TOLERANCE) for t in years)
        and not _is_at_best(item, target)
    ):
        yield (
            "target-sama-tiap-tahun",
            f"Target {figure_text(target)} sama selama {SAME_YEARS} tahun.",
            "Periksa apakah target ini masih mendorong perbaikan.",
        )


def _gain(item: Indicator, before: float, after: float) -> float:
    return before - after if item.direction is Direction.DOWN else after - before


def _largest_step(item: Indicator, year: int) -> float | None:
    """Return the largest change between two earlier years in a row, whichever way; None of few."""
    years = sorted(y for y in item.earlier_results if y < year)
    if len(years) < FEWEST_YEARS:
        return None
    return max(abs(item.earlier_results[b] - item.earlier_results[a]) for a, b in pairwise(years))


def _is_at_best(item: Indicator, target: float) -> bool:
    """Whether nothing better is possible: all of it, or none left."""
    if item.direction is Direction.DOWN:
        return target == 0
    return target == 100 and item.unit_of_measure.casefold() in {"%", "persen"}


def _chain(item: Indicator, plan: Plan) -> Iterator[Note]:
    """Relevant: what kind it is, and where it hangs in the chain.

    A link that no indicator of the unit has is a column nobody filled in, named once by the
    first indicator; else each orphan is named.
    """
    if item.is_key and item.kind is Kind.OUTPUT:
        check = "Pertimbangkan indikator yang menunjukkan manfaatnya (outcome)."
        yield "hanya-output", "Indikator utama ini mengukur pekerjaan, bukan manfaat.", check
    links = (
        ("renstra_goal", "sasaran Renstra", "Sebut sasaran Renstra yang didukungnya."),
        ("action", "Rencana Aksi", "Sebut kegiatan di Rencana Aksi yang mencapainya."),
        ("individual", "sasaran kinerja individu", "Sebut jabatan yang SKP-nya memuatnya."),
    )
    for attribute, name, check in links:
        if getattr(item, attribute):
            continue
        if any(getattr(other, attribute) for other in plan.indicators):
            yield f"putus-{attribute}", f"Tidak terhubung ke {name}.", check
        elif item is plan.indicators[0]:
            check = f"{check[:-1]}, untuk semua indikator."
            yield f"putus-{attribute}", f"Belum ada indikator yang terhubung ke {name}.", check
