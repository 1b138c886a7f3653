"""The laws an instrument must keep, whatever its files say."""

from __future__ import annotations

from itertools import pairwise

from zi_eval.core.instrument import Instrument, Question, Share, parent_id
from zi_eval.core.problems import Problem

__all__ = ["check_instrument"]

WEIGHT_TOLERANCE = 1e-9


def _check_sum(key: str, weight: float, parts: list[float]) -> list[Problem]:
    if abs(sum(parts) - weight) <= WEIGHT_TOLERANCE:
        return []
    return [
        Problem(
            code="bobot-tidak-cocok",
            key=key,
            message=f"bobotnya {weight:g}, tetapi bobot di bawahnya berjumlah {sum(parts):g}.",
            hint="Samakan bobot simpul dengan jumlah bobot bagian-bagiannya.",
        )
    ]


def _check_scale(question: Question) -> list[Problem]:
    problems: list[Problem] = []

    def report(code: str, message: str) -> None:
        problems.append(Problem(code=code, key=question.id, message=message))

    kind = question.scale.kind
    if kind == "choice":
        wanted, given = list(question.scale.values), list(question.options)
        if wanted != given:
            report(
                "pilihan-tidak-lengkap",
                f"pilihan jawaban harus {', '.join(wanted)} (berurutan), yang ada: "
                f"{', '.join(given) or 'tidak ada'}.",
            )
    elif question.options:
        report("pilihan-berlebih", f"skala {question.scale.id} tidak memakai 'options'.")
    if kind != "choice" and not question.guide:
        report("tanpa-petunjuk", f"skala {question.scale.id} membutuhkan 'guide'.")
    if kind == "ratio":
        numbers = [item.number for item in question.inputs]
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            report("masukan-tidak-urut", "'inputs' harus bernomor 1, 2, 3, … tanpa lompatan.")
        rule = question.rule
        if rule is None:
            report("tanpa-rumus", "pertanyaan rasio membutuhkan 'ratio'.")
        else:
            used = (rule.part, rule.whole) if isinstance(rule, Share) else (rule.before, rule.after)
            sums = [n for item in question.inputs for n in item.sum_of]
            unknown = sorted({*used, *sums} - set(numbers))
            if unknown:
                report("masukan-tidak-ada", f"rumus memakai masukan {unknown} yang tidak ada.")
    elif question.rule is not None or question.inputs:
        report("rumus-berlebih", f"skala {question.scale.id} tidak memakai 'ratio' dan 'inputs'.")
    return problems


def _check_criteria(instrument: Instrument) -> list[Problem]:
    """Check that criteria are numbered in order and propose options that their questions have."""
    grading = instrument.grading
    problems: list[Problem] = []

    def report(code: str, key: str, message: str) -> None:
        problems.append(Problem(code=code, key=key, message=message))

    for question in instrument.questions.values():
        keys = instrument.criteria_of(question.id)
        wanted = [f"{question.id}.{number}" for number in range(1, len(keys) + 1)]
        if list(keys) != wanted:
            said = "'criteria' harus bernomor 1, 2, 3, … tanpa lompatan."
            report("kriteria-tidak-urut", question.id, said)
        proposed = () if grading is None or not keys else (*grading.above, grading.nothing)
        options = list(question.scale.values)
        missing = [option for option in proposed if option not in options]
        places = [options.index(option) for option in proposed if option in options]
        if missing or places != sorted(places):
            said = (
                f"kriterianya mengusulkan {', '.join(proposed)}; harus dari {', '.join(options)}, "
            )
            report("usulan-kriteria-tidak-cocok", question.id, f"{said}yang terbaik lebih dulu.")
    shares = list(grading.above.values()) if grading is not None else []
    if any(a <= b for a, b in pairwise(shares)):
        said = "persen kriteria pada 'above' harus turun."
        report("usulan-kriteria-tidak-cocok", "criteria", said)
    return problems


def check_instrument(instrument: Instrument) -> tuple[Problem, ...]:
    """Check the laws of an instrument and return every problem, keyed by node or question id.

    The laws: every parent exists; the weights below a node add up to its own; a node's questions
    all carry a weight or none does; every choice states all its options in order; ratio rules
    name inputs that exist; choice values fall from 1 to 0; criteria are numbered in order and
    propose options their questions have; areas name nodes that exist.
    """
    problems: list[Problem] = []
    for identifier in (*instrument.nodes, *instrument.questions):
        parent = parent_id(identifier)
        if parent is not None and parent not in instrument.nodes:
            problems.append(
                Problem(
                    code="induk-tidak-ada",
                    key=identifier,
                    message=f"simpul di atasnya, {parent}, tidak ada.",
                )
            )
    for node in instrument.nodes.values():
        below = instrument.children[node.id]
        if not below:
            problems.append(
                Problem(code="simpul-kosong", key=node.id, message="tidak memuat pertanyaan.")
            )
        elif not instrument.is_mean(node.id):
            weights = [
                instrument.nodes[c].weight
                if c in instrument.nodes
                else instrument.questions[c].weight
                for c in below
            ]
            if None in weights:
                problems.append(
                    Problem(
                        code="bobot-campuran",
                        key=node.id,
                        message="sebagian pertanyaannya berbobot dan sebagian tidak.",
                        hint="Beri bobot pada semuanya, atau tidak sama sekali.",
                    )
                )
            else:
                problems += _check_sum(node.id, node.weight, [w for w in weights if w is not None])
    for scale in {q.scale.id: q.scale for q in instrument.questions.values()}.values():
        values = list(scale.values.values())
        if scale.kind == "choice" and (
            len(values) < 2
            or values[0] != 1
            or values[-1] != 0
            or any(a <= b for a, b in pairwise(values))
        ):
            problems.append(
                Problem(
                    code="skala-tidak-turun",
                    key=scale.id,
                    message="nilai pilihan harus turun dari 1 sampai 0.",
                )
            )
    for question in instrument.questions.values():
        problems += _check_scale(question)
    problems += _check_criteria(instrument)
    for area in instrument.areas:
        missing = [node for node in area.nodes if node not in instrument.nodes]
        if missing:
            problems.append(
                Problem(
                    code="simpul-tidak-ada",
                    key=area.id,
                    message=f"menyebut simpul yang tidak ada: {', '.join(missing)}.",
                )
            )
    return tuple(problems)
