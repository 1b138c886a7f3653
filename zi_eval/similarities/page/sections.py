"""The recap's section on what is the same across units: something to look at, accusing nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from zi_eval.report.page import Room, Section
from zi_eval.similarities.page.words import LABELS, similarity_text
from zi_eval.similarities.values import Similarity

__all__ = ["similarities_section"]

ROOM: Final = Room("similarities/page")
MOST_SHOWN: Final = 30


def similarities_section(
    found: Sequence[Similarity],
    names: Mapping[str, str],
    units: int,
    least: int,
    most: int,
) -> Section:
    """Return the section.

    Parameters
    ----------
    names
        Of the units by id; untrusted.
    units, least, most
        How many there are, from how many on patterns are compared, and up to how many pairs are.
    """
    rows = [
        {
            "sign": LABELS[item.sign],
            "units": [names.get(unit) or unit for unit in item.units],
            "said": similarity_text(item),
            "places": item.places,
        }
        for item in found[:MOST_SHOWN]
    ]
    return ROOM.section(
        "similarities",
        rows=rows,
        more=len(found) - len(rows),
        is_small=units < least,
        least=least,
        is_large=units > most,
        most=most,
    )
