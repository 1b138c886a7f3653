"""Random assessments for the workbook tests, and what a workbook shows of them."""

from __future__ import annotations

import io
import math
import pickle
import random
import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
from openpyxl.worksheet.merge import MergedCellRange

from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Unit, Value
from zi_eval.core.instrument import Instrument, Question

TEXTS = (
    "Tim dibentuk dengan SK Kepala Dinas.",
    "=1+1",
    "+62 811 000 000",
    "-5 laporan kurang",
    "@kanal",
    "Baris satu\nBaris dua\n\nBaris empat",
    "Tab\tdi tengah & <tag> \"kutip\" 'petik'",
    "_x0041_ bukan huruf A, _x005F_",
    "Naskah 漢字 😀 é",
    "#REF!",
    "TRUE",
    "0012",
    "1e5",
    "12,5%",
    "https://contoh.go.id/?a=1&b=2#c",
    "x" * 5000,
)


def draw_value(chance: random.Random, question: Question, open_share: float) -> Value | None:
    if chance.random() < open_share:
        if question.scale.kind == "ratio" and chance.random() < 0.4:
            counts: list[float | None] = [
                float(chance.randint(0, 9)) for _ in question.asked_inputs
            ]
            counts[chance.randrange(len(counts))] = None
            return tuple(counts) if any(c is not None for c in counts) else None
        return None
    kind = question.scale.kind
    if kind == "choice":
        return chance.choice(tuple(question.scale.values))
    if kind == "index":
        return chance.choice((0.0, 3.6, 4.0, chance.uniform(0, 4), round(chance.uniform(3, 4), 2)))
    if question.not_applicable and chance.random() < 0.25:
        return NOT_APPLICABLE
    top = chance.choice((0, 2, 10, 300))
    return tuple(float(chance.randint(0, top)) for _ in question.asked_inputs)


def draw_text(chance: random.Random, share: float) -> str:
    return chance.choice(TEXTS) if chance.random() < share else ""


def draw_assessment(
    chance: random.Random, instrument: Instrument, *, has_texts: bool = True
) -> Assessment:
    """An assessment with anything in it that a unit file can hold; each of the open shares."""
    open_share = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    tpi_share = chance.choice((0.0, 0.3, 0.9))
    text_share = chance.choice((0.05, 0.4)) if has_texts else 0.0
    answers: dict[str, Answer] = {}
    for key, question in instrument.questions.items():
        unit = draw_value(chance, question, open_share)
        is_by_tpi = chance.random() < tpi_share
        evidence = dict.fromkeys([*draw_text(chance, text_share).split("\n"), "Bukti/a b.pdf"])
        answer = Answer(
            unit=unit,
            tpi=draw_value(chance, question, 0.05) if is_by_tpi else None,
            note=draw_text(chance, text_share),
            tpi_note=draw_text(chance, text_share) if is_by_tpi else "",
            evidence=tuple(e for e in evidence if e) if chance.random() < text_share else (),
            reason="Tidak ada objeknya" if unit is NOT_APPLICABLE else "",
            returned=draw_text(chance, text_share / 4) if is_by_tpi else "",
        )
        if answer != Answer():
            answers[key] = answer
    unit_of = Unit("unit-uji", "Inspektorat & Dinas =Uji TPI", kind="Dinas")
    return Assessment(unit_of, instrument.id, "WBK", "2026", answers=answers)


def as_saved(answers: Mapping[str, Answer], exact: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers, with index numbers that differ from ``exact`` in the 15th digit set to it.

    LibreOffice saves 15 digits.
    """

    def near(value: Value | None, wanted: Value | None) -> Value | None:
        both = isinstance(value, float) and isinstance(wanted, float)
        return wanted if both and math.isclose(value, wanted, rel_tol=1e-14) else value

    return {
        key: replace(
            answer,
            unit=near(answer.unit, exact.get(key, Answer()).unit),
            tpi=near(answer.tpi, exact.get(key, Answer()).tpi),
        )
        for key, answer in answers.items()
    }


def load_book(source: Path | bytes, **options: Any) -> Any:
    """A workbook as openpyxl reads it, but for frames drawn round merged cells: half of a load."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    with patch.object(MergedCellRange, "format", lambda self: None):
        return openpyxl.load_workbook(stream, **options)


@lru_cache(maxsize=8)
def _pickled(data: bytes) -> bytes:
    return pickle.dumps(load_book(data))


def open_book(data: bytes) -> Any:
    """A workbook of one's own to change; one that was opened before costs a fifth of a load."""
    return pickle.loads(_pickled(data))


def shown_values(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the value each cell shows, by sheet and reference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_book(path, data_only=True)
    values = {
        sheet.title: {
            cell.coordinate: cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book
    }
    book.close()
    return values
