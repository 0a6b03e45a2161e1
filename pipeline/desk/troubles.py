"""Answers to what went wrong, in the reader's language and without a word about the inside."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse

from pipeline.desk.pages import Desk
from pipeline.errors import BantinError
from pipeline.i18n import _

log = logging.getLogger(__name__)


def answer_for(app: FastAPI, desk: Desk, headers: Mapping[str, str]) -> None:
    """Give the application a page for each kind of trouble; `headers` are those of every page."""

    def told(request: Request, status: int, title: str, text: str) -> HTMLResponse:
        return desk.page(request, "message.html", status, title=title, text=text)

    @app.exception_handler(404)
    def missing(request: Request, error: Exception) -> HTMLResponse:
        return desk.page(request, "missing.html", 404)

    @app.exception_handler(403)
    def forbidden(request: Request, error: Exception) -> HTMLResponse:
        return told(request, 403, _("Not allowed"), _("Your account may not do this."))

    @app.exception_handler(405)
    def no_such_method(request: Request, error: Exception) -> HTMLResponse:
        answer = told(request, 405, _("Not possible"), _("This address cannot be asked in this way."))
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> HTMLResponse:
        text = _(
            "A field is missing, too long or not of the kind that was expected. Go back, look at the form and send it again."
        )
        return told(request, 422, _("The form cannot be read."), text)

    @app.exception_handler(BantinError)
    def troubled(request: Request, error: BantinError) -> HTMLResponse:
        log.error("a page could not be made", extra={"reason": str(error), "path": request.url.path})
        answer = told(request, 503, _("The desk cannot do this at the moment"), str(error))
        answer.headers["Retry-After"] = "10"
        return answer

    @app.exception_handler(500)
    def broken(request: Request, error: Exception) -> HTMLResponse:
        text = _(
            "Nothing was changed halfway: what was done is in the log. Try again; if it happens again, tell an operator the time."
        )
        answer = told(request, 500, _("Something went wrong in the program"), text)
        answer.headers.update(headers)  # it is made outside of whatever adds them to the others
        return answer
