"""Words of the performance page: lights, findings, answers of the LKE."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from zi_eval.core.assessment import NOT_APPLICABLE, Value
from zi_eval.core.proposals import Proposal
from zi_eval.performance.plan import Indicator, figure_text, rough_text
from zi_eval.performance.projection import Light, Watch
from zi_eval.report.words import MONTHS, NO_BREAK, format_count

__all__ = [
    "FINDING_TITLES",
    "answer_words",
    "candidate_words",
    "date_text",
    "finding_title",
    "light_class",
    "light_icon",
    "light_label",
    "light_meaning",
    "measured_text",
    "outlook_text",
    "quarter_name",
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
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "belum ditetapkan"


def answer_words(value: Value | None) -> str:
    """Write an answer of one of the questions that performance answers; two counts are goals."""
    if value is None:
        return "belum dijawab"
    if value is NOT_APPLICABLE:
        return "tidak berlaku"
    if isinstance(value, tuple):
        numbers = [format_count(number) for number in value]
        if len(numbers) == 2:
            return f"{numbers[0]} sasaran, {numbers[1]} tercapai"
        return "; ".join(numbers)
    return str(value)


def candidate_words(proposal: Proposal) -> str:
    """Write what a proposal says: an answer, what it can still be, or nothing."""
    if proposal.answer is not None:
        return answer_words(proposal.answer)
    if proposal.candidates:
        return f"{', '.join(proposal.candidates[:-1])} atau {proposal.candidates[-1]}"
    return "belum dapat diusulkan"
