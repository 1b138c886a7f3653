"""The files of survey definitions, packaged and a team's own: strict, mistakes with their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from zi_eval.core.problems import Location, Problem, ProblemList, has_errors, sort_problems
from zi_eval.core.text import fold
from zi_eval.errors import InstrumentError
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.survey.values import TOP, Conversion, Element, QualityBand, SamplingFrame, Survey
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = ["parse_overlay", "read_packaged"]

_PACKAGED: Final = Path(__file__).parent / "kinds"
_SHARE = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_COUNT = Annotated[int, Field(ge=1)]
_COLUMNS = Literal["service", "channel", "comment", "time", "start", "seconds", "ignored"]


class _ScaleShape(Shape):
    lowest: Annotated[int, Field(ge=1, le=1)]
    highest: Annotated[int, Field(ge=2, le=10)]


class _BandShape(Shape):
    letter: Text
    upto: Annotated[float, Field(ge=0, le=100)]
    word: Text


class _ElementShape(Shape):
    code: Text
    name: Text | None = None
    question: Text | None = None
    weight: _SHARE | None = None
    headings: list[Text] | None = None
    answers: dict[str, list[Text]] | None = None
    keywords: list[Text] | None = None


class _FrameShape(Shape):
    population: _COUNT | None = None
    invited: _COUNT | None = None
    surveyor: Text | None = None


class _Overlay(Shape):
    """What a team's file may state; whatever it leaves out stays as in its base."""

    base: Text | None = None
    title: Text | None = None
    short: Text | None = None
    source: Text | None = None
    lke_question: str | None = None
    scale: _ScaleShape | None = None
    conversion: Literal["langsung", "kali-4-per-top", "satu-sampai-empat"] | None = None
    minimum: _COUNT | None = None
    small_group: Annotated[int, Field(ge=3)] | None = None
    seconds_per_question: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    reordered: list[Text] | None = None
    bands: Annotated[list[_BandShape], Field(min_length=1)] | None = None
    answers: dict[str, list[Text]] | None = None
    columns: dict[_COLUMNS, list[Text]] | None = None
    elements: Annotated[list[_ElementShape], Field(min_length=1)] | None = None
    units: dict[str, _FrameShape] | None = None


class _Full(_Overlay):
    """A packaged definition: complete by itself."""

    id: Text
    key: Text
    title: Text
    short: Text
    source: Text
    scale: _ScaleShape
    conversion: Literal["langsung", "kali-4-per-top", "satu-sampai-empat"]
    bands: Annotated[list[_BandShape], Field(min_length=1)]
    elements: Annotated[list[_ElementShape], Field(min_length=1)]


class _Draft:
    """A definition being read from one file, with the problems found."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: ProblemList[KeyPath] = ProblemList(
            source.name,
            lambda path: Location(source.line(path), key=str(path[-1]) if path else ""),
            source.problems,
        )

    def answers(
        self, path: KeyPath, given: Mapping[str, Sequence[str]], highest: int
    ) -> dict[str, int]:
        found: dict[str, int] = {}
        for key, words in given.items():
            if not (key.isascii() and key.isdigit() and 1 <= int(key) <= highest):
                self.problems.error(
                    "jawaban-di-luar-skala",
                    f"'{key}' bukan angka 1 sampai {highest}.",
                    at=(*path, key),
                )
                continue
            for word in words:
                if found.setdefault(fold(word), int(key)) != int(key):
                    self.problems.error(
                        "jawaban-ganda",
                        f"'{word}' sudah bernilai {found[fold(word)]}; satu kata satu nilai.",
                        at=(*path, key),
                    )
        return found

    def elements(
        self, shapes: Sequence[_ElementShape], base: Sequence[Element], highest: int, is_own: bool
    ) -> tuple[Element, ...]:
        known = {element.code: element for element in base}
        result: dict[str, Element] = {}
        for place, shape in enumerate(shapes):
            path: KeyPath = ("elements", place)
            old = known.get(shape.code)
            if shape.code in result:
                self.problems.error(
                    "kode-ganda", f"kode '{shape.code}' ditulis dua kali.", at=(*path, "code")
                )
            for name in ("name", "question"):
                if old is None and getattr(shape, name) is None:
                    self.problems.error(
                        "kunci-kurang",
                        f"kunci '{name}' belum ada pada unsur '{shape.code}'.",
                        at=path,
                    )
            words = dict(old.answers) if old else {}
            if shape.answers is not None:
                words = self.answers((*path, "answers"), shape.answers, highest)
            weight = shape.weight
            if weight is None and old is not None and not is_own:
                weight = old.weight
            result[shape.code] = Element(
                code=shape.code,
                name=shape.name or (old.name if old else ""),
                question=shape.question or (old.question if old else ""),
                weight=weight or 0.0,
                headings=tuple(shape.headings or (old.headings if old else ())),
                answers=words,
                keywords=tuple(shape.keywords or (old.keywords if old else ())),
            )
        return self.weigh(tuple(result.values()))

    def weigh(self, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        """Return elements whose weights add up to 1; equal ones where none is written."""
        total = sum(element.weight for element in elements)
        written = [element.weight > 0 for element in elements]
        if any(written) and not all(written):
            self.problems.error(
                "bobot-tidak-lengkap",
                "bobot ditulis pada sebagian unsur; tulis pada semua atau tidak sama sekali.",
                at=("elements",),
            )
        if not all(written):
            return tuple(replace(element, weight=1 / len(elements)) for element in elements)
        return tuple(replace(element, weight=element.weight / total) for element in elements)


def _build(draft: _Draft, shape: _Overlay, base: Survey | None, key: str) -> Survey:
    """Return the definition of a file laid over its base."""

    def taken(name: str, usual: Any) -> Any:
        value = getattr(shape, name)
        if value is not None:
            return value
        return usual if base is None else getattr(base, name)

    old_top = base.highest if base else 0
    highest = shape.scale.highest if shape.scale else old_top
    is_rescaled = base is not None and highest != old_top
    # Words are worth something on their own scale only.
    old_elements = base.elements if base else ()
    if is_rescaled:
        old_elements = tuple(replace(element, answers={}) for element in old_elements)
    answers = {} if base is None or is_rescaled else dict(base.answers)
    if shape.answers is not None:
        answers = draft.answers(("answers",), shape.answers, highest)
    conversion = Conversion(shape.conversion) if shape.conversion else None
    if conversion is None and base is not None and not is_rescaled:
        conversion = base.conversion
    is_direct = highest == TOP
    if conversion is None or (conversion is Conversion.DIRECT) != is_direct:
        allowed = "langsung" if is_direct else "kali-4-per-top atau satu-sampai-empat"
        draft.problems.error(
            "konversi-tidak-cocok",
            f"skala 1 sampai {highest} memerlukan 'conversion': {allowed}.",
            "" if is_direct else "Keduanya memberi indeks yang berbeda; tulis yang dipakai survei.",
            at=("conversion",) if shape.conversion else ("scale",),
        )
    bands = base.bands if base else ()
    if shape.bands:
        bands = tuple(QualityBand(band.letter, band.upto, band.word) for band in shape.bands)
        ends = [band.upto for band in bands]
        if ends != sorted(set(ends)) or ends[-1] != 100:
            draft.problems.error(
                "rentang-tidak-urut", "'upto' harus naik dan yang terakhir 100.", at=("bands",)
            )
    columns: dict[str, tuple[str, ...]] = dict(base.columns) if base else {}
    for name, headings in (shape.columns or {}).items():
        columns[name] = (*columns.get(name, ()), *map(fold, headings))
    elements = old_elements
    if shape.elements is not None:
        is_own = base is None or [e.code for e in base.elements] != [e.code for e in shape.elements]
        elements = draft.elements(shape.elements, old_elements, highest, is_own)
    for heading, first, second in _shared_headings(elements):
        draft.problems.error(
            "judul-ganda",
            f"'{heading}' menamai {first} dan {second}; satu judul satu unsur.",
            at=("elements",),
        )
    frames = {
        unit: SamplingFrame(one.population, one.invited, one.surveyor or "")
        for unit, one in (shape.units or {}).items()
    }
    full = shape if isinstance(shape, _Full) else None
    return Survey(
        id=full.id if full else key,
        key=full.key if full else key,
        title=taken("title", ""),
        short=taken("short", ""),
        source=taken("source", ""),
        lke_question=taken("lke_question", ""),
        lowest=1,
        highest=highest,
        conversion=conversion or Conversion.DIRECT,
        elements=elements,
        bands=bands,
        answers=answers,
        columns=columns,
        minimum=taken("minimum", 30),
        small_group=taken("small_group", 5),
        seconds_per_question=taken("seconds_per_question", 2.0),
        reordered=tuple(taken("reordered", ())),
        frames=frames,
        overlay="" if full else draft.source.name,
        sha256=draft.source.sha256 + (base.sha256 if base else ""),
    )


def _shared_headings(elements: Sequence[Element]) -> Iterator[tuple[str, str, str]]:
    seen: dict[str, str] = {}
    for element in elements:
        for heading in dict.fromkeys(map(fold, (element.code, element.name, *element.headings))):
            if seen.setdefault(heading, element.code) != element.code:
                yield heading, seen[heading], element.code


def read_packaged() -> Mapping[str, Survey]:
    """Return the packaged definitions by what files call them.

    Raises
    ------
    InstrumentError
        With every problem of the files.
    """
    surveys: dict[str, Survey] = {}
    problems: list[Problem] = []
    for path in sorted(_PACKAGED.glob("*.yaml")):
        source = read_yaml(path)
        shape, found = validate(_Full, source)
        if shape is None:
            problems += found
            continue
        draft = _Draft(source)
        survey = _build(draft, shape, None, "")
        problems += draft.problems
        surveys[survey.key] = survey
    if has_errors(problems):
        raise InstrumentError(sort_problems(problems))
    return surveys


def parse_overlay(
    key: str, source: Source, find_base: Callable[[str], Survey]
) -> tuple[Survey | None, tuple[Problem, ...]]:
    """Return a survey as a team's file lays it over its base, and every problem with its line.

    Parameters
    ----------
    key
        What the files of responses call it.
    find_base
        Gives the survey that the file starts from, by the name in ``base``, else by ``key``.
    """
    shape, found = validate(_Overlay, source)
    if shape is None:
        return None, sort_problems(found)
    draft = _Draft(source)
    try:
        base = find_base(shape.base or key)
    except InstrumentError as error:
        problems = [p.at(source.name, source.line(("base",))) for p in error.problems
                    if isinstance(p, Problem)]  # fmt: skip
        return None, sort_problems([*draft.problems, *problems])
    survey = _build(draft, shape, base, key)
    problems = list(sort_problems(draft.problems))
    return (None if has_errors(problems) else survey), tuple(problems)
