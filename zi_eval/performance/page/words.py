"""Words of performance: lights, findings, figures and dates; and all of it as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from zi_eval.core.assessment import Value
from zi_eval.core.text import day_text
from zi_eval.performance.plan import Indicator, Plan, PlanFinding, figure_text, rough_text
from zi_eval.performance.projection import Light, Watch
from zi_eval.performance.unit import UnitPerformance
from zi_eval.performance.watch import pick_decisions
from zi_eval.report.proposals import plain_answer, proposal_lines
from zi_eval.report.words import NO_BREAK, format_count, format_number, one_line

__all__ = [
    "FINDING_TITLES",
    "answer_words",
    "date_text",
    "finding_line",
    "finding_title",
    "light_class",
    "light_icon",
    "light_label",
    "light_meaning",
    "measured_text",
    "outlook_text",
    "quarter_name",
    "render_performance",
]

LABELS: Final = {
    Light.RED: "Merah",
    Light.AMBER: "Kuning",
    Light.GREEN: "Hijau",
    Light.MISSING: "Belum dilaporkan",
    Light.NOT_DUE: "Belum waktunya",
}
ICONS: Final = {
    Light.RED: "▼",
    Light.AMBER: "◆",
    Light.GREEN: "●",
    Light.MISSING: "?",
    Light.NOT_DUE: "○",
}
MEANINGS: Final = {
    Light.RED: "jauh dari target",
    Light.AMBER: "mulai menyimpang",
    Light.GREEN: "di jalurnya",
}
CLASSES: Final = {
    Light.RED: "not_met",
    Light.AMBER: "unknown",
    Light.GREEN: "met",
    Light.MISSING: "none",
    Light.NOT_DUE: "none",
}
FINDING_TITLES: Mapping[str, str] = {
    "angka-kembar": "Angka sama antar-unit",
    "belum-dilaporkan": "Realisasi belum lengkap",
    "hanya-output": "Output, bukan outcome",
    "hasil-mendahului-uang": "Hasil mendahului anggaran",
    "lonjakan-tw-iv": "Lonjakan di TW IV",
    "menyimpang-kuning": "Mulai menyimpang",
    "menyimpang-merah": "Jauh dari jalur",
    "pencilan": "Jauh dari unit sejenis",
    "putus-action": "Rencana Aksi",
    "putus-individual": "Sasaran individu",
    "putus-renstra_goal": "Sasaran Renstra",
    "realisasi-sama-target": "Realisasi sama dengan target",
    "semua-tepat-100": "Semuanya tepat 100 %",
    "tanpa-baseline": "Data awal",
    "tanpa-outcome": "Tidak ada outcome",
    "tanpa-penanggung-jawab": "Penanggung jawab",
    "tanpa-rumus": "Cara menghitung",
    "tanpa-satuan": "Satuan",
    "tanpa-target": "Target",
    "tanpa-target-triwulan": "Target triwulan",
    "target-di-bawah-tahun-lalu": "Target lebih mudah dari tahun lalu",
    "target-jauh-dari-tren": "Target jauh dari tren",
    "target-sama-tiap-tahun": "Target sama tiap tahun",
    "target-tidak-cocok": "Target setahun dan triwulan berbeda",
    "uang-mendahului-hasil": "Anggaran mendahului hasil",
}
"""A short title for every kind of finding."""
CLOSE: Final = frozenset({"%"})


def light_label(light: Light) -> str:
    """Return the word of a light."""
    return LABELS[light]


def light_icon(light: Light) -> str:
    """Return the sign beside the word of a light, never instead of it."""
    return ICONS[light]


def light_class(light: Light) -> str:
    """Return the style of a light."""
    return CLASSES[light]


def light_meaning(light: Light) -> str:
    """Say in plain words what a colour stands for; empty where its word says it."""
    return MEANINGS.get(light, "")


def finding_title(code: str) -> str:
    """Return the short title of a kind of finding."""
    return FINDING_TITLES[code]


def quarter_name(quarter: int) -> str:
    """Return ``TW III``; ``belum ada triwulan`` for none."""
    return f"TW {('I', 'II', 'III', 'IV')[quarter - 1]}" if quarter else "belum ada triwulan"


def measured_text(item: Indicator, value: float | None, is_estimate: bool = False) -> str:
    """Write a figure with its unit of measure: ``68,3 %``, ``7.307 orang``."""
    if value is None:
        return "–"
    text = rough_text(value) if is_estimate else figure_text(value)
    return f"{text}{NO_BREAK}{item.unit_of_measure}" if item.unit_of_measure else text


def outlook_text(item: Indicator, watch: Watch) -> str:
    """Say where the year ends: ``7.307 dari 9.000 orang``."""
    if watch.projection is None:
        return "belum dapat diperkirakan"
    expected = rough_text(watch.projection.expected)
    return f"{expected} dari {measured_text(item, item.year_target)}"


def date_text(day: date | None) -> str:
    """Write a date as ``15 Desember 2026``."""
    return day_text(day) if day else "belum ditetapkan"


def answer_words(value: Value) -> str:
    """Write an answer of one of the questions that performance answers; two counts are goals."""
    if isinstance(value, tuple) and len(value) == 2:
        goals, met = (format_count(number) for number in value)
        return f"{goals} sasaran, {met} tercapai"
    return plain_answer(value)


def finding_line(plan: Plan, finding: PlanFinding) -> str:
    """Return a finding on one line with the row it stands in."""
    where = "seluruh unit"
    if finding.place is not None:
        item = plan.indicators[finding.place]
        where = f"baris {item.row}, {one_line(item.name)}"
    said = one_line(f"{finding_title(finding.code)}. {finding.seen} {finding.check}")
    return f"{plan.unit}: {where}: {said}"


def render_performance(data: UnitPerformance) -> str:
    """Return decisions, indicators and proposals as text."""
    standing = data.standing
    plan, score = standing.plan, standing.score
    lines = [
        f"{one_line(plan.name)}, kinerja {plan.year} sampai {quarter_name(score.quarter)}",
        f"Capaian {format_number(score.percent, 1)} % ({score.known} dari {len(plan.indicators)} "
        f"indikator), anggaran terserap {format_number(score.absorption, 1)} %",
        "",
    ]
    decisions = pick_decisions(standing)
    lines.append("Perlu keputusan:" if decisions else "Tidak ada indikator yang perlu keputusan.")
    for decision in decisions:
        item, watch = plan.indicators[decision.place], decision.watch
        name = f"{light_icon(watch.light)} {light_label(watch.light)}: {one_line(item.name)}"
        outlook = outlook_text(item, watch) if watch.projection else watch.reason
        lines += [f"  {name}: {outlook}", f"    {decision.ask}"]
        if item.follow_up:
            lines.append(f"    Tindak lanjut: {one_line(item.follow_up)} ({date_text(item.due)})")
        lines.append(f"    Penanggung jawab: {one_line(item.owner) or 'belum ditulis'}")
    lines += ["", "Semua indikator:"]
    for item, got, watch in zip(plan.indicators, score.indicators, standing.watches, strict=True):
        percent = f"{format_number(got.current.percent, 1)} %" if got.current else "–"
        result = item.result_until(score.quarter) if score.quarter else None
        lines.append(
            f"  {light_icon(watch.light)} {one_line(item.name):<52.52} {percent:>8}  "
            f"{one_line(measured_text(item, result))}"
        )
    if data.proposals:
        lines += ["", "Usulan jawaban LKE:"]
    lines += proposal_lines(data.proposals, data.answers, answer_words)
    return "\n".join(lines)
