"""The shortest way to a predicate for one unit or several, and the step most units share."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, PERIOD, STAGE, UNITS
from zi_eval.cli.telling import follow_journals, tell, tell_next, tell_problems
from zi_eval.cli.words import Command
from zi_eval.errors import ArgumentError

__all__ = ["improve"]


@click.command(cls=Command)
@UNITS
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
def improve(
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

    UNIT: id, berkas, atau folder. Tanpa UNIT: satu langkah yang menolong paling banyak unit. Upaya
    dan batas tetap ditulis di parameters/<periode>/upaya.yaml. Kode keluar 1 bila ada unit yang
    tidak dapat mencapainya.

    \b
    Contoh:
      zi-eval improve dpmptsp
      zi-eval improve dpmptsp bapenda --target WBBM --limit A.II.2=1
      zi-eval improve rsud-harapan --limit B.II.a=tetap --fix B.I.a=3.6
      zi-eval improve --json
    """
    from zi_eval.improvement.load import find_ways
    from zi_eval.improvement.page.text import dump_improvement, render_improvement

    if not units and (target or limits or fixed):
        raise click.UsageError("--target, --limit, dan --fix memerlukan UNIT.")
    chosen = choose_units(units, period, folder)
    home = chosen.home
    follow_journals(home)
    if not chosen.units:
        _show_shared(home, stage, as_json)
        return
    most, answers = _pairs(limits, "limits"), _pairs(fixed, "fixed")
    found = find_ways(home, chosen.units, stage, target=target, most=most, fixed=answers)
    if as_json:
        tell(_dump([dump_improvement(*one) for one in found]))
    else:
        tell("\n\n".join(render_improvement(*one) for one in found))
    if any(improvement.way is None for _, improvement in found):
        sys.exit(1)
    if not as_json:
        tell_next("zi-eval lab", "catat langkah, penanggung jawab, dan tenggatnya pada formulir")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _pairs(texts: Sequence[str], name: str) -> dict[str, str]:
    """Split ``ID=…`` texts, or refuse the one that is none."""
    pairs = {}
    for text in texts:
        key, sign, value = (part.strip() for part in text.partition("="))
        if not key or not sign or not value:
            raise ArgumentError(f"'{text}' harus ditulis ID=…", name)
        pairs[key] = value
    return pairs


def _show_shared(home: Path, stage: str, as_json: bool) -> None:
    """Show the single step that helps most units."""
    from zi_eval.improvement.page.recap import dump_shared_steps, render_shared_steps
    from zi_eval.improvement.shared import shared_steps
    from zi_eval.period.evaluations import load_agency_evaluation

    agency = load_agency_evaluation(home, stage)
    found = shared_steps(agency)
    tell(_dump(dump_shared_steps(found)) if as_json else render_shared_steps(agency, found))
    tell_problems(
        f"{unit}: tidak ikut. {reason.splitlines()[0]}" for unit, reason in agency.failures.items()
    )
