"""A simulated telephone: plays TwiML as Twilio does, without doing anything itself.

`begin`, then `advance` with one event after the other. Each turn says what the caller hears (`Cue`), which requests
are owed on the side (`errands`), and what the call waits for next: a document (`Fetch`), the caller (`Listen`), or
nothing any more. Whoever drives it fetches, shows, reads keys and keeps time; the state is plain data, so a page can
carry it.
"""

from telephony.handset.player import advance, begin
from telephony.handset.values import (
    Answer,
    Call,
    Cue,
    Event,
    Fetch,
    For,
    HangUp,
    Keys,
    Kind,
    Listen,
    Rung,
    Silence,
    Speech,
    Turn,
)

__all__ = [
    "Answer",
    "Call",
    "Cue",
    "Event",
    "Fetch",
    "For",
    "HangUp",
    "Keys",
    "Kind",
    "Listen",
    "Rung",
    "Silence",
    "Speech",
    "Turn",
    "advance",
    "begin",
]
