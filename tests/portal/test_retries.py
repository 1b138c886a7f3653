"""A client that asks as the guide says the portal does: again at once, after 60 s, after 120 s."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.portal.builders import AGENCY, Client, Service, make_assessment, write_unit
from zi_eval.portal.limits import RateLimit

WAITS = (0.0, 60.0, 120.0)
FINAL_ANSWERS = {200, 401, 403, 404, 422}


def fetch(
    client: Client, path: str, sleep: Callable[[float], None]
) -> tuple[httpx.Response, list[int]]:
    """Return the last answer and the status of each try."""
    response = client.get(path)
    tried = [response.status_code]
    for wait in WAITS:
        if response.status_code in FINAL_ANSWERS:
            break
        sleep(wait)
        response = client.get(path)
        tried.append(response.status_code)
    return response, tried


def fetch_all(service: Service, client: Client) -> tuple[list[str], list[list[int]]]:
    """Fetch both lists and every unit on them; return the units and all tries."""
    units, tries = [], []
    for path in ("/pengusulan/unit-wbk", "/pengusulan/unit-wbbm"):
        response, tried = fetch(client, path, service.clock.sleep)
        tries.append(tried)
        units += [unit["id"] for unit in response.json()["units"]]
    for unit in units:
        response, tried = fetch(client, f"/lke/jawaban-unit/{unit}", service.clock.sleep)
        tries.append(tried)
        assert len(response.json()["answers"]) == 127
    return units, tries


def test_everything_listed_can_be_fetched(service: Service, client: Client) -> None:
    units, tries = fetch_all(service, client)
    assert units == ["dinas-satu", "rsud-dua"]
    assert tries == [[200]] * 4
    assert service.clock.seconds == 0


def test_a_limit_is_over_by_the_second_retry(service: Service) -> None:
    limit = RateLimit(1 / 60, 1.0, service.clock.monotonic)
    service = Service(service.root, service.period, service.clock, requests=limit)
    client = service.client(service.add_token())
    _, tries = fetch_all(service, client)
    assert tries == [[200], [429, 429, 200], [429, 429, 200], [429, 429, 200]]
    assert service.clock.seconds == 180


@pytest.mark.parametrize(("repaired_after", "tries"), [(30, 3), (90, 4), (1000, 4)])
def test_an_agency_file_repaired_meanwhile_is_found_by_a_retry(
    service: Service, client: Client, repaired_after: float, tries: int
) -> None:
    path = service.period / "instansi.yaml"
    path.write_text("nama: [")

    def sleep(seconds: float) -> None:
        service.clock.sleep(seconds)
        if service.clock.seconds >= repaired_after:
            path.write_text(AGENCY)

    response, tried = fetch(client, "/pengusulan/unit-wbk", sleep)
    assert tried[:-1] == [500] * (tries - 1)
    assert len(tried) == tries
    assert response.status_code == (500 if repaired_after == 1000 else 200)


def test_a_unit_taken_back_between_the_list_and_its_answers_is_not_found(
    service: Service, client: Client
) -> None:
    listed, _ = fetch(client, "/pengusulan/unit-wbk", service.clock.sleep)
    unit = listed.json()["units"][0]["id"]
    write_unit(service.period, make_assessment(unit, final=None))
    response, tried = fetch(client, f"/lke/jawaban-unit/{unit}", service.clock.sleep)
    assert (response.json()["code"], tried) == ("DATA_NOT_FOUND", [404])


def test_a_token_that_expires_while_fetching_ends_it(service: Service) -> None:
    client = service.client(service.add_token("sebentar", days=1))
    assert fetch(client, "/pengusulan/unit-wbk", service.clock.sleep)[1] == [200]
    service.clock.sleep(86400)
    assert fetch(client, "/pengusulan/unit-wbk", service.clock.sleep)[1] == [401]
