"""What of an earlier instrument asks the same: ``earlier/<id>.yaml`` beside an instrument.

::

    questions: {A.I.1.i.a: A.1.a, A.I.1.i.b: A.1.c}   # now: earlier
    codes: {A.I.1.i.b: {A: A, B: B, C: B}}            # by question now, earlier code: now
    source: PermenPANRB …

Versions of one instrument match by number and need no file.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import ProblemList, sort_problems
from zi_eval.errors import InstrumentError
from zi_eval.instruments.folders import instrument_folder
from zi_eval.instruments.shape import Shape, Text
from zi_eval.instruments.validation import validate
from zi_eval.trends.earlier import Matching, match_same
from zi_eval.yaml_files.source import read_yaml

__all__ = ["load_matching"]

FOLDER = "earlier"


class _MatchingFile(Shape):
    questions: dict[str, Text]
    source: Text
    codes: dict[str, dict[str, Text]] = Field(default_factory=dict)


def load_matching(
    before: Instrument, now: Instrument, folder: Path | None = None
) -> Matching | None:
    """Return how the questions of two instruments match; None where nobody has said so.

    Parameters
    ----------
    folder
        The folder of the present instrument, by default the packaged one.

    Raises
    ------
    InstrumentError
        With every problem of the file: unknown questions or codes, one question matched twice.
    """
    if before.id == now.id:
        return match_same(before, now)
    path = (folder or instrument_folder(now.id)) / FOLDER / f"{before.id}.yaml"
    if not path.is_file():
        return None
    source = read_yaml(path)
    file, found = validate(_MatchingFile, source)
    if file is None:
        raise InstrumentError(sort_problems(found))
    matching = Matching(file.questions, file.codes)
    problems = [
        problem.at(source.name, source.line(("questions", problem.key)))
        for problem in _check(before, now, matching)
    ]
    if problems:
        raise InstrumentError(sort_problems(problems))
    return matching


def _check(before: Instrument, now: Instrument, matching: Matching) -> ProblemList[None]:
    problems = ProblemList[None]()
    taken: dict[str, str] = {}
    for key, old in matching.questions.items():
        if key not in now.questions:
            problems.error("butir-tidak-ada", f"pertanyaan {key} tidak ada di {now.id}.", key=key)
        if old not in before.questions:
            problems.error(
                "butir-tidak-ada", f"pertanyaan {old} tidak ada di {before.id}.", key=key
            )
        if old in taken:
            problems.error("butir-ganda", f"{old} sudah dipadankan dengan {taken[old]}.", key=key)
        taken.setdefault(old, key)
    for key, codes in matching.codes.items():
        if key not in now.questions or matching.questions.get(key) not in before.questions:
            problems.error(
                "butir-tidak-ada", f"kode {key} dipadankan, tetapi pertanyaannya tidak.", key=key
            )
            continue
        old_codes = before.questions[matching.questions[key]].scale.values
        new_codes = now.questions[key].scale.values
        for old, new in codes.items():
            if old not in old_codes or new not in new_codes:
                problems.error(
                    "kode-tidak-ada", f"kode {old} atau {new} tidak ada pada skalanya.", key=key
                )
    return problems
