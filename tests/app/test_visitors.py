from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest

from tests.browser.lab import Server, running_app
from tests.waiting import wait_until
from zi_eval.app.keys import FILE, KeyFile

pytest.importorskip("voila")

SECRET = "tiga kata panjang"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("zi")
    shutil.copytree(root / "parameters", folder / "parameters")
    return folder


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Server]:
    with running_app(folder, environment={"ZI_EVAL_APP_PASSWORD": SECRET}) as app:
        yield app


@contextlib.contextmanager
def browser(app: Server, cookies: dict[str, str] | None = None) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=app.url, cookies=cookies, timeout=60, verify=False) as client:
        yield client


def log_in(client: httpx.Client, password: str = SECRET) -> httpx.Response:
    page = client.get("login")
    found = re.search(r'name="_xsrf" value="([^"]+)"', page.text)
    assert found
    return client.post("login", data={"password": password, "_xsrf": found[1]})


def is_in(client: httpx.Client) -> bool:
    answer = client.get("/", headers={})
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def test_cookies_are_of_this_site_only_and_leaving_ends_the_session(app: Server) -> None:
    with browser(app) as client:
        answer = log_in(client)
        assert answer.status_code == 302
        assert is_in(client)
        for line in answer.headers.get_list("set-cookie"):
            assert "samesite=strict" in line.casefold()
        kept = dict(client.cookies)
        assert "Anda sudah keluar" in client.get("logout").text
    with browser(app, kept) as thief:
        assert not is_in(thief)


def test_a_person_comes_in_by_a_key_until_it_is_revoked(app: Server, folder: Path) -> None:
    file = KeyFile(folder / FILE)
    text, key = file.add("Rina Kusuma", "ketua", ["*"])
    with browser(app) as client:
        assert log_in(client, text).status_code == 302
        assert is_in(client)
        kept = dict(client.cookies)
    with browser(app) as other:
        assert other.get(f"/?token={text}").status_code == 200
        assert is_in(other)
        file.revoke(key.id)
        assert not is_in(other)
    with browser(app, kept) as later:
        assert not is_in(later)
    with browser(app) as late:
        assert log_in(late, text).status_code == 401


def test_half_open_connections_and_visitors_at_once_shut_nobody_out(app: Server) -> None:
    with browser(app) as client:
        log_in(client)
        kept = dict(client.cookies)

    def visit(_: int) -> bool:
        with browser(app, kept) as one:
            return is_in(one)

    with contextlib.ExitStack() as stack:
        address = (urlsplit(app.url).hostname, urlsplit(app.url).port)
        for _ in range(320):
            opened = stack.enter_context(socket.create_connection(address, timeout=60))
            opened.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with ThreadPoolExecutor(20) as pool:
            assert all(pool.map(visit, range(40)))


def test_a_key_is_hashed_beside_the_loop_that_serves_everybody() -> None:
    from zi_eval.app.visitors import LoginPage  # needs Voila

    threads: list[int] = []

    def hash_key(page: object) -> None:
        threads.append(threading.get_ident())

    said: list[int] = []
    free = SimpleNamespace(take=lambda sender: 0)
    with ThreadPoolExecutor(1) as hashing:
        page = SimpleNamespace(
            identity_provider=SimpleNamespace(
                own_tries=free, all_tries=free, hashing=hashing, process_login_form=hash_key
            ),
            request=SimpleNamespace(remote_ip="127.0.0.1"),
            set_status=said.append,
            _render=lambda message: None,
        )
        asyncio.run(LoginPage.post(page))
    assert said == [401]
    assert threading.get_ident() not in threads
    assert len(threads) == 1


def test_a_large_body_is_refused(app: Server) -> None:
    with browser(app) as client:
        try:
            answer = client.post("login", content=b"x" * (2 * 2**20))
        except httpx.HTTPError:
            return  # the connection was closed
        assert answer.status_code in (400, 413)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_password_stands_in_no_environment(app: Server) -> None:
    assert SECRET.encode() not in Path(f"/proc/{app.process.pid}/environ").read_bytes()


def test_tries_are_counted_refused_and_logged(app: Server) -> None:
    statuses = []
    for _ in range(7):
        with browser(app) as client:
            answer = log_in(client, "salah sekali")
        statuses.append(answer.status_code)
    assert statuses[-1] == 429
    assert set(statuses) <= {401, 429}
    assert int(answer.headers["retry-after"]) >= 1
    assert "Terlalu banyak percobaan" in answer.text
    assert "wrong key" in app.log()
    assert "too many tries" in app.log()
    assert SECRET not in app.log()


@pytest.mark.long
@pytest.mark.kernel
def test_beyond_the_most_pages_a_visitor_waits_with_a_sentence(folder: Path) -> None:
    with running_app(folder, "--most", "1") as app:
        with browser(app) as client:
            client.get(app.address())
            kept = dict(client.cookies)

        def visit() -> httpx.Response:
            with browser(app, kept) as one:
                return one.get("buka/isi_lke")

        first = threading.Thread(target=visit)
        first.start()
        wait_until(lambda: bool(app.kernels()), app.log, pause=0.1)
        answer = visit()
        assert answer.status_code == 503
        assert "Semua tempat sedang dipakai" in answer.text
        assert 'http-equiv="refresh"' in answer.text
        first.join()
        assert len(app.kernels()) <= 1
