"""A unit that contradicts itself nowhere, to plant contradictions into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from zi_eval.core.assessment import Agency, Answer, Assessment, Fact, Stage, Unit, Value
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.rules import RuleSet, Threshold
from zi_eval.core.scoring import score_assessment
from zi_eval.doubts.packaged import load_contradictions
from zi_eval.doubts.rules import Contradictions
from zi_eval.instruments import load_instrument, load_rules

INSTRUMENT = load_instrument("zi-2021")
RULES = load_rules("zi-2021", "portal-2025")
COUNTS: Mapping[str, Value] = {
    "A.II.1.i.a": (3.0, 3.0),
    "A.II.1.i.b": (3.0, 3.0),
    "A.II.3.iii.a": (2.0, 0.0, 2.0),
    "A.II.4.i.a": (5.0, 5.0),
    "A.II.5.ii.a": (10.0, 0.0, 10.0),
    "A.II.5.iii.a": (1.0, 2.0, 3.0, 6.0),
    "A.II.5.iii.b": (2.0, 4.0, 34.0, 40.0),
    "A.II.6.i.b": (8.0, 8.0),
    "B.I.a": 4.0,
    "B.II.a": 4.0,
}
FACTS: Mapping[str, Fact] = {
    "layanan_inti": True,
    "tindak_lanjut": 100.0,
    "lhkpn": 100.0,
    "lhkasn": 100.0,
    "lama_zi": 4.0,
    "memegang_wbk": True,
    "lama_wbk": 2.0,
    "sakip_unit": "A",
}
AGENCY = Agency(
    "Kabupaten Contoh",
    "kabupaten",
    RULES.id,
    {"opini_bpk": "WTP", "sakip_instansi": "A", "indeks_rb": "A", "spip": 3.0},
)


def best(question: str) -> Value:
    """Return the best answer to a question."""
    return COUNTS.get(question) or next(iter(INSTRUMENT.questions[question].scale.values))


def make_unit(
    answers: Mapping[str, Value | None] | None = None,
    facts: Mapping[str, Fact] | None = None,
    target: str = "WBBM",
) -> Assessment:
    """Return a unit with the best of all answers but for those given."""
    given = {key: best(key) for key in INSTRUMENT.questions} | dict(answers or {})
    return Assessment(
        unit=Unit("unit", "Unit"),
        instrument=INSTRUMENT.id,
        target=target,
        facts={**FACTS, **(facts or {})},
        answers={
            key: Answer(value, evidence=(f"bukti/{key}.pdf",)) for key, value in given.items()
        },
    )


def evaluated(
    assessment: Assessment, rules: RuleSet = RULES, stage: Stage = Stage.UNIT
) -> Evaluation:
    """Score and judge a unit."""
    return evaluate(INSTRUMENT, rules, assessment, AGENCY, stage)


def rules_at_the_edge(assessment: Assessment) -> RuleSet:
    """Return rules whose minima are just what a unit scores: the least fall misses one."""
    card = score_assessment(INSTRUMENT, assessment)

    def need(nodes: tuple[str, ...]) -> dict[str, Threshold]:
        score = card.group("", nodes).score or 0.0
        return dict.fromkeys(RULES.predicates, Threshold(points=score))

    return replace(RULES, rules=tuple(replace(rule, need=need(rule.nodes)) for rule in RULES.rules))


@cache
def contradictions() -> Contradictions:
    """Return the rules of the packaged instrument."""
    return load_contradictions(INSTRUMENT)
