"""Replies to callers as TwiML. Whatever the words, the document is well-formed and holds known attributes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from telephony import sms
from telephony.replies import Enqueue, HangUp, Hold, Leave, Line, Listen, Poll, Record, Reply, Tongue

ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "Response": frozenset(),
    "Say": frozenset({"language", "voice"}),
    "prosody": frozenset({"rate"}),
    "Pause": frozenset({"length"}),
    "Play": frozenset(),
    "Redirect": frozenset({"method"}),
    "Gather": frozenset(
        {
            "input", "action", "method", "language", "hints", "timeout", "speechTimeout", "profanityFilter",
            "actionOnEmptyResult", "numDigits", "finishOnKey",
        }
    ),
    "Enqueue": frozenset({"action", "method", "waitUrl", "waitUrlMethod"}),
    "Record": frozenset({"action", "method", "maxLength", "timeout", "finishOnKey", "playBeep"}),
    "Leave": frozenset(),
    "Hangup": frozenset(),
    "Dial": frozenset({"callerId", "timeout", "action", "method"}),
    "Queue": frozenset(),
}  # fmt: skip
"""All verbs the house uses, each with the attributes it may have: the library itself takes any name."""

LONGEST_SAY: Final = 3000
"""Characters of one `<Say>`; Twilio takes 4,096, counted after its own escaping of the common signs."""


@dataclass(frozen=True)
class Speaker:
    """A voice and the language it listens in, by the carrier's names."""

    language: str
    voice: str
    hears: str


SPEAKERS: Final[Mapping[Tongue, Speaker]] = {
    Tongue.MANDARIN: Speaker("cmn-CN", "Polly.Zhiyu-Neural", "cmn-Hans-CN"),
    Tongue.ENGLISH: Speaker("en-US", "Polly.Joanna-Neural", "en-US"),
    Tongue.CANTONESE: Speaker("yue-CN", "Polly.Hiujin-Neural", "cmn-Hans-CN"),
}


def document(reply: Reply, tongue: Tongue, base: str = "") -> str:
    """A reply as TwiML.

    Args:
        tongue: the caller's; decides in which language is listened.
        base: what addresses begin with, such as `https://example.com`; empty: they are paths.
    """
    response = VoiceResponse()
    then = reply.then
    if isinstance(then, Listen):
        _say(_gather(response, then, tongue, base), reply.say)
    elif isinstance(then, Hold):
        gather = response.gather(input="dtmf", action=_address(base, then.to), method="POST", num_digits=1, timeout=1)
        _say(gather, reply.say)
        gather.play(sms.clean(then.music))
        response.redirect(_address(base, then.to), method="POST")
    else:
        _say(response, reply.say)
        _go_on(response, then, base)
    return str(response)


def hang_up() -> str:
    """The answer to a call nothing is known of."""
    return document(Reply((), HangUp()), Tongue.MANDARIN)


def apology(zh: str, en: str) -> str:
    """Two sentences in two voices, then the end: what is said when nothing else can be."""
    return document(Reply((Line(zh, Tongue.MANDARIN), Line(en, Tongue.ENGLISH)), HangUp()), Tongue.MANDARIN)


def _go_on(response: VoiceResponse, then: Poll | Enqueue | Record | Leave | HangUp, base: str) -> None:
    match then:
        case Poll(to, pause_s):
            response.pause(length=pause_s)
            response.redirect(_address(base, to), method="POST")
        case Enqueue(queue, wait, to):
            response.enqueue(
                queue,
                action=_address(base, to),
                method="POST",
                wait_url=_address(base, wait),
                wait_url_method="POST",
            )
        case Record(to, longest_s, silence_s):
            response.record(
                action=_address(base, to),
                method="POST",
                max_length=longest_s,
                timeout=silence_s,
                finish_on_key="#",
                play_beep=True,
            )
            response.redirect(_address(base, to), method="POST")  # nothing was recorded
        case Leave():
            response.leave()
        case HangUp():
            response.hangup()


def _gather(response: VoiceResponse, listen: Listen, tongue: Tongue, base: str) -> Gather:
    keys: dict[str, Any] = {"finish_on_key": "#"} if listen.keys is None else {"num_digits": listen.keys}
    if listen.hints:
        keys["hints"] = ",".join(sms.clean(hint).replace(",", " ") for hint in listen.hints)
    return response.gather(
        input="speech dtmf",
        action=_address(base, listen.to),
        method="POST",
        language=SPEAKERS[tongue].hears,
        timeout=listen.timeout_s,
        speech_timeout=listen.speech_timeout_s,
        profanity_filter=False,
        action_on_empty_result=True,
        **keys,
    )


def _say(parent: VoiceResponse | Gather, lines: tuple[Line, ...]) -> None:
    for line in lines:
        words = " ".join(sms.clean(line.words).split())[:LONGEST_SAY]
        if not words:
            continue
        speaker = SPEAKERS[line.tongue]
        if line.slow:
            say: Say = parent.say("", language=speaker.language, voice=speaker.voice)
            say.prosody(words, rate="slow")
        else:
            parent.say(words, language=speaker.language, voice=speaker.voice)


def _address(base: str, to: str) -> str:
    return f"{base.rstrip('/')}/telephony/voice/{to}"
