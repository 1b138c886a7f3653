"""What was changed in a unit, why doubts do not stand, a file from its journal."""

from __future__ import annotations

import sys
from datetime import datetime
from glob import escape
from pathlib import Path

import click

from zi_eval.cli.chosen import choose_files
from zi_eval.cli.options import FOLDER, FORCE, PATH, PERIOD, STAGE, UNITS
from zi_eval.cli.telling import quoted, tell, tell_next
from zi_eval.cli.words import Command
from zi_eval.errors import WorkspaceError, ZiEvalError

__all__ = ["explain", "history", "restore"]


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
@UNITS
@PERIOD
@click.option("--question", metavar="ID", help="Hanya satu pertanyaan, mis. A.I.1.i.a.")
@click.option(
    "--since", callback=_moment, metavar="TANGGAL", help="Sejak tanggal ini, mis. 2026-05-20."
)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Tulis sebagai CSV untuk Excel.")
@click.option("--csv", "output", type=PATH, hidden=True)
@click.option(
    "--verify", is_flag=True, help="Periksa bahwa tidak ada baris jurnal yang dihapus atau ditukar."
)
@FOLDER
def history(
    units: tuple[str, ...],
    period: str,
    question: str | None,
    since: datetime | None,
    output: Path | None,
    verify: bool,
    folder: Path,
) -> None:
    """Tampilkan siapa mengubah apa, kapan, dari jurnal unit.

    UNIT: id, berkas, atau folder; boleh beberapa, kecuali dengan -o.

    \b
    Contoh:
      zi-eval history dpmptsp
      zi-eval history dpmptsp --question A.I.1.i.a
      zi-eval history --verify
      zi-eval history parameters/2026/dpmptsp.yaml --since 2026-05-20 -o perubahan.csv
    """
    from zi_eval.files import write_bytes
    from zi_eval.journal.table import change_line, name_proof, render_changes
    from zi_eval.journal.unit_text import read_history

    files = choose_files(units, period, folder)
    if output is not None and len(files) > 1:
        raise click.UsageError("-o menulis jurnal satu unit; sebut satu unit.")
    is_whole = True
    for file in files:
        of = f"{file.stem}: " if len(files) > 1 else ""
        if verify:
            is_whole = _verify(file, of) and is_whole
            continue
        found, wrong = read_history(file)
        changes = [change for change in found if since is None or change.time >= since]
        if question is not None:
            changes = [change for change in changes if change.place.key == question]
        for line, reason in wrong.items():
            tell(f"{of}Baris {line} jurnal {reason}.", err=True)
        if output is not None:
            write_bytes(output, render_changes(changes).encode("utf-8-sig"))
            tell(f"{output}: {len(changes)} perubahan.")
            continue
        for change in changes:
            tell(f"{of}{change_line(change)}")
        typed = sum(name_proof(change) == "nama menurut isian" for change in changes)
        said = f"; {typed} di antaranya dengan nama menurut isian, tanpa kunci" if typed else ""
        tell(f"{of}{len(changes)} perubahan{said}.", err=True)
    if len(files) == 1 and not verify:
        moment = f"zi-eval restore {quoted(units[0])} --at 2026-05-20T14:30"
        tell_next(moment, "berkasnya pada suatu saat", period, folder)
    if not is_whole:
        sys.exit(1)


def _verify(file: Path, of: str) -> bool:
    """Tell whether the lines of a unit's journals are all there, in their order."""
    from zi_eval.journal.chain import verify_chain
    from zi_eval.period.journal_file import journal_path

    journal = journal_path(file)
    tables = sorted(journal.parent.glob(f"{escape(file.stem)}.*.jsonl"))  # as of its kinerja
    paths = [path for path in (journal, *tables) if path.exists() or path.is_symlink()]
    if not paths:
        tell(f"{of}belum ada jurnal ({journal}).", err=True)
    is_whole = True
    for path in paths:
        found = verify_chain(path)
        for finding in found.findings:
            tell(f"{of}{path.name}: {finding}")
        old = f", {found.unchained} di antaranya dari sebelum ada rantai" if found.unchained else ""
        state = "tidak utuh" if found.findings else "utuh"
        tell(f"{of}{path.name}: {state}; {found.lines} baris diperiksa{old}.")
        is_whole = is_whole and not found.findings
    return is_whole


@click.command(cls=Command)
@UNITS
@PERIOD
@STAGE
@click.option("--doubt", metavar="ID", help="Keraguan yang dijelaskan, seperti pada daftarnya.")
@click.option("--text", metavar="ALASAN", help="Mengapa putusan tetap; kosong ('') mencabutnya.")
@click.option("--name", metavar="NAMA", help="Siapa yang menjelaskan.")
@click.option(
    "--role",
    type=click.Choice(["unit", "anggota", "ketua", "pengendali teknis"]),
    help="Peran yang menjelaskan.",
)
@FOLDER
def explain(
    units: tuple[str, ...],
    period: str,
    stage: str,
    doubt: str | None,
    text: str | None,
    name: str | None,
    role: str | None,
    folder: Path,
) -> None:
    """Tampilkan keraguan atas putusan, atau jelaskan satu di antaranya secara tertulis.

    UNIT: id, berkas, atau folder. Penjelasan dicatat dalam jurnal dan tampil bersama putusan; pada
    evaluasi TPI hanya penjelasan TPI yang berlaku.

    \b
    Contoh:
      zi-eval explain dpmptsp
      zi-eval explain dpmptsp --doubt ID --text "Sudah dicek." --name "Ratna" --role ketua
    """
    from zi_eval.case import load_case
    from zi_eval.doubts.verdict import explained_text

    files = choose_files(units, period, folder)
    if doubt is not None:
        if len(files) > 1 or text is None or not name or not role:
            raise click.UsageError("--doubt membutuhkan satu unit, --text, --name, dan --role.")
        _explain(files[0], stage, doubt, text, name, role)
    for file in files:
        verdict = load_case(file, stage).verdict
        tell(f"{file.stem}: {len(verdict.doubts)} keraguan atas {verdict.predicate}.")
        for item in verdict.doubts:
            is_decisive = item.is_decisive(verdict.predicate)
            mark = " (menentukan)" if is_decisive else ""
            tell(f"  {item.id}\n    {item.what}{mark}\n    {item.remedy}")
        for pair in verdict.explained:
            tell(f"  Dijelaskan: {explained_text(*pair)}")


def _explain(file: Path, stage: str, doubt: str, text: str, name: str, role: str) -> None:
    from zi_eval.case import load_case
    from zi_eval.journal.store import AnswerStore, Person, Role

    verdict = load_case(file, stage).verdict
    known = {item.id for item in (*verdict.doubts, *(one for one, _ in verdict.explained))}
    if doubt not in known:
        raise ZiEvalError(
            f"Keraguan '{doubt}' tidak ada pada {file.stem}. Lihat daftarnya: zi-eval explain "
            f"{file.stem}"
        )
    with AnswerStore.open(file, Person(name, Role(role))) as store:
        store.explain(doubt, text)


@click.command(cls=Command)
@UNITS
@PERIOD
@click.option(
    "--at",
    callback=_moment,
    metavar="WAKTU",
    help="Keadaan pada saat itu, mis. 2026-05-20T14:30 (bawaan: yang terakhir).",
)
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Berkas hasil.")
@FORCE
@FOLDER
def restore(
    units: tuple[str, ...],
    period: str,
    at: datetime | None,
    output: Path | None,
    force: bool,
    folder: Path,
) -> None:
    """Susun kembali berkas unit dari jurnalnya.

    UNIT: id, berkas, atau folder; boleh beberapa, kecuali dengan -o.

    Tanpa -o: berkas unit itu sendiri bila sudah tidak ada, atau <unit>.pulih.yaml di folder jurnal.

    \b
    Contoh:
      zi-eval restore dpmptsp
      zi-eval restore parameters/2026/dpmptsp.yaml --at 2026-05-20T14:30 -o kemarin.yaml
    """
    files = choose_files(units, period, folder)
    if output is not None and len(files) > 1:
        raise click.UsageError("-o menulis satu unit; sebut satu unit.")
    for file in files:
        _restore(file, at, output, force)


def _restore(file: Path, at: datetime | None, output: Path | None, force: bool) -> None:
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
    tell(f"{target} ditulis dari jurnal.")
    tell_next(f"zi-eval check {quoted(target)}", "periksa berkas itu")
