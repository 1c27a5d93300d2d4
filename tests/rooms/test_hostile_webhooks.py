"""Webhooks with whatever may stand in a form or an address: refused or answered, never a fault of ours."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from backend.outbox.reference_rules import read_reference
from rooms.web import SECRET, Web
from telephony import signature

SIDS = [f"CA{number:032x}" for number in range(6)]
ODD = (
    "", " ", "\x00", "a\x00b", "²", "１２３", "٣٤٥", "𝟙𝟚", "\ufffe", "\u202e反", "é" * 300, "明天" * 900, "9" * 200,
    "-1", "1e9", "NaN", "0.٣", "{{7*7}}", "<script>", "'; DROP TABLE x;--", "热水器漏水", "👨‍👩‍👧", "Z̷̛" * 200,
    "+86²³800138000", "+8613800138000", "1#2*", "in-progress", "completed", "completed ", "machine_start", "bridged",
    "STOP", "stop",
    "RE" + "a" * 32, "SM" + "b" * 32, "CA" + "c" * 32, "https://api.twilio.com/x", "image/jpeg", "http://127.0.0.1/",
)  # fmt: skip
FIELDS = [
    "MessageSid",
    "SmsSid",
    "From",
    "To",
    "Body",
    "NumMedia",
    "MediaUrl0",
    "MediaContentType0",
    "MediaUrl1",
    "OptOutType",
    "MessageStatus",
    "SmsStatus",
    "ErrorCode",
    "CallSid",
    "CallStatus",
    "SpeechResult",
    "Confidence",
    "Digits",
    "QueueResult",
    "RecordingSid",
    "RecordingDuration",
    "RecordingUrl",
    "AnsweredBy",
    "DialCallStatus",
    "DialCallDuration",
    "FromCity",
    "ApiVersion",
]
PATHS = (
    "/telephony/sms", "/telephony/status", "/telephony/status?ref=999999999999999999.9999",
    "/telephony/status?ref=9999999999.1", "/telephony/status?ref=1.1", "/telephony/status?ref=%00", "/telephony/voice",
    "/telephony/voice/turn?turn=1&poll=0", "/telephony/voice/turn?turn=2&poll=3",
    "/telephony/voice/turn?turn=99999999999999999999", "/telephony/voice/turn?turn=%C2%B2",
    "/telephony/voice/queue?round=1", "/telephony/voice/queue?round=99999999999", "/telephony/voice/recording",
    "/telephony/voice/status", "/telephony/outgoing/visit?ref=1.1", "/telephony/outgoing/visit/window/3?ref=1.1",
    "/telephony/outgoing/bridge?ref=999999999999999999.9", "/telephony/outgoing/bridge/key?ref=9999999999.1",
    "/telephony/outgoing/bridge/end?ref=1.1", "/telephony/outgoing/answer?ref=1.1",
    "/telephony/outgoing/answer/key?ref=1.1", "/telephony/outgoing/answer/end?ref=1.1",
)  # fmt: skip
APOLOGIES = ("系统暂时出了问题", "电话出了点问题")


def drawn(dice: random.Random, path: str) -> dict[str, str]:
    """A form with odd words in some fields; mostly about a call or text that could be."""
    form = {field: dice.choice(ODD) for field in dice.sample(FIELDS, dice.randint(0, 12))}
    if dice.random() < 0.85:
        form["From"] = dice.choice(["+8613800138000", "+861380013800٣", "anonymous", "+8613900139000"])
        is_call = "voice" in path or "outgoing" in path
        form |= {"CallSid": dice.choice(SIDS)} if is_call else {"MessageSid": f"SM{dice.randint(0, 50):032x}"}
    return form | {"AccountSid": "AC" + "0" * 32}


@pytest.mark.parametrize("seed", range(3))
def test_no_form_makes_us_fail(web: Web, seed: int) -> None:
    dice, answered, failed = random.Random(seed), Counter[int](), []
    for _ in range(250):
        path = dice.choice(PATHS)
        form = drawn(dice, path)
        signed = signature.sign(f"http://testserver{path}", form, SECRET)
        answer = web.client.post(path, data=form, headers={signature.HEADER: signed})
        answered[answer.status_code] += 1
        if answer.status_code >= 500 or any(words in answer.text for words in APOLOGIES):
            failed.append((path, form, answer.status_code))
    assert failed == []
    assert set(answered) <= {200, 204, 404, 422}
    assert answered[200] > 50


@pytest.mark.parametrize("reference", ["", "1", "1.", ".1", "²1.1", "١.١", "-1.1", "2147483648.1", "9" * 18 + ".1"])
def test_what_is_no_name_of_ours_names_nothing(reference: str) -> None:
    assert read_reference(reference) is None


def test_our_own_names_are_read() -> None:
    assert read_reference("2147483647.9999") == (2147483647, 9999)
