"""An instrument: the official questionnaire as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

__all__ = [
    "Area",
    "Decrease",
    "Grading",
    "Input",
    "Instrument",
    "Labels",
    "Node",
    "Question",
    "Scale",
    "Share",
    "parent_id",
]

NodeKind = Literal["component", "aspect", "area", "subarea"]
ScaleKind = Literal["choice", "ratio", "index"]


def parent_id(identifier: str) -> str | None:
    """Return the id one level up (``A.I.1.i.a`` -> ``A.I.1.i``), or None at the top."""
    head, dot, _ = identifier.rpartition(".")
    return head if dot else None


@dataclass(frozen=True, slots=True)
class Scale:
    """How an answer becomes a value from 0 to 1.

    Attributes
    ----------
    id
        Name used by the questions, e.g. ``"abcd"``.
    kind
        ``choice`` (one of ``values``), ``ratio`` (of counted inputs), ``index`` (a number from
        0 to ``top``, valued ``number / top``).
    values
        For a choice: the value of each code, best first.
    top
        For an index: its highest number.
    """

    id: str
    kind: ScaleKind
    values: Mapping[str, float] = field(default_factory=dict)
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Share:
    """Ratio rule ``min(1, part / whole)`` of two inputs, counted from 1.

    Attributes
    ----------
    part, whole
        Numbers of the inputs that are divided.
    empty
        Value where ``whole`` is 0: 1 means there was nothing to do ("tidak ada objek"), 0 means
        that the base is missing and a problem is reported.
    within
        Whether ``part`` is contained in ``whole``; a larger part is then reported.
    """

    part: int
    whole: int
    empty: float
    within: bool = True


@dataclass(frozen=True, slots=True)
class Decrease:
    """Ratio rule ``max(0, (before - after) / before)``; 1 where both are 0."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Input:
    """A counted input of a ratio question; ``sum_of`` lists the inputs a derived one adds up."""

    number: int
    text: str
    sum_of: tuple[int, ...] = ()

    @property
    def is_derived(self) -> bool:
        """Whether the input is computed from others and never asked for."""
        return bool(self.sum_of)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the questionnaire.

    Attributes
    ----------
    id
        The official number, e.g. ``A.I.1.i.a``.
    text, guide
        The statement, and for ratio and index questions how the value is measured; own words.
        Of a choice, the guide says what to look at before choosing.
    title
        A short name for tables and figures, or empty.
    scale
        How the answer is valued.
    options
        For a choice: what each code asks for, best first.
    weight
        Its own weight, or None where the node above takes the mean of its questions.
    rule, inputs
        For a ratio: the rule and its inputs in workbook order.
    evidence
        What units usually show for it; own words.
    not_applicable
        The circumstance in which the question has no object, or empty where that is not allowed.
    standard
        What its full value asks, as one could ask it of a unit; empty where the best option says
        so already.
    is_past
        Whether it counts what has happened: no later work changes the answer.
    """

    id: str
    text: str
    scale: Scale
    options: Mapping[str, str] = field(default_factory=dict)
    guide: str = ""
    weight: float | None = None
    rule: Share | Decrease | None = None
    inputs: tuple[Input, ...] = ()
    evidence: tuple[str, ...] = ()
    not_applicable: str = ""
    title: str = ""
    standard: str = ""
    is_past: bool = False

    @property
    def full_standard(self) -> str:
        """What its full value asks: its standard, else its best option, else its statement."""
        return self.standard or next(iter(self.options.values()), self.text)

    @property
    def asked_inputs(self) -> tuple[Input, ...]:
        """The inputs a person fills in: all but the derived ones, in workbook order."""
        return tuple(item for item in self.inputs if not item.is_derived)


@dataclass(frozen=True, slots=True)
class Grading:
    """Which option of a question its criteria propose, by how much of them is met.

    Attributes
    ----------
    scale
        Of a criterion: met or not.
    above
        By option, best first, the percent of the criteria that must be exceeded; 100 asks for all.
        Better options that are not named ask for what nobody can count.
    nothing
        The option where none is met.
    """

    scale: Scale
    above: Mapping[str, float]
    nothing: str


@dataclass(frozen=True, slots=True)
class Node:
    """A component, aspect, area or subarea with its weight (points)."""

    id: str
    kind: NodeKind
    title: str
    weight: float


@dataclass(frozen=True, slots=True)
class Area:
    """Nodes judged together, e.g. area 1 of pemenuhan with area 1 of reform."""

    id: str
    title: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one instrument, in Indonesian.

    Attributes
    ----------
    name
        What is evaluated: ``Laporan <name>``, ``Rekap <name>``.
    page
        Title of a unit's report; ``{predicate}`` stands for the predicate.
    area, areas, areas_lead, areas_map
        One of the parts that units are compared on within a sentence; the heading over all of
        them, the sentence below it, and the heading of the map of all units.
    results, results_lead
        Heading of the questions that carry a weight of their own, and the sentence below it.
    panel_areas, panel_results
        Headings of the areas and of the other minima beside a form.
    pages
        Title of the form's page of a component, where it is not the component's own.
    closing
        Who decides in the end: the last sentence of a report.
    """

    name: str = "evaluasi"
    page: str = "Laporan evaluasi"
    area: str = "bagian"
    areas: str = "Bagian"
    areas_lead: str = ""
    areas_map: str = "Peta bagian"
    results: str = "Pertanyaan berbobot"
    results_lead: str = ""
    panel_areas: str = "Bagian"
    panel_results: str = "Ambang lain"
    pages: Mapping[str, str] = field(default_factory=dict)
    closing: str = "Laporan ini alat bantu penilaian."


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: nodes with weights, questions with scales; everything in official order.

    Attributes
    ----------
    id, version, title, sources
        What it is and where it comes from.
    nodes, questions
        By id, in official order. A node's parent is its id without the last part.
    areas
        The groups of nodes that rules and reports take together.
    hash
        SHA-256 of the files it was loaded from, in hexadecimal.
    labels
        What its parts are called where they are shown.
    links
        The questions that the figures of a topic speak to, by topic and by what they ask.
    feeds
        Id of the prerequisite, of any other instrument, that its predicate answers; or empty.
    criteria
        The criteria that probe a question, by id (``1.a.2`` is the second of ``1.a``), in order.
        They carry no weight: what is said of them only proposes an answer.
    grading
        How they do so; None where there are none.
    wording, wording_hash
        Where the questions' texts come from and the hash of that file, where they are a team's
        own; ``hash`` never depends on them.
    """

    id: str
    version: str
    title: str
    sources: tuple[str, ...]
    nodes: Mapping[str, Node] = field(repr=False)
    questions: Mapping[str, Question] = field(repr=False)
    areas: tuple[Area, ...] = field(default=(), repr=False)
    hash: str = ""
    labels: Labels = field(default_factory=Labels)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    feeds: str = ""
    criteria: Mapping[str, Question] = field(default_factory=dict, repr=False)
    grading: Grading | None = None
    wording: str = ""
    wording_hash: str = ""

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Ids directly below each node, nodes before questions, in official order."""
        below: dict[str, list[str]] = {node: [] for node in self.nodes}
        for identifier in (*self.nodes, *self.questions):
            parent = parent_id(identifier)
            if parent in below:
                below[parent].append(identifier)
        return {node: tuple(ids) for node, ids in below.items()}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The components: nodes with nothing above them."""
        return tuple(node for node in self.nodes if parent_id(node) is None)

    @cached_property
    def entries(self) -> Mapping[str, Question]:
        """All that a unit's file answers: each question, then the criteria that probe it."""
        found: dict[str, Question] = {}
        for key, question in self.questions.items():
            found[key] = question
            found |= {c: self.criteria[c] for c in self.criteria_of(key)}
        return found

    @cached_property
    def _probed(self) -> Mapping[str, tuple[str, ...]]:
        probed: dict[str, tuple[str, ...]] = {}
        for key in self.criteria:
            above = key.rpartition(".")[0]
            probed[above] = (*probed.get(above, ()), key)
        return probed

    def criteria_of(self, question: str) -> tuple[str, ...]:
        """Return the ids of the criteria that probe a question, in order."""
        return self._probed.get(question, ())

    @cached_property
    def weight(self) -> float:
        """The points of the whole instrument."""
        return sum(self.nodes[root].weight for root in self.roots)

    def is_mean(self, node: str) -> bool:
        """Whether ``node`` takes the mean of its questions times its weight (else the sum)."""
        return node in self._means

    @cached_property
    def _means(self) -> frozenset[str]:
        return frozenset(
            node
            for node, below in self.children.items()
            if below
            and all(
                child in self.questions and self.questions[child].weight is None for child in below
            )
        )

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for question in self.questions:
            above = parent_id(question)
            while above is not None:
                below.setdefault(above, []).append(question)
                above = parent_id(above)
        return {node: tuple(ids) for node, ids in below.items()}

    def questions_below(self, node: str) -> tuple[str, ...]:
        """Return the ids of all questions at any depth below ``node``, in official order."""
        return self._below.get(node, ())

    def questions_of(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """Return the ids of the questions that are, or are below, each of ``nodes``.

        Where nodes overlap, as those of a rule may, a question comes once for each.
        """
        return tuple(
            question
            for node in nodes
            for question in ((node,) if node in self.questions else self.questions_below(node))
        )

    def question_points(self) -> dict[str, float]:
        """Return the points that the full value of each question gives, once none is open."""
        points = {}
        for question in self.questions.values():
            above = parent_id(question.id)
            if above is not None and self.is_mean(above):
                points[question.id] = self.nodes[above].weight / len(self.children[above])
            else:
                points[question.id] = 1.0 if question.weight is None else question.weight
        return points

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every id, depth first in official order: a node, then what is below it."""

        def visit(identifier: str) -> Iterator[str]:
            yield identifier
            for child in self.children.get(identifier, ()):
                yield from visit(child)

        return tuple(key for root in self.roots for key in visit(root))
