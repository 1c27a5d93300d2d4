"""A carrier in memory: takes texts and calls, or answers as told; remembers what it was given."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType

from telephony.ports import (
    Capabilities,
    CarrierAway,
    Feature,
    FoundCall,
    FoundText,
    OutgoingCall,
    OutgoingText,
    SendResult,
    Sent,
)


class FakeCarrier:
    """Give it `results` for the next sends (an exception is raised), and `found`, `found_calls` for what it knows."""

    name = "fake"

    def __init__(self, capabilities: Capabilities | None = None, own_numbers: Sequence[str] = ()) -> None:
        self.capabilities = capabilities or Capabilities(frozenset(Feature), MappingProxyType({}))
        self.own_numbers = frozenset(own_numbers)
        self.results: deque[SendResult | Exception] = deque()
        self.found: list[FoundText] = []
        self.found_calls: list[FoundCall] = []
        self.is_away = False
        self.ended: list[str] = []
        self.sent: list[OutgoingText] = []
        self.calls: list[OutgoingCall] = []
        self.while_sending: Callable[[OutgoingText], None] = lambda text: None

    def send_text(self, text: OutgoingText) -> SendResult:
        self.sent.append(text)
        self.while_sending(text)
        return self._answer("SM")

    def call(self, call: OutgoingCall) -> SendResult:
        self.calls.append(call)
        return self._answer("CA")

    def hang_up(self, sid: str) -> None:
        if self.is_away:
            raise CarrierAway
        self.ended.append(sid)

    def _answer(self, head: str) -> SendResult:
        result = self.results.popleft() if self.results else Sent(f"{head}{uuid.uuid4().hex}")
        if isinstance(result, Exception):
            raise result
        return result

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        if self.is_away:
            raise CarrierAway
        return [text for text in self.found if text.created_at >= since]

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        if self.is_away:
            raise CarrierAway
        return [call for call in self.found_calls if call.created_at >= since]

    @property
    def bodies(self) -> list[str]:
        return [text.body for text in self.sent]
