"""Surveys: an empty table, all problems of the tables, and the short form of one unit."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from zi_eval.cli.chosen import choose_new_period, choose_tables, choose_units
from zi_eval.cli.options import FOLDER, FORCE, INTO, PATH, PERIOD, TABLE, UNITS
from zi_eval.cli.telling import (
    no_tables,
    quoted,
    tell,
    tell_astray,
    tell_checked,
    tell_next,
    tell_problems,
    write_empty_table,
)
from zi_eval.cli.words import Command, Group
from zi_eval.errors import ParameterError, ZiEvalError

__all__ = ["survei"]


@click.group(cls=Group)
def survei() -> None:
    """Survei SKM, IPKP, dan IPAK: buat tabel, periksa jawaban, lihat indeksnya.

    Tabelnya di parameters/<periode>/survei/<unit>.<survei>.csv atau .xlsx, satu baris satu
    responden; ekspor Google Forms, Microsoft Forms, dan KoboToolbox terbaca.

    \b
    Contoh:
      zi-eval survei template ipak -o parameters/2026/survei/dpmptsp.ipak.xlsx
      zi-eval survei check
      zi-eval survei show dpmptsp
    """


@survei.command(cls=Command)
@click.argument("survey", metavar="SURVEI")
@PERIOD
@TABLE
@FORCE
@FOLDER
def template(survey: str, period: str, output: Path | None, force: bool, folder: Path) -> None:
    """Tulis tabel jawaban kosong untuk ipak, ipkp, skm, atau survei buatan sendiri.

    \b
    Contoh:
      zi-eval survei template ipak
      zi-eval survei template skm -o parameters/2026/survei/dpmptsp.skm.xlsx
      zi-eval survei template ipkp -o ipkp.csv
    """
    from zi_eval.survey.load import find_survey
    from zi_eval.survey.table.template import render_csv, render_workbook

    path = output or Path(f"{survey}.xlsx")
    found, problems = find_survey(choose_new_period(period, folder), survey)
    if found is None:
        raise ParameterError(problems)
    write_empty_table(path, force, partial(render_csv, found), partial(render_workbook, found))
    tell(f"{path}: tabel kosong {found.short}. Isi, lalu jalankan 'zi-eval survei check'.")


@survei.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def check(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Sebut semua masalah tabel survei (dengan sel) dan jawaban yang perlu diperiksa.

    UNIT: id, berkas, atau folder; tanpa UNIT: semua. Kode keluar 1 bila ada tabel yang tidak dapat
    dipakai.

    \b
    Contoh:
      zi-eval survei check
      zi-eval survei check dpmptsp --period 2026
    """
    from zi_eval.survey.files import find_surveys, stray_files
    from zi_eval.survey.load import load_surveys, read_surveys
    from zi_eval.survey.page.words import doubt_title, rows_text

    chosen = choose_units(units, period, folder, find_surveys)
    home = chosen.home
    tables = find_surveys(home)
    for unit in chosen.units:
        if unit not in tables:
            load_surveys(home, unit)  # says so, with the nearest name
    problems = list(() if chosen.units else stray_files(home))
    if not tables and not problems:
        raise no_tables(home, "survei", "survei template ipak")
    count = 0
    shown = chosen.units or tuple(tables)
    for unit in shown:
        found = read_surveys(home, unit)
        problems += found.problems
        for result in found.results:
            for doubt in result.doubts:
                count += 0 if doubt.kind.is_weak else len(doubt.rows)
                tell(
                    f"{result.data.source}: {doubt_title(doubt.kind)}: {len(doubt.rows)} dari "
                    f"{result.respondents} responden, baris {rows_text(doubt.rows)}"
                )
    for problem in problems:
        tell(str(problem))
    tables_read = sum(len(tables[unit]) for unit in shown)
    tell_checked(tables_read, "tabel", problems, f", {count} jawaban perlu diperiksa")
    tell_next("zi-eval survei show", "indeks dan usulan jawaban, unit demi unit", period, folder)


@survei.command(cls=Command)
@UNITS
@PERIOD
@FOLDER
def show(units: tuple[str, ...], period: str, folder: Path) -> None:
    """Tampilkan survei unit: indeks, selang, peluang, unsur terlemah, usulan jawaban LKE.

    UNIT: id, berkas, atau folder. Tanpa UNIT: semua unit yang punya tabel.

    \b
    Contoh:
      zi-eval survei show dpmptsp
      zi-eval survei show rsud-harapan --period 2026
    """
    from zi_eval.survey.files import find_surveys, stray_files
    from zi_eval.survey.load import load_surveys
    from zi_eval.survey.page.words import render_surveys

    chosen, shown = choose_tables(units, period, folder, find_surveys, "survei template ipak")
    for unit in shown:
        data = load_surveys(chosen.home, unit)
        tell(render_surveys(data))
        tell_problems(data.problems)
    tell_astray(stray_files(chosen.home), chosen.units)
    tell_next(f"zi-eval score {quoted(shown[0])}", "nilai unit dengan jawabannya", period, folder)


@survei.command(cls=Command)
@UNITS
@PERIOD
@INTO
@FORCE
@FOLDER
def report(
    units: tuple[str, ...], period: str, output: Path | None, force: bool, folder: Path
) -> None:
    """Tulis laporan survei unit (.docx dan .html) dan halaman pengumuman A4 (.html).

    UNIT: id, berkas, atau folder. Tanpa UNIT: semua unit yang punya tabel. Yang tidak ada pada data
    tampil sebagai [Isi: …]; tidak ada responden yang dapat dikenali.

    \b
    Contoh:
      zi-eval survei report dpmptsp
      zi-eval survei report --period 2026 -o laporan
    """
    from zi_eval.survey.files import find_surveys
    from zi_eval.survey.write import write_survey_documents

    chosen, shown = choose_tables(units, period, folder, find_surveys, "survei template ipak")
    target = output or chosen.folder / "outputs" / chosen.period
    for unit in shown:
        word, page, poster = write_survey_documents(chosen.home, unit, target, force)
        tell(f"{word}, {page.name}, dan {poster.name}")


@survei.command(cls=Command)
@click.argument("unit", metavar="UNIT")
@PERIOD
@click.option("-o", "--output", type=PATH, metavar="BERKAS", help="Arsip .zip; wajib disebut.")
@click.option("--passphrase-file", type=PATH, metavar="BERKAS", help="Baris pertamanya kata sandi.")
@click.option("--name", default="", metavar="NAMA", help="Siapa yang membuatnya.")
@click.option(
    "--role",
    type=click.Choice(["unit", "anggota", "ketua", "pengendali teknis"]),
    help="Peran yang membuatnya.",
)
@FORCE
@FOLDER
def annex(
    unit: str,
    period: str,
    output: Path | None,
    passphrase_file: Path | None,
    name: str,
    role: str | None,
    force: bool,
    folder: Path,
) -> None:
    """Buat lampiran daftar responden: arsip terenkripsi, hanya bila diminta seleksi.

    Isinya tabel survei unit apa adanya, termasuk data pribadi responden. Dibuka dengan 7-Zip atau
    WinRAR; pembuatannya dicatat dalam jurnal. Kata sandi ditanyakan, atau dibaca dari berkas.

    \b
    Contoh:
      zi-eval survei annex dpmptsp -o /media/aman/responden.zip --name Ani --role unit
    """
    from zi_eval.journal.fields import Person, Role
    from zi_eval.survey.files import find_surveys
    from zi_eval.survey.form.annex import write_annex

    if output is None or not name or not role:
        raise click.UsageError("sebut arsipnya dengan -o, dan yang membuat: --name dan --role.")
    chosen = choose_units((unit,), period, folder, find_surveys)
    secret = _first_line(passphrase_file) if passphrase_file is not None else _ask_passphrase()
    person = Person(name, Role(role))
    names = write_annex(chosen.home, chosen.units[0], output, secret, person, force)
    tell(f"{output}: {', '.join(names)}. Sampaikan kata sandinya lewat jalan lain.")


def _ask_passphrase() -> str:
    if not sys.stdin.isatty():  # it would be asked with an English warning, and be seen
        raise click.UsageError("tanpa terminal, sebut berkas kata sandinya: --passphrase-file.")
    secret: str = click.prompt("Kata sandi", hide_input=True)
    if click.prompt("Ulangi kata sandi", hide_input=True) != secret:
        raise ZiEvalError("Kedua kata sandi tidak sama; tidak ada yang ditulis.")
    return secret


def _first_line(path: Path) -> str:
    from zi_eval.files import read_regular

    try:
        lines = read_regular(path, 4096, is_followed=True).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ZiEvalError(f"Berkas kata sandi {path} tidak dapat dibaca sebagai teks.") from error
    return lines[0] if lines else ""
