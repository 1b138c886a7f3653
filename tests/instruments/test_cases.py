"""The worked cases beside each instrument, which a person who knows the domain has reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import zi_eval.instruments
from zi_eval.core.assessment import NOT_APPLICABLE, Answer, Assessment, Stage, Unit, Value
from zi_eval.core.evaluation import evaluate
from zi_eval.core.instrument import Instrument
from zi_eval.core.scoring import score_assessment
from zi_eval.instruments import load_instrument, load_rules

FOLDER = Path(zi_eval.instruments.__file__).parent
CASES = sorted(FOLDER.glob("*/cases/*.yaml"))


def read_case(path: Path) -> dict[str, Any]:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(case, dict)
    return case


def as_value(raw: object) -> Value:
    if isinstance(raw, list):
        return tuple(None if item is None else float(item) for item in raw)
    if raw == NOT_APPLICABLE.value:
        return NOT_APPLICABLE
    # YAML 1.1 knows Ya as a text but no quotes are needed; a number is an index.
    return raw if isinstance(raw, str) else float(str(raw))


def test_there_are_cases() -> None:
    assert len(CASES) >= 5


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_case_gives_the_scores_it_expects(path: Path) -> None:
    instrument: Instrument = load_instrument(path.parts[-3])
    case = read_case(path)
    assert set(case) <= {"title", "stage", "answers", "expect", "predicate"}
    stage = Stage(case["stage"])
    answers = {}
    for key, raw in case["answers"].items():
        assert key in instrument.questions
        value = as_value(raw)
        answers[key] = Answer(unit=value) if stage is Stage.UNIT else Answer(tpi=value)
    assessment = Assessment(Unit("case", case["title"]), instrument.id, "", answers=answers)
    card = score_assessment(instrument, assessment, stage)
    assert case["expect"]
    for key, expected in case["expect"].items():
        node = card.total if key == "total" else card.nodes[str(key)]
        if expected is None:
            assert node.score is None, key
        else:
            assert node.score == pytest.approx(expected, abs=1e-11), key
    if "predicate" in case:
        evaluation = evaluate(instrument, load_rules(instrument.id), assessment, stage=stage)
        assert evaluation.predicate == case["predicate"]
