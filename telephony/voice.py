"""Voice webhooks as values: the form of a call that comes in, of one turn in it, of a queue, a recording. All pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from telephony import sms
from telephony.ports import BadForm, CarrierStatus

CALL_SID: Final = re.compile(r"CA[0-9a-f]{32}")
RECORDING_SID: Final = re.compile(r"RE[0-9a-f]{32}")
MOST_WORDS: Final = 1000
MOST_KEYS: Final = 32

_KEYS: Final = re.compile(r"[0-9*#A-D]+")
_CONFIDENCE: Final = re.compile(r"[01](?:\.[0-9]{1,20})?")
_COUNT: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class InboundCall:
    """Somebody rings.

    Attributes:
        sid: the carrier's id of the call; names the call in everything that follows.
        caller: the number it comes from in E.164, or None (withheld, letters, an internal line). It proves nothing.
    """

    sid: str
    caller: str | None


@dataclass(frozen=True)
class CallTurn:
    """What was heard in one turn of a call: words, or keys, or nothing.

    Attributes:
        confidence: how sure the carrier is of the words, up to 1; None when it does not say (0 stands for that, too).
        left_queue: why the caller is no longer in the queue, in the carrier's words, if that is what is told.
    """

    sid: str
    words: str = ""
    keys: str = ""
    confidence: float | None = None
    left_queue: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was said and no key pressed."""
        return not self.words and not self.keys


@dataclass(frozen=True)
class Recorded:
    """A message a caller has left: the carrier's id of it and its length in seconds."""

    sid: str
    recording: str
    seconds: int


@dataclass(frozen=True)
class CallEnd:
    """How far a call has come; `status` is None for a word we do not know."""

    sid: str
    status: CarrierStatus | None


def parse_inbound(form: Mapping[str, str]) -> InboundCall:
    """Read the form of a call that comes in.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    caller = form.get("From", "").strip()
    return InboundCall(_sid(form), caller if sms.is_number(caller) else None)


def parse_turn(form: Mapping[str, str]) -> CallTurn:
    """Read the form of a turn. Unknown fields are passed over; without words and keys the caller was silent.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    words = " ".join(sms.clean(form.get("SpeechResult", "")).split())[:MOST_WORDS]
    keys = form.get("Digits", "").strip()[:MOST_KEYS]
    confidence = form.get("Confidence", "")
    return CallTurn(
        _sid(form),
        words=words,
        keys=keys if _KEYS.fullmatch(keys) else "",
        confidence=(float(confidence) or None) if _CONFIDENCE.fullmatch(confidence) else None,
        left_queue=sms.clean(form.get("QueueResult", ""))[:40] or None,
    )


def parse_recorded(form: Mapping[str, str]) -> Recorded | None:
    """Read the form of a recorded message; None when nothing was recorded. Its address is not read: ids make ours.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    sid, recording, seconds = _sid(form), form.get("RecordingSid", ""), form.get("RecordingDuration", "")
    if not RECORDING_SID.fullmatch(recording):
        return None
    return Recorded(sid, recording, int(seconds) if _COUNT.fullmatch(seconds) else 0)


def parse_status(form: Mapping[str, str]) -> CallEnd:
    """Read the form of a status callback of a call that came in.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    word = form.get("CallStatus", "")
    return CallEnd(_sid(form), CarrierStatus(word) if word in set(CarrierStatus) else None)


def _sid(form: Mapping[str, str]) -> str:
    sid = form.get("CallSid", "")
    if not CALL_SID.fullmatch(sid):
        raise BadForm("CallSid")
    return sid
