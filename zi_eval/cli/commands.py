"""The group of all commands, by who uses them, and its way to the shell."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence

import click

from zi_eval import __version__
from zi_eval.cli.app import app, lab
from zi_eval.cli.calendar import calendar
from zi_eval.cli.evidence import evidence
from zi_eval.cli.folders import init, instruments
from zi_eval.cli.improve import improve
from zi_eval.cli.journal import explain, history, restore
from zi_eval.cli.kinerja import kinerja
from zi_eval.cli.lhe import lhe
from zi_eval.cli.portal import portal
from zi_eval.cli.proposal import proposal
from zi_eval.cli.recommendations import tindak_lanjut
from zi_eval.cli.rencana import rencana
from zi_eval.cli.run import run
from zi_eval.cli.status import status
from zi_eval.cli.survey import survei
from zi_eval.cli.telling import tell
from zi_eval.cli.tpn import tpn
from zi_eval.cli.trends import calibrate, trend
from zi_eval.cli.units import check, score
from zi_eval.cli.words import Group, describe_usage_error
from zi_eval.cli.workbooks import audit, export, import_workbook, wording
from zi_eval.errors import ProblemsError, ZiEvalError, describe_os_error

__all__ = ["main"]


@click.group(cls=Group, context_settings={"max_content_width": 100})
@click.version_option(__version__, message="zi-eval %(version)s", help="Tampilkan versi.")
def cli() -> None:
    """Penilaian mandiri Zona Integritas: dari jawaban LKE menjadi laporan.

    \b
    Contoh:
      zi-eval init zi-2026                       folder kerja baru dengan contoh
      zi-eval check                              periksa semua berkas
      zi-eval run                                laporan semua unit dan rekap instansi
      zi-eval score dpmptsp                      nilai dan putusan satu unit
    """


for _title, _commands in {
    "Unit": (
        *(check, score, improve, trend, kinerja, rencana, survei, tindak_lanjut),
        *(import_workbook, export, history),
    ),
    "TPI": (calibrate, explain, evidence, lhe, audit),
    "Inspektorat": (run, status, calendar, proposal, tpn, portal),
    "Administrator": (init, lab, app, wording, restore, instruments),
}.items():
    cli.add_section(_title, _commands)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every refusal becomes one clear text and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # also where output goes to a file
    try:
        cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="zi-eval",
            standalone_mode=False,
        )
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.message, err=True)
        sys.exit(2)
    except click.UsageError as error:
        tell(f"Salah: {describe_usage_error(error)}", err=True)
        where = error.ctx.command_path if error.ctx else "zi-eval"
        tell(f"Bantuan: {where} --help", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        tell("Dihentikan. Yang sudah selesai tetap tersimpan.", err=True)
        sys.exit(130)
    except ProblemsError as error:
        tell(str(error), err=True)
        sys.exit(1)
    except ZiEvalError as error:
        tell(f"Salah: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            said = "terlalu sedikit berkas boleh terbuka. Naikkan dengan 'ulimit -n'."
        elif error.filename is not None:
            said = f"{error.filename}: {describe_os_error(error)}."
        else:
            raise
        tell(f"Salah: {said}", err=True)
        sys.exit(1)
