"""What moves no score: the labels of an instrument's parts, and its links to other data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from zi_eval.core.instrument import Labels
from zi_eval.core.problems import Problem, suggest
from zi_eval.instruments.schema import LabelsFile, LinksFile
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import read_yaml

__all__ = ["read_labels", "read_links"]


def read_labels(path: Path) -> tuple[Labels, tuple[Problem, ...]]:
    """Read ``labels.yaml``: what the parts are called; without the file, the usual words."""
    if not path.exists():
        return Labels(), ()
    file, problems = validate(LabelsFile, read_yaml(path))
    return Labels(**file.model_dump(exclude_none=True)) if file else Labels(), problems


def read_links(
    path: Path, questions: Collection[str] | None
) -> tuple[Mapping[str, Mapping[str, str]], tuple[Problem, ...]]:
    """Read ``links.yaml``: which questions the figures of a topic speak to; without it, none.

    Parameters
    ----------
    questions
        The ids that may be named; None where they are not known.

    Returns
    -------
    Question ids by topic and by what they ask, and every problem.
    """
    if not path.exists():
        return {}, ()
    source = read_yaml(path)
    file, found = validate(LinksFile, source)
    links: dict[str, dict[str, str]] = file.model_dump(exclude_none=True) if file else {}
    problems = list(found)
    for topic, named in links.items():
        first: dict[str, str] = {}
        for meaning, question in named.items():
            if questions is not None and question not in questions:
                code, hint = "butir-tidak-dikenal", suggest(question, tuple(questions))
                message = f"pertanyaan '{question}' tidak ada dalam instrumen ini."
            elif first.setdefault(question, meaning) != meaning:
                code, hint = "butir-ganda", "Tiap pertanyaan hanya untuk satu hal."
                message = f"pertanyaan '{question}' sudah dipakai untuk '{first[question]}'."
            else:
                continue
            line = source.line((topic, meaning))
            problems.append(
                Problem(code=code, message=message, hint=hint, file=source.name, line=line)
            )
    return links, tuple(problems)
