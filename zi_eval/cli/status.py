"""How far a period is: read at any time, also while a run is going on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zi_eval.cli.chosen import choose_units
from zi_eval.cli.options import FOLDER, PERIOD, UNITS
from zi_eval.cli.progress import describe_number
from zi_eval.cli.telling import quoted, tell, tell_reported
from zi_eval.cli.words import Command

if TYPE_CHECKING:
    from zi_eval.runs.status import RunStatus, UnitStatus

__all__ = ["status"]

MOST = 20
"""How many units of a kind are named; --json names them all."""


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option("--json", "as_json", is_flag=True, help="Keluarkan JSON, dengan semua unit.")
@FOLDER
def status(units: tuple[str, ...], period: str, as_json: bool, folder: Path) -> None:
    """Lihat sampai mana laporan satu periode, juga selagi run berjalan.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Hanya membaca: run yang sedang berjalan tidak
    terganggu.

    \b
    Contoh:
      zi-eval status --period 2026
      zi-eval status dpmptsp bapenda
      zi-eval status --json
    """
    from zi_eval.runs.status import ReportStanding, read_status

    chosen = choose_units(units, period, folder)
    found = read_status(chosen.folder, chosen.period)
    if chosen.units:
        kept = tuple(unit for unit in found.units if unit.unit in chosen.units)
        found = replace(found, units=kept)
    if as_json:
        tell(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        tell("\n".join(_describe(found, chosen.folder)))
        if found.units and all(unit.standing is ReportStanding.DONE for unit in found.units):
            tell_reported(chosen.home, found.units[0].unit, period, folder)


def _as_json(found: RunStatus) -> dict[str, object]:
    from zi_eval.runs.status import ReportStanding

    return {
        "period": found.period,
        "outputs": str(found.outputs),
        "is_running": found.is_running,
        "has_ledger": found.has_ledger,
        "remark": found.remark,
        "recap": None if found.recap is None else str(found.recap),
        "counts": {standing.name.lower(): found.count(standing) for standing in ReportStanding},
        "units": [
            {
                "unit": unit.unit,
                "state": unit.standing.name.lower(),
                "reason": unit.reason,
                "log": None if unit.log is None else str(unit.log),
            }
            for unit in found.units
        ],
    }


def _describe(found: RunStatus, folder: Path) -> list[str]:
    """Return the lines that say it all, the most pressing first."""
    from zi_eval.runs.status import ReportStanding

    total = describe_number(len(found.units))
    command = f"zi-eval run --period {quoted(found.period)}"
    command += "" if folder == Path(".") else f" --folder {folder}"
    if not found.has_ledger and not found.is_running:
        return [f"Periode {found.period}: belum pernah dijalankan ({total} unit). {command}"]
    lines = [f"Periode {found.period}: {total} unit."]
    if found.is_running:
        ended = describe_number(found.ended)
        share = f" ({found.ended / len(found.units):.0%})" if found.units else ""
        lines = [f"Periode {found.period}: run sedang berjalan, {ended} dari {total} unit{share}."]
    counts = {standing: found.count(standing) for standing in ReportStanding}
    lines += [f"  {s.value:<22}{describe_number(n):>8}" for s, n in counts.items() if n]
    for standing, title in (
        (ReportStanding.FAILED, "Gagal:"),
        (ReportStanding.TIMED_OUT, "Melewati batas waktu:"),
        (ReportStanding.STOPPED, "Terhenti, akan dibuat ulang:"),
        (ReportStanding.STALE, "Usang, akan dibuat ulang:"),
    ):
        lines += _list([unit for unit in found.units if unit.standing is standing], title)
    if found.remark:
        lines += ["", f"Tidak dapat dinilai mana yang usang: {found.remark}"]
    lines += ["", f"Rekap instansi: {found.recap.resolve() if found.recap else 'belum ada'}"]
    if not found.is_running and found.count(ReportStanding.DONE) < len(found.units):
        lines.append(f"Lanjutkan: {command}")
    return lines


def _list(units: list[UnitStatus], title: str) -> list[str]:
    if not units:
        return []
    lines = ["", title]
    for unit in units[:MOST]:
        lines.append(f"  {unit.unit}: {unit.reason}" if unit.reason else f"  {unit.unit}")
        lines += [f"    Catatan: {unit.log}"] if unit.log else []
    if len(units) > MOST:
        lines.append(f"  dan {describe_number(len(units) - MOST)} lagi (semua: --json)")
    return lines
