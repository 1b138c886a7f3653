"""Reading a team's file of wording, ``kalimat.yaml``: strict, every problem with its line."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, has_errors, sort_problems
from zi_eval.core.wording import QuestionWording, Wording, check_wording, clean_text, reword
from zi_eval.instruments.packaged import load_instrument
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import KeyPath, Source, parse_yaml, read_yaml

__all__ = ["load_wording", "parse_wording"]


class _QuestionShape(Shape):
    type: Text
    text: str
    options: dict[str, str] = Field(default_factory=dict)
    inputs: dict[str, str] = Field(default_factory=dict)
    guide: str = ""
    evidence: list[str] = Field(default_factory=list)


class _WordingFile(Shape):
    instrument: Text
    source: Text
    sha256: Text
    date: Text
    questions: dict[str, _QuestionShape]


def _question(shape: _QuestionShape) -> QuestionWording:
    return QuestionWording(
        type=shape.type,
        text=clean_text(shape.text),
        options={code: clean_text(text) for code, text in shape.options.items()},
        inputs={
            int(number) if number.isascii() and number.isdigit() else 0: clean_text(text)
            for number, text in shape.inputs.items()
        },
        guide=clean_text(shape.guide),
        evidence=tuple(map(clean_text, shape.evidence)),
    )


_FIELDS = {
    "tipe-berbeda": "type",
    "pilihan-berbeda": "options",
    "masukan-berbeda": "inputs",
    "kalimat-asing": "text",
}


def _place(problem: Problem, source: Source) -> Problem:
    """Give a problem of the core its file and line; the code may end with the text's place."""
    code, _, name = problem.code.partition(":")
    if code == "instrumen-berbeda":
        return problem.at(source.name, source.line(("instrument",)))
    inside = name or _FIELDS.get(code, "")
    parts = (int(part) if part.isdigit() and name[:8] == "evidence" else part
             for part in inside.split(".") if part)  # fmt: skip
    path: KeyPath = ("questions", problem.key, *parts)
    return replace(problem.at(source.name, source.line(path)), code=code)


def parse_wording(
    source: Source, instrument: Instrument
) -> tuple[Wording | None, tuple[Problem, ...]]:
    """Read a file of wording and compare it with the instrument it shall be laid over.

    Returns
    -------
    The wording, None where it has errors, and every problem with its line.
    """
    file, found = validate(_WordingFile, source)
    if file is None:
        return None, sort_problems(found)
    wording = Wording(
        instrument=file.instrument,
        source=clean_text(file.source),
        source_sha256=file.sha256,
        date=clean_text(file.date),
        questions={key: _question(shape) for key, shape in file.questions.items()},
        sha256=source.sha256,
    )
    problems = sort_problems(
        [*found, *(_place(problem, source) for problem in check_wording(instrument, wording))]
    )
    return (None if has_errors(problems) else wording), problems


def load_wording(path: Path, instrument_id: str) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Return a packaged instrument in the words of a team's file, and the problems of the file.

    The instrument is None where the file has errors.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None, read_yaml(path).problems
    return _load(data, str(path), instrument_id)


@lru_cache(maxsize=4)  # a batch and a form read the same file again for each unit
def _load(
    data: bytes, name: str, instrument_id: str
) -> tuple[Instrument | None, tuple[Problem, ...]]:
    instrument = load_instrument(instrument_id)
    wording, problems = parse_wording(parse_yaml(data, name), instrument)
    return (None if wording is None else reword(instrument, wording)), problems
