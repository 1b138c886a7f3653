"""Small surveys and responses for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zi_eval.survey.values import Conversion, Element, QualityBand, Response, Survey, SurveyData

BANDS = (
    QualityBand("D", 64.99, "Tidak baik"),
    QualityBand("C", 76.60, "Kurang baik"),
    QualityBand("B", 88.30, "Baik"),
    QualityBand("A", 100.0, "Sangat baik"),
)


def survey(elements: int = 3, highest: int = 4, **fields: Any) -> Survey:
    usual: dict[str, Any] = {
        "id": "uji",
        "key": "uji",
        "title": "Survei Uji",
        "short": "UJI",
        "source": "contoh",
        "lke_question": "B.I.a",
        "lowest": 1,
        "highest": highest,
        "conversion": Conversion.DIRECT if highest == 4 else Conversion.SHARE,
        "elements": tuple(
            Element(f"U{n}", f"Unsur {n}", f"Pertanyaan {n}", 1 / elements)
            for n in range(1, elements + 1)
        ),
        "bands": BANDS,
    }
    return Survey(**(usual | fields))


def responses(*rows: Sequence[int | None], **fields: Any) -> tuple[Response, ...]:
    return tuple(Response(number, tuple(row), **fields) for number, row in enumerate(rows, start=2))


def data(asked: Survey, *rows: Sequence[int | None], **fields: Any) -> SurveyData:
    return SurveyData(asked, "unit", responses(*rows), **fields)


def of_all(threes: int) -> tuple[tuple[int, int, int], ...]:
    """A hundred respondents to three elements, best but for so many threes among 300 answers."""
    given = [3] * threes + [4] * (300 - threes)
    return tuple((given[n], given[100 + n], given[200 + n]) for n in range(100))
