"""TwiML is read as strictly as Twilio reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from telephony import twiml_reader
from telephony.twiml_reader import LARGEST_DOCUMENT, NO_TWIML, NOT_IN_SCHEMA, TOO_LARGE, read


def codes(document: str) -> list[int]:
    return [trouble.code for trouble in read(document).troubles]


def test_the_schema_is_that_of_twilios_own_library() -> None:
    known = twiml_reader.schema(VoiceResponse)
    assert {"Say", "Play", "Pause", "Gather", "Redirect", "Enqueue", "Leave", "Record", "Dial", "Hangup"} <= set(known)
    assert {"actionOnEmptyResult", "speechTimeout", "hints", "profanityFilter"} <= known["Gather"][1]
    assert set(twiml_reader.schema(known["Gather"][0])) == {"Say", "Play", "Pause"}


def test_what_twilios_library_writes_is_read_back() -> None:
    response = VoiceResponse()
    gather = response.gather(input="speech dtmf", num_digits=1, action="/turn", action_on_empty_result=True)
    gather.say("请说", language="cmn-CN", voice="Polly.Zhiyu-Neural").break_(time="200ms")
    response.enqueue("agents", wait_url="/wait")
    document = read(str(response))
    assert document.troubles == ()
    assert [verb.name for verb in document.verbs] == ["Gather", "Enqueue"]
    assert document.verbs[0].nouns[0].text == "请说"
    assert document.verbs[0].is_on("actionOnEmptyResult")
    assert document.verbs[0].whole("numDigits", 0) == 1
    assert document.verbs[1].text == "agents"


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<Sing>la</Sing>", "<Sing> is not allowed in <Response>"),
        ("<say>la</say>", "<say> is not allowed"),
        ('<Say speed="fast">la</Say>', "<Say> has no attribute speed"),
        ('<Gather timeout="soon"/>', "timeout cannot be 'soon'"),
        ('<Gather timeout="-1"/>', "timeout cannot be"),
        ('<Gather input="ears"/>', "input cannot be 'ears'"),
        ('<Gather finishOnKey="##"/>', "finishOnKey cannot be"),
        ('<Gather speechTimeout="0"/>', "speechTimeout cannot be"),
        ('<Gather actionOnEmptyResult="yes"/>', "actionOnEmptyResult cannot be"),
        ('<Redirect method="PUT">/x</Redirect>', "method cannot be 'PUT'"),
        ('<Say language="中文">la</Say>', "language cannot be"),
        ("<Gather><Gather/></Gather>", "<Gather> is not allowed in <Gather>"),
        ("<Gather><Redirect>/x</Redirect></Gather>", "<Redirect> is not allowed in <Gather>"),
        (f"<Say>{'a' * 4097}</Say>", "longer than 4096"),
    ],
)
def test_what_is_not_in_the_schema_is_told_and_the_rest_is_kept(inside: str, what: str) -> None:
    document = read(f"<Response>{inside}<Hangup/></Response>")
    assert {trouble.code for trouble in document.troubles} == {NOT_IN_SCHEMA}
    assert what in document.troubles[0].what
    assert not document.is_fatal
    assert document.verbs[-1].name == "Hangup"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", NO_TWIML),
        ("Hello", NO_TWIML),
        ("<Response><Say>", NO_TWIML),
        ("<response/>", NO_TWIML),
        ("<Response><Say>a & b</Say></Response>", NO_TWIML),
        ("<Response><Say>\x01</Say></Response>", NO_TWIML),
        ("<Response><Say>\ud800</Say></Response>", NO_TWIML),
        ('<!DOCTYPE x [<!ENTITY y "z">]><Response><Say>&y;</Say></Response>', NO_TWIML),
        (f"<Response><Say>{'水' * LARGEST_DOCUMENT}</Say></Response>", TOO_LARGE),
    ],
)
def test_what_is_no_twiml_is_given_up(document: str, code: int) -> None:
    assert codes(document) == [code]
    assert read(document).is_fatal
    assert read(document).verbs == ()


@given(st.text(max_size=400))
def test_nothing_makes_the_reader_stumble(document: str) -> None:
    read(document)
    read(f"<Response>{document}</Response>")
