"""Calls we make in which somebody answers: what a webhook's form says, and what is said next, as TwiML. All pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from twilio.twiml.voice_response import Gather, VoiceResponse

from telephony import sms
from telephony.calls import SID, VOICES, spoken
from telephony.ports import BadForm, CarrierStatus


@dataclass(frozen=True)
class Script:
    """A kind of call whose words come from a webhook of its own, by its name under `/telephony/outgoing/`.

    Attributes:
        longest_s: after so many seconds the carrier hangs up.
        finds_machines: whether the carrier listens for an answering machine before anything is said.
    """

    longest_s: int
    finds_machines: bool


SCRIPTS: Final[Mapping[str, Script]] = {
    "visit": Script(longest_s=300, finds_machines=True),
    "bridge": Script(longest_s=3600, finds_machines=False),
    "answer": Script(longest_s=3600, finds_machines=False),
}
ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "Response": frozenset(),
    "Say": frozenset({"language", "voice"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {
            "input", "action", "method", "language", "hints", "timeout", "speechTimeout", "profanityFilter",
            "actionOnEmptyResult", "numDigits",
        }
    ),
    "Dial": frozenset({"callerId", "timeout", "timeLimit", "answerOnBridge", "action", "method"}),
    "Number": frozenset(),
    "Queue": frozenset(),
    "Hangup": frozenset(),
}  # fmt: skip
"""All verbs used here, each with the attributes it may have: Twilio's library takes any name."""

HEARS: Final[Mapping[str, str]] = {"zh": "cmn-Hans-CN", "en": "en-US"}
LISTEN_S: Final = 6
LONGEST_SAY: Final = 3000


@dataclass(frozen=True)
class Heard:
    """What a call we made has come to.

    Attributes:
        sid: the carrier's id of the call.
        keys: the keys pressed, or nothing.
        words: what was said, as it was understood, or nothing.
        is_machine: whether an answering machine or a fax has taken the call.
        dialled: what came of ringing somebody else in this call, or None.
        seconds: how long those two have talked.
    """

    sid: str
    keys: str = ""
    words: str = ""
    is_machine: bool = False
    dialled: CarrierStatus | None = None
    seconds: int = 0


def parse(form: Mapping[str, str]) -> Heard:
    """Read the form of a webhook of a call we made. Unknown fields and words are passed over.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    sid = form.get("CallSid", "")
    if not SID.fullmatch(sid):
        raise BadForm("CallSid")
    taken_by = form.get("AnsweredBy", "")
    dialled = {"answered": "completed"}.get(form.get("DialCallStatus", ""), form.get("DialCallStatus", ""))
    lasted = form.get("DialCallDuration", "")
    return Heard(
        sid=sid,
        keys=re.sub(r"[^0-9*#]", "", form.get("Digits", ""))[:32],
        words=sms.clean(form.get("SpeechResult", "")).strip()[:400],
        is_machine=taken_by.startswith("machine") or taken_by == "fax",
        dialled=CarrierStatus(dialled) if dialled in set(CarrierStatus) else None,
        seconds=int(lasted) if re.fullmatch(r"[0-9]{1,6}", lasted) else 0,
    )


def ask(words: str, language: str, *, action: str, hints: str = "") -> str:
    """Say something that is answered by a key or a few words; whoever is silent is heard as well."""
    response = VoiceResponse()
    gather = response.gather(
        input="speech dtmf",
        action=action,
        method="POST",
        language=HEARS.get(language, HEARS["en"]),
        hints=sms.clean(hints),
        timeout=LISTEN_S,
        speech_timeout=2,
        profanity_filter=False,
        action_on_empty_result=True,
        num_digits=1,
    )
    gather.pause(length=1)
    _say(gather, words, language)
    return str(response)


def ask_key(words: str, language: str, *, action: str) -> str:
    """Say something that is answered by a key alone: what a mailbox says presses none."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf", action=action, method="POST", timeout=LISTEN_S, action_on_empty_result=True, num_digits=1
    )
    gather.pause(length=1)
    _say(gather, words, language)
    return str(response)


def tell(words: str, language: str) -> str:
    """Say something, then hang up."""
    response = VoiceResponse()
    response.pause(length=1)
    _say(response, words, language)
    response.hangup()
    return str(response)


def connect(words: str, language: str, *, to: str, caller: str, action: str, ring_for_s: int, longest_s: int) -> str:
    """Say something, then ring somebody else and let the two talk; the one who is rung sees our number."""
    response = VoiceResponse()
    _say(response, words, language)
    dial = response.dial(
        caller_id=caller, timeout=ring_for_s, time_limit=longest_s, answer_on_bridge=True, action=action, method="POST"
    )
    dial.number(to)
    return str(response)


def fetch_from_queue(words: str, language: str, *, queue: str, action: str, longest_s: int) -> str:
    """Say something, then talk with whoever waits first in a queue."""
    response = VoiceResponse()
    _say(response, words, language)
    dial = response.dial(time_limit=longest_s, action=action, method="POST")
    dial.queue(queue)
    return str(response)


def hang_up() -> str:
    """Nothing more to say."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _say(parent: VoiceResponse | Gather, words: str, language: str) -> None:
    voice = VOICES.get(language, VOICES["en"])
    if said := spoken(words)[:LONGEST_SAY]:
        parent.say(said, language=voice.language, voice=voice.name)
