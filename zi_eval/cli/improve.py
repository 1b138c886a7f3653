"""The shortest way to a predicate for one unit or several, and the step most units share."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.options import FOLDER, PERIOD, STAGE
from zi_eval.cli.words import Command
from zi_eval.errors import ParameterError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.core.assessment import Value
    from zi_eval.core.evaluation import Evaluation
    from zi_eval.core.instrument import Instrument, Question
    from zi_eval.improvement.effort import Limits
    from zi_eval.improvement.way import Improvement, Way

__all__ = ["jalan"]

STAYS = "tetap"


@click.command(cls=Command)
@click.argument("units", nargs=-1, metavar="[UNIT…]")
@PERIOD
@STAGE
@click.option(
    "--target",
    default="",
    metavar="PREDIKAT",
    help="Predikat yang dituju; bawaan: target unit, atau yang di atasnya bila sudah tercapai.",
)
@click.option(
    "--limit",
    "limits",
    multiple=True,
    metavar="ID=N",
    help="Paling banyak N langkah pada pertanyaan atau bagian; 'tetap' berarti tidak berubah.",
)
@click.option(
    "--fix", "fixed", multiple=True, metavar="ID=JAWABAN", help="Jawaban yang sudah direncanakan."
)
@click.option("--json", "as_json", is_flag=True, help="Keluaran JSON.")
@FOLDER
def jalan(
    units: tuple[str, ...],
    period: str,
    stage: str,
    target: str,
    limits: tuple[str, ...],
    fixed: tuple[str, ...],
    as_json: bool,
    folder: Path,
) -> None:
    """Jalan terpendek ke predikat: jawaban mana yang dinaikkan, dengan upaya paling sedikit.

    Tanpa UNIT: satu langkah yang menolong paling banyak unit. Upaya dan batas tetap ditulis di
    parameters/<periode>/upaya.yaml. Kode keluar 1 bila ada unit yang tidak dapat mencapainya.

    \b
    Contoh:
      zi-eval jalan dpmptsp
      zi-eval jalan dpmptsp bapenda --target WBBM --limit A.II.2=1
      zi-eval jalan rsud-harapan --limit B.II.a=tetap --fix B.I.a=3.6
      zi-eval jalan --json
    """
    from zi_eval.core.assessment import Stage
    from zi_eval.core.problems import has_errors
    from zi_eval.improvement.effort_file import load_effort
    from zi_eval.improvement.page.text import render_improvement
    from zi_eval.improvement.programme import Unsolved
    from zi_eval.improvement.way import find_improvement
    from zi_eval.journal.store import follow_journals
    from zi_eval.period.reading import OVERLAY_FILE, Period

    if not units and (target or limits or fixed):
        raise click.UsageError("--target, --limit, dan --fix memerlukan UNIT.")
    home = folder / "parameters" / period
    for path in follow_journals(home) if home.is_dir() else ():
        click.echo(f"{path}: disesuaikan dengan jurnalnya.", err=True)
    if not units:
        _show_shared(home, stage, as_json)
        return
    found = Period.read(home)
    if has_errors(found.problems):
        raise ParameterError(found.problems)
    shown, is_blocked = [], False
    for unit in dict.fromkeys(units):
        evaluation = found.evaluate(found.find(unit), Stage(stage))
        _require_predicate(evaluation, target)
        loaded = load_effort(evaluation.instrument, home / OVERLAY_FILE)
        own = _read_limits(evaluation.instrument, limits, fixed)
        kept = loaded.limits_of(unit).joined(own)
        try:
            way = find_improvement(evaluation, loaded.effort, target, kept)
        except Unsolved as error:
            raise ZiEvalError(f"Jalan {unit} belum dapat dibuktikan ({error}).") from None
        is_blocked = is_blocked or way.way is None
        shown.append(_as_json(evaluation, way) if as_json else render_improvement(evaluation, way))
    click.echo(_dump(shown) if as_json else "\n\n".join(str(text) for text in shown))
    if is_blocked:
        sys.exit(1)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _require_predicate(evaluation: Evaluation, target: str) -> None:
    if target and target not in evaluation.verdicts:
        known = ", ".join(evaluation.verdicts)
        raise ZiEvalError(f"Predikat '{target}' tidak ada; pilih salah satu: {known}.")


def _pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Split ``ID=…`` texts, or refuse the one that is none."""
    pairs = {}
    for text in texts:
        key, sign, value = (part.strip() for part in text.partition("="))
        if not key or not sign or not value:
            raise click.BadParameter(f"'{text}' harus ditulis ID=…", param_hint=option)
        pairs[key] = value
    return pairs


def _read_limits(instrument: Instrument, limits: Sequence[str], fixed: Sequence[str]) -> Limits:
    """Return the limits of the command line, or raise with everything wrong in them."""
    from zi_eval.improvement.effort import Limits, check_limits

    most = {}
    for key, text in _pairs(limits, "--limit").items():
        if text != STAYS and not text.isdecimal():
            message = f"'{key}={text}': tulis banyaknya langkah, atau '{STAYS}'."
            raise click.BadParameter(message, param_hint="--limit")
        most[key] = 0 if text == STAYS else int(text)
    answers: dict[str, Value] = {}
    for key, text in _pairs(fixed, "--fix").items():
        question = instrument.questions.get(key)
        answers[key] = text if question is None else _read_answer(question, text)
    own = Limits(most, answers)
    if problems := check_limits(instrument, own):
        raise ParameterError(problems)
    return own


def _read_answer(question: Question, text: str) -> Value:
    """Return a typed answer: an option code, an index, or the counts of a ratio."""
    if question.scale.kind == "choice":
        return text
    try:
        numbers = tuple(float(part.strip().replace(",", ".")) for part in text.split(";"))
    except ValueError:
        numbers = ()
    asked = len(question.asked_inputs) if question.scale.kind == "ratio" else 1
    top = question.scale.top if question.scale.kind == "index" else float("inf")
    if len(numbers) != asked or not all(0 <= number <= top for number in numbers):
        wanted = (
            "; ".join(item.text for item in question.asked_inputs)
            if question.scale.kind == "ratio"
            else f"angka dari 0 sampai {question.scale.top:g}"
        )
        message = f"'{question.id}={text}': isikan {wanted}."
        raise click.BadParameter(message, param_hint="--fix")
    return numbers if question.scale.kind == "ratio" else numbers[0]


def _show_shared(home: Path, stage: str, as_json: bool) -> None:
    """Show the single step that helps most units."""
    from zi_eval.improvement.page.recap import shared_steps
    from zi_eval.improvement.page.text import render_shared_steps
    from zi_eval.period.reading import load_agency_evaluation

    agency = load_agency_evaluation(home, stage)
    if as_json:
        steps = [
            {
                "pertanyaan": step.question.id,
                "unit": step.units,
                "langsung_mencapai_ambang": step.alone,
                "poin_rata_rata": step.points,
                "langkah_tersering": step.change,
            }
            for step in shared_steps(agency)
        ]
        click.echo(_dump(steps))
    else:
        click.echo(render_shared_steps(agency))
    for unit, reason in agency.failures.items():
        click.echo(f"{unit}: tidak ikut. {reason.splitlines()[0]}", err=True)


def _as_json(evaluation: Evaluation, found: Improvement) -> dict[str, object]:
    blocked = found.blocked
    return {
        "unit": evaluation.assessment.unit.id,
        "predikat": found.predicate,
        "upaya_menurut": found.effort_title,
        "jalan": _way_json(found.way),
        "cukup_dijawab": found.to_answer,
        "prasyarat_belum_terpenuhi": [
            item.prerequisite.id for item in found.verdict.failed_prerequisites
        ],
        "prasyarat_belum_dinyatakan": [
            item.prerequisite.id for item in found.verdict.unknown_prerequisites
        ],
        "tidak_terjangkau": blocked
        and {
            "ambang": [
                {"id": item.rule.id, "diminta": item.need, "paling_tinggi": item.got}
                for item in blocked.rules
            ],
            "batas": {rule: dict(limits) for rule, limits in blocked.limits.items()},
            "cukup_dilepas": blocked.enough,
            "terjangkau_tanpa_batas": blocked.is_reachable_without,
        },
    }


def _way_json(way: Way | None) -> dict[str, object] | None:
    if way is None:
        return None
    return {
        "upaya": way.effort,
        "jawaban": [
            {
                "pertanyaan": move.question.id,
                "dari": _plain(move.now),
                "menjadi": _plain(move.then),
                "langkah": move.steps,
                "upaya": move.effort,
                "poin": move.points,
                "membantu": move.helps,
                "survei": move.is_survey,
                "ditetapkan": move.is_fixed,
            }
            for move in way.moves
        ],
    }


def _plain(value: Value | None) -> object:
    """Return an answer as JSON can hold it."""
    from zi_eval.core.assessment import NOT_APPLICABLE

    return value.value if value is NOT_APPLICABLE else value
