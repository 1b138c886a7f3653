"""uvicorn around the service: where it may listen, with which certificate, how it ends."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from zi_eval.errors import ZiEvalError
from zi_eval.portal.connections import BoundedProtocol
from zi_eval.portal.gate import behind_proxy

__all__ = ["Listening", "bind", "is_loopback", "require_safe", "serve"]


@dataclass(frozen=True, slots=True)
class Listening:
    """How the service is reached.

    Attributes
    ----------
    certificate, key
        PEM files; the certificate with its chain. The key may be in the certificate's file.
    proxies
        Addresses of the proxies in front of it, which alone are served; empty without a proxy.
    """

    host: str = "127.0.0.1"
    port: int = 8800
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()

    @property
    def scheme(self) -> str:
        """``https`` where the service itself has a certificate."""
        return "https" if self.certificate else "http"


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe(listening: Listening) -> None:
    """Refuse what would not work or would send tokens across a network in the clear."""
    if listening.key and not listening.certificate:
        raise ZiEvalError("--keyfile diberikan tanpa --certfile. Sebut juga sertifikatnya.")
    if not (is_loopback(listening.host) or listening.certificate or listening.proxies):
        raise ZiEvalError(
            f"Alamat {listening.host} dapat dicapai dari jaringan, padahal tanpa TLS token "
            "terkirim terbuka. Pakai --certfile dan --keyfile, atau --behind-proxy bila TLS "
            "diurus proxy."
        )
    _check_certificate(listening)
    for proxy in listening.proxies:
        try:
            ipaddress.ip_address(proxy)
        except ValueError as error:
            raise ZiEvalError(
                f"'{proxy}' bukan alamat IP. Isi --behind-proxy dengan alamat IP proxy, "
                "mis. 10.0.0.5."
            ) from error


def bind(listening: Listening) -> socket.socket:
    """Return a listening socket.

    Raises
    ------
    ZiEvalError
        Where the address or port cannot be had.
    """
    host, port = listening.host, listening.port
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        reason = "sedang dipakai" if is_taken else "tidak dapat dibuka di sini"
        raise ZiEvalError(
            f"{host} port {port} {reason}. Pilih --port lain (mulai 1024) atau --host dari "
            "komputer ini."
        ) from error


def _check_certificate(listening: Listening) -> None:
    if listening.certificate is None:
        return

    def refuse_password() -> str:
        raise ValueError("the key has a password")  # else the terminal would be asked for it

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            listening.certificate, listening.key, refuse_password
        )
    except (OSError, ValueError) as error:
        files = " dan ".join(str(p) for p in (listening.certificate, listening.key) if p)
        raise ZiEvalError(
            f"Sertifikat tidak dapat dipakai ({files}). Periksa bahwa keduanya berkas PEM yang "
            "dapat dibaca, saling cocok, dan kuncinya tanpa kata sandi."
        ) from error


def serve(app: ASGIApp, listening: Listening, bound: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; requests under way are finished."""
    config = uvicorn.Config(
        behind_proxy(app, list(listening.proxies)) if listening.proxies else app,
        ssl_ciphers="DEFAULT",  # of OpenSSL; older uvicorns leave TLS 1.2 without any
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        lifespan="off",
        ws="none",
        http=BoundedProtocol,
        timeout_keep_alive=5,
        h11_max_incomplete_event_size=16 * 1024,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[bound])
