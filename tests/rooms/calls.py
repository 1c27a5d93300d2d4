"""A telephone in the hand of a test: rings the hotline, speaks, presses keys, follows what it is told."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from typing import Any

from rooms.web import SECRET, Web
from telephony import signature

_SIDS = itertools.count(1)
BASE = "http://testserver"
CALLER = "+8613800138000"


class Phone:
    """One call. Keeps the last answer; `say`, `press` and `silence` post to where its Gather points."""

    def __init__(self, web: Web, caller: str = CALLER, *, sid: str | None = None) -> None:
        self.web, self.caller = web, caller
        self.sid = sid or f"CA{next(_SIDS):032x}"
        self.xml = ET.Element("Response")
        self.last: tuple[str, dict[str, str]] = ("", {})

    def post(self, path: str, **form: str) -> Any:
        """A post as the carrier makes it, signed; returns the plain answer."""
        fields = {
            "CallSid": self.sid,
            "From": self.caller,
            "To": "+8675788880000",
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "AccountSid": "AC" + "0" * 32,
            "ApiVersion": "2010-04-01",
        } | form
        signed = signature.sign(BASE + path, fields, SECRET)
        return self.web.client.post(path, data=fields, headers={signature.HEADER: signed})

    def follow(self, path: str, **form: str) -> Phone:
        """Post, and keep the answer as what is heard now."""
        self.last = (path, form)
        answer = self.post(path, **form)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/xml")
        self.xml = ET.fromstring(answer.text)
        return self

    def ring(self) -> Phone:
        return self.follow("/telephony/voice", CallStatus="ringing")

    def say(self, words: str, confidence: str = "0.9") -> Phone:
        return self.follow(self.gather(), SpeechResult=words, Confidence=confidence).through_polls()

    def press(self, keys: str) -> Phone:
        return self.follow(self.gather(), Digits=keys).through_polls()

    def silence(self) -> Phone:
        return self.follow(self.gather()).through_polls()

    def hang_up(self) -> None:
        assert self.post("/telephony/voice/status", CallStatus="completed").status_code == 204

    def through_polls(self) -> Phone:
        while (redirect := self.xml.find("Redirect")) is not None and "poll=" in (redirect.text or ""):
            self.follow(redirect.text or "")
        return self

    def gather(self) -> str:
        gather = self.xml.find("Gather")
        assert gather is not None, self.heard
        return gather.get("action") or ""

    @property
    def heard(self) -> str:
        """All that is said now."""
        return " ".join("".join(say.itertext()) for say in self.xml.iter("Say"))

    @property
    def verbs(self) -> list[str]:
        return [element.tag for element in self.xml]
