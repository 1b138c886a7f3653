from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.portal.builders import Client, Service, make_assessment, write_period, write_unit
from zi_eval.core.assessment import Answer
from zi_eval.core.text import tidy_text
from zi_eval.portal.gate import (
    FAILURE_BURST,
    FAILURE_RATE,
    HEADERS,
    RATE,
    Gate,
    behind_proxy,
)
from zi_eval.portal.limits import RateLimit
from zi_eval.portal.schema import AnswersDocument, ErrorDocument, ProposalsDocument
from zi_eval.portal.tokens import TokenFile

WBK, WBBM = "/pengusulan/unit-wbk", "/pengusulan/unit-wbbm"
PUBLISHED, NOT_FINAL, UNKNOWN = "dinas-satu", "belum-final", "tidak-ada"
EVERYTHING = [
    WBK, WBBM, f"{WBK}/", "/", "/docs", "/openapi.json", "/redoc", "/health", "/lke/jawaban-unit",
    *(f"/lke/jawaban-unit/{unit}" for unit in (PUBLISHED, NOT_FINAL, UNKNOWN, "TIDAK_SAH", "%00")),
]  # fmt: skip
ODD = [
    "../instansi", "..%2finstansi", "%2e%2e%2fparameters%2f2026%2fdinas-satu", "instansi.yaml",
    "dinas-satu.yaml", "dinas-satu%00", "dinas-satu%0a", "DINAS-SATU", "dinas satu", "-", "a" * 65,
    "a" * 5000, "%ff%fe", "%F0%9F%92%A9", "<script>", "' OR 1=1 --", "con", "rekap", "instansi",
    "dinas-satu/", "dinas-satu/..", "./dinas-satu/x", "*", "%25", "{unit_id}",
]  # fmt: skip


def answers(unit: str) -> str:
    return f"/lke/jawaban-unit/{unit}"


def error_of(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/json"
    return ErrorDocument.model_validate_json(response.content, strict=True).code


def test_the_lists_name_the_units_that_are_final_and_meet_their_target(client: Client) -> None:
    wbk = client.get(WBK)
    assert (wbk.status_code, wbk.headers["content-type"]) == (200, "application/json")
    ProposalsDocument.model_validate_json(wbk.content, strict=True)
    assert wbk.json() == {
        "tahun": 2026,
        "units": [
            {
                "id": "dinas-satu",
                "nama": "Unit dinas-satu",
                "kategori": "WBK",
                "afirmasi": False,
            }
        ],
    }
    assert [unit["id"] for unit in client.get(WBBM).json()["units"]] == ["rsud-dua"]


def test_the_answers_of_a_published_unit_are_the_guides(client: Client) -> None:
    response = client.get(answers(PUBLISHED))
    assert response.status_code == 200
    document = AnswersDocument.model_validate_json(response.content, strict=True)
    assert [entry.soal_id for entry in document.answers] == list(range(1, 128))
    assert (document.unit_id, document.tahun) == (PUBLISHED, 2026)


def test_a_unit_that_is_not_published_and_one_that_is_not_there_look_alike(client: Client) -> None:
    hidden, unknown = client.get(answers(NOT_FINAL)), client.get(answers(UNKNOWN))
    assert (hidden.status_code, error_of(hidden)) == (404, "DATA_NOT_FOUND")
    assert hidden.content == unknown.content
    assert hidden.headers == unknown.headers


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"changes": {"B.I.a": 3.59}}, id="minimum"),
        pytest.param({"changes": {"A.I.1.i.a": None}}, id="open question"),
        pytest.param({"facts": {"lhkpn": 99.0}}, id="prerequisite"),
        pytest.param({"final": None}, id="not final"),
    ],
)
def test_what_stands_in_the_way_keeps_a_unit_back(tmp_path: Path, changes: Any) -> None:
    service = Service(tmp_path, write_period(tmp_path, make_assessment("satu", **changes)))
    client = service.client(service.add_token())
    assert client.get(WBK).json()["units"] == []
    assert client.get(answers("satu")).status_code == 404


def test_the_tpis_answer_counts_and_not_the_units(tmp_path: Path) -> None:
    low = {"B.I.a": Answer(unit=4.0, tpi=3.0, tpi_note="Responden kurang.")}
    high = {"B.I.a": Answer(unit=3.0, tpi=4.0, tpi_note="Salah ketik.")}
    period = write_period(
        tmp_path, make_assessment("turun", notes=low), make_assessment("naik", notes=high)
    )
    service = Service(tmp_path, period)
    found = service.client(service.add_token()).get(WBK).json()["units"]
    assert [unit["id"] for unit in found] == ["naik"]


async def pass_through(scope: Any, receive: Any, send: Any) -> None:
    scope["passed"] = True


def test_a_gate_made_without_limits_has_those_of_the_module(tmp_path: Path) -> None:
    gate = Gate(pass_through, TokenFile(tmp_path / "token.json"))
    assert (gate.requests.rate, gate.requests.burst) == (RATE, 2 * RATE)
    assert (gate.failures.rate, gate.failures.burst) == (FAILURE_RATE, FAILURE_BURST)


def test_what_is_no_request_goes_through(tmp_path: Path) -> None:
    scope: dict[str, Any] = {"type": "lifespan"}
    gate = Gate(pass_through, TokenFile(tmp_path / "token.json"))
    asyncio.run(gate(scope, None, None))  # type: ignore[arg-type]
    assert scope["passed"]


def test_an_answer_that_breaks_off_ends_the_connection(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "token.json")
    text = tokens.add("satu", ["wbk"], datetime(2999, 1, 1, tzinfo=UTC))

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("the rest cannot be sent")

    with pytest.raises(RuntimeError, match="the rest"):
        Client(Gate(broken, tokens), text).get(WBK)


def tokens_without_access(service: Service) -> dict[str, str]:
    tokens = {"missing": "", "wrong": "zie_" + "x" * 43}
    tokens["expired"] = service.add_token("lama", days=1)
    tokens["revoked"] = service.add_token("dicabut")
    service.tokens.revoke("dicabut")
    service.clock.sleep(2 * 86400)
    return tokens


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "TRACE", "BREW"])
def test_without_a_valid_token_every_answer_is_the_same_to_the_byte(
    service: Service, method: str
) -> None:
    tokens = tokens_without_access(service)
    seen = set()
    for path in EVERYTHING:
        for text in tokens.values():
            response = service.client().get(path, text, method)
            assert (response.status_code, error_of(response)) == (401, "UNAUTHORIZED")
            seen.add((response.content, tuple(response.headers.items())))
    assert len(seen) == 1
    assert response.headers["www-authenticate"] == "Bearer"


def test_without_a_valid_token_the_files_are_not_even_looked_at(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(service.store, "read", lambda: asked.append(1))
    for text in tokens_without_access(service).values():
        assert service.client().get(answers(PUBLISHED), text).status_code == 401
    assert asked == []


def test_a_scope_opens_its_document_and_says_nothing_of_others(service: Service) -> None:
    client = service.client(service.add_token("hanya-wbk", "wbk"))
    assert client.get(WBK).status_code == 200
    refused = [client.get(WBBM)]
    refused += [client.get(answers(u)) for u in (PUBLISHED, NOT_FINAL, UNKNOWN, "TIDAK_SAH")]
    assert {(r.status_code, error_of(r), r.content) for r in refused} == {
        (403, "FORBIDDEN", refused[0].content)
    }
    other = service.client(service.add_token("hanya-jawaban", "jawaban"))
    assert other.get(answers(PUBLISHED)).status_code == 200
    assert other.get(WBK).status_code == 403


def test_tokens_are_rotated_without_a_gap(service: Service) -> None:
    old = service.add_token("lama")
    assert service.client().get(WBK, old).status_code == 200
    new = service.add_token("baru")
    assert [service.client().get(WBK, text).status_code for text in (old, new)] == [200, 200]
    service.tokens.revoke("lama")
    assert [service.client().get(WBK, text).status_code for text in (old, new)] == [401, 200]


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "Basic {token}")],
        [("Authorization", "{token}")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer {token}x")],
        [("Authorization", "Bearer {token}"), ("Authorization", "Bearer {token}")],
        [("Authorization", "Bearer \xff\xfe")],
        [("Authorization", "Bearer " + "a" * 20000)],
        [("Cookie", "token={token}"), ("X-Api-Key", "{token}")],
    ],
)
def test_only_one_bearer_header_is_a_token(client: Client, headers: list[tuple[str, str]]) -> None:
    raw = [(k.encode(), v.replace("{token}", client.token).encode("latin-1")) for k, v in headers]
    request = httpx.Request("GET", f"http://portal.test{WBK}?token={client.token}", headers=raw)
    assert client.send(request).status_code == 401


def test_the_name_of_the_scheme_may_be_written_in_any_case(client: Client) -> None:
    headers = {"authorization": f"bEARER {client.token}"}
    request = httpx.Request("GET", f"http://portal.test{WBK}", headers=headers)
    assert client.send(request).status_code == 200


@pytest.mark.parametrize("unit", ODD)
def test_odd_ids_are_refused_and_open_no_file(client: Client, unit: str) -> None:
    response = client.get(answers(unit))
    assert (response.status_code, error_of(response)) in {
        (404, "DATA_NOT_FOUND"),
        (422, "VALIDATION_ERROR"),
    }


@pytest.mark.parametrize("path", [path for path in EVERYTHING if "jawaban-unit/" not in path][2:])
def test_nothing_else_is_served(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, error_of(response)) == (404, "DATA_NOT_FOUND")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_only_get_is_served(client: Client, method: str) -> None:
    response = client.get(WBK, method=method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    assert method == "HEAD" or error_of(response) == "METHOD_NOT_ALLOWED"


def test_every_answer_carries_the_security_headers(client: Client) -> None:
    for response in (client.get(WBK), client.get("/x"), client.get(WBK, "wrong")):
        assert all(response.headers[name] == value for name, value in HEADERS.items())
        assert "strict-transport-security" not in response.headers
    headers = {"Authorization": f"Bearer {client.token}"}
    secure = client.send(httpx.Request("GET", f"https://portal.test{WBK}", headers=headers))
    assert "max-age" in secure.headers["strict-transport-security"]


def test_a_token_that_asks_too_often_is_told_when_to_come_back(service: Service) -> None:
    limit = RateLimit(2.0, 3.0, service.clock.monotonic)
    service = Service(service.root, service.period, service.clock, requests=limit)
    first, second = service.add_token("satu"), service.add_token("dua")
    client = service.client(first)
    assert [client.get(WBK).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(answers(PUBLISHED))
    assert (error_of(refused), refused.headers["retry-after"]) == ("TOO_MANY_REQUESTS", "1")
    assert service.client(second).get(WBK).status_code == 200
    service.clock.sleep(1)
    assert client.get(WBK).status_code == 200


def test_guessing_is_slowed_and_never_holds_back_a_valid_token(service: Service) -> None:
    limit = RateLimit(0.5, 3.0, service.clock.monotonic)
    service = Service(service.root, service.period, service.clock, failures=limit)
    client = service.client(service.add_token())
    statuses = [client.get(WBK, f"salah-{n}").status_code for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert client.get(WBK, "salah").headers["retry-after"] == "2"
    assert client.get(WBK).status_code == 200
    elsewhere = Client(service.app, address="198.51.100.9")
    assert elsewhere.get(WBK, "salah").status_code == 401


def test_a_broken_agency_file_is_an_error_and_never_an_empty_list(
    service: Service, client: Client
) -> None:
    path = service.period / "instansi.yaml"
    whole = path.read_text()
    path.write_text("nama: [")
    for address in (WBK, answers(PUBLISHED), answers(UNKNOWN)):
        response = client.get(address)
        assert (response.status_code, error_of(response)) == (500, "INTERNAL_ERROR")
    path.unlink()
    assert client.get(WBK).status_code == 500
    path.write_text(whole)
    assert len(client.get(WBK).json()["units"]) == 1


def test_an_unreadable_token_file_lets_nobody_in(service: Service, client: Client) -> None:
    service.tokens.path.write_text("{")
    same = {client.get(WBK, text).content for text in ("", "salah", client.token)}
    assert len(same) == 1
    assert client.get(WBK).status_code == 500
    assert error_of(client.get(WBK)) == "INTERNAL_ERROR"


def test_a_bug_is_an_error_of_the_guide_and_its_reason_stays_here(
    service: Service,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("rahasia di /srv/data")

    monkeypatch.setattr(service.store, "read", fail)
    response = client.get(WBK)
    assert (response.status_code, error_of(response)) == (500, "INTERNAL_ERROR")
    assert "rahasia" not in response.text
    assert "rahasia di /srv/data" in caplog.text


def test_hostile_text_in_notes_stays_text(service: Service, client: Client) -> None:
    note = '</script><img src=x onerror=alert(1)> "\\u0000 {{7*7}} \u2028 \U0001f4a9 \u202e'
    notes = {"A.I.1.i.a": Answer(unit="Ya", tpi="Ya", note=note)}
    write_unit(service.period, make_assessment("dinas-satu", notes=notes, name=note))
    response = client.get(answers(PUBLISHED))
    assert response.json()["answers"][0]["catatan_unit"] == tidy_text(note)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.get(WBK).json()["units"][0]["nama"] == tidy_text(note).replace("\n", " ")


def test_the_access_log_says_who_what_and_how_but_no_secret(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "zi_eval.portal.access")
    good, old = service.add_token("portalrb"), service.add_token("lama", days=1)
    service.clock.sleep(2 * 86400)
    client = service.client(good)
    client.get(f"{answers(PUBLISHED)}?token={good}")
    client.get(WBK, old)
    client.get("/%0aPALSU%1b[2J", "tebakan-rahasia")
    assert not any(secret in caplog.text for secret in (good, old, "tebakan-rahasia", "?"))
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert all("\n" not in record.getMessage() for record in caplog.records)
    seen = [(line["who"], line["path"], line["status"]) for line in lines]
    assert seen[:2] == [
        ("portalrb", answers(PUBLISHED), 200),
        ("lama (kedaluwarsa)", WBK, 401),
    ]
    assert (lines[2]["who"], lines[2]["status"], lines[2]["method"]) == ("-", 401, "GET")
    assert {line["address"] for line in lines} == {"203.0.113.7"}
    assert set(lines[0]) == {"time", "who", "address", "method", "path", "status", "ms"}


def test_many_requests_at_once_get_the_same_whole_documents(
    service: Service, client: Client
) -> None:
    write_unit(service.period, make_assessment("dinas-baru"))
    headers = {"Authorization": f"Bearer {client.token}"}
    paths = [WBK, WBBM, answers(PUBLISHED), answers("dinas-baru")] * 25
    requests = [httpx.Request("GET", f"http://portal.test{p}", headers=headers) for p in paths]
    responses = client.send_all(*requests)
    assert {response.status_code for response in responses} == {200}
    bodies = {(response.url.path, response.content) for response in responses}
    assert len(bodies) == 4


def test_a_changed_file_is_seen_by_the_next_request(service: Service, client: Client) -> None:
    assert client.get(answers(PUBLISHED)).status_code == 200
    write_unit(service.period, make_assessment("dinas-satu", final=None))
    assert client.get(answers(PUBLISHED)).status_code == 404
    assert client.get(WBK).json()["units"] == []
    write_unit(service.period, make_assessment("dinas-satu"))
    assert client.get(answers(PUBLISHED)).status_code == 200
    (service.period / "dinas-satu.yaml").unlink()
    assert client.get(answers(PUBLISHED)).status_code == 404


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.999])
def test_a_broken_unit_file_that_was_never_read_is_left_out_whole(
    service: Service, client: Client, cut: float
) -> None:
    path = service.period / "dinas-satu.yaml"
    text = path.read_text()
    path.write_text(text[: int(len(text) * cut)] + "\n: [")
    assert client.get(answers(PUBLISHED)).status_code == 404
    assert client.get(WBK).json()["units"] == []
    assert client.get(answers("rsud-dua")).status_code == 200
    path.write_bytes(b"\xff\xfe\x00" * 1000)
    assert client.get(answers(PUBLISHED)).status_code == 404


def test_a_unit_stays_as_published_while_its_file_is_broken(
    service: Service, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "zi_eval.portal")
    path = service.period / "dinas-satu.yaml"
    before = client.get(answers(PUBLISHED)).content
    proposed = client.get(WBK).content
    text = path.read_text()
    for broken in (text[: len(text) // 2] + "\n: [", "", text + "asing: 1\n"):
        path.write_text(broken)
        assert client.get(answers(PUBLISHED)).content == before
        assert client.get(WBK).content == proposed
        assert "stays as published" in caplog.text
        caplog.clear()
    agency = service.period / "instansi.yaml"
    agency.write_text(agency.read_text() + "\n")  # all are judged again
    assert client.get(answers(PUBLISHED)).content == before
    write_unit(service.period, make_assessment("dinas-satu", final=None))
    assert client.get(answers(PUBLISHED)).status_code == 404
    path.write_text(": [")
    assert client.get(answers(PUBLISHED)).status_code == 404


def behind(service: Service, peer: str) -> Client:
    app: Any = behind_proxy(service.app, ["10.0.0.5"])
    return Client(app, service.add_token(), peer)


def test_behind_a_proxy_the_client_is_the_one_the_proxy_names(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "zi_eval.portal.access")
    client = behind(service, "10.0.0.5")
    headers = {
        "Authorization": f"Bearer {client.token}",
        "X-Forwarded-For": "198.51.100.4",
        "X-Forwarded-Proto": "https",
    }
    response = client.send(httpx.Request("GET", f"http://portal.test{WBK}", headers=headers))
    assert response.status_code == 200
    assert "strict-transport-security" in response.headers
    assert json.loads(caplog.messages[-1])["address"] == "198.51.100.4"


def test_behind_a_proxy_nobody_else_is_served(service: Service) -> None:
    response = behind(service, "10.0.0.6").get(WBK)
    assert (response.status_code, error_of(response)) == (403, "FORBIDDEN")


def test_without_a_proxy_forwarded_headers_are_not_believed(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "zi_eval.portal.access")
    headers = {"Authorization": f"Bearer {client.token}", "X-Forwarded-For": "198.51.100.4"}
    client.send(httpx.Request("GET", f"http://portal.test{WBK}", headers=headers))
    assert json.loads(caplog.messages[-1])["address"] == "203.0.113.7"
