"""Reading ``labels.yaml``: what an instrument's parts are called where they are shown."""

from __future__ import annotations

from pathlib import Path

from zi_eval.core.labels import Labels
from zi_eval.core.problems import Problem
from zi_eval.instruments.schema import LabelsFile
from zi_eval.instruments.validation import validate
from zi_eval.yaml_files.source import read_yaml

__all__ = ["read_labels"]


def read_labels(path: Path) -> tuple[Labels, tuple[Problem, ...]]:
    """Read the labels of an instrument; without the file, the usual ones."""
    if not path.exists():
        return Labels(), ()
    file, problems = validate(LabelsFile, read_yaml(path))
    return Labels(**file.model_dump(exclude_none=True)) if file else Labels(), problems
