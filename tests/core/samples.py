"""Small instruments and rules made by hand, and strategies of answers for any instrument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.laws import law
from zi_eval.core.assessment import NOT_APPLICABLE, Agency, Answer, Assessment, Fact, Unit, Value
from zi_eval.core.instrument import (
    Area,
    Decrease,
    Input,
    Instrument,
    Node,
    NodeKind,
    Question,
    Scale,
    Share,
)
from zi_eval.core.rules import Prerequisite, Rule, RuleSet, Threshold
from zi_eval.core.scoring import Scorecard, score_assessment
from zi_eval.instruments import load_instrument, load_rules

Answers = Mapping[str, Value | None]
Subject = TypeVar("Subject")
Strategy = TypeVar("Strategy", bound=st.SearchStrategy[Any])

FEW = law(20)
"""For examples of 113 answers, which take long to draw on a busy machine."""

YES_NO = Scale("ya_tidak", "choice", {"Ya": 1.0, "Tidak": 0.0})
ABC = Scale("abc", "choice", {"A": 1.0, "B": 0.5, "C": 0.0})
ABCD = Scale("abcd", "choice", {"A": 1.0, "B": 0.67, "C": 0.33, "D": 0.0})
RATIO = Scale("ratio", "ratio")
INDEX = Scale("index", "index", top=4.0)


def choice(identifier: str, scale: Scale, weight: float | None = None) -> Question:
    return Question(identifier, "text", scale, dict.fromkeys(scale.values, "option"), weight=weight)


def ratio(
    identifier: str, rule: Share | Decrease, inputs: int = 2, sum_of: tuple[int, ...] = ()
) -> Question:
    items = tuple(
        Input(number, "count", sum_of if number == 1 else ()) for number in range(1, inputs + 1)
    )
    return Question(identifier, "text", RATIO, guide="guide", rule=rule, inputs=items)


def make_instrument(
    nodes: Mapping[str, float], questions: tuple[Question, ...], areas: tuple[Area, ...] = ()
) -> Instrument:
    kinds: tuple[NodeKind, ...] = ("component", "aspect", "area", "subarea")
    return Instrument(
        id="small",
        version="1",
        title="Small",
        sources=("made by hand",),
        nodes={key: Node(key, kinds[key.count(".")], key, w) for key, w in nodes.items()},
        questions={question.id: question for question in questions},
        areas=areas,
    )


SMALL = make_instrument(
    {
        "A": 10.0,
        "A.I": 6.0,
        "A.I.1": 4.0,
        "A.I.1.i": 1.5,
        "A.I.1.ii": 2.5,
        "A.I.2": 2.0,
        "A.I.2.i": 2.0,
        "A.II": 4.0,
        "A.II.1": 4.0,
        "A.II.1.i": 4.0,
        "B": 5.0,
        "B.I": 5.0,
    },
    (
        choice("A.I.1.i.a", YES_NO),
        choice("A.I.1.i.b", ABC),
        choice("A.I.1.i.c", ABCD),
        ratio("A.I.1.ii.a", Share(2, 1, 0.0)),
        choice("A.I.1.ii.b", ABCD),
        ratio("A.I.2.i.a", Decrease(1, 2), inputs=3),
        choice("A.II.1.i.a", ABC),
        ratio("A.II.1.i.b", Share(5, 1, 1.0), inputs=5, sum_of=(2, 3, 4)),
        Question("B.I.a", "text", INDEX, guide="guide", weight=3.0),
        choice("B.I.b", ABCD, weight=2.0),
    ),
    (Area("1", "One", ("A.I.1", "A.II.1")),),
)


def minimum(low: float, high: float) -> dict[str, Threshold]:
    return {"WBK": Threshold(points=low), "WBBM": Threshold(points=high)}


SMALL_RULES = RuleSet(
    id="small",
    title="Small",
    date="2021-01-01",
    source="made by hand",
    predicates=("WBK", "WBBM"),
    agency_kinds=("kementerian", "kabupaten"),
    rules=(
        Rule("total", "Total", ("A", "B"), minimum(7.5, 12.0), "source"),
        Rule(
            "area-1",
            "Area 1",
            ("A.I.1", "A.II.1"),
            {"WBK": Threshold(percent=40.0), "WBBM": Threshold(percent=75.0)},
            "source",
        ),
        Rule("index", "Index", ("B.I.a",), minimum(1.5, 2.7), "source"),
        Rule("only-high", "Only high", ("A.I.2",), {"WBBM": Threshold(points=1.0)}, "source"),
    ),
    prerequisites=(
        Prerequisite(
            "opini",
            "instansi",
            "Opini",
            "grade",
            {"WBK": {"*": "WTP"}, "WBBM": {"*": "WTP"}},
            "source",
            grades=("TMP", "WDP", "WTP"),
        ),
        Prerequisite(
            "lhkpn",
            "unit",
            "LHKPN",
            "number",
            {"WBK": {"*": 100.0}, "WBBM": {"*": 100.0}},
            "source",
            unit_of_measure="%",
        ),
        Prerequisite("layanan", "unit", "Layanan", "yes", {"WBBM": {"*": True}}, "source"),
    ),
)


@cache
def instrument_named(name: str) -> Instrument:
    return SMALL if name == "small" else load_instrument(name)


@cache
def rules_named(name: str) -> RuleSet:
    return SMALL_RULES if name == "small" else load_rules(name)


BOTH = ("small", "zi-2021")
"""Instruments the laws are tested on."""


def assess(
    answers: Answers,
    facts: Mapping[str, Fact] | None = None,
    tpi: Answers | None = None,
    target: str = "WBK",
) -> Assessment:
    tpi = tpi or {}
    return Assessment(
        unit=Unit("u", "Unit"),
        instrument="any",
        target=target,
        facts=facts or {},
        answers={key: Answer(unit=answers.get(key), tpi=tpi.get(key)) for key in (*answers, *tpi)},
    )


def card_of(instrument: Instrument, answers: Answers) -> Scorecard:
    return score_assessment(instrument, assess(answers))


def made_once(make: Callable[[Subject], Strategy]) -> Callable[[Subject], Strategy]:
    """Keep the strategy of each question or instrument: to make and check one takes longest."""
    made: dict[int, tuple[Subject, Strategy]] = {}

    def find(subject: Subject) -> Strategy:
        if id(subject) not in made:  # with the subject, so that no other gets its id
            made[id(subject)] = subject, make(subject)
        return made[id(subject)][1]

    return find


@made_once
def values_of(question: Question) -> st.SearchStrategy[Value]:
    """Complete answers to one question, the corners often."""
    kind = question.scale.kind
    if kind == "choice":
        return st.sampled_from(tuple(question.scale.values))
    if kind == "index":
        return st.one_of(
            st.sampled_from((0.0, 2.0, 3.2, 3.6, 4.0)), st.floats(0.0, question.scale.top)
        )
    count = st.one_of(st.sampled_from((0.0, 0.0, 1.0, 10.0)), st.integers(0, 500).map(float))
    counts: st.SearchStrategy[Value] = st.tuples(*(count for _ in question.asked_inputs))
    if question.not_applicable:
        return st.one_of(counts, counts, st.just(NOT_APPLICABLE))
    return counts


@made_once
def open_values_of(question: Question) -> st.SearchStrategy[Value | None]:
    """Answers that leave a question open: none, or a ratio with an input still empty."""
    if question.scale.kind != "ratio":
        return st.none()
    size = len(question.asked_inputs)
    partial = st.lists(
        st.one_of(st.none(), st.integers(0, 9).map(float)), min_size=size, max_size=size
    )
    return st.one_of(st.none(), partial.filter(lambda counts: None in counts).map(tuple))


def best_value(question: Question) -> Value:
    kind = question.scale.kind
    if kind == "choice":
        return next(iter(question.scale.values))
    if kind == "index":
        return question.scale.top
    if isinstance(question.rule, Decrease):
        return tuple(0.0 for _ in question.asked_inputs)
    return tuple(1.0 if item.number != _part(question) else 9.0 for item in question.asked_inputs)


def worst_value(question: Question) -> Value:
    kind = question.scale.kind
    if kind == "choice":
        return tuple(question.scale.values)[-1]
    if kind == "index":
        return 0.0
    if isinstance(question.rule, Decrease):
        return tuple(1.0 for _ in question.asked_inputs)
    return tuple(0.0 if item.number == _part(question) else 1.0 for item in question.asked_inputs)


def _part(question: Question) -> int:
    assert isinstance(question.rule, Share)
    return question.rule.part


def all_best(instrument: Instrument) -> dict[str, Value | None]:
    return {key: best_value(question) for key, question in instrument.questions.items()}


def all_worst(instrument: Instrument) -> dict[str, Value | None]:
    return {key: worst_value(question) for key, question in instrument.questions.items()}


@made_once
def complete_answers(instrument: Instrument) -> st.SearchStrategy[dict[str, Value | None]]:
    """Answers to every question."""
    return st.fixed_dictionaries(
        {key: values_of(question) for key, question in instrument.questions.items()}
    )


@made_once
def any_answers(instrument: Instrument) -> st.SearchStrategy[dict[str, Value | None]]:
    """Answers of which some, all or none are open."""
    return st.fixed_dictionaries(
        {
            key: st.one_of(values_of(question), values_of(question), open_values_of(question))
            for key, question in instrument.questions.items()
        }
    )


@made_once
def good_answers(instrument: Instrument) -> st.SearchStrategy[dict[str, Value | None]]:
    """Mostly the best answers, so that predicates are often met; a few open ones."""

    @st.composite
    def draw_answers(draw: st.DrawFn) -> dict[str, Value | None]:
        answers = all_best(instrument)
        keys = st.lists(st.sampled_from(tuple(answers)), max_size=4, unique=True)
        for key in draw(keys):
            answers[key] = draw(values_of(instrument.questions[key]))
        for key in draw(st.one_of(st.just([]), keys)):
            answers[key] = draw(open_values_of(instrument.questions[key]))
        return answers

    return draw_answers()


@made_once
def mixed_answers(instrument: Instrument) -> st.SearchStrategy[dict[str, Value | None]]:
    return st.one_of(good_answers(instrument), any_answers(instrument))


def completions(
    instrument: Instrument, answers: Answers
) -> st.SearchStrategy[dict[str, Value | None]]:
    """The same answers with every open question answered somehow."""
    card = card_of(instrument, answers)
    return st.fixed_dictionaries(
        {
            key: values_of(instrument.questions[key])
            if key in card.open_questions
            else st.just(answers[key])
            for key in instrument.questions
        }
    )


def fact_values(item: Prerequisite) -> st.SearchStrategy[Fact | None]:
    if item.kind == "grade":
        stated: st.SearchStrategy[Fact] = st.sampled_from(item.grades)
        best: Fact = item.grades[-1]
    elif item.kind == "number":
        stated, best = st.sampled_from((0.0, 1.0, 99.9, 100.0)), 100.0
    else:
        stated, best = st.booleans(), True
    return st.one_of(st.just(best), st.just(best), st.just(best), stated, st.none())


@st.composite
def facts_of(draw: st.DrawFn, rules: RuleSet, who: str) -> dict[str, Fact]:
    known = {}
    is_perfect = draw(st.booleans())
    for item in rules.prerequisites:
        if item.who == who:
            fact = best_fact(item) if is_perfect else draw(fact_values(item))
            if fact is not None:
                known[item.id] = fact
    return known


def best_fact(item: Prerequisite) -> Fact:
    return item.grades[-1] if item.grades else 100.0 if item.kind == "number" else True


def bad_fact(item: Prerequisite) -> Fact:
    return item.grades[0] if item.grades else 0.0 if item.kind == "number" else False


def best_facts(rules: RuleSet, who: str) -> dict[str, Fact]:
    return {item.id: best_fact(item) for item in rules.prerequisites if item.who == who}


@st.composite
def agencies(draw: st.DrawFn, rules: RuleSet) -> Agency | None:
    if draw(st.integers(0, 7)) == 0:
        return None
    kind = draw(st.sampled_from(rules.agency_kinds))
    return Agency("Instansi", kind, rules.id, draw(facts_of(rules, "instansi")))


def best_agency(rules: RuleSet) -> Agency:
    return Agency("Instansi", rules.agency_kinds[0], rules.id, best_facts(rules, "instansi"))
