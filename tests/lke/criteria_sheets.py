"""Worksheets of criteria as agencies have them, made by code."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import cycle

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from zi_eval.instruments import load_instrument

__all__ = ["AKIP", "worksheet"]

AKIP = load_instrument("akip-2021")
HEADINGS = ("Y/T", "Catatan", "Bukti Dukung", "Y/T", "Catatan")


def worksheet(
    said: Iterable[object] = (None,),
    *,
    grades: Mapping[str, str] | None = None,
    tpi: Mapping[str, tuple[str, str]] | None = None,
    label: Callable[[str], Sequence[object]] = lambda key: (key, None),
    skipped: Iterable[str] = (),
    change: Callable[[Worksheet, Mapping[str, int]], None] = lambda _sheet, _rows: None,
) -> bytes:
    """Return a workbook with every criterion, worded otherwise than ours.

    Parameters
    ----------
    said
        The unit's answers of the criteria in order, again and again.
    grades, tpi
        Grades of subcomponents; the TPI's answer and note of criteria.
    label
        The two cells before the text of a subcomponent.
    skipped
        Criteria without a row.
    change
        Does something else to the sheet; it is given the row of each id.
    """
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "LKE AKIP"
    rows: dict[str, int] = {}
    for line in ((), ("LEMBAR KERJA EVALUASI AKIP 2026",), (), ("No", None, "Komponen", "Bobot",
                 "Unit Kerja", None, None, "Evaluator"), (None,) * 4 + HEADINGS):  # fmt: skip
        sheet.append(line)
    answers, left_out = cycle(said), set(skipped)
    for component, node in AKIP.nodes.items():
        sheet.append((int(component), None, node.title.upper(), node.weight))
        for question in (q for q in AKIP.questions.values() if q.id[0] == component):
            grade = (grades or {}).get(question.id)
            sheet.append((*label(question.id), question.text, question.weight, grade))
            rows[question.id] = sheet.max_row
            sheet.append((None, None, "Kriteria:"))
            for number, key in enumerate(AKIP.criteria_of(question.id), start=1):
                answer = next(answers)
                if key in left_out:
                    continue
                text = f"Telah {AKIP.criteria[key].text.lower()}."
                judged = (tpi or {}).get(key, (None, None))
                sheet.append((None, number, text, None, answer, None, None, *judged))
                rows[key] = sheet.max_row
    change(sheet, rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
