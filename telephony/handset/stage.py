"""A turn in the making: what is heard, what is asked of the house, how a call fails and ends."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from telephony.handset.values import Call, Cue, Fetch, Kind, Turn

RETRIEVAL_FAILED: Final = 11200
WRONG_TYPE: Final = 12300
NOT_PLAYED: Final = 0
MOST_BARREN: Final = 20
"""Documents in a row in which the caller hears nothing and no time passes: more is a circle."""
SORRY: Final = "We are sorry, an application error has occurred. Goodbye."


@dataclass
class Stage:
    """A turn in the making."""

    call: Call
    now: float
    cues: list[Cue] = field(default_factory=list)
    errands: list[Fetch] = field(default_factory=list)

    def change(self, **changes: object) -> None:
        self.call = replace(self.call, **changes)  # type: ignore[arg-type]

    def cue(self, kind: Kind, text: str = "", *, language: str = "", seconds: float = 0, code: int = 0) -> None:
        self.cues.append(Cue(kind, text, language, seconds, code))
        if self.cues[-1].takes_time:
            self.change(barren=0)

    def trouble(self, code: int, what: str) -> None:
        self.cue(Kind.TROUBLE, what, code=code)

    def request(self, target: str, method: str = "POST", **fields: str) -> Fetch:
        """A request for an address as it stands in the document, with the fields Twilio sends."""
        url = urljoin(self.call.address, target) if target else self.call.address
        form = base_form(self.call) | fields
        if method == "GET":
            return Fetch(url + ("&" if urlsplit(url).query else "?") + urlencode(form), "GET", {})
        return Fetch(url, "POST", form)

    def fetch(self, target: str, method: str = "POST", **fields: str) -> None:
        """Wait for the next document; refused where it would lead to another house, or in a circle."""
        wanted = self.request(target, method, **fields)
        if urlsplit(wanted.url)[:2] != urlsplit(self.call.address)[:2]:
            self.trouble(RETRIEVAL_FAILED, f"{bare(wanted.url)} is another house: not fetched")
            self.fail(wanted.url, RETRIEVAL_FAILED)
        elif self.call.barren >= MOST_BARREN:
            self.trouble(NOT_PLAYED, f"{MOST_BARREN} documents in a row and nothing to hear: it goes in a circle")
            self.fail(wanted.url, NOT_PLAYED)
        else:
            self.change(waits_for=wanted, barren=self.call.barren + 1)

    def fail(self, url: str, code: int) -> None:
        """The document cannot be played: the fallback, once; else Twilio's own words, and the end."""
        if self.call.fallback_url and not self.call.is_falling_back:
            self.change(is_falling_back=True, barren=0, queue=None)
            self.fetch(self.call.fallback_url, ErrorCode=str(code), ErrorUrl=url)
            return
        self.cue(Kind.SAY, SORRY, language="en-US")
        self.end("completed")

    def end(self, status: str) -> None:
        self.change(status=status, waits_for=None)
        self.cue(Kind.OVER, status)
        if self.call.status_url:
            passed = str(max(0, round(self.now - self.call.began)))
            self.errands.append(self.request(self.call.status_url, CallDuration=passed, Duration=passed))

    def turn(self) -> Turn:
        return Turn(self.call, tuple(self.cues), tuple(self.errands))


def base_form(call: Call) -> dict[str, str]:
    """The fields Twilio sends with every request of an inbound call, blanks as blanks."""
    places = {f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")}
    return places | {
        "AccountSid": call.account,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": call.status,
        "Direction": "inbound",
        "From": call.caller,
        "Caller": call.caller,
        "To": call.called,
        "Called": call.called,
    }


def bare(url: str) -> str:
    """An address without its query, which may name people."""
    return url.partition("?")[0]
