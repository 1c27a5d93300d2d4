"""What Twilio tells us of its own accord: status callbacks and inbound texts, signed, in every bad manner."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from urllib.parse import urlsplit

import httpx2
from starlette.datastructures import ImmutableMultiDict

from telephony import signature, simulator
from tests.telephony.fake_twilio.account import ACCOUNT, NUMBER, TOKEN

Post = Callable[[str, Mapping[str, str], Mapping[str, str]], int]
TEXT_STATES, CALL_STATES = ("queued", "sent", "delivered"), ("completed",)


class Manner(StrEnum):
    """How callbacks come."""

    PROMPT = "prompt"
    LATE = "late"
    DOUBLED = "doubled"
    REVERSED = "reversed"
    NEVER = "never"


def over_http(client: httpx2.Client) -> Post:
    """Posts forms to the address itself; 0 when nobody answers."""

    def post(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> int:
        try:
            return client.post(url, data=form, headers=headers).status_code
        except httpx2.HTTPError:
            return 0

    return post


class Callbacks:
    """Sends them from a few threads, as unordered as a network, and remembers how they were answered.

    Args:
        manner: how callbacks of one message come, drawn anew for each.
        post: the way there; without one they go to the address itself.
        late_s: how long a late one waits.
    """

    def __init__(
        self, manner: Callable[[], Manner] = lambda: Manner.PROMPT, post: Post | None = None, late_s: float = 0.3
    ) -> None:
        self._client = httpx2.Client(timeout=15, trust_env=False)
        self._manner, self._post, self._late_s = manner, post or over_http(self._client), late_s
        self._pool = ThreadPoolExecutor(4, "callbacks")
        self._lock = threading.Lock()
        self._open = 0
        self.answered: list[tuple[str, int]] = []

    def about_text(self, url: str, message: Mapping[str, str]) -> None:
        """Tell how a text fares."""
        self._tell(url, "Message", message, TEXT_STATES)

    def about_call(self, url: str, call: Mapping[str, str]) -> None:
        """Tell how a call fared."""
        self._tell(url, "Call", call, CALL_STATES)

    def text_in(self, url: str, body: str, sender: str, *, sid: str = "", times: int = 1) -> list[int]:
        """An inbound text, sent so many times at once; the answers' codes."""
        sid = sid or "SM" + secrets.token_hex(16)
        form = simulator.inbound_form(sid=sid, sender=sender, body=body, to=NUMBER, account=ACCOUNT)
        return list(self._pool.map(lambda _: self._send(url, form), range(times)))

    def wait(self, patience_s: float = 10) -> None:
        """Until every callback due has been sent; gives up when none has been for so long."""
        last, since = -1, time.monotonic()
        while self._open:
            if len(self.answered) != last:
                last, since = len(self.answered), time.monotonic()
            assert time.monotonic() - since < patience_s, "callbacks are still under way"
            time.sleep(0.01)

    def close(self) -> None:
        """No further ones."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    def _tell(self, url: str, kind: str, about: Mapping[str, str], states: tuple[str, ...]) -> None:
        manner = self._manner()
        if manner is Manner.NEVER or not url:
            return
        told = tuple(reversed(states)) if manner is Manner.REVERSED else states
        if manner is Manner.DOUBLED:
            told = tuple(state for state in states for _ in range(2))
        with self._lock:
            self._open += 1
        self._pool.submit(self._tell_all, url, kind, dict(about), told, self._late_s if manner is Manner.LATE else 0.0)

    def _tell_all(self, url: str, kind: str, about: Mapping[str, str], states: tuple[str, ...], wait_s: float) -> None:
        try:
            time.sleep(wait_s)
            for state in states:
                form = {
                    "AccountSid": ACCOUNT,
                    "ApiVersion": "2010-04-01",
                    f"{kind}Sid": about["sid"],
                    f"{kind}Status": state,
                    "To": about["to"],
                    "From": about["from"] or "",
                }
                self._send(url, form)
        finally:
            with self._lock:
                self._open -= 1

    def _send(self, url: str, form: Mapping[str, str]) -> int:
        signed = signature.sign(url, ImmutableMultiDict(form), TOKEN)
        status = self._post(url, form, {signature.HEADER: signed})
        word = form.get("MessageStatus") or form.get("CallStatus") or urlsplit(url).path
        with self._lock:
            self.answered.append((word, status))
        return status
