"""A carrier in memory: takes texts, or answers as told; remembers what it was given."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType

from telephony.ports import Capabilities, CarrierAway, Feature, FoundText, OutgoingText, SendResult, Sent


class FakeCarrier:
    """Give it `results` for the next sends (an exception is raised), and `found` for what it knows."""

    name = "fake"

    def __init__(self, capabilities: Capabilities | None = None, own_numbers: Sequence[str] = ()) -> None:
        self.capabilities = capabilities or Capabilities(frozenset(Feature), MappingProxyType({}))
        self.own_numbers = frozenset(own_numbers)
        self.results: deque[SendResult | Exception] = deque()
        self.found: list[FoundText] = []
        self.is_away = False
        self.sent: list[OutgoingText] = []
        self.while_sending: Callable[[OutgoingText], None] = lambda text: None

    def send_text(self, text: OutgoingText) -> SendResult:
        self.sent.append(text)
        self.while_sending(text)
        result = self.results.popleft() if self.results else Sent(f"SM{uuid.uuid4().hex}")
        if isinstance(result, Exception):
            raise result
        return result

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        if self.is_away:
            raise CarrierAway
        return [text for text in self.found if text.created_at >= since]

    @property
    def bodies(self) -> list[str]:
        return [text.body for text in self.sent]
