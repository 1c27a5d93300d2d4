"""Calls we make in which somebody answers: forms to values, valid TwiML with known attributes only."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import outgoing, twiml_reader
from telephony.outgoing import ATTRIBUTES, Heard
from telephony.ports import BadForm, CarrierStatus

SID = "CA" + "1" * 32
ACTION = "https://hotline.example/telephony/outgoing/visit/visit/1?ref=7.1&x=2"


def documents(words: str, language: str = "zh") -> list[str]:
    return [
        outgoing.ask(words, language, action=ACTION, hints=words),
        outgoing.ask_key(words, language, action=ACTION),
        outgoing.tell(words, language),
        outgoing.connect(
            words,
            language,
            to="+8613800138000",
            caller="+8675788880000",
            action=ACTION,
            ring_for_s=40,
            longest_s=3600,
        ),
        outgoing.hang_up(),
    ]


@given(st.text(max_size=300), st.sampled_from(["zh", "en", "xx"]))
def test_whatever_is_said_is_valid_and_has_known_attributes_only(words: str, language: str) -> None:
    for document in documents(words, language):
        for element in ET.fromstring(document).iter():
            assert set(element.attrib) <= ATTRIBUTES[element.tag], element.tag
        assert twiml_reader.read(document).troubles == ()


def test_a_question_is_answered_by_key_or_words_and_silence_is_heard_as_well() -> None:
    gather = ET.fromstring(documents("师傅明天上门。")[0])[0]
    assert (gather.tag, gather.get("input"), gather.get("numDigits")) == ("Gather", "speech dtmf", "1")
    assert gather.get("action") == ACTION
    assert gather.get("actionOnEmptyResult") == "true"
    assert gather.get("language") == "cmn-Hans-CN"
    assert [child.tag for child in gather] == ["Pause", "Say"]


def test_a_mailbox_cannot_press_the_key_an_agent_is_asked_for() -> None:
    assert ET.fromstring(documents("x")[1])[0].get("input") == "dtmf"


def test_who_is_connected_sees_our_number_and_long_numbers_are_read_digit_by_digit() -> None:
    connect = ET.fromstring(documents("尾号 13800138000")[3])
    say, dial = connect
    assert say.text == "尾号 1 3 8 0 0 1 3 8 0 0 0"
    assert dial.get("callerId") == "+8675788880000"
    assert dial.get("answerOnBridge") == "true"
    assert dial[0].text == "+8613800138000"


@pytest.mark.parametrize(
    ("form", "heard"),
    [
        ({}, Heard(SID)),
        ({"Digits": "1"}, Heard(SID, keys="1")),
        ({"Digits": "1<x>"}, Heard(SID, keys="1")),
        ({"SpeechResult": " 确认\x00 "}, Heard(SID, words="确认")),
        ({"AnsweredBy": "human"}, Heard(SID)),
        ({"AnsweredBy": "unknown"}, Heard(SID)),
        ({"AnsweredBy": "machine_end_beep"}, Heard(SID, is_machine=True)),
        ({"AnsweredBy": "machine_start"}, Heard(SID, is_machine=True)),
        ({"AnsweredBy": "fax"}, Heard(SID, is_machine=True)),
        (
            {"DialCallStatus": "completed", "DialCallDuration": "73"},
            Heard(SID, dialled=CarrierStatus.COMPLETED, seconds=73),
        ),
        ({"DialCallStatus": "answered"}, Heard(SID, dialled=CarrierStatus.COMPLETED)),
        ({"DialCallStatus": "no-answer", "DialCallDuration": "x"}, Heard(SID, dialled=CarrierStatus.NO_ANSWER)),
        ({"DialCallStatus": "something new"}, Heard(SID)),
    ],
)
def test_a_form_becomes_what_was_heard(form: dict[str, str], heard: Heard) -> None:
    assert outgoing.parse({"CallSid": SID, "NewField": "x"} | form) == heard


@pytest.mark.parametrize("sid", ["", "CA1", "SM" + "1" * 32, SID + "0"])
def test_a_form_without_a_possible_call_is_refused(sid: str) -> None:
    with pytest.raises(BadForm, match="CallSid"):
        outgoing.parse({"CallSid": sid})
