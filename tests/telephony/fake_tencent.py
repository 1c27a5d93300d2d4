"""A small fake of Tencent Cloud's SMS API that Tencent's own client talks to over HTTP; it checks each signature.

`script` holds what the next sends meet, one word each: "ok", an error of the whole request ("!Code"), an answer for the
number alone ("Code"), or a spoiled answer. Without a word a text is taken.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

KEY_ID = "AKID" + "1" * 20
KEY = "k" * 32
APP = "1400006666"


def tc3(key: str, date: str, service: str, payload: bytes, headers: dict[str, str], names: str, stamp: str) -> str:
    """Tencent's signature of a POST, as its documents describe it."""
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            *(f"{name}:{headers[name]}" for name in names.split(";")),
            "",
            names,
            hashlib.sha256(payload).hexdigest(),
        ]
    )
    told = "\n".join(
        ["TC3-HMAC-SHA256", stamp, f"{date}/{service}/tc3_request", hashlib.sha256(canonical.encode()).hexdigest()]
    )
    secret = b"TC3" + key.encode()
    for part in (date, service, "tc3_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    return hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()


class FakeTencent:
    """Takes texts, hands out reports and replies once, and misbehaves as told."""

    def __init__(self) -> None:
        self.script: deque[str] = deque()
        self.sent: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.reports: list[dict[str, Any]] = []
        self.replies: list[dict[str, Any]] = []
        self.base_url = ""
        self._serials = itertools.count(1)
        self.app = FastAPI()
        self.app.add_api_route("/", self.answer, methods=["POST"], response_model=None)

    def forget(self) -> None:
        for kept in (self.script, self.sent, self.requests, self.reports, self.replies):
            kept.clear()

    async def answer(self, request: Request) -> Response:
        payload = await request.body()
        if not self._is_signed(request, payload):
            return _error("AuthFailure.SignatureFailure")
        asked, action = json.loads(payload), request.headers["x-tc-action"]
        self.requests.append(asked)
        word = self.script.popleft() if self.script else "ok"
        if word == "500":
            return HTMLResponse("upstream", 500)
        if word.startswith("!"):
            return _error(word[1:])
        if action == "SendSms":
            return self._send(asked, word)
        found = self._handed_out(action, asked)
        return _said(found) if found is not None else _error("UnsupportedOperation")

    def _handed_out(self, action: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        if action == "PullSmsSendStatusByPhoneNumber":
            of_number = [each for each in self.reports if each["PhoneNumber"] == asked["PhoneNumber"]]
            return {"PullSmsSendStatusSet": of_number}
        kept = {"PullSmsSendStatus": self.reports, "PullSmsReplyStatus": self.replies}.get(action)
        if kept is None:
            return None
        taken = kept[: asked["Limit"]]
        del kept[: len(taken)]
        return {f"{action}Set": taken}

    def _send(self, asked: dict[str, Any], word: str) -> Response:
        is_taken = word == "ok" or word.startswith("taken")
        serial = f"5000:{next(self._serials):028d}" if is_taken else ""
        if is_taken:
            self.sent.append(asked | {"SerialNo": serial})
        spoiled = {
            "taken, page": HTMLResponse("<html>", 200),
            "taken, 503": HTMLResponse("upstream", 503),
            "taken, no id": _said({"SendStatusSet": [{"Code": "Ok", "SerialNo": ""}]}),
            "taken, nothing": _said({"SendStatusSet": []}),
        }
        status = {
            "SerialNo": serial,
            "PhoneNumber": asked["PhoneNumberSet"][0],
            "Fee": 1 if is_taken else 0,
            "SessionContext": asked.get("SessionContext", ""),
            "Code": "Ok" if is_taken else word,
            "Message": "send success" if is_taken else "refused",
            "IsoCode": "CN",
        }
        return spoiled.get(word) or _said({"SendStatusSet": [status]})

    def report(self, number: int = -1, status: str = "SUCCESS", *, with_reference: bool = True) -> None:
        """A text of ours has arrived, or has not."""
        sent = self.sent[number]
        self.reports.append(
            {
                "UserReceiveTime": 1_795_500_000,
                "CountryCode": "86",
                "SubscriberNumber": sent["PhoneNumberSet"][0][3:],
                "PhoneNumber": sent["PhoneNumberSet"][0],
                "SerialNo": sent["SerialNo"],
                "ReportStatus": status,
                "Description": "DELIVRD" if status == "SUCCESS" else "MK:0012",
                "SessionContext": sent["SessionContext"] if with_reference else "",
            }
        )

    def reply(self, words: str, number: str = "+8613800138000", at: int = 1_795_500_100) -> None:
        """Somebody answers by text."""
        self.replies.append(
            {
                "ExtendCode": "",
                "CountryCode": "86",
                "PhoneNumber": number,
                "SignName": "威雅电器",
                "ReplyContent": words,
                "ReplyTime": at,
                "SubscriberNumber": number[3:],
            }
        )

    def _is_signed(self, request: Request, payload: bytes) -> bool:
        given = request.headers.get("authorization", "")
        try:
            scope = given.split("Credential=")[1].split(",")[0]
            names = given.split("SignedHeaders=")[1].split(",")[0]
            made = given.split("Signature=")[1]
        except IndexError:
            return False
        key_id, date, service, _ = scope.split("/")
        headers = dict(request.headers)
        good = tc3(KEY, date, service, payload, headers, names, request.headers["x-tc-timestamp"])
        return key_id == KEY_ID and hmac.compare_digest(made, good)


@contextmanager
def serving(fake: FakeTencent) -> Iterator[FakeTencent]:
    """The fake on a port of its own while the block runs."""
    server = uvicorn.Server(uvicorn.Config(fake.app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    fake.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(5)


def _said(answer: dict[str, Any]) -> JSONResponse:
    return JSONResponse({"Response": answer | {"RequestId": "r"}})


def _error(code: str) -> JSONResponse:
    return JSONResponse({"Response": {"Error": {"Code": code, "Message": "refused"}, "RequestId": "r"}})
