"""What a simulated telephone hears, waits for and is told: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a caller notices."""

    SAY = "say"
    PLAY = "play"
    PAUSE = "pause"
    BEEP = "beep"
    QUEUED = "queued"
    LEFT = "left"
    RINGING = "ringing"
    IGNORED = "ignored"
    """What the caller said or pressed while nobody listened for it."""
    TROUBLE = "trouble"
    """Something Twilio would put on its error list; the caller does not hear it."""
    OVER = "over"


@dataclass(frozen=True)
class Cue:
    """One thing the caller notices, in its order. `seconds` of a pause; `code` of a trouble."""

    kind: Kind
    text: str = ""
    language: str = ""
    seconds: float = 0
    code: int = 0

    @property
    def takes_time(self) -> bool:
        """Whether time passes over it."""
        return self.kind in (Kind.SAY, Kind.PLAY, Kind.PAUSE)


@dataclass(frozen=True)
class Fetch:
    """A request to be signed and sent as Twilio does; for GET, the form stands in the address already."""

    url: str
    method: str
    form: Mapping[str, str]


class For(StrEnum):
    """What the call listens for."""

    GATHER = "gather"
    RECORD = "record"
    RING = "ring"
    NOTHING = "nothing"
    """Music without end: only hanging up, or the house, changes anything."""


@dataclass(frozen=True)
class Listen:
    """The call waits for the caller.

    Attributes:
        keys, speech: what is listened for.
        timeout_s: silence after which to tell `Silence`; None for never.
        num_digits: keys that end the input; 0 for no limit.
        finish_on_key: keys that end the input.
    """

    what: For
    keys: bool = False
    speech: bool = False
    timeout_s: float | None = None
    num_digits: int = 0
    finish_on_key: str = ""
    language: str = ""


@dataclass(frozen=True)
class Queue:
    """Where a call waits, and how it goes on afterwards."""

    name: str
    wait_url: str
    wait_method: str
    action: str
    method: str
    document: str
    address: str
    place: int
    since: float


@dataclass(frozen=True)
class Call:
    """A call as it stands. `now` and `since` are seconds on one steady clock."""

    sid: str
    account: str
    caller: str
    called: str
    began: float
    status_url: str = ""
    fallback_url: str = ""
    status: str = "ringing"
    document: str = ""
    address: str = ""
    place: int = 0
    queue: Queue | None = None
    waits_for: Fetch | Listen | None = None
    barren: int = 0
    recorded: str = ""
    is_falling_back: bool = False

    @property
    def is_over(self) -> bool:
        """Whether one has hung up."""
        return self.status not in ("ringing", "in-progress")


@dataclass(frozen=True)
class Turn:
    """What came of an event."""

    call: Call
    cues: tuple[Cue, ...] = ()
    errands: tuple[Fetch, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The house's answer to a `Fetch`; status 0 when there was none, with the reason as its body."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True)
class Keys:
    """The caller presses keys: 0 to 9, * and #."""

    keys: str


@dataclass(frozen=True)
class Speech:
    """The caller speaks. `confidence` is how well the recogniser heard it."""

    words: str
    confidence: float = 0.9


@dataclass(frozen=True)
class Silence:
    """The caller has said and pressed nothing until the time was up."""


@dataclass(frozen=True)
class Rung:
    """How a call the house makes within this one ended: completed, busy, no-answer or failed."""

    status: str


@dataclass(frozen=True)
class HangUp:
    """The caller hangs up."""


Event = Answer | Keys | Speech | Silence | Rung | HangUp
