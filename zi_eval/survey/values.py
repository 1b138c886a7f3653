"""A survey: what it asks, what its answers are worth, and the raw responses to it.

Nobody's name, number or address has a place in these values: what people typed reaches them only
through :mod:`zi_eval.survey.privacy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from zi_eval.survey.profile import ProfilePart

__all__ = [
    "FOLDER",
    "GROUPINGS",
    "TOP",
    "Conversion",
    "Element",
    "QualityBand",
    "Response",
    "SamplingFrame",
    "Survey",
    "SurveyData",
    "round_half_up",
]

FOLDER = "survei"
"""Where a period keeps its tables of responses."""
GROUPINGS: Final[Mapping[str, str]] = {"service": "layanan", "channel": "saluran"}
"""By what respondents are told apart: the field of a response, and what people call it."""
TOP = 4.0
"""The end of the index that the LKE asks for."""


class Conversion(StrEnum):
    """How the mean on the survey's own scale becomes an index of 4.

    The last two are both in use for scales of 1 to 6, no regulation found prefers one, and they
    fall on different sides of 3.60: so a definition names one, and every page says which.
    """

    DIRECT = "langsung"
    """The scale already ends at 4."""
    SHARE = "kali-4-per-top"
    """mean x 4 / top: the same share of the best answer."""
    STRETCH = "satu-sampai-empat"
    """1 + (mean - 1) x 3 / (top - 1): worst stays 1, best is 4."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a survey.

    Attributes
    ----------
    code
        What columns call it, e.g. ``U1``.
    question
        In the project's own words.
    weight
        Its share of the index, of 1.
    headings
        Other headings of its column.
    answers
        Words of an answer to its value, case folded; on top of those of the survey.
    keywords
        Beginnings of words by which an open comment is about it, case folded.
    """

    code: str
    name: str
    question: str
    weight: float
    headings: tuple[str, ...] = ()
    answers: Mapping[str, int] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityBand:
    """A quality letter for values (of 100) up to and including ``upto``, two decimals."""

    letter: str
    upto: float
    word: str


@dataclass(frozen=True, slots=True)
class SamplingFrame:
    """Whom a unit's survey was about; None and empty where nobody wrote it.

    Attributes
    ----------
    population
        How many people the unit served in the time of the survey.
    invited
        How many were asked.
    surveyor
        Who carried it out.
    """

    population: int | None = None
    invited: int | None = None
    surveyor: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its definition states it.

    Attributes
    ----------
    key
        What files call it, e.g. ``skm``.
    lke_question
        The question of the LKE that its index answers, or empty.
    lowest, highest
        The ends of the scale of an answer, whole numbers.
    answers
        Words of an answer to its value, case folded.
    columns
        Other headings of columns that are no element, by what they hold.
    minimum
        Fewest respondents that the rules ask for.
    small_group
        Groups of fewer respondents are not shown alone.
    seconds_per_question
        Whoever needs less on average cannot have read the questions.
    frames
        By unit id.
    reordered
        Codes of elements that forms in use number otherwise.
    overlay
        The file of a team that was laid over the packaged definition, or empty.
    """

    id: str
    key: str
    title: str
    short: str
    source: str
    lke_question: str
    lowest: int
    highest: int
    conversion: Conversion
    elements: tuple[Element, ...]
    bands: tuple[QualityBand, ...]
    answers: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: int = 30
    small_group: int = 5
    seconds_per_question: float = 2.0
    frames: Mapping[str, SamplingFrame] = field(default_factory=dict)
    reordered: tuple[str, ...] = ()
    overlay: str = ""
    sha256: str = ""

    def convert(self, mean: float) -> float:
        """Return the index of 4 of a mean on the survey's own scale."""
        match self.conversion:
            case Conversion.DIRECT:
                return mean
            case Conversion.SHARE:
                return mean * TOP / self.highest
            case Conversion.STRETCH:
                return 1.0 + (mean - 1.0) * (TOP - 1.0) / (self.highest - 1.0)

    def band(self, index: float) -> QualityBand:
        """Return the quality of an index of 4.

        The published bands have gaps (76.60 and 76.61), so the value of 100 is rounded half up to
        two decimals first.
        """
        value = round_half_up(index * 25.0)
        return next((band for band in self.bands if value <= band.upto), self.bands[-1])

    @property
    def conversion_text(self) -> str:
        """The computation of the index of 4, in Indonesian."""
        match self.conversion:
            case Conversion.DIRECT:
                return f"rata-rata langsung, skala {self.lowest}–{self.highest}"
            case Conversion.SHARE:
                return f"rata-rata × 4 / {self.highest} (pilihan '{self.conversion.value}')"
            case Conversion.STRETCH:
                formula = f"1 + (rata-rata − 1) × 3 / {self.highest - 1}"
                return f"{formula} (pilihan '{self.conversion.value}')"

    @property
    def other_conversion(self) -> Survey | None:
        """The same survey by the other choice, where there are two."""
        if self.conversion is Conversion.DIRECT:
            return None
        is_share = self.conversion is Conversion.SHARE
        return replace(self, conversion=Conversion.STRETCH if is_share else Conversion.SHARE)


@dataclass(frozen=True, slots=True)
class Response:
    """What one respondent answered.

    Attributes
    ----------
    row
        Row in the file, from 1.
    answers
        In the order of the elements; None where there is none.
    service, channel, comment
        Without personal data.
    seconds
        How long it took, where the file says.
    same_person
        Row of an earlier response under the same identity number, phone or e-mail, which are
        compared at reading and kept nowhere.
    """

    row: int
    answers: tuple[int | None, ...]
    service: str = ""
    channel: str = ""
    comment: str = ""
    time: datetime | None = None
    seconds: float | None = None
    same_person: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no element is answered."""
        return all(answer is None for answer in self.answers)


@dataclass(frozen=True, slots=True)
class SurveyData:
    """The responses of one unit to one survey.

    Attributes
    ----------
    source
        The file as the user finds it, e.g. ``survei/dpmptsp.ipak.csv``.
    ignored
        Headings that were not read.
    personal
        Headings of personal data that were dropped at reading.
    masked
        How many texts had personal data taken out.
    profile
        Respondents by sex, age, education and occupation, as shares; of columns that are there.
    """

    survey: Survey
    unit: str
    responses: tuple[Response, ...]
    source: str = ""
    sha256: str = ""
    ignored: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    masked: int = 0
    profile: tuple[ProfilePart, ...] = ()

    @property
    def given(self) -> tuple[Response, ...]:
        """The responses that answer at least one element."""
        return tuple(item for item in self.responses if not item.is_empty)

    @property
    def frame(self) -> SamplingFrame:
        """What is known of those who could have answered."""
        return self.survey.frames.get(self.unit, SamplingFrame())


def round_half_up(value: float, digits: int = 2) -> float:
    """Return a value rounded half up on its decimal notation.

    What binary adds to a product (76.605 kept as 76.60499999999999) is taken away before.
    """
    exact = Decimal(repr(round(value, 9)))
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
