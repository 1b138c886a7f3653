"""What was changed in a unit, and its file from the journal: history, restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from zi_eval.cli.options import PATH
from zi_eval.cli.words import Command
from zi_eval.errors import WorkspaceError, ZiEvalError

__all__ = ["history", "restore"]


def _moment(_: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    """Return a date or a time, local where no zone is given; ``--at`` a date means its end."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            "tulis mis. 2026-05-20 atau 2026-05-20T14:30.", param=option
        ) from None
    if option.name == "at" and len(value) == len("2026-05-20"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.tzinfo else moment.astimezone()


@click.command(cls=Command)
@click.argument("file", type=PATH, metavar="BERKAS")
@click.option("--question", metavar="ID", help="Hanya satu pertanyaan, mis. A.I.1.i.a.")
@click.option(
    "--since", callback=_moment, metavar="TANGGAL", help="Sejak tanggal ini, mis. 2026-05-20."
)
@click.option("--csv", "table", type=PATH, metavar="BERKAS", help="Tulis sebagai CSV untuk Excel.")
def history(file: Path, question: str | None, since: datetime | None, table: Path | None) -> None:
    """Tampilkan siapa mengubah apa, kapan, dari jurnal satu unit.

    \b
    Contoh:
      zi-eval history parameters/2026/dpmptsp.yaml
      zi-eval history parameters/2026/dpmptsp.yaml --question A.I.1.i.a
      zi-eval history parameters/2026/dpmptsp.yaml --since 2026-05-20 --csv perubahan.csv
    """
    from zi_eval.files import write_bytes
    from zi_eval.journal.table import change_line, render_changes
    from zi_eval.journal.unit_text import read_history

    found, damaged = read_history(file)
    changes = [change for change in found if since is None or change.time >= since]
    if question is not None:
        changes = [change for change in changes if change.place.key == question]
    for line in damaged:
        click.echo(f"Baris {line} jurnal rusak dan tidak terbaca.", err=True)
    if table is not None:
        write_bytes(table, render_changes(changes).encode("utf-8-sig"))
        click.echo(f"{table}: {len(changes)} perubahan.")
        return
    for change in changes:
        click.echo(change_line(change))
    click.echo(f"{len(changes)} perubahan.", err=True)


@click.command(cls=Command)
@click.argument("file", type=PATH, metavar="BERKAS")
@click.option(
    "--at",
    callback=_moment,
    metavar="WAKTU",
    help="Keadaan pada saat itu, mis. 2026-05-20T14:30 (bawaan: yang terakhir).",
)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@click.option("--force", is_flag=True, help="Timpa berkas hasil yang sudah ada.")
def restore(file: Path, at: datetime | None, output: Path | None, force: bool) -> None:
    """Susun kembali berkas satu unit dari jurnalnya.

    Tanpa -o: berkas unit itu sendiri bila sudah tidak ada, atau <unit>.pulih.yaml di folder jurnal.

    \b
    Contoh:
      zi-eval restore parameters/2026/dpmptsp.yaml
      zi-eval restore parameters/2026/dpmptsp.yaml --at 2026-05-20T14:30 -o kemarin.yaml
    """
    from zi_eval.files import write_text
    from zi_eval.journal.unit_text import rebuild_unit
    from zi_eval.period.journal_file import journal_path

    beside = journal_path(file).with_name(f"{file.stem}.pulih.yaml")
    target = output or (beside if file.exists() else file)
    text = rebuild_unit(file, at)
    if target.exists() and not force:
        raise WorkspaceError(f"{target} sudah ada; tidak ditulis. Pakai --force untuk menimpanya.")
    if not target.parent.is_dir():
        raise ZiEvalError(f"Folder {target.parent} tidak ada. Buat dahulu, atau pilih -o lain.")
    write_text(target, text)
    click.echo(f"{target} ditulis dari jurnal.")
