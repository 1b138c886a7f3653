"""The official scoring once more, in exact fractions and from tables typed here.

Nothing of the package is used: neither its instrument, nor its rules of ratios, nor its scoring.
An answer is a letter ("A", "Ya"), a number, a tuple of the asked counts (None where empty), or
"n/a"; a question that is not named is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

Given = str | float | tuple[float | None, ...]

# Letters of the scales: y Ya/Tidak, 3 A/B/C, 4 A/B/C/D, 5 A/B/C/D/E; r a ratio of counts.
POINTS = {
    "y": {"Ya": "1", "Tidak": "0"},
    "3": {"A": "1", "B": "1/2", "C": "0"},
    "4": {"A": "1", "B": "67/100", "C": "33/100", "D": "0"},
    "5": {"A": "1", "B": "3/4", "C": "1/2", "D": "1/4", "E": "0"},
}

# Subarea: its weight, then the scale of its questions a, b, c, ...
SUBAREAS = {
    "A.I.1.i": ("0.5", "y3"),
    "A.I.1.ii": ("1", "y33"),
    "A.I.1.iii": ("1", "444"),
    "A.I.1.iv": ("1.5", "y334"),
    "A.I.2.i": ("1", "455"),
    "A.I.2.ii": ("2", "3333"),
    "A.I.2.iii": ("0.5", "33"),
    "A.I.3.i": ("0.25", "y4y"),
    "A.I.3.ii": ("0.5", "y5y"),
    "A.I.3.iii": ("1.25", "y44443"),
    "A.I.3.iv": ("2", "445y"),
    "A.I.3.v": ("0.75", "4"),
    "A.I.3.vi": ("0.25", "3"),
    "A.I.4.i": ("2.5", "334"),
    "A.I.4.ii": ("2.5", "yyy4y3y3"),
    "A.I.5.i": ("1.5", "34"),
    "A.I.5.ii": ("1.5", "5533"),
    "A.I.5.iii": ("1.5", "3y33"),
    "A.I.5.iv": ("1.5", "333"),
    "A.I.5.v": ("1.5", "44433"),
    "A.I.6.i": ("1", "544y"),
    "A.I.6.ii": ("1", "544445"),
    "A.I.6.iii": ("1", "533"),
    "A.I.6.iv": ("1", "534"),
    "A.I.6.v": ("1", "4y3"),
    "A.II.1.i": ("2", "rr"),
    "A.II.1.ii": ("1", "5"),
    "A.II.1.iii": ("1", "4"),
    "A.II.2.i": ("0.5", "4"),
    "A.II.2.ii": ("1", "33"),
    "A.II.2.iii": ("2", "555"),
    "A.II.3.i": ("1.5", "3"),
    "A.II.3.ii": ("1.5", "3"),
    "A.II.3.iii": ("2", "r"),
    "A.II.4.i": ("2", "r"),
    "A.II.4.ii": ("1.5", "4"),
    "A.II.4.iii": ("1.5", "4"),
    "A.II.5.i": ("2.5", "5"),
    "A.II.5.ii": ("3", "r"),
    "A.II.5.iii": ("2", "rr"),
    "A.II.6.i": ("2.5", "4r"),
    "A.II.6.ii": ("2.5", "4"),
}

# Ratio question: what is divided by what, by place among the asked counts (several are added),
# and its value where the divisor is 0.
SHARES = {
    "A.II.1.i.a": (1, (0,), "0"),
    "A.II.1.i.b": (1, (0,), "0"),
    "A.II.4.i.a": (1, (0,), "0"),
    "A.II.5.ii.a": (2, (0,), "1"),
    "A.II.5.iii.a": (3, (0, 1, 2), "1"),
    "A.II.5.iii.b": (3, (0, 1, 2), "1"),
    "A.II.6.i.b": (1, (0,), "0"),
}
FALLS = {"A.II.3.iii.a": (0, 1)}

# Questions of B: weight and scale; "i" is an index from 0 to 4.
RESULTS = {"B.I.a": ("17.5", "i"), "B.I.b": ("5", "5"), "B.II.a": ("17.5", "i")}


def scales() -> dict[str, str]:
    """The scale of every question."""
    table = {}
    for subarea, (_, letters) in SUBAREAS.items():
        for letter, scale in zip("abcdefgh", letters, strict=False):
            table[f"{subarea}.{letter}"] = scale
    return table | {question: scale for question, (_, scale) in RESULTS.items()}


def _ratio(question: str, counts: tuple[float | None, ...]) -> Fraction | None:
    if any(count is None for count in counts):
        return None
    exact = [Fraction(count) for count in counts if count is not None]
    if question in FALLS:
        before, after = (exact[place] for place in FALLS[question])
        if before:
            return max(Fraction(0), 1 - after / before)
        return Fraction(0) if after else Fraction(1)
    part, whole, empty = SHARES[question]
    divisor = sum(exact[place] for place in whole)
    return min(Fraction(1), exact[part] / divisor) if divisor else Fraction(empty)


def _value(question: str, scale: str, given: Given | None) -> Fraction | None:
    if given is None:
        return None
    if given == "n/a":
        return Fraction(1)
    if scale == "r":
        assert isinstance(given, tuple)
        return _ratio(question, given)
    if scale == "i":
        assert isinstance(given, (int, float))
        return Fraction(given) / 4
    assert isinstance(given, str)
    return Fraction(POINTS[scale][given])


def node_scores(answers: Mapping[str, Given]) -> dict[str, Fraction | None]:
    """The score of every node, question and of the whole, None where nothing is answered."""
    known: dict[str, Fraction] = {}
    leaves: dict[str, Fraction] = {}
    for question, scale in scales().items():
        value = _value(question, scale, answers.get(question))
        if value is not None:
            known[question] = value
    for subarea, (weight, _) in SUBAREAS.items():
        below = [value for question, value in known.items() if question.startswith(f"{subarea}.")]
        if below:
            leaves[subarea] = Fraction(weight) * sum(below) / len(below)
    for question, (weight, _) in RESULTS.items():
        if question in known:
            known[question] *= Fraction(weight)
            leaves[question] = known[question]
    scores: dict[str, Fraction | None] = {question: known.get(question) for question in scales()}
    for leaf in (*SUBAREAS, *RESULTS):
        parts = leaf.split(".")
        for node in ("total", *(".".join(parts[:depth]) for depth in range(1, len(parts) + 1))):
            if leaf in leaves and node not in RESULTS:
                scores[node] = (scores.get(node) or Fraction(0)) + leaves[leaf]
            else:
                scores.setdefault(node, None)
    return scores
