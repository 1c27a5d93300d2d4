"""Calls that say something aloud: words to TwiML, and what a carrier reports of a call. All pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from twilio.twiml.voice_response import VoiceResponse

from telephony import sms
from telephony.ports import BadForm, CarrierStatus, DeliveryStatus

SID: Final = re.compile(r"CA[0-9a-f]{32}")
MOST_TWIML: Final = 4000
"""Characters Twilio takes with the request that starts a call."""

_DIGITS: Final = re.compile(r"[0-9]{5,}")
_TIMES_SAID: Final = 2


@dataclass(frozen=True)
class Voice:
    """A language's voice, by the carrier's names."""

    language: str
    name: str


VOICES: Final[Mapping[str, Voice]] = {
    "zh": Voice("cmn-CN", "Polly.Zhiyu-Neural"),
    "en": Voice("en-US", "Polly.Joanna-Neural"),
}


def spoken(words: str) -> str:
    """Words as a voice can say them: long numbers digit by digit, nothing that no XML may hold."""
    return _DIGITS.sub(lambda digits: " ".join(digits[0]), " ".join(sms.clean(words).split()))


def twiml(words: str, language: str) -> str:
    """A call that says the words twice, with pauses: whoever picks up needs a moment.

    Words too long for a request are said once, and what is still too long is cut off: a call that says the most
    important words goes out, one that is too long is refused.
    """
    text, times = spoken(words), _TIMES_SAID
    while len(said := _saying(text, language, times)) > MOST_TWIML:
        if times > 1:
            times = 1
        else:
            text = text[: len(text) * 9 // 10]
    return said


def _saying(text: str, language: str, times: int) -> str:
    voice = VOICES.get(language, VOICES["en"])
    response = VoiceResponse()
    for _ in range(times):
        response.pause(length=1)
        response.say(text, language=voice.language, voice=voice.name)
    return str(response)


def parse_status(form: Mapping[str, str]) -> DeliveryStatus:
    """Read the form of a call's status callback.

    Raises:
        BadForm: the call's id is missing or impossible.
    """
    sid = form.get("CallSid", "")
    if not SID.fullmatch(sid):
        raise BadForm("CallSid")
    word = form.get("CallStatus", "")
    return DeliveryStatus(sid, CarrierStatus(word) if word in set(CarrierStatus) else None, None)
