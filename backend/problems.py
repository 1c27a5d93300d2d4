"""Errors as problem+json (RFC 9457): one handler for our own tree, one each for what frameworks raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from backend.errors import HotlineError, Unavailable

log = structlog.get_logger(__name__)


def problem(status: int, code: str, title: str, **more: Any) -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": title, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def install(app: FastAPI, *, lost: Callable[[Request], Response | None] = lambda _request: None) -> None:
    """Teach an application to answer errors this way.

    Args:
        lost: a page for somebody whose address leads nowhere; None where a program has asked.
    """

    @app.exception_handler(HotlineError)
    def ours(_request: Request, error: HotlineError) -> JSONResponse:
        return problem(error.status, error.reason, str(error), **error.details)

    @app.exception_handler(RequestValidationError)
    def malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        # Never the input itself: it may be somebody's phone number.
        fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return problem(422, "malformed", "The request is not of the documented shape.", errors=fields)

    @app.exception_handler(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> Response:
        page = lost(request) if error.status_code in (404, 405) else None
        return page or problem(error.status_code, "http", str(error.detail))

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeout)
    def database_away(_request: Request, error: Exception) -> JSONResponse:
        log.error("database error", kind=type(error).__name__)
        return problem(Unavailable.status, Unavailable.code, str(Unavailable()))

    @app.exception_handler(Exception)
    def unforeseen(_request: Request, error: Exception) -> JSONResponse:
        log.error("unforeseen error", exc_info=error)
        return problem(500, "internal", "Something went wrong on our side.")
