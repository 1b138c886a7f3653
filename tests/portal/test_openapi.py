"""The service does what its own OpenAPI description says (schemathesis)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.laws import law
from tests.portal.builders import Service
from zi_eval.portal.app import create_app
from zi_eval.portal.documents import DocumentStore
from zi_eval.portal.limits import RateLimit
from zi_eval.portal.schema import CODES
from zi_eval.portal.tokens import TokenFile

BOUNDED = law(30, derandomize=True)


class Answering:
    """Passes requests on: the tests are made from the description, before there are any files."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


DESCRIPTION = create_app(DocumentStore(Path("2026")), TokenFile(Path("token.json"))).openapi()
described: Any = schemathesis.openapi.from_dict(DESCRIPTION)
described_limited: Any = schemathesis.openapi.from_dict(DESCRIPTION)
described.app, described_limited.app = Answering(), Answering()
BEFORE_THE_TOKEN = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "missing_required_header",
        "negative_data_rejection",
        "positive_data_acceptance",
        "unsupported_method",
    )
]
"""Checks of what is only looked at once a token is valid and may go on."""


@pytest.fixture(scope="module")
def shared(filled: Path) -> Service:
    """The service on the filled period: nothing here changes a file of it."""
    return Service(filled, filled / "parameters" / "2026")


@pytest.fixture(scope="module")
def token(shared: Service) -> str:
    described.app.app = shared.app
    limit = RateLimit(0.001, 5.0, shared.clock.monotonic)
    described_limited.app.app = create_app(shared.store, shared.tokens, limit, limit)
    return shared.add_token("schemathesis")


@described.parametrize()
@BOUNDED
def test_with_a_token_every_answer_is_as_described(case: Any, token: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})


@described.parametrize()
@BOUNDED
def test_published_units_are_as_described(case: Any, token: str) -> None:
    if "unit_id" in (case.path_parameters or {}):
        case.path_parameters["unit_id"] = "dinas-satu"
    headers = {"Authorization": f"Bearer {token}"}
    response = case.call(headers=headers)
    # What was wrong in the case may have been the id or the token, and both are right by now.
    mended = [schemathesis.checks.CHECKS.get_one("negative_data_rejection")]
    case.validate_response(response, headers=headers, excluded_checks=mended)
    is_sent = response.request.headers.get("Authorization") == headers["Authorization"]
    assert response.status_code in ((200, 405) if is_sent else (401,))


@described.parametrize()
@BOUNDED
def test_without_a_token_every_answer_is_the_refusal(case: Any, token: str) -> None:
    case.headers.pop("Authorization", None)
    response = case.call()
    assert response.status_code == 401
    case.validate_response(response, excluded_checks=BEFORE_THE_TOKEN)


@described_limited.parametrize()
@BOUNDED
def test_beyond_the_limit_every_answer_is_as_described(case: Any, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    response = case.call(headers=headers)
    assert response.status_code in (200, 401, 404, 405, 422, 429)
    case.validate_response(response, headers=headers, excluded_checks=BEFORE_THE_TOKEN)


def test_the_description_names_the_guides_addresses_errors_and_the_token() -> None:
    description = DESCRIPTION
    assert list(description["paths"]) == [
        "/pengusulan/unit-wbk",
        "/pengusulan/unit-wbbm",
        "/lke/jawaban-unit/{unit_id}",
    ]
    for path in description["paths"].values():
        assert list(path) == ["get"]
        assert path["get"]["security"] == [{"HTTPBearer": []}]
        errors = set(path["get"]["responses"]) - {"200"}
        assert errors == {"401", "403", "404", "422", "429", "500"} < {str(c) for c in CODES}
        for status in errors:
            schema = path["get"]["responses"][status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ErrorDocument"}
