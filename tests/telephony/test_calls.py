"""What is said in a call is valid TwiML; what is reported of it only moves forward."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import calls, sms
from telephony.ports import BadForm, CarrierStatus, DeliveryStatus

SID = "CA" + "5" * 32
ALLOWED = {"Response": set(), "Pause": {"length"}, "Say": {"language", "voice"}}


def said(twiml: str) -> list[str]:
    return [say.text or "" for say in ET.fromstring(twiml).iter("Say")]


@pytest.mark.parametrize(
    ("language", "voice"),
    [("zh", ("cmn-CN", "Polly.Zhiyu-Neural")), ("en", ("en-US", "Polly.Joanna-Neural"))],
)
def test_the_words_are_said_twice_in_the_voice_of_their_language(language: str, voice: tuple[str, str]) -> None:
    response = ET.fromstring(calls.twiml("有客户报告漏水", language))
    assert [element.tag for element in response] == ["Pause", "Say", "Pause", "Say"]
    assert {(say.get("language"), say.get("voice")) for say in response.iter("Say")} == {voice}
    assert {say.text for say in response.iter("Say")} == {"有客户报告漏水"}


@given(st.text(max_size=300), st.sampled_from(["zh", "en"]))
def test_whatever_is_said_the_twiml_is_valid_known_and_short_enough(words: str, language: str) -> None:
    twiml = calls.twiml(words, language)
    for element in ET.fromstring(twiml).iter():
        assert set(element.attrib) <= ALLOWED[element.tag]
    assert len(twiml) <= calls.MOST_TWIML


@pytest.mark.parametrize(
    ("words", "times"), [("漏水。" * 200, 2), ("漏水。" * 1000, 1), ("漏水。" * 3000, 1), ("<&>" * 2000, 1)]
)
def test_words_too_long_for_a_request_are_said_once_and_then_cut_off(words: str, times: int) -> None:
    twiml = calls.twiml(words, "zh")
    assert len(twiml) <= calls.MOST_TWIML
    assert len(said(twiml)) == times
    assert words.startswith(said(twiml)[0])
    assert len(twiml) > calls.MOST_TWIML * 0.3


def test_markup_in_the_words_is_read_out_not_obeyed() -> None:
    hostile = '<Dial>+1900</Dial> & "x"'
    assert said(calls.twiml(hostile, "en")) == [hostile, hostile]


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("工单WY20261124号", "工单WY2 0 2 6 1 1 2 4号"),
        ("打13800138000", "打1 3 8 0 0 1 3 8 0 0 0"),
        ("30分钟内，2026年", "30分钟内，2026年"),
        ("第一行\n第二行\x00\ufffe", "第一行 第二行"),
    ],
)
def test_long_numbers_are_said_digit_by_digit(words: str, spoken: str) -> None:
    assert calls.spoken(words) == spoken


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", CarrierStatus.QUEUED),
        ("initiated", CarrierStatus.INITIATED),
        ("ringing", CarrierStatus.RINGING),
        ("in-progress", CarrierStatus.IN_PROGRESS),
        ("completed", CarrierStatus.COMPLETED),
        ("busy", CarrierStatus.BUSY),
        ("no-answer", CarrierStatus.NO_ANSWER),
        ("failed", CarrierStatus.FAILED),
        ("canceled", CarrierStatus.CANCELED),
        ("something new", None),
    ],
)
def test_a_status_callback_is_read(word: str, status: CarrierStatus | None) -> None:
    assert calls.parse_status({"CallSid": SID, "CallStatus": word, "Other": ""}) == DeliveryStatus(SID, status, None)


@pytest.mark.parametrize("sid", ["", "SM" + "5" * 32, "CA5", SID + "0"])
def test_a_status_callback_without_a_calls_id_is_refused(sid: str) -> None:
    with pytest.raises(BadForm):
        calls.parse_status({"CallSid": sid, "CallStatus": "completed"})


@given(st.permutations(["queued", "initiated", "ringing", "in-progress", "completed"]))
def test_however_the_callbacks_arrive_an_answered_call_ends_as_completed(words: list[str]) -> None:
    stands: CarrierStatus | None = None
    for word in words:
        stands = sms.forward(stands, CarrierStatus(word))
    assert stands is CarrierStatus.COMPLETED
