"""The working folder: a new one, and the instruments at hand."""

from __future__ import annotations

from pathlib import Path

import click

from zi_eval.cli.options import PATH
from zi_eval.cli.telling import quoted, tell
from zi_eval.cli.words import Command

__all__ = ["init", "instruments"]


@click.command(cls=Command)
@click.argument("target", type=PATH, metavar="DIR")
@click.option("--period", default="2026", metavar="NAMA", help="Periode pertama (bawaan: 2026).")
def init(target: Path, period: str) -> None:
    """Buat folder kerja baru: notebook, instansi kosong, dan contoh terisi.

    \b
    Contoh:
      zi-eval init zi-2026
      zi-eval run --folder zi-2026 --period contoh
    """
    from zi_eval.starter import write_workspace

    written = write_workspace(target, period, "contoh")
    tell(f"{len(written)} berkas ditulis di {target.resolve()}.")
    tell(f"Contoh terisi: zi-eval run --folder {quoted(target)} --period contoh")
    own = f"zi-eval import LKE.xlsx --unit ID --period {quoted(period)} --folder {quoted(target)}"
    tell(f"Unit sendiri:  {own}")


@click.command(cls=Command)
@click.option("--questions", is_flag=True, help="Sebut juga semua pertanyaan dan pilihannya.")
def instruments(questions: bool) -> None:
    """Sebut instrumen yang tersedia.

    \b
    Contoh:
      zi-eval instruments
      zi-eval instruments --questions
    """
    from zi_eval.instruments import available_instruments, load_instrument
    from zi_eval.period.answers import allowed_answers

    for identifier in available_instruments():
        instrument = load_instrument(identifier)
        count = len(instrument.questions)
        size = f"{count} pertanyaan, {instrument.weight:g} poin"
        tell(f"{identifier}  {instrument.title} ({size})")
        for question in instrument.questions.values() if questions else ():
            tell(f"\n{question.id}  {question.text}")
            if question.options:
                for code, text in question.options.items():
                    tell(f"    {code}: {text}")
            else:
                tell(f"    {allowed_answers(question)}")
