"""The carrier that prints to the terminal: the default, for trying out and for tests."""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from telephony.ports import (
    Capabilities,
    Feature,
    FoundCall,
    FoundText,
    OutgoingCall,
    OutgoingText,
    SendResult,
    Sent,
)

CONSOLE: Final = Capabilities(features=frozenset({Feature.SMS, Feature.TWO_WAY_SMS, Feature.URLS, Feature.VOICE}))

Say = Callable[[str], None]


def print_line(text: str) -> None:
    """Write to the terminal, whatever its encoding can show."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(f"{text}\n".encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


class ConsoleCarrier:
    """Prints each text and call in a box, the number masked, and keeps nothing."""

    name = "console"
    capabilities = CONSOLE

    def __init__(self, say: Say = print_line, own_numbers: Collection[str] = ()) -> None:
        self._say = say
        self.own_numbers = frozenset(own_numbers)

    def send_text(self, text: OutgoingText) -> SendResult:
        self._say(_boxed(f"SMS → {_masked(text.to)}", text.body))
        return Sent(f"SM{uuid.uuid4().hex}")

    def call(self, call: OutgoingCall) -> SendResult:
        self._say(_boxed(f"CALL → {_masked(call.to)}", call.words))
        return Sent(f"CA{uuid.uuid4().hex}")

    def hang_up(self, sid: str) -> None:
        self._say(_boxed(f"CALL {sid[:8]}", "× hung up"))

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:  # noqa: ARG002  the port's shape
        return ()

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:  # noqa: ARG002  the port's shape
        return ()


def _masked(number: str) -> str:
    """+8613800138000 → 138****8000."""
    digits = number.removeprefix("+86").removeprefix("+")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else "****"


def _boxed(title: str, body: str) -> str:
    width = max(20, min(shutil.get_terminal_size((80, 24)).columns, 78))
    lines = [f"┌─ {title} {'─' * max(0, width - len(title) - 4)}"]
    lines += [f"│ {line}" for line in body.splitlines() or [""]]
    return "\n".join([*lines, f"└{'─' * (width - 1)}"])
