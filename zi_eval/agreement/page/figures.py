"""The figure of agreement: which way the second set differs, by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from zi_eval.agreement.kappa import GroupAgreement
from zi_eval.report.svg import plot_sides

__all__ = ["plot_directions"]


def plot_directions(
    areas: Sequence[GroupAgreement], titles: Mapping[str, str], second: str, beside: str = ""
) -> Markup:
    """Draw, for each area, how many of 100 answers the second set lower and how many higher."""
    shares = [
        (titles[item.id], 100 * item.lowered / item.pairs, 100 * item.raised / item.pairs)
        for item in areas
        if item.pairs
    ]
    if not any(lower or higher for _, lower, higher in shares):
        return Markup("")
    return plot_sides(
        f"Arah perbedaan {second} menurut bagian, dari 100 jawaban",
        shares,
        (f"{second} lebih rendah", "lebih tinggi"),
        ("Bagian", "lebih rendah", "lebih tinggi"),
        beside,
    )
