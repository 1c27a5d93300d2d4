"""What stands before every route: size limit, request id, access log and metrics, security headers.

Plain ASGI, so that streams and sockets pass through untouched.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Histogram

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("hotline.access")
REQUESTS = Counter("hotline_requests", "HTTP requests", ["method", "route", "status"])
SECONDS = Histogram("hotline_request_seconds", "Time to answer a request", ["route"])

LARGEST_BODY = 1024 * 1024
LARGEST_UPLOAD = 11 * 1024 * 1024  # a picture of 10 MB, with its form around it
SLOW_S = 1.0
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "report-uri /csp-reports"
)
HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]


class BodyTooLarge(Exception):
    """The body grew beyond the limit while it was read."""


class Guard:
    """Wraps the application."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, ended, status = time.perf_counter(), 0.0, 500
        request_id = uuid.uuid4().hex[:12]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal status, ended
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(name, value) for name, value in HEADERS if name not in present]
                message["headers"] = [*message["headers"], *extra, (b"x-request-id", request_id.encode())]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                ended = time.perf_counter()  # what a route goes on doing after its answer is no part of it

        try:
            largest = _largest(scope)
            if _declared(scope) > largest:
                await _refuse(send_with_headers)
            else:
                await self.app(scope, _limited(receive, largest), send_with_headers)
        except BodyTooLarge:
            await _refuse(send_with_headers)
        finally:
            # The route's pattern, never the address itself: addresses may carry what a person typed.
            route = getattr(scope.get("route"), "path", "-")
            seconds = (ended or time.perf_counter()) - started
            REQUESTS.labels(scope["method"], route, status).inc()
            SECONDS.labels(route).observe(seconds)
            tell = log.info if status >= 400 or seconds > SLOW_S else log.debug
            tell("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value[:12]) if value.isdigit() else LARGEST_UPLOAD + 1
    return 0


def _largest(scope: Scope) -> int:
    """Pictures may be larger than anything else; they come by one address only."""
    is_upload = scope["path"].startswith("/api/chat/") and scope["path"].endswith("/attachments")
    return LARGEST_UPLOAD if is_upload else LARGEST_BODY


def _limited(receive: Receive, largest: int) -> Receive:
    size = 0

    async def limited() -> MutableMapping[str, Any]:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > largest:
            raise BodyTooLarge
        return message

    return limited


async def _refuse(send: Send) -> None:
    body = b'{"type":"about:blank","title":"The body is too large.","status":413,"code":"too_large"}'
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
