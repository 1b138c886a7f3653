"""A dated rule set: thresholds on scores and prerequisites on facts, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from zi_eval.core.assessment import Agency, Fact, Unit
from zi_eval.core.instrument import Instrument
from zi_eval.core.problems import Problem, ProblemList

__all__ = [
    "Band",
    "Prerequisite",
    "Rule",
    "RuleSet",
    "Threshold",
    "Track",
    "band_rule",
    "check_rules",
    "rule_weight",
]

AFFIRMATIVE = "afirmasi"
"""Id of the way of proposing that a unit states itself (:attr:`Unit.is_affirmative`)."""
FactKind = Literal["grade", "number", "yes"]
ANY_AGENCY = "*"
BAND_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Threshold:
    """A minimum: ``points`` as such, or ``percent`` of the weight of the rule's nodes.

    ``above`` is a minimum that must be exceeded: the score itself does not reach it.
    """

    points: float | None = None
    percent: float | None = None
    above: float | None = None

    @property
    def is_strict(self) -> bool:
        """Whether the minimum must be exceeded."""
        return self.above is not None

    def need(self, weight: float) -> float:
        """Return the minimum in points for nodes that weigh ``weight`` points together."""
        if self.points is not None:
            return self.points
        if self.above is not None:
            return self.above
        return (self.percent or 0.0) / 100.0 * weight


@dataclass(frozen=True, slots=True)
class Rule:
    """A minimum score of some nodes or questions taken together, for each predicate.

    ``nodes`` are ids of nodes or weighted questions whose scores are added. ``need`` is by
    predicate; a predicate that is not named is not tested.
    """

    id: str
    title: str
    nodes: tuple[str, ...]
    need: Mapping[str, Threshold]
    source: str


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A fact that must hold before a unit may be proposed.

    Attributes
    ----------
    who
        ``"instansi"``, ``"unit"`` or ``"kawasan"``: of whom the fact is stated.
    kind
        ``grade`` (one of ``grades``, worst first, at least the needed one), ``number`` (at least
        the needed one) or ``yes`` (must be true).
    need
        By predicate, then by agency kind with ``"*"`` for all others.
    unit_of_measure
        Shown after a number, e.g. ``"%"`` or ``"tahun"``.
    bands
        Of a grade that may be stated as a score as well: the scores of each grade, lowest first;
        a score exactly on a border has the lower grade.
    """

    id: str
    who: Literal["instansi", "unit", "kawasan"]
    title: str
    kind: FactKind
    need: Mapping[str, Mapping[str, Fact]]
    source: str
    grades: tuple[str, ...] = ()
    unit_of_measure: str = ""
    bands: tuple[Band, ...] = ()

    def grade(self, fact: Fact) -> str:
        """Return the grade that is stated, or that a stated score gives."""
        if isinstance(fact, str) or not self.bands:
            return str(fact)
        return next(
            (band.predicate for band in self.bands if fact <= band.upto + BAND_TOLERANCE),
            self.bands[-1].predicate,
        )

    def need_for(self, predicate: str, agency_kind: str) -> Fact | None:
        """Return what ``predicate`` asks of an agency of this kind, None where it asks nothing."""
        by_kind = self.need.get(predicate, {})
        return by_kind.get(agency_kind, by_kind.get(ANY_AGENCY))


@dataclass(frozen=True, slots=True)
class Band:
    """A predicate given by the total alone: more than ``above``, at most ``upto`` points.

    ``above`` is None for the lowest band, which begins at 0 and holds it.
    """

    predicate: str
    above: float | None
    upto: float


@dataclass(frozen=True, slots=True)
class Track:
    """A way of proposing (jalur), e.g. *afirmasi*: whose prerequisites it waives, and for whom.

    Attributes
    ----------
    waives
        Of whom no prerequisite is asked, for ``predicates``; empty where all are.
    predicates
        What the waiver is for; others are judged as without it.
    agency_kinds
        The kinds of agency that may go it; empty for all.
    needs_reason
        Whether the agency must say why a unit goes it.
    proposes
        The predicates proposed to the portal; the agency decides the others itself.
    category
        What the portal calls a unit that goes it, by predicate; the predicate's name without.
    """

    id: str
    title: str
    source: str
    waives: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    agency_kinds: tuple[str, ...] = ()
    needs_reason: bool = False
    proposes: tuple[str, ...] = ()
    category: Mapping[str, str] = field(default_factory=dict)

    def is_open_to(self, agency_kind: str) -> bool:
        """Whether an agency of this kind may go it."""
        return not self.agency_kinds or agency_kind in self.agency_kinds


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Thresholds and prerequisites of one date.

    Attributes
    ----------
    base
        Id of the rule set this one was laid over, or empty.
    predicates
        What can be earned, lowest first, e.g. ``("WBK", "WBBM")``.
    agency_kinds
        The kinds of agency that prerequisites tell apart, e.g. ``"kabupaten"``.
    bands
        Where the total alone gives the predicate: a band for each of ``predicates``. Nobody aims
        at a target then; empty where units build for one.
    tracks
        The ways of proposing, the usual one first; none where the set tells none apart.
    """

    id: str
    title: str
    date: str
    source: str
    predicates: tuple[str, ...]
    agency_kinds: tuple[str, ...]
    rules: tuple[Rule, ...] = field(repr=False)
    prerequisites: tuple[Prerequisite, ...] = field(repr=False)
    base: str = ""
    hash: str = ""
    bands: tuple[Band, ...] = ()
    tracks: tuple[Track, ...] = ()

    def track(self, identifier: str) -> Track | None:
        """Return a way of proposing by its id, None where the set has no such one."""
        return next((track for track in self.tracks if track.id == identifier), None)

    def track_of(self, unit: Unit, agency: Agency) -> Track | None:
        """Return the way of proposing that a unit goes, None where the set has no such one.

        A unit goes by *afirmasi* where it says so and the agency says why; another goes that of
        its agency, as a rule the first.
        """
        if unit.is_affirmative and agency.affirmative_reason:
            return self.track(AFFIRMATIVE)
        return self.track(agency.track) if agency.track else next(iter(self.tracks), None)

    def prerequisites_of(self, who: str) -> Mapping[str, Prerequisite]:
        """Return the prerequisites stated of ``who``, by id."""
        return {p.id: p for p in self.prerequisites if p.who == who}


def _weight(instrument: Instrument, identifier: str) -> float | None:
    if identifier in instrument.nodes:
        return instrument.nodes[identifier].weight
    question = instrument.questions.get(identifier)
    return question.weight if question else None


def rule_weight(instrument: Instrument, rule: Rule) -> float:
    """Return the points that the nodes of ``rule`` weigh together."""
    return sum(_weight(instrument, node) or 0.0 for node in rule.nodes)


def band_rule(instrument: Instrument, rules: RuleSet) -> Rule:
    """Return the bands as a rule on the total: each predicate asks for more than the one below.

    So a predicate is met from its band upwards, and the predicate of a score is the highest met.
    """
    need = {
        band.predicate: Threshold(points=0) if band.above is None else Threshold(above=band.above)
        for band in rules.bands
    }
    return Rule("total", "Nilai total", instrument.roots, need, rules.source)


def _check_bands(instrument: Instrument, rules: RuleSet) -> ProblemList[None]:
    """Check that the bands follow one another from 0 to the whole weight."""
    problems = ProblemList[None]()
    if not rules.bands:
        return problems
    tops = [band.upto for band in rules.bands]
    if tuple(band.predicate for band in rules.bands) != rules.predicates:
        names = ", ".join(rules.predicates)
        message = f"'bands' harus memuat tiap predikat satu kali, berurutan: {names}."
        problems.error("rentang-tidak-lengkap", message)
    if any(low >= high for low, high in pairwise((0.0, *tops))):
        message = "batas atas rentang harus naik dari predikat terendah."
        problems.error("rentang-tidak-naik", message)
    if abs(tops[-1] - instrument.weight) > BAND_TOLERANCE:
        message = (
            f"rentang tertinggi berakhir di {tops[-1]:g}, padahal nilai penuh instrumen "
            f"{instrument.weight:g}."
        )
        problems.error("rentang-tidak-penuh", message)
    return problems


def _check_scores(item: Prerequisite) -> Iterable[Problem]:
    """Check that the scores of a grade name every grade once and rise."""
    if not item.bands:
        return
    if item.kind != "grade" or tuple(band.predicate for band in item.bands) != item.grades:
        names = ", ".join(item.grades) or "tidak ada"
        message = f"'bands' harus memuat tiap peringkat satu kali, berurutan: {names}."
        yield Problem(code="rentang-tidak-lengkap", key=item.id, message=message)
    if any(low.upto >= high.upto for low, high in pairwise(item.bands)):
        message = "batas atas rentang harus naik dari peringkat terendah."
        yield Problem(code="rentang-tidak-naik", key=item.id, message=message)


def check_rules(instrument: Instrument, rules: RuleSet) -> tuple[Problem, ...]:
    """Check that a rule set fits an instrument: nodes exist, minima are reachable, words known."""
    problems = _check_bands(instrument, rules)

    def known(key: str, names: Iterable[str], allowed: tuple[str, ...], what: str) -> None:
        for name in names:
            if name not in allowed:
                problems.error(
                    "kata-tidak-dikenal",
                    f"{what} '{name}' tidak dikenal; yang boleh: {', '.join(allowed)}.",
                    key=key,
                )

    for rule in rules.rules:
        missing = [node for node in rule.nodes if _weight(instrument, node) is None]
        if missing:
            problems.error(
                "simpul-tidak-ada",
                f"menyebut simpul yang tidak ada atau tidak berbobot: {', '.join(missing)}.",
                key=rule.id,
            )
            continue
        known(rule.id, rule.need, rules.predicates, "predikat")
        weight = rule_weight(instrument, rule)
        for predicate, threshold in rule.need.items():
            need = threshold.need(weight)
            if not 0 <= need <= weight:
                problems.error(
                    "ambang-di-luar-bobot",
                    f"ambang {predicate} {need:g} harus antara 0 dan bobotnya, {weight:g}.",
                    key=rule.id,
                )
    for track in rules.tracks:
        named = (*track.predicates, *track.proposes, *track.category)
        known(track.id, named, rules.predicates, "predikat")
        known(track.id, track.agency_kinds, rules.agency_kinds, "jenis instansi")
    for item in rules.prerequisites:
        problems += _check_scores(item)
        known(item.id, item.need, rules.predicates, "predikat")
        for predicate, by_kind in item.need.items():
            if ANY_AGENCY not in by_kind:
                problems.error(
                    "tanpa-syarat-umum",
                    f"syarat {predicate} tidak menyebut '{ANY_AGENCY}', instansi lainnya.",
                    key=item.id,
                )
            known(item.id, by_kind, (*rules.agency_kinds, ANY_AGENCY), "jenis instansi")
            if item.kind == "grade":
                known(item.id, map(str, by_kind.values()), item.grades, "peringkat")
            elif item.kind == "number" and any(
                isinstance(v, (bool, str)) for v in by_kind.values()
            ):
                problems.error(
                    "bukan-angka", "syarat jenis 'number' membutuhkan angka.", key=item.id
                )
            elif item.kind == "yes" and any(v is not True for v in by_kind.values()):
                problems.error("bukan-ya", "syarat jenis 'yes' hanya menerima 'true'.", key=item.id)
    return tuple(problems)
