"""A small fake of Twilio's Messages and Calls API that the real client talks to over HTTP.

`script` holds what the next calls meet, one word each; without a word a message or call is taken. Words that begin
with "taken" take it and spoil the answer, as a failing network does.
"""

from __future__ import annotations

import asyncio
import base64
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Receive, Scope, Send

ACCOUNT = "AC" + "1" * 32
TOKEN = "a" * 32
NUMBER = "+8675712345678"


class CutShort(Response):
    """An answer whose connection breaks before it is complete."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"500")]})
        await send({"type": "http.response.body", "body": b'{"sid"', "more_body": False})


def refusal(status: int, code: int | None, text: str) -> JSONResponse:
    body: dict[str, Any] = {"message": text, "status": status, "more_info": "https://www.twilio.com/docs/errors"}
    return JSONResponse(body if code is None else body | {"code": code}, status)


def page(status: int) -> HTMLResponse:
    return HTMLResponse("<html><body>upstream</body></html>", status)


class FakeTwilio:
    """Takes messages and calls, remembers them, and misbehaves as told."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.script: deque[str | int] = deque()
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.base_url = ""
        self.app = FastAPI()
        path = "/2010-04-01/Accounts/{account}/{what}.json"
        self.app.add_api_route(path, self.create, methods=["POST"], response_model=None)
        self.app.add_api_route(path, self.list, methods=["GET"], response_model=None)

    async def create(self, request: Request, account: str, what: str) -> Response:
        form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.requests.append(form)
        if not self._is_signed_in(request, account):
            return refusal(401, 20003, "Authenticate")
        word = self.script.popleft() if self.script else "ok"
        if isinstance(word, int):
            return refusal(401 if word == 20003 else 429 if word == 20429 else 400, word, f"refused: {form.get('To')}")
        before = {"429 page": page(429), "500": page(500), "503": page(503), "400 without code": refusal(400, None, "")}
        if word in before:
            return before[word]
        message = self._take(form) if what == "Messages" else self._ring(form)
        if word == "taken, too slow":
            await asyncio.sleep(0.6)
        spoiled: dict[str, Response] = {
            "taken, 503": page(503),
            "taken, connection lost": CutShort(),
            "taken, empty object": JSONResponse({}, 201),
            "taken, page": page(201),
            "taken, list": JSONResponse([], 201),
        }
        return spoiled.get(word, JSONResponse(message, 201))

    async def list(self, request: Request, account: str, what: str) -> Response:
        if self.script and self.script[0] == "away":
            self.script.popleft()
            return page(503)
        to = request.query_params.get("To")
        kept = self.messages if what == "Messages" else self.calls
        found = [one for one in reversed(kept) if one["to"] == to]
        return JSONResponse({what.lower(): found, "next_page_uri": None, "page": 0, "page_size": 50})

    def _is_signed_in(self, request: Request, account: str) -> bool:
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return account == ACCOUNT and request.headers.get("authorization") == expected

    def _take(self, form: dict[str, str]) -> dict[str, Any]:
        moment = format_datetime(self.now().astimezone(UTC))
        message = {
            "sid": f"SM{uuid.uuid4().hex}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "num_segments": "1",
            "num_media": "0",
            "api_version": "2010-04-01",
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_created": moment,
            "date_updated": moment,
            "date_sent": None,
            "uri": "",
            "subresource_uris": {},
        }
        self.messages.append(message)
        return message

    def _ring(self, form: dict[str, str]) -> dict[str, Any]:
        moment = format_datetime(self.now().astimezone(UTC))
        call = {
            "sid": f"CA{uuid.uuid4().hex}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form["From"],
            "status": "queued",
            "direction": "outbound-api",
            "date_created": moment,
            "date_updated": moment,
            "start_time": None,
            "end_time": None,
            "duration": None,
            "api_version": "2010-04-01",
            "uri": "",
            "subresource_uris": {},
        }
        self.calls.append(call)
        return call


@contextmanager
def serving(fake: FakeTwilio) -> Iterator[FakeTwilio]:
    """The fake on a port of its own while the block runs."""
    server = uvicorn.Server(uvicorn.Config(fake.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    fake.base_url = f"http://127.0.0.1:{port}"
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(5)
