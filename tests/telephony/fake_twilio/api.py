"""Twilio's Messages and Calls API.

`script` holds what the next calls meet, one word each (`luck` draws one when it is empty); without a word a message or
call is taken. Words that begin with "taken" take it and spoil the answer, as a failing network does.
"""

from __future__ import annotations

import asyncio
import base64
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.types import Receive, Scope, Send

from tests.telephony.fake_twilio.account import ACCOUNT, TOKEN
from tests.telephony.fake_twilio.callbacks import Callbacks
from tests.telephony.fake_twilio.contract import E164, LONGEST_BODY, Contract

Form = list[tuple[str, str]]
TOO_SLOW_S = 0.6
STATUS_OF = {20003: 401, 20429: 429}


class CutShort(Response):
    """An answer whose connection breaks before it is complete."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"500")]})
        await send({"type": "http.response.body", "body": b'{"sid"', "more_body": False})


@dataclass(frozen=True)
class Taken:
    """What was taken: our name for it, the fake's, and when it was asked for."""

    reference: str
    sid: str
    asked_at: datetime


def reference_of(status_callback: str) -> str:
    """Our name for a message or call, out of the address its callbacks go to."""
    return dict(parse_qsl(urlsplit(status_callback).query)).get("ref", "")


def refusal(status: int, code: int | None, text: str) -> JSONResponse:
    body: dict[str, Any] = {"message": text, "status": status, "more_info": "https://www.twilio.com/docs/errors"}
    return JSONResponse(body if code is None else body | {"code": code}, status)


def page(status: int) -> HTMLResponse:
    return HTMLResponse("<html><body>upstream</body></html>", status)


def rejected(what: str, form: Mapping[str, str]) -> JSONResponse | None:
    """What Twilio refuses by itself, with its own code."""
    is_text = what == "Messages"
    sender, body = form.get("From", ""), form.get("Body", "")
    plays = any(form.get(name) for name in ("Twiml", "Url", "ApplicationSid"))
    faults = [
        (not form.get("To"), 21604 if is_text else 21201, "No 'To' number"),
        (not E164.fullmatch(form.get("To", "")), 21211, "Invalid 'To' number"),
        (is_text and not (sender or form.get("MessagingServiceSid")), 21603, "A 'From' number is required"),
        (is_text and not body, 21602, "Message body is required"),
        (len(body) > LONGEST_BODY, 21617, "The body is longer than 1600 characters"),
        (not is_text and not E164.fullmatch(sender), 21212, "Invalid 'From' number"),
        (not is_text and not plays, 21205, "Url parameter is required"),
    ]
    return next((refusal(400, code, text) for is_wrong, code, text in faults if is_wrong), None)


class FakeTwilio:
    """Takes messages and calls, remembers them, tells how they fare, and misbehaves as told.

    Args:
        now: its clock.
        callbacks: who tells how texts and calls fare; None: nobody.
        contract: who watches the traffic; None: nobody.
        luck: draws the word for a call that `script` has none for.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        callbacks: Callbacks | None = None,
        contract: Contract | None = None,
        luck: Callable[[], str | int] = lambda: "ok",
    ) -> None:
        self.now, self.callbacks, self.contract, self.luck = now, callbacks, contract, luck
        self.script: deque[str | int] = deque()
        self.messages: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.requests: list[dict[str, str]] = []
        self.taken: list[Taken] = []
        self.base_url = ""
        self.app = FastAPI()
        path = "/2010-04-01/Accounts/{account}/{what}.json"
        self.app.add_api_route(path, self.create, methods=["POST"], response_model=None)
        self.app.add_api_route(path, self.list, methods=["GET"], response_model=None)
        one = "/2010-04-01/Accounts/{account}/{what}/{sid}.json"
        self.app.add_api_route(one, self.one, methods=["GET", "POST"], response_model=None)

    async def create(self, request: Request, account: str, what: str) -> Response:
        asked_at, form = self.now(), await self._form(request)
        fields = dict(form)
        self.requests.append(fields)
        if not self._is_signed_in(request, account):
            return refusal(401, 20003, "Authenticate")
        word = self.script.popleft() if self.script else self.luck()
        if isinstance(word, int):
            return refusal(
                401 if word == 20003 else 429 if word == 20429 else 400, word, f"refused: {fields.get('To')}"
            )
        before = {"429 page": page(429), "500": page(500), "503": page(503), "400 without code": refusal(400, None, "")}
        if word in before:
            return before[word]
        if refused := rejected(what, fields):
            return refused
        made = self._take(fields) if what == "Messages" else self._ring(fields)
        self.taken.append(Taken(reference_of(fields.get("StatusCallback", "")), made["sid"], asked_at))
        if word == "taken, too slow":
            await asyncio.sleep(TOO_SLOW_S)
        spoiled: dict[str, Response] = {
            "taken, 503": page(503),
            "taken, connection lost": CutShort(),
            "taken, empty object": JSONResponse({}, 201),
            "taken, page": page(201),
            "taken, list": JSONResponse([], 201),
        }
        return spoiled[word] if word in spoiled else self._answer(request, form, made, 201)

    async def list(self, request: Request, account: str, what: str) -> Response:
        await self._form(request)
        if not self._is_signed_in(request, account):
            return refusal(401, 20003, "Authenticate")
        if self.script and self.script[0] == "away":
            self.script.popleft()
            return page(503)
        to = request.query_params.get("To")
        kept = self.messages if what == "Messages" else self.calls
        found = [one for one in reversed(kept) if to in (None, one["to"])]
        listed = {what.lower(): found[:50], "next_page_uri": None, "page": 0, "page_size": 50}
        return self._answer(request, [], listed, 200)

    async def one(self, request: Request, account: str, what: str, sid: str) -> Response:
        """One message or call, or (POST) a change to it."""
        form = await self._form(request)
        if not self._is_signed_in(request, account):
            return refusal(401, 20003, "Authenticate")
        kept = self.messages if what == "Messages" else self.calls
        found = next((each for each in kept if each["sid"] == sid), None)
        if found is None:
            return refusal(404, 20404, "not found")
        if request.method == "POST":
            self.requests.append(dict(form))
            if self.script:
                word = self.script.popleft()
                return page(int(word)) if isinstance(word, str) else refusal(STATUS_OF.get(word, 400), word, "refused")
            if what == "Calls" and found["status"] == "completed":
                return refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
            found["status"] = dict(form).get("Status", found["status"])
        return self._answer(request, form, found, 200)

    async def _form(self, request: Request) -> Form:
        form = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        if self.contract is not None:
            self.contract.request(request.method, request.url.path, request.url.query, form)
        return form

    def _answer(self, request: Request, form: Form, body: dict[str, Any], status: int) -> Response:
        response = JSONResponse(body, status)
        if self.contract is not None:
            path, query = request.url.path, request.url.query
            self.contract.answer(request.method, path, query, form, status, bytes(response.body))
        return response

    def _is_signed_in(self, request: Request, account: str) -> bool:
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return account == ACCOUNT and request.headers.get("authorization") == expected

    def _take(self, form: Mapping[str, str]) -> dict[str, Any]:
        message = self._made("SM", form) | {
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form["Body"],
            "num_segments": "1",
            "num_media": "0",
            "error_code": None,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "date_sent": None,
        }
        self.messages.append(message)
        if self.callbacks is not None:
            self.callbacks.about_text(form.get("StatusCallback", ""), message)
        return message

    def _ring(self, form: Mapping[str, str]) -> dict[str, Any]:
        call = self._made("CA", form) | {"start_time": None, "end_time": None, "duration": None}
        self.calls.append(call)
        if self.callbacks is not None:
            self.callbacks.about_call(form.get("StatusCallback", ""), call)
        return call

    def _made(self, head: str, form: Mapping[str, str]) -> dict[str, Any]:
        moment = format_datetime(self.now().astimezone(UTC))
        return {
            "sid": f"{head}{uuid.uuid4().hex}",
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form.get("From"),
            "status": "queued",
            "direction": "outbound-api",
            "api_version": "2010-04-01",
            "date_created": moment,
            "date_updated": moment,
            "uri": "",
            "subresource_uris": {},
        }


@contextmanager
def on_a_port(app: FastAPI) -> Iterator[str]:
    """An application on a port of its own while the block runs; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)


@contextmanager
def serving(fake: FakeTwilio) -> Iterator[FakeTwilio]:
    """The fake on a port of its own while the block runs."""
    with on_a_port(fake.app) as fake.base_url:
        yield fake
    if fake.callbacks is not None:
        fake.callbacks.close()
