"""Voilà with our own pages: who may come in, what is open, how it starts and ends.

Voilà brings the kernels and the way from a notebook to a page. Everything of it that lists, reads
or starts something else is left out: an address that is not in :data:`OPEN` and not one of our own
pages does not exist. Nobody is let in without the token or the password, on no address: on a shared
computer the loopback address is open to every user of it.
"""

# Voilà has no types, and a part of jupyter_server none either.
# mypy: disable-error-code="misc, no-untyped-call, has-type"

from __future__ import annotations

import errno
import html
import logging
import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jupyter_core.paths import jupyter_runtime_dir
from jupyter_server.auth.security import passwd
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.base.websocket import WS_PING_INTERVAL
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import RequestHandler
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from zi_eval.app.kernels import WarmKernelManager
from zi_eval.app.keys import FILE as KEY_FILE
from zi_eval.app.keys import KeyFile
from zi_eval.app.offers import Offer
from zi_eval.app.pages import (
    MissingPage,
    NotebookPage,
    StartPage,
    TemplateFile,
    keep_error,
    prepare_notebook,
)
from zi_eval.app.visitors import Visitors
from zi_eval.errors import ZiEvalError

__all__ = ["AppSettings", "bind", "serve"]

HOME = Path(__file__).resolve().parent
OPEN = (
    KernelHandler,  # one kernel by its id, which only its own page knows
    VoilaKernelWebsocketHandler,
    VoilaShutdownKernelHandler,
    MultiStaticFileHandler,  # these three give out files of installed packages only
    FileFindHandler,
    ThemesHandler,
)
"""What stays of Voilà's own addresses."""
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
)
"""What of JupyterLab's extensions a page loads, whatever else is installed."""
IDLE_SECONDS = 2 * 60 * 60
"""A page nobody uses for so long loses its kernel (some 150 MB); its answers are saved long before,
and the page says so and offers to open it again."""
LIMITS: dict[str, Any] = {
    "max_body_size": 2**20, "max_header_size": 2**15, "body_timeout": 30.0,
    "idle_connection_timeout": 30.0,
}  # fmt: skip
"""Of one connection: nothing large is sent but by a page's own socket, and whoever begins a request
and does not end it is not waited for."""
MOST_FILES = 65_536
"""Open files asked for: whoever connects takes one, also who then says nothing."""
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)
"""Widgets need scripts in the page and from blobs; nothing may come from or go to elsewhere."""


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What is served to whom; with an empty password a random token is made."""

    folder: Path
    offers: tuple[Offer, ...]
    password: str = ""
    is_browser_opened: bool = True
    idle_seconds: int = IDLE_SECONDS
    warm_kernels: int = 1
    most_kernels: int = 40


def bind(address: str, ports: Sequence[int]) -> socket.socket:
    """Return a listening socket on the first free port; 0 means any free one.

    Raises
    ------
    ZiEvalError
        Where no port is free, or the address is not one of this computer.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in ports:
        try:
            listening = socket.create_server((address, port), family=family, backlog=128)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            raise ZiEvalError(
                f"Tidak dapat membuka {address} port {port}. Pakai alamat komputer ini "
                "(127.0.0.1, atau 0.0.0.0 untuk semua) dan port mulai 1024."
            ) from error
        listening.setblocking(False)
        return listening
    which = f"Port {ports[0]}" if len(ports) == 1 else f"Port {ports[0]} sampai {ports[-1]}"
    raise ZiEvalError(
        f"{which} di {address} sedang dipakai. Pilih yang lain dengan --port, "
        "atau hentikan program yang memakainya."
    )


def serve(
    settings: AppSettings, listening: socket.socket, announce: Callable[[str, Path], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM, then end with all kernels.

    Parameters
    ----------
    announce
        Called once the pages can be opened, with the address (the token in it, if there is one) and
        the file in which the address is kept, readable by this user only.
    """
    token = "" if settings.password else secrets.token_hex(24)
    _raise_open_files()
    _log_to_terminal()
    app = _App.instance(config=_config(settings, token))
    app.offers = {offer.name: offer for offer in settings.offers}
    app.folder = settings.folder
    app.initialize([])
    for name in ("tornado.access", "tornado.application", "tornado.general", app.log.name):
        logging.getLogger(name).addFilter(_Discretion(token or settings.password))
    app.listening = listening
    host, port = listening.getsockname()[:2]
    shown = _network_address() if host in ("0.0.0.0", "::") else host
    name = f"[{shown}]" if ":" in shown else shown
    address = f"http://{name}:{port}/" + (f"?token={token}" if token else "")
    note = _write_note(address)
    try:
        app.on_ready = lambda: announce(address, note)
        if settings.is_browser_opened:
            threading.Thread(target=webbrowser.open, args=[note.as_uri()], daemon=True).start()
        app.start()
    finally:
        note.unlink(missing_ok=True)


def _raise_open_files() -> None:
    """Ask for as many open files as the system allows, up to a bound."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _log_to_terminal() -> None:
    """Say who tried to come in, on the error output."""
    log = logging.getLogger("zi_eval.app")
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


class _Discretion(logging.Filter):
    """Keeps a secret out of the log: tornado names failed requests with their whole query."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = record.getMessage().replace(self.secret, "…"), ()
        return True


def _network_address() -> str:
    """Return this computer's address in its network; names are often unknown there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a way out, sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _write_note(address: str) -> Path:
    """Keep the address in a file of this user, from which a browser can be sent on.

    As Jupyter does: a token on a command line would be seen by every user of the computer.
    """
    folder = Path(jupyter_runtime_dir())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"zi-eval-app-{os.getpid()}.html"
    path.unlink(missing_ok=True)
    link = html.escape(address)
    text = (
        f'<!DOCTYPE html><html lang="id"><meta charset="utf-8"><title>zi-eval</title>'
        f'<meta http-equiv="refresh" content="0;url={link}">'
        f'<p><a href="{link}">Buka aplikasi zi-eval</a></p></html>\n'
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _config(settings: AppSettings, token: str) -> Config:
    config = Config()
    # No voila.py or voila.json of the current folder or of the user changes what is open.
    config.Voila.config_file_paths = []
    config.Voila.root_dir = str(settings.folder / "notebooks")
    config.Voila.log_level = "ERROR"
    config.Voila.token = token
    config.PasswordIdentityProvider.hashed_password = (
        passwd(settings.password) if settings.password else ""
    )
    config.PasswordIdentityProvider.allow_password_change = False
    voila = config.VoilaConfiguration
    voila.show_tracebacks = False
    voila.allow_template_override = voila.allow_theme_override = "NO"
    voila.file_allowlist = []
    voila.extension_allowlist = list(EXTENSIONS)
    voila.prelaunch_hook = prepare_notebook
    # Not Voilà's preheating: its pages would show the answers of the hour they were made.
    voila.preheat_kernel = False
    voila.multi_kernel_manager_class = WarmKernelManager
    config.WarmKernelManager.spare = settings.warm_kernels
    config.WarmKernelManager.most = settings.most_kernels
    config.Voila.identity_provider_class = Visitors
    config.PasswordIdentityProvider.cookie_options = {"samesite": "Strict"}
    # Other users of a shared computer cannot listen in (jupyter_client >= 8.10, else not known).
    config.KernelManager.transport_encryption = "auto"
    config.VoilaExecutor.on_cell_error = keep_error
    config.HTMLExporter.language_code = "id"
    config.MappingKernelManager.cull_idle_timeout = settings.idle_seconds
    config.MappingKernelManager.cull_interval = min(15, settings.idle_seconds)
    config.MappingKernelManager.cull_connected = True
    return config


class _App(Voila):
    """Voilà reduced to the offered notebooks."""

    offers: dict[str, Offer]
    folder: Path
    listening: socket.socket
    on_ready: Callable[[], None]

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths = [str(HOME / "templates"), *self.template_paths]

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HOME / "templates"), autoescape=True
        )
        settings["jinja2_env"] = settings["voila_jinja2_env"] = environment
        settings["zi_eval_app"] = self
        settings["identity_provider"].keys = KeyFile(self.folder / KEY_FILE)
        settings["xsrf_cookies"] = True
        settings["xsrf_cookie_kwargs"] = {"samesite": "Strict"}
        settings["headers"] = {
            "Content-Security-Policy": POLICY,
            "Referrer-Policy": "same-origin",
        }
        settings["ws_ping_timeout"] = WS_PING_INTERVAL  # a longer one is refused by tornado
        settings["default_handler_class"] = MissingPage
        settings["log_function"] = self._log_request
        return settings

    def init_handlers(self) -> list[Any]:
        kept = [rule for rule in super().init_handlers() if rule[1] in OPEN]
        own = [
            (r"/", StartPage),
            (
                r"/buka/([A-Za-z0-9_-]+)",
                NotebookPage,
                {
                    "template_paths": self.template_paths,
                    "config": self.config,
                    "voila_configuration": self.voila_configuration,
                },
            ),
            (r"/voila/templates/(.*)", TemplateFile),
            *self.identity_provider.get_handlers(),
        ]
        return [*own, *kept]

    def _log_request(self, handler: RequestHandler) -> None:
        """Log failures only, and no query: a token may be in it."""
        if handler.get_status() >= 500:
            self.log.error("%s %s", handler.get_status(), handler.request.path)

    def listen(self) -> None:
        server = HTTPServer(self.app, **LIMITS)
        server.add_socket(self.listening)
        self.ioloop = IOLoop.current()
        if hasattr(signal, "SIGHUP"):  # the terminal was closed
            signal.signal(signal.SIGHUP, self._handle_signal_stop)
        self.ioloop.add_callback(self.kernel_manager.warm_up)
        self.on_ready()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            server.stop()
            self.stop()
