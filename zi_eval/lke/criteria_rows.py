"""Where the criteria of a worksheet stand: found by structure, since every agency words its own.

A component is found by its title, a subcomponent by its letter, a criterion by its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from zi_eval.core.instrument import Instrument
from zi_eval.core.text import fold
from zi_eval.sheets.grid import Grid

__all__ = ["CriteriaRows", "find_rows", "row_text"]

LABEL: Final = re.compile(r"\(?([0-9]{1,2}|[IVX]{1,4})?[.\s]?([a-c])?[.\s]?([0-9]{1,2})?[.)]*")
"""``1``, ``I``, ``1.a``, ``a.``, ``(3)``, ``1.a.3``: component, subcomponent, criterion."""
LABELLED: Final = re.compile(r"(\(?[0-9]{1,2}[.)]|\(?[a-c][.)]|[0-9]{1,2}\.[a-c]\.?)\s+(?=\S)")
"""A label that stands in the same cell as its text."""
ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass
class CriteriaRows:
    """Where the questions and criteria of a sheet stand.

    Attributes
    ----------
    text
        The column of the texts, right of which everything is answered.
    grades
        Row of each question.
    criteria
        Rows of the criteria below each question, in order, each with the number it bears.
    """

    text: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    criteria: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def all_criteria(self) -> list[int]:
        """Return the rows of all criteria, from the top."""
        return [row for rows in self.criteria.values() for row, _ in rows]


def _label(text: str) -> tuple[str, str, str] | None:
    """Return component, letter and number of a label, None where a text is none."""
    found = LABEL.fullmatch(text.strip())
    if found is None or not text.strip():
        return None
    component, letter, number = (part or "" for part in found.groups())
    if component in ROMAN:
        component = str(ROMAN.index(component) + 1)
    return component, letter, number


def _parts(grid: Grid, row: int) -> tuple[str, str, int]:
    """Return a row's label, its text and the column of the text; empty where there is none."""
    label = ""
    for column in range(min(grid.width, 8)):
        value = grid.value(row, column)
        if isinstance(value, float) and value.is_integer() and 0 < value < 100:
            value = str(int(value))
        if not isinstance(value, str) or not value.strip():
            continue
        text = " ".join(value.split())
        if _label(text) is not None and len(text) < 8:
            label = f"{label}.{text}" if label and _label(f"{label}.{text}") else text
            continue
        inside = LABELLED.match(text)
        if inside and not label:
            return inside[1], text[inside.end() :], column
        return label, text, column
    return label, "", 0


def find_rows(grid: Grid, instrument: Instrument) -> CriteriaRows:
    """Find components by title, subcomponents by letter and criteria by number, going down."""
    rows, columns = CriteriaRows(), dict[int, int]()
    titles = {fold(node.title): key for key, node in instrument.nodes.items()}
    component = question = ""
    for row in range(len(grid.rows)):
        label, text, column = _parts(grid, row)
        if not text:
            continue
        named = next((key for title, key in titles.items() if _is_title(text, title)), "")
        marks = _label(label) or ("", "", "")
        if named and not marks[1]:
            component, question = named, ""
            continue
        letter = marks[1]
        if letter:
            component = marks[0] if marks[0] in instrument.nodes else component
            found = f"{component}.{letter}"
            if marks[2] and found in instrument.questions:  # "1.a.3" names its criterion whole
                rows.criteria.setdefault(found, []).append((row, int(marks[2])))
                columns[column] = columns.get(column, 0) + 1
            elif found in instrument.questions and found not in rows.grades:
                question = found
                rows.grades[question] = row
            continue
        number = marks[2] or marks[0]
        if question and number.isdigit():
            rows.criteria.setdefault(question, []).append((row, int(number)))
            columns[column] = columns.get(column, 0) + 1
    rows.text = max(columns, key=lambda c: columns[c], default=0)
    return rows


def _is_title(text: str, title: str) -> bool:
    folded = fold(text).removeprefix("komponen ")
    first, _, rest = folded.partition(" ")
    folded = rest if len(first) <= 3 else folded  # "A. Perencanaan Kinerja"
    return folded == title or (folded.startswith(title) and len(folded) < len(title) + 12)


def row_text(grid: Grid, row: int) -> str:
    """Return what a row says, without its label; empty where it says nothing."""
    return _parts(grid, row)[1]
