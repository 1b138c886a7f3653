"""Loading an instrument from its folder: strict, every problem of every file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from zi_eval.core.instrument import (
    Area,
    Decrease,
    Grading,
    Input,
    Instrument,
    Node,
    Question,
    Scale,
    Share,
)
from zi_eval.core.problems import Problem, has_errors, sort_problems, suggest
from zi_eval.errors import InstrumentError
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.laws import check_instrument
from zi_eval.instruments.layouts import Places, WorkbookLayout, read_layouts, read_portal
from zi_eval.instruments.links import read_labels, read_links
from zi_eval.instruments.schema import (
    ChoiceScale,
    DecreaseShape,
    IndexScale,
    InstrumentFile,
    QuestionShape,
    ScaleShape,
    ShareShape,
)
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, read_yaml

__all__ = ["LoadedInstrument", "load_all", "load_folder"]

_FIELDS: Final = {
    "pilihan-tidak-lengkap": "options",
    "pilihan-berlebih": "options",
    "masukan-tidak-urut": "inputs",
    "masukan-tidak-ada": "ratio",
    "rumus-berlebih": "ratio",
    "bobot-tidak-cocok": "weight",
    "skala-tidak-turun": "values",
    "simpul-tidak-ada": "nodes",
}
"""The key of a node, question, scale or area in which a broken law shows."""


@dataclass(frozen=True)
class LoadedInstrument:
    """An instrument with its workbook layouts, its portal ids and its own rule set's name."""

    instrument: Instrument
    layouts: tuple[WorkbookLayout, ...]
    portal_ids: Mapping[str, int]
    rules: str


@dataclass(frozen=True)
class _Declared:
    """A question as a file declares it."""

    id: str
    shape: QuestionShape
    source: Source


def _problem(
    source: Source, path: KeyPath, code: str, message: str, *, key: str = "", hint: str = ""
) -> Problem:
    return Problem(
        code=code, message=message, hint=hint, key=key, file=source.name, line=source.line(path)
    )


def _scale(identifier: str, shape: ScaleShape) -> Scale:
    if isinstance(shape, ChoiceScale):
        return Scale(identifier, "choice", dict(shape.values))
    if isinstance(shape, IndexScale):
        return Scale(identifier, "index", top=shape.top)
    return Scale(identifier, "ratio")


def _grading(file: InstrumentFile) -> Grading | None:
    shape = file.criteria
    if shape is None:
        return None
    return Grading(
        Scale("kriteria", "choice", dict(shape.values)), dict(shape.above), shape.nothing
    )


def _criteria(declared: Iterable[_Declared], grading: Grading | None) -> dict[str, Question]:
    """Return the criteria of all questions by id, as questions that carry no weight."""
    if grading is None:
        return {}
    options = {code: code for code in grading.scale.values}
    return {
        key: Question(key, text, grading.scale, options)
        for item in declared
        for number, text in item.shape.criteria.items()
        for key in (f"{item.id}.{number}",)
    }


def _rule(shape: ShareShape | DecreaseShape | None) -> Share | Decrease | None:
    if isinstance(shape, ShareShape):
        return Share(shape.part, shape.whole, float(shape.empty), shape.within)
    return Decrease(shape.before, shape.after) if shape else None


def _question(declared: _Declared, scale: Scale) -> Question:
    shape = declared.shape
    return Question(
        id=declared.id,
        text=shape.text,
        scale=scale,
        options=dict(shape.options),
        guide=shape.guide,
        weight=shape.weight,
        rule=_rule(shape.ratio),
        inputs=tuple(
            Input(int(number), item.text, tuple(item.sum)) for number, item in shape.inputs.items()
        ),
        evidence=tuple(shape.evidence),
        not_applicable=shape.not_applicable,
        title=shape.title,
        standard=shape.standard,
        is_past=shape.past,
    )


def _read_questions(
    folder: Path, nodes: Iterable[str]
) -> tuple[list[Source], list[_Declared], list[Problem]]:
    """Read ``questions/*.yaml`` in the order of the nodes they are named after."""
    order = {node: place for place, node in enumerate(nodes)}
    paths = sorted(
        (folder / "questions").glob("*.yaml"),
        key=lambda path: (order.get(path.stem, len(order)), path.name),
    )
    sources, declared, problems = [], [], []
    first: dict[str, Source] = {}
    for path in paths:
        source = read_yaml(path)
        sources.append(source)
        stem = path.stem
        if order and stem not in order:
            problems.append(
                _problem(
                    source,
                    (),
                    "salah-berkas",
                    f"nama berkas harus nomor simpul; '{stem}' tidak ada di instrument.yaml.",
                    hint=suggest(stem, list(order)),
                )
            )
        questions, found = validate(dict[str, QuestionShape], source)
        problems += found
        for identifier, shape in (questions or {}).items():
            if not identifier.startswith(f"{stem}."):
                problems.append(
                    _problem(
                        source,
                        (identifier,),
                        "salah-berkas",
                        f"berkas {path.name} hanya boleh memuat pertanyaan {stem}.*",
                        key=identifier,
                        hint="Pindahkan pertanyaan ini ke berkas areanya.",
                    )
                )
            if identifier in first or identifier in order:
                place = first[identifier].name if identifier in first else "instrument.yaml"
                problems.append(
                    _problem(
                        source,
                        (identifier,),
                        "id-ganda",
                        f"nomor ini sudah dipakai di {place}; tiap nomor hanya satu kali.",
                        key=identifier,
                    )
                )
            first.setdefault(identifier, source)
            wrong = [n for n in shape.inputs if not (n.isascii() and n.isdigit())]
            problems += [
                _problem(
                    source,
                    (identifier, "inputs", number),
                    "masukan-tidak-urut",
                    f"nomor masukan '{number}' harus bilangan 1, 2, 3, …",
                    key=identifier,
                )
                for number in wrong
            ]
            if not wrong:
                declared.append(_Declared(identifier, shape, source))
    return sources, declared, problems


def _places(nodes: Iterable[str], declared: list[_Declared]) -> Places:
    asked: list[str] = []
    computed: list[str] = []
    for item in declared:
        (computed if item.shape.inputs else asked).append(item.id)
        for number, entry in item.shape.inputs.items():
            (computed if entry.sum else asked).append(f"{item.id}.{number}")
    return Places(tuple(asked), tuple(computed), tuple(nodes))


def _placed(
    problems: Iterable[Problem], main: Source, instrument: Instrument, declared: list[_Declared]
) -> Iterator[Problem]:
    """Give each problem of the core its file, line and, where it lacks them, what is allowed."""
    places: dict[str, tuple[Source, KeyPath]] = {
        item.id: (item.source, (item.id,)) for item in declared
    }
    for group, ids in (
        ("nodes", instrument.nodes),
        ("scales", {q.scale.id for q in instrument.questions.values()}),
        ("areas", [area.id for area in instrument.areas]),
    ):
        places |= {identifier: (main, (group, identifier)) for identifier in ids}
    for problem in problems:
        source, path = places.get(problem.key, (main, ()))
        line = source.line((*path, _FIELDS.get(problem.code, "")))
        hint = problem.hint
        if problem.code == "masukan-tidak-ada":
            numbers = ", ".join(str(i.number) for i in instrument.questions[problem.key].inputs)
            hint = f"Masukan yang ada: {numbers}."
        elif problem.code == "simpul-tidak-ada":
            hint = f"Simpul yang ada: {', '.join(instrument.nodes)}."
        yield replace(problem.at(source.name, line), hint=hint)


def _build(
    file: InstrumentFile, main: Source, sources: list[Source], declared: list[_Declared]
) -> tuple[Instrument, list[Problem]]:
    scales = {name: _scale(name, shape) for name, shape in file.scales.items()}
    problems: list[Problem] = []
    questions: dict[str, Question] = {}
    for item in declared:
        scale = scales.get(item.shape.scale)
        if scale is None:
            name = item.shape.scale
            message = f"skala '{name}' tidak dikenal; yang boleh: {', '.join(scales)}."
            hint = suggest(name, list(scales))
            path = (item.id, "scale")
            problems.append(
                _problem(item.source, path, "skala-tidak-dikenal", message, key=item.id, hint=hint)
            )
        else:
            questions[item.id] = _question(item, scale)
    grading = _grading(file)
    instrument = Instrument(
        id=file.id,
        version=file.version,
        title=file.title,
        sources=tuple(file.sources),
        nodes={i: Node(i, n.kind, n.title, n.weight) for i, n in file.nodes.items()},
        questions=questions,
        areas=tuple(Area(i, a.title, tuple(a.nodes)) for i, a in file.areas.items()),
        hash=_hash([main, *sources]),
        feeds=file.feeds,
        criteria=_criteria(declared, grading),
        grading=grading,
    )
    if not problems:
        problems += _placed(check_instrument(instrument), main, instrument, declared)
    return instrument, problems


def _hash(sources: list[Source]) -> str:
    """Return the SHA-256 over the names and contents of the files that decide a score."""
    digest = hashlib.sha256()
    named = {Path(source.name).name: source.sha256 for source in sources}
    for name, content in sorted(named.items()):
        digest.update(f"{name}\0{content}\n".encode())
    return digest.hexdigest()


def load_folder(folder: Path, identifier: str) -> LoadedInstrument:
    """Load everything of an instrument but its rule sets.

    ``labels.yaml`` and ``links.yaml`` may be missing; ``workbook.yaml`` and ``portal.yaml`` only
    where ``instrument.yaml`` says that there is none.

    Raises
    ------
    InstrumentError
        With every problem of every file.
    """
    main = read_yaml(folder / "instrument.yaml")
    file, found = validate(InstrumentFile, main)
    problems = list(found)
    nodes = tuple(file.nodes) if file else ()
    sources, declared, found_in_questions = _read_questions(folder, nodes)
    problems += found_in_questions
    whole = file is not None and not has_errors(found_in_questions)
    places = _places(nodes, declared) if whole else None
    layouts: tuple[WorkbookLayout, ...] = ()
    portal_ids: Mapping[str, int] = {}
    if file is None or file.workbook:
        layouts, found = read_layouts(folder / "workbook.yaml", places)
        problems += found
    if file is None or file.portal:
        portal_ids, found = read_portal(folder / "portal.yaml", places)
        problems += found
    labels, found = read_labels(folder / "labels.yaml")
    problems += found
    links, found = read_links(folder / "links.yaml", [q.id for q in declared] if whole else None)
    problems += found
    instrument: Instrument | None = None
    if file is not None:
        if file.id != identifier:
            message = f"'id' berisi '{file.id}', padahal instrumen ini dipanggil '{identifier}'."
            problems.append(_problem(main, ("id",), "id-tidak-cocok", message))
        if whole:
            instrument, found_in_laws = _build(file, main, sources, declared)
            problems += found_in_laws
            instrument = replace(instrument, labels=labels, links=links)
    if file is None or instrument is None or has_errors(problems):
        raise InstrumentError(sort_problems(problems))
    return LoadedInstrument(instrument, layouts, portal_ids, file.rules)


@lru_cache(maxsize=8)
def _load_packaged(identifier: str) -> LoadedInstrument:
    return load_folder(instrument_folder(identifier), identifier)


def load_all(identifier: str, folder: Path | None = None) -> LoadedInstrument:
    """Return a packaged instrument (read once) or the one in ``folder``, with layouts and ids."""
    return load_folder(folder, identifier) if folder else _load_packaged(identifier)
