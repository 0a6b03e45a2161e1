"""The API put together: its errors are problem details, its description is OpenAPI in the language of the people here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipeline.desk.api import acting, reading
from pipeline.desk.pages import Desk
from pipeline.desk.problems import API, KIND, problem
from pipeline.errors import LedgerError, NotPossible
from pipeline.i18n import N_, _

VERSION = "1"
_ABOUT = N_(
    "What the desk knows, for other systems. Send Authorization: Bearer <token>; a token is made by an operator with "
    "bantin account token, and may only read unless it was made with --write. What it may see and do is what its account "
    "may. Lists come in pages: give next back as after until it is empty. Errors are problem details (RFC 9457)."
)
_ERRORS = {
    400: N_("The request cannot be read."), 401: N_("There is no token, or it is not valid."),
    403: N_("The account or the token may not do this."), 404: N_("There is no such thing."),
    405: N_("The address does not know this method."), 409: N_("The state does not allow it; nothing was changed."),
    422: N_("A value is not as described."), 503: N_("The ledger does not answer; try again later."),
}  # fmt: skip
_PROBLEM = {
    "type": "object", "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "required": ["where", "message"], "properties": {
            "where": {"type": "string"}, "message": {"type": "string"}}}},
    },
}  # fmt: skip
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": N_("A token of an account.")},
    "session": {"type": "apiKey", "in": "cookie", "name": "bantin", "description": N_("A login at the desk, for its own pages.")},
}  # fmt: skip


def build(desk: Desk) -> FastAPI:
    """The application to mount at API; the desk's guard has asked who it is before."""
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": text, "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for status, text in _ERRORS.items()
    }
    app = FastAPI(title="bantin", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None, responses=answers)
    app.include_router(reading.routes(desk))
    app.include_router(acting.routes(desk))
    described = cache(lambda: describe(app))

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        return JSONResponse(described())

    app.state.described = described
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(NotPossible, _impossible)
    app.add_exception_handler(LedgerError, _silent)
    return app


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, its words in the chosen language."""
    found = get_openapi(title="bantin", version=VERSION, description=_ABOUT, routes=app.routes)
    found["servers"] = [{"url": API}]
    parts = found["components"]
    parts["schemas"] = {name: one for name, one in parts["schemas"].items() if not name.endswith("ValidationError")}
    parts["schemas"]["Problem"] = _PROBLEM
    parts["securitySchemes"] = _SECURITY
    found["security"] = [{"token": []}, {"session": []}]
    told: dict[str, Any] = _told(found)
    return told


def _told(value: Any) -> Any:
    """The same document with everything that is said to people translated."""
    if isinstance(value, dict):
        return {key: _(one) if key in ("description", "summary") and isinstance(one, str) and one else _told(one)
                for key, one in value.items()}  # fmt: skip
    return [_told(one) for one in value] if isinstance(value, list) else value


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, _(_ERRORS.get(error.status_code, str(error.detail))), error.headers)


def _unfit(request: Request, error: Exception) -> Response:
    """What is wrong where; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    return problem(422, _(_ERRORS[422]), errors=list(_places(error)))


def _places(error: RequestValidationError) -> Iterator[dict[str, str]]:
    for one in error.errors()[:20]:
        yield {"where": ".".join(str(part)[:100] for part in one["loc"]), "message": str(one["msg"])[:300]}


def _impossible(request: Request, error: Exception) -> Response:
    return problem(409, str(error))


def _silent(request: Request, error: Exception) -> Response:
    return problem(503, str(error), {"Retry-After": "10"})
