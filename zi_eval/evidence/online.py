"""Whether links open without signing in: asked only when a person asks, and of public hosts only.

An address comes from a unit's file, so it is untrusted: no credentials and no cookies are sent,
every step of a redirection is judged anew, hosts within a network are not asked, and of an answer
only the head is read.
"""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from zi_eval.evidence.pieces import is_internal

__all__ = ["Reach", "is_public", "reach_links"]

SECONDS: Final = 15.0
MOST_STEPS: Final = 5
HOSTS_AT_ONCE: Final = 8
SIGN_IN: Final = ("accounts.google.com", "login.microsoftonline.com", "login.live.com")
AGENT: Final = "zi-eval (pemeriksaan bukti dukung)"


class Reach(StrEnum):
    """What came of asking for a link, in the words readers see."""

    OPEN = "terbuka"
    SIGN_IN = "meminta masuk atau izin"
    GONE = "tidak ada"
    FAILED = "tidak terjangkau"
    INTERNAL = "di jaringan instansi, tidak diperiksa"


def is_public(host: str) -> bool:
    """Whether every address of a host is public; names are looked up."""
    if is_internal(host):
        return False
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True  # no address at all: asking says so
    return not any(is_internal(str(item[4][0])) for item in found)


def reach_links(
    links: Iterable[str], *, may_ask: Callable[[str], bool] = is_public
) -> Mapping[str, Reach]:
    """Ask for each link once, those of one host one after the other.

    Parameters
    ----------
    may_ask
        Whether a host may be asked.
    """
    by_host: dict[str, list[str]] = defaultdict(list)
    for link in dict.fromkeys(links):
        by_host[urlsplit(link).hostname or ""].append(link)
    headers = {"User-Agent": AGENT, "Accept": "*/*"}
    found: dict[str, Reach] = {}
    # Proxies of the environment are followed: in an agency there may be no other way out.
    with (
        httpx.Client(timeout=SECONDS, headers=headers, follow_redirects=False) as client,
        ThreadPoolExecutor(HOSTS_AT_ONCE) as pool,
    ):
        for reached in pool.map(
            lambda same: {link: _ask(client, link, may_ask) for link in same}, by_host.values()
        ):
            found |= reached
    return found


def _ask(client: httpx.Client, link: str, may_ask: Callable[[str], bool]) -> Reach:
    address = link
    for _ in range(MOST_STEPS):
        host = urlsplit(address).hostname or ""
        if not may_ask(host):
            return Reach.INTERNAL
        try:
            client.cookies.clear()
            with client.stream("GET", address) as answer:
                status, target = answer.status_code, answer.headers.get("location", "")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return Reach.FAILED
        if not (300 <= status < 400 and target):
            return _read(status)
        address = urljoin(address, target)
        if urlsplit(address).hostname in SIGN_IN:
            return Reach.SIGN_IN
        if urlsplit(address).scheme not in ("http", "https"):
            return Reach.FAILED
    return Reach.FAILED


def _read(status: int) -> Reach:
    if status < 400:
        return Reach.OPEN
    if status in (401, 403, 407):
        return Reach.SIGN_IN
    return Reach.GONE if status in (404, 410) else Reach.FAILED
