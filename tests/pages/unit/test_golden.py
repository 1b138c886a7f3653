"""Golden sections of the unit report: small, normalised, one tag or text a line.

``ZI_EVAL_UPDATE_GOLDEN=1 pytest tests/report/test_golden.py`` writes them anew; look at the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.pages.builders import answers_at, build_evaluation, build_report
from zi_eval.core.assessment import Stage
from zi_eval.core.evaluation import Evaluation

GOLDEN = Path(__file__).with_name("golden")
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)


def normalise(html: str) -> str:
    """Return one tag or text a line, white space folded, drawings left to their own tests."""
    pieces = re.split(r"(<[^>]+>)", DRAWING.sub("<svg/>", html))
    lines = (" ".join(piece.split()) for piece in pieces)
    return "\n".join(line for line in lines if line) + "\n"


def incomplete() -> Evaluation:
    answers = {q: a for q, a in answers_at(0.9).items() if not q.startswith(("A.I.1", "B.I.a"))}
    return build_evaluation(answers, stage=Stage.UNIT, facts={})


def consistent() -> Evaluation:
    """Return a unit whose counts are all full, as its answers and prerequisites say."""
    full = {
        key: answer for key, answer in answers_at(1.0).items() if isinstance(answer.unit, tuple)
    }
    return build_evaluation(answers_at(0.9) | full)


FATES = {
    "meets-wbk": consistent,
    "doubted-wbk": lambda: build_evaluation(answers_at(0.9)),
    "fails-wbbm": lambda: build_evaluation(answers_at(0.7), target="WBBM"),
    "incomplete": incomplete,
}


@pytest.mark.parametrize(
    ("fate", "section"), [*((fate, "opening") for fate in FATES), ("incomplete", "rules")]
)
def test_section_reads_as_agreed(fate: str, section: str) -> None:
    html = getattr(build_report(FATES[fate]()), section)()._repr_html_()
    path = GOLDEN / f"{fate}-{section}.html"
    if os.environ.get("ZI_EVAL_UPDATE_GOLDEN"):
        path.write_text(normalise(html), encoding="utf-8")
    assert normalise(html) == path.read_text(encoding="utf-8")
