"""The service itself: the guide's three addresses, nothing else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException as AnyHTTPException

from zi_eval import __version__
from zi_eval.period.unit_file import UNIT_ID
from zi_eval.portal.documents import Documents, DocumentStore
from zi_eval.portal.gate import Gate, error_response
from zi_eval.portal.limits import RateLimit
from zi_eval.portal.schema import CODES, AnswersDocument, ErrorDocument, ProposalsDocument
from zi_eval.portal.tokens import TokenFile

__all__ = ["create_app"]

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorDocument, "description": CODES[status][0]}
    for status in (401, 403, 404, 422, 429, 500)
}
ERRORS[429]["headers"] = {
    "Retry-After": {"description": "Detik sampai boleh mencoba lagi", "schema": {"type": "integer"}}
}
UnitId = Annotated[str, Path(pattern=f"^{UNIT_ID.pattern}$", description="Id unit", max_length=64)]


def create_app(
    store: DocumentStore,
    tokens: TokenFile,
    requests: RateLimit | None = None,
    failures: RateLimit | None = None,
) -> FastAPI:
    """Return the application; its own description is not served, ``app.openapi()`` gives it.

    Parameters
    ----------
    requests, failures
        The limits of a token, and of a sender without a valid one.
    """
    app = FastAPI(
        title="Layanan data evaluasi ZI untuk PortalRB",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Only describes the token: it is the gate that asks for it.
        dependencies=[Security(HTTPBearer(auto_error=False))],
    )
    limits = {"requests": requests, "failures": failures}
    given: dict[str, Any] = {name: limit for name, limit in limits.items() if limit is not None}
    app.add_middleware(Gate, tokens=tokens, **given)

    async def documents(request: Request, scope: str) -> Documents:
        if scope not in request.state.scopes:
            raise HTTPException(403)
        fresh = store.fresh
        return await run_in_threadpool(store.read) if fresh is None else fresh

    def describe(name: str, model: type) -> dict[str, Any]:
        responses = {200: {"model": model}, **ERRORS}
        return {"name": name, "responses": responses, "response_class": Response}

    @app.get("/pengusulan/unit-wbk", **describe("Unit yang diusulkan WBK", ProposalsDocument))
    async def proposals_wbk(request: Request) -> Response:
        return _send((await documents(request, "wbk")).proposals["WBK"])

    @app.get("/pengusulan/unit-wbbm", **describe("Unit yang diusulkan WBBM", ProposalsDocument))
    async def proposals_wbbm(request: Request) -> Response:
        return _send((await documents(request, "wbbm")).proposals["WBBM"])

    @app.get("/lke/jawaban-unit/{unit_id}", **describe("Jawaban LKE satu unit", AnswersDocument))
    async def answers(request: Request, unit_id: UnitId) -> Response:
        return _send((await documents(request, "jawaban")).answers.get(unit_id))

    @app.exception_handler(RequestValidationError)
    async def refuse(request: Request, error: Exception) -> Response:
        # An address is looked at before its handler: the scope must not depend on its form.
        return error_response(422 if "jawaban" in request.state.scopes else 403)

    @app.exception_handler(AnyHTTPException)
    async def fail(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, AnyHTTPException) else 500
        headers = getattr(error, "headers", None)
        return error_response(status, dict(headers) if headers else None)

    return app


def _send(document: bytes | None) -> Response:
    if document is None:
        raise HTTPException(404)
    return Response(document, media_type="application/json")
