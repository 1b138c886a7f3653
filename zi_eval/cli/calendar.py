"""The calendar: what is due next, and as a file for calendars of phones and offices."""

from __future__ import annotations

from pathlib import Path

import click

from zi_eval.cli.chosen import choose_period
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD
from zi_eval.cli.telling import tell, tell_problems
from zi_eval.cli.words import Command
from zi_eval.errors import ZiEvalError

__all__ = ["calendar"]


@click.command(cls=Command)
@PERIOD
@click.option("--ics", type=PATH, metavar="BERKAS", help="Tulis berkas kalender (.ics) semuanya.")
@FORCE
@FOLDER
def calendar(period: str, ics: Path | None, force: bool, folder: Path) -> None:
    """Sebut tenggat yang berikutnya dari periode ini, untuk siapa, dan dasarnya.

    Tenggat sendiri, atau tanggal yang diumumkan lain, ditulis di kalender.yaml pada folder periode.

    \b
    Contoh:
      zi-eval calendar
      zi-eval calendar --period 2026 --ics zi-2026.ics
    """
    from zi_eval.calendar.deadlines import coming
    from zi_eval.calendar.ics import render_ics
    from zi_eval.calendar.load import load_deadlines
    from zi_eval.calendar.page.words import render_deadlines
    from zi_eval.files import require_free, write_bytes
    from zi_eval.period.reading import Period
    from zi_eval.report.made import Made

    read, made = Period.read(choose_period(period, folder)), Made.now()
    deadlines, problems = load_deadlines(read)
    today = made.time.date()
    found = coming(deadlines, today)
    tell(render_deadlines(found, today) or "Tidak ada tenggat lagi pada periode ini.")
    tell_problems(problems)
    if ics is not None:
        if ics.suffix.lower() != ".ics":
            raise ZiEvalError(f"Nama berkas kalender berakhir dengan .ics, bukan {ics.name}.")
        require_free(ics, force)
        agency = read.agency.agency
        write_bytes(ics, render_ics(deadlines, agency.name if agency else "", made.time))
        tell(f"{ics} ditulis: {len(deadlines)} tenggat.", err=True)
