"""Open comments grouped by the element they are about, by the words of the definition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zi_eval.survey.values import Element, Response, Survey

__all__ = ["CommentGroup", "group_comments"]

NOTHING_SAID = frozenset(
    {
        "", "-", "ok", "oke", "baik", "bagus", "nihil", "tidak ada", "tidak ada saran",
        "sudah baik", "cukup", "cukup baik", "sangat baik", "sudah bagus", "terima kasih",
        "tidak", "tdk ada",
    }
)  # fmt: skip
"""Folded comments that say no more than the answers do."""


@dataclass(frozen=True, slots=True)
class CommentGroup:
    """Comments about one element; ``element`` is None for those that no word places.

    Attributes
    ----------
    comments
        Without personal data, each text once, in the order of the file.
    count
        How many respondents, equal texts counted each time.
    """

    element: Element | None
    comments: tuple[str, ...]
    count: int


def _pattern(survey: Survey) -> tuple[re.Pattern[str] | None, Mapping[str, tuple[str, ...]]]:
    """Return what finds keywords, longer ones first, and the elements of each.

    So that "ruang tunggu" is about the room, and only a bare "tunggu" about time.
    """
    places: dict[str, tuple[str, ...]] = {}
    for element in survey.elements:
        for word in element.keywords:
            folded = " ".join(word.casefold().split())
            places[folded] = (*places.get(folded, ()), element.code)
    if not places:
        return None, places
    words = "|".join(re.escape(word) for word in sorted(places, key=len, reverse=True))
    # Beginnings of words: "antre" finds "antrean", with the usual prefixes before it.
    prefixes = "me|mem|men|meng|meny|di|ter|ber|pe|pem|pen|peng|ke"
    return re.compile(rf"(?<!\w)(?:{prefixes})?({words})"), places


def group_comments(survey: Survey, responses: Sequence[Response]) -> tuple[CommentGroup, ...]:
    """Return the comments by element, the most frequent first, those without a place last.

    A comment about two things stands with both.
    """
    pattern, owners = _pattern(survey)
    places: dict[str, list[str]] = {code: [] for code in (*(e.code for e in survey.elements), "")}
    for response in responses:
        text = response.comment
        folded = " ".join(text.casefold().split())
        if not folded or folded.strip(" .!") in NOTHING_SAID:
            continue
        found = pattern.findall(folded) if pattern is not None else []
        for code in dict.fromkeys(code for word in found for code in owners[word]) or [""]:
            places[code].append(text)
    elements = {element.code: element for element in survey.elements}
    groups = [
        CommentGroup(elements.get(code), tuple(dict.fromkeys(texts)), len(texts))
        for code, texts in places.items()
        if texts
    ]
    return tuple(sorted(groups, key=lambda group: (group.element is None, -group.count)))
