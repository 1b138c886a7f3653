"""The part ``kinerja`` of the agency's file: the limits and lights its performance is judged by.

::

    kinerja: {batas_capaian: 120, merah_di_bawah: 80, hijau_mulai: 95}
"""

from __future__ import annotations

from zi_eval.core.problems import Problem
from zi_eval.performance.projection import LightRules, PerformanceRules
from zi_eval.performance.score import AchievementRules
from zi_eval.period.keys import Section

__all__ = ["PART", "parse_rules"]

PART = "kinerja"
KEYS = ("batas_capaian", "merah_di_bawah", "hijau_mulai")


def parse_rules(section: Section) -> tuple[PerformanceRules, tuple[Problem, ...]]:
    """Return the limits and lights, what is not stated as usual, and all that is wrong."""
    usual = PerformanceRules()
    reader = section.reader()
    top = reader.mapping((PART,), section.value, KEYS, f"'{PART}'")

    def percent(key: str, usual: float, low: float, high: float) -> float:
        raw = top.get(key)
        if raw is None:
            return usual
        path = (PART, key)
        try:
            number = float(reader.text(path, raw, f"'{key}'").replace(",", ".").rstrip("% "))
        except ValueError:
            number = low - 1
        if low <= number <= high:
            return number
        message = f"'{key}' harus angka {low:g} sampai {high:g}, dalam persen."
        reader.report(path, "batas-kinerja", message)
        return usual

    cap = percent("batas_capaian", usual.achievement.cap or 0.0, 100, 1000)
    red = percent("merah_di_bawah", usual.lights.red_below, 1, 100)
    green = percent("hijau_mulai", usual.lights.green_from, 1, 100)
    if red > green:
        message = f"'merah_di_bawah' ({red:g}) tidak boleh di atas 'hijau_mulai' ({green:g})."
        reader.report((PART,), "batas-kinerja", message)
    rules = PerformanceRules(AchievementRules(cap=cap), LightRules(red, green))
    return rules, tuple(reader.problems)
