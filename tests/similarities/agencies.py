"""Made-up agencies of which it is known who copied from whom.

They are not made by the model that looks for copying: units have an ability of their own in every
area, questions have thresholds (a graded response), some subareas are answered alike by all of the
agency because one service answers for all, and units of a kind share part of their answers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from tests.pages.builders import INSTRUMENT, RULES
from zi_eval.core.agency import AgencyEvaluation
from zi_eval.core.assessment import Agency, Answer, Assessment, Stage, Unit
from zi_eval.core.evaluation import Evaluation, evaluate
from zi_eval.core.instrument import Question

__all__ = ["Copied", "MadeAgency", "make_agency", "make_evaluation"]

CHOICES = [q for q in INSTRUMENT.questions.values() if q.scale.kind == "choice"]
SERVED = ("A.I.2.ii", "A.I.2.iii", "A.I.5.iv")
"""Subareas that a service of the agency answers for all its units."""
KINDS = ("Dinas", "Puskesmas", "Kecamatan", "Sekolah")
WORDS = (
    "rapat", "laporan", "unggah", "dokumen", "kegiatan", "petugas", "layanan", "evaluasi",
    "triwulan", "loket", "pemohon", "jadwal", "monitoring", "tindak", "lanjut", "papan",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Copied:
    """One unit that took a share of another's answers and notes."""

    source: str
    copy: str
    share: float


@dataclass(frozen=True, slots=True)
class MadeAgency:
    """An agency and what was copied in it."""

    evaluation: AgencyEvaluation
    copied: tuple[Copied, ...]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """The pairs that are alike because of copying; copies of one source are alike too."""
        groups: dict[str, set[str]] = {}
        for item in self.copied:
            groups.setdefault(item.source, {item.source}).add(item.copy)
        return {
            (one, two) for group in groups.values() for one in group for two in group if one < two
        }


@cache
def _difficulty(question: str, seed: int) -> tuple[float, float]:
    drawn = random.Random(f"{question}{seed}")
    return drawn.gauss(-0.6, 0.8), drawn.uniform(0.8, 2.0)


def _graded(question: Question, ability: float, seed: int, drawn: random.Random) -> str:
    """Draw an answer: the better the ability against the question, the higher the option."""
    codes = tuple(question.scale.values)  # best first
    difficulty, slope = _difficulty(question.id, seed)
    lifted = slope * (ability - difficulty) + drawn.gauss(0, 1.2)
    steps = [1.0 - 1.1 * place for place in range(len(codes) - 1)]
    return next(
        (code for code, step in zip(codes, steps, strict=False) if lifted > step), codes[-1]
    )


def _note(drawn: random.Random) -> str:
    return " ".join(drawn.choices(WORDS, k=drawn.randint(6, 14))).capitalize()


def make_evaluation(unit: Unit, answers: dict[str, Answer]) -> Evaluation:
    """Evaluate a unit of the made-up agency."""
    agency = Agency(name="Kabupaten Rekaan", kind=RULES.agency_kinds[-1], rules=RULES.id, facts={})
    return evaluate(
        INSTRUMENT, RULES,
        Assessment(unit, INSTRUMENT.id, "WBK", "2026", answers=answers), agency,
        stage=Stage.UNIT,
    )  # fmt: skip


def make_agency(units: int, copies: int = 0, share: float = 0.6, seed: int = 1) -> MadeAgency:
    """Draw an agency.

    Parameters
    ----------
    copies
        How many units copy, each from a unit that copies from nobody; a third of them from a
        source that another copies from too.
    share
        Of the answers, and of the notes, that a copy takes over; the others are its own.
    """
    drawn = random.Random(seed)
    kinds = [drawn.choice(KINDS) for _ in range(units)]
    level = drawn.gauss(0.4, 0.4)
    services = {
        q.id: _graded(q, level + 0.8, seed, drawn) for q in CHOICES if q.id.startswith(SERVED)
    }
    habits = {
        (kind, q.id): _graded(q, level, seed, drawn)
        for kind in KINDS for q in CHOICES if drawn.random() < 0.15
    }  # fmt: skip
    template = {q.id: _note(drawn) for q in CHOICES if drawn.random() < 0.2}
    people: list[dict[str, Answer]] = []
    for kind in kinds:
        ability = level + drawn.gauss(0, 0.7)
        areas = {area: ability + drawn.gauss(0, 0.5) for area in "123456"}
        uses_template = drawn.random() < 0.4
        answers = {}
        for question in CHOICES:
            own = _graded(question, areas.get(question.id.split(".")[2], ability), seed, drawn)
            code = services.get(question.id) or habits.get((kind, question.id)) or own
            if drawn.random() < 0.05:
                code = own
            note = _note(drawn) if drawn.random() < 0.5 else ""
            if uses_template and question.id in template:
                note = template[question.id]
            answers[question.id] = Answer(unit=code, note=note)
        people.append(answers)
    names = [f"unit-{number:04}" for number in range(units)]
    chosen = drawn.sample(range(units), min(units, 2 * copies)) if copies else []
    sources, takers = chosen[copies:], chosen[:copies]
    copied = []
    for place, taker in enumerate(takers):
        source = sources[place - 1 if place % 3 == 2 else place]
        for key, answer in people[source].items():
            if drawn.random() < share:
                people[taker][key] = answer
        copied.append(Copied(names[source], names[taker], share))
    made = tuple(
        make_evaluation(Unit(id=name, name=name, kind=kind), answers)
        for name, kind, answers in zip(names, kinds, people, strict=True)
    )
    agency = Agency(name="Kabupaten Rekaan", kind=RULES.agency_kinds[-1], rules=RULES.id, facts={})
    return MadeAgency(
        AgencyEvaluation(agency, RULES, INSTRUMENT, "2026", Stage.UNIT, made), tuple(copied)
    )
