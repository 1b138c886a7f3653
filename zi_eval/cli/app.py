"""The notebooks for people: in JupyterLab, or as an app without code."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from zi_eval.cli.options import FOLDER
from zi_eval.cli.telling import tell
from zi_eval.cli.words import Command, Group
from zi_eval.errors import WorkspaceError, ZiEvalError

if TYPE_CHECKING:
    from zi_eval.app.keys import KeyFile

__all__ = ["app", "lab"]

PASSWORD = "ZI_EVAL_APP_PASSWORD"
"""The environment variable with the app's password, for a service that has no keyboard."""
SHORTEST_PASSWORD = 10
FIRST_PORT, PORTS_TRIED = 8866, 20


@click.command(cls=Command)
@click.argument("arguments", nargs=-1, metavar="[-- PILIHAN JUPYTER…]")
@click.option(
    "--notebook",
    default="",
    metavar="NAMA",
    help="Notebook yang langsung dibuka (bawaan: halaman yang menyebut semuanya).",
)
@FOLDER
def lab(arguments: tuple[str, ...], notebook: str, folder: Path) -> None:
    """Buka JupyterLab pada folder kerja.

    Notebook yang belum ada di folder (mis. folder dari versi lama) ditambahkan; yang sudah ada
    tidak pernah ditimpa.

    \b
    Contoh:
      zi-eval lab
      zi-eval lab --folder zi-2026 --notebook verifikasi_tpi
      zi-eval lab -- --no-browser
    """
    _prepare_folder(folder)
    known = {path.stem for path in (folder / "notebooks").glob("*.ipynb")}
    name = notebook.removesuffix(".ipynb")
    if name and name not in known:
        raise WorkspaceError(
            f"Notebook {notebook} tidak ada di {folder / 'notebooks'}. "
            f"Yang ada: {', '.join(sorted(known))}."
        )
    from zi_eval.app.lab import lab_defaults, start_path
    from zi_eval.runs.json_schema import load_json_schema

    start = start_path(folder / "notebooks", name)
    os.environ.update(lab_defaults(os.environ, os.pathsep))

    load_json_schema()
    from jupyterlab.labapp import LabApp

    # In this process, so that Ctrl-C and SIGTERM are Jupyter's own and end its kernels.
    options = [f"--notebook-dir={folder.resolve()}", f"--LabApp.default_url=/lab/{start}"]
    LabApp.launch_instance([*options, *arguments])


class AppCommand(Command):
    """The app, or what stands behind a word of its own: ``key``, the keys of persons."""

    words: ClassVar[dict[str, click.Group]] = {}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the command line of the app, or hand it on."""
        if args and args[0] in self.words:
            name = f"{info_name} {args[0]}"
            return self.words[args[0]].make_context(name, args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)


@click.command(cls=AppCommand)
@click.argument("notebook", required=False, metavar="[NOTEBOOK]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help=f"Port (bawaan: {FIRST_PORT}, atau yang bebas sesudahnya; 0: yang bebas mana pun).",
)
@click.option(
    "--address",
    default="127.0.0.1",
    metavar="IP",
    help="Alamat komputer ini (bawaan: 127.0.0.1, hanya komputer ini; 0.0.0.0: seluruh jaringan).",
)
@click.option(
    "--password",
    "is_password_asked",
    is_flag=True,
    help="Tanyakan kata sandi untuk pengunjung; tanpa ini dibuatkan token baru setiap kali.",
)
@click.option("--no-browser", is_flag=True, help="Jangan buka peramban.")
@click.option(
    "--warm",
    type=click.IntRange(0, 64),
    default=1,
    metavar="N",
    help="Halaman yang disiapkan sebelum ada pengunjung, masing-masing sekitar 150 MB (bawaan: 1).",
)
@click.option(
    "--most",
    type=click.IntRange(1, 1000),
    default=40,
    metavar="N",
    help="Halaman yang terbuka sekaligus; yang berikutnya menunggu giliran (bawaan: 40).",
)
@FOLDER
def app(
    notebook: str | None,
    port: int | None,
    address: str,
    is_password_asked: bool,
    no_browser: bool,
    warm: int,
    most: int,
    folder: Path,
) -> None:
    """Buka notebook sebagai aplikasi tanpa kode, untuk yang tidak memakai Jupyter.

    Tanpa NOTEBOOK: halaman awal dengan formulir, verifikasi TPI, LHE, dan laporan. Selalu dengan
    token atau kata sandi; kata sandi layanan dapat diberikan lewat ZI_EVAL_APP_PASSWORD. Dengan
    kunci per orang ('zi-eval app key add'), nama dan peran di jurnal terbukti.

    \b
    Contoh:
      zi-eval app
      zi-eval app isi_lke --folder zi-2026
      zi-eval app --address 0.0.0.0 --password
    """
    _prepare_folder(folder)
    if find_spec("voila") is None:
        raise ZiEvalError(
            "Aplikasi ini memerlukan bagian tambahan yang belum terpasang. "
            'Jalankan: pip install "zi-eval[app]"'
        )
    from zi_eval.runs.json_schema import load_json_schema

    load_json_schema()
    from zi_eval.app.offers import find_offers, own_offer
    from zi_eval.app.server import AppSettings, bind, serve

    notebooks = folder / "notebooks"
    offers = (own_offer(notebooks, notebook),) if notebook else find_offers(notebooks)
    password = _read_password(is_password_asked)
    first = FIRST_PORT if port is None else port
    listening = bind(address, range(first, first + (PORTS_TRIED if port is None else 1)))
    settings = AppSettings(
        folder.resolve(),
        offers,
        password,
        not no_browser,
        warm_kernels=warm,
        most_kernels=most,
    )
    serve(settings, listening, _announce)
    tell("Aplikasi ditutup.")


@click.group(cls=Group)
def key() -> None:
    """Kunci per orang untuk aplikasi: buat, lihat, cabut.

    Pemegang kunci masuk dengan kuncinya sendiri; namanya dan perannya di jurnal lalu terbukti, dan
    hanya unit yang disebut yang dapat diubahnya. Tanpa kunci, nama di jurnal menurut isian.

    \b
    Contoh:
      zi-eval app key add "Rina Kusuma" --role ketua --units "dinas-*"
      zi-eval app key list
      zi-eval app key revoke rina-kusuma
    """


AppCommand.words["key"] = key


@key.command(cls=Command)
@click.argument("name", metavar="NAMA")
@click.option(
    "--role",
    required=True,
    metavar="PERAN",
    help="unit, anggota, ketua, atau 'pengendali teknis'.",
)
@click.option(
    "--units",
    "units",
    multiple=True,
    required=True,
    metavar="POLA",
    help="Id unit atau polanya, mis. dinas-*; boleh beberapa kali.",
)
@FOLDER
def add(name: str, role: str, units: tuple[str, ...], folder: Path) -> None:
    """Buat kunci untuk seseorang; ditampilkan sekali ini saja.

    \b
    Contoh:
      zi-eval app key add "Rina Kusuma" --role ketua --units "dinas-*"
      zi-eval app key add "Sari Dewi" --role unit --units dpmptsp
    """
    text, made = _keys(folder).add(name, role, units)
    tell(text)
    tell(
        f"Serahkan kepada {made.name} sekarang: kunci ini tidak dapat ditampilkan lagi. Id-nya "
        f"{made.id}, peran {made.role}, unit {', '.join(made.units)}.",
        err=True,
    )


@key.command("list", cls=Command)
@FOLDER
def list_keys(folder: Path) -> None:
    """Sebut semua kunci: pemegang, peran, dan unitnya.

    \b
    Contoh:
      zi-eval app key list
    """
    file = _keys(folder)
    for one in file.read():
        state = "dicabut" if one.revoked else "berlaku"
        tell(f"{one.id:<24} {state:<8} {one.name} ({one.role})  {', '.join(one.units)}")
    if not file.read():
        tell(f"Belum ada kunci di {file.path}. Buat: zi-eval app key add NAMA")


@key.command(cls=Command)
@click.argument("identifier", metavar="ID")
@FOLDER
def revoke(identifier: str, folder: Path) -> None:
    """Cabut kunci; halaman yang terbuka dengannya tidak dapat dibuka lagi.

    \b
    Contoh:
      zi-eval app key revoke rina-kusuma
    """
    _keys(folder).revoke(identifier)
    tell(f"Kunci '{identifier}' dicabut.")


def _keys(folder: Path) -> KeyFile:
    from zi_eval.app.keys import FILE, KeyFile

    return KeyFile(folder / FILE)


def _announce(address: str, note: Path) -> None:
    """Say where the app is; a token goes to a terminal only, never into a log."""
    if "?token=" in address and not sys.stdout.isatty():
        bare = address.partition("?")[0]
        tell(f"Aplikasi berjalan di {bare}")
        tell(f"Alamat dengan token ada di {note} (hanya dapat dibaca oleh Anda).")
    else:
        tell(f"Aplikasi berjalan. Buka:\n\n    {address}\n")
    tell("Hentikan dengan Ctrl-C.")
    sys.stdout.flush()


def _blot_out(name: str) -> None:
    """Overwrite a variable where the process was given it: there every kernel could read it."""
    getenv = getattr(ctypes.CDLL(None), "getenv", None) if os.name == "posix" else None
    if getenv is not None:
        getenv.restype = ctypes.c_void_p
        place = getenv(name.encode())
        if place:
            ctypes.memset(place, ord("*"), len(os.environb[name.encode()]))


def _read_password(is_asked: bool) -> str:
    """Return the visitors' password from the environment or the keyboard, empty for a token."""
    # Taken out of the environment, because every kernel gets a copy of it.
    password = os.environ.get(PASSWORD, "")
    if password:
        _blot_out(PASSWORD)
        del os.environ[PASSWORD]
    if is_asked and not password:
        password = click.prompt(
            "Kata sandi untuk pengunjung", hide_input=True, confirmation_prompt="Sekali lagi"
        )
    if (is_asked or password) and len(password) < SHORTEST_PASSWORD:
        raise ZiEvalError(
            f"Kata sandi terlalu pendek. Pakai paling sedikit {SHORTEST_PASSWORD} huruf, "
            "mis. tiga kata."
        )
    return password


def _prepare_folder(folder: Path) -> None:
    """Make sure that this is a working folder and has all notebooks; none is overwritten."""
    from zi_eval.starter import add_notebooks

    for path in add_notebooks(folder):
        tell(f"Ditambahkan: {path} (bawaan zi-eval).", err=True)
