"""The service as people start it: a process, a port, a certificate."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.portal.builders import make_assessment, write_unit
from tests.portal.running import load, running
from tests.waiting import NET, wait_until
from zi_eval.portal.tokens import SCOPES, TokenFile

WBK = "/pengusulan/unit-wbk"


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    root = tmp_path / "zi"
    shutil.copytree(filled, root)
    return root


@pytest.fixture
def tokens(folder: Path) -> TokenFile:
    return TokenFile(folder / "token-uji.json")


@pytest.fixture
def token(tokens: TokenFile) -> str:
    return tokens.add("uji", SCOPES, datetime.now(UTC) + timedelta(days=1))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate made for this test, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "sertifikat.pem", folder / "kunci.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=portal uji"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


def get(url: str, path: str, token: str, verify: ssl.SSLContext | bool = True) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{url}{path}", headers=headers, verify=verify)


def wait_for(url: str, path: str, token: str, status: int) -> bool:
    """Ask until the status is there."""
    return wait_until(lambda: get(url, path, token).status_code == status, path)


def test_it_serves_follows_its_files_and_ends_when_told(
    folder: Path, tokens: TokenFile, token: str
) -> None:
    with running(folder, "--tokens", str(tokens.path)) as service:
        assert service.url.startswith("http://127.0.0.1:")
        response = get(service.url, WBK, token)
        assert [unit["id"] for unit in response.json()["units"]] == ["dinas-satu"]
        assert "server" not in response.headers
        write_unit(folder / "parameters" / "2026", make_assessment("dinas-satu", final=None))
        assert wait_for(service.url, "/lke/jawaban-unit/dinas-satu", token, 404)
        new = tokens.add("baru", SCOPES, datetime.now(UTC) + timedelta(days=1))
        assert get(service.url, WBK, new).status_code == 200
        tokens.revoke("uji")
        assert get(service.url, WBK, token).status_code == 401
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(timeout=NET) == 130
    assert '"who": "uji"' in service.lines()
    assert '"who": "uji (dicabut)"' in service.lines()
    assert token not in service.lines()
    assert new not in service.lines()


def test_by_its_certificate_it_serves_https_only(
    folder: Path, tokens: TokenFile, token: str, certificate: tuple[Path, Path]
) -> None:
    made, key = certificate
    options = ["--tokens", str(tokens.path), "--certfile", str(made), "--keyfile", str(key)]
    with running(folder, *options) as service:
        assert service.url.startswith("https://127.0.0.1:")
        trust = ssl.create_default_context(cafile=made)
        response = get(service.url, WBK, token, trust)
        assert response.status_code == 200
        assert "strict-transport-security" in response.headers
        with pytest.raises(httpx.ConnectError, match="certificate"):
            get(service.url, WBK, token)
        with pytest.raises(httpx.HTTPError):
            get(service.url.replace("https", "http"), WBK, token)
        old = ssl.create_default_context(cafile=made)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        assert get(service.url, WBK, token, old).status_code == 200


def test_all_addresses_are_served_with_a_certificate(
    folder: Path, tokens: TokenFile, token: str, certificate: tuple[Path, Path]
) -> None:
    made, key = certificate
    options = ["--host", "0.0.0.0", "--certfile", str(made), "--keyfile", str(key)]
    with running(folder, "--tokens", str(tokens.path), *options) as service:
        trust = ssl.create_default_context(cafile=made)
        url = service.url.replace("0.0.0.0", "127.0.0.1")
        assert get(url, WBK, token, trust).status_code == 200


@pytest.mark.long
def test_200_requests_a_second_are_served_without_an_error(
    folder: Path, tokens: TokenFile, token: str
) -> None:
    paths = [WBK, "/lke/jawaban-unit/dinas-satu", "/lke/jawaban-unit/rsud-dua"]
    with running(folder, "--tokens", str(tokens.path)) as service:
        got = load(service.url, token, paths, rate=200, seconds=2)
    assert got.statuses == {"200": 400}
    assert service.lines().count('"status": 200') == 400


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to wait for")
def test_a_service_told_to_stop_leaves_nothing_unanswered(
    folder: Path, tokens: TokenFile, token: str
) -> None:
    with running(folder, "--tokens", str(tokens.path)) as service:
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
            assert client.get(f"{service.url}{WBK}").status_code == 200
            service.process.terminate()
        assert service.process.wait(timeout=NET) in (0, -signal.SIGTERM)


@pytest.mark.long  # test_connections.py shows the same of a server in this process
@pytest.mark.skipif(sys.platform == "win32", reason="fewer sockets are to be had there")
def test_half_open_connections_shut_nobody_out(folder: Path, tokens: TokenFile, token: str) -> None:
    with running(folder, "--tokens", str(tokens.path)) as service, contextlib.ExitStack() as stack:
        host, port = urlsplit(service.url).hostname, urlsplit(service.url).port
        for _ in range(320):
            opened = stack.enter_context(socket.create_connection((host, port), timeout=60))
            opened.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with ThreadPoolExecutor(20) as pool:
            found = pool.map(lambda _: get(service.url, WBK, token).status_code, range(40))
            assert set(found) == {200}
