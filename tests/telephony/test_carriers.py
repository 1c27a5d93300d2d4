"""What the console shows, and to which outcome each of Twilio's answers leads. For all carriers: test_conformance."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from telephony.console_carrier import ConsoleCarrier
from telephony.ports import (
    Action,
    CarrierAway,
    Feature,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    Refused,
    SendResult,
    Sent,
    Unknown,
)
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.fake_twilio import ACCOUNT, NUMBER, TOKEN, FakeTwilio, serving

NOW = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
TEXT = OutgoingText(to="+8613800138000", body="您好，师傅明天上午到。", reference="17.1", valid_for_s=900)

CALL = OutgoingCall(to="+8613800138000", words="有客户报告漏电。", language="zh", reference="18.1", ring_for_s=40)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTwilio]:
    with serving(FakeTwilio(lambda: NOW)) as fake:
        yield fake


@pytest.fixture
def fake(server: FakeTwilio) -> FakeTwilio:
    server.script.clear()
    server.messages.clear()
    server.calls.clear()
    server.requests.clear()
    return server


def twilio(url: str, **more: object) -> TwilioCarrier:
    options = {"sender": NUMBER, "status_url": "https://hotline.example/telephony/status", "timeout_s": 0.3} | more
    return TwilioCarrier(account_sid=ACCOUNT, auth_token=TOKEN, api_url=url, **options)  # type: ignore[arg-type]


def test_the_console_shows_the_text_in_a_box_with_the_number_masked() -> None:
    shown: list[str] = []
    ConsoleCarrier(say=shown.append).send_text(TEXT)
    assert "138****8000" in shown[0]
    assert "13800138000" not in shown[0]
    assert TEXT.body in shown[0]


def test_the_console_shows_a_call_as_what_is_said() -> None:
    shown: list[str] = []
    ConsoleCarrier(say=shown.append).call(CALL)
    assert shown[0].startswith("┌─ CALL → 138****8000")
    assert CALL.words in shown[0]


def test_mainland_china_is_out_of_twilios_reach_for_everything_but_plain_texts() -> None:
    capabilities = TwilioCarrier.capabilities
    assert [feature for feature in Feature if capabilities.can(feature, "CN")] == [Feature.SMS]
    assert all(capabilities.can(feature, "SG") for feature in Feature)


def test_twilio_is_told_the_validity_our_number_and_where_to_report(fake: FakeTwilio) -> None:
    twilio(fake.base_url).send_text(TEXT)
    assert fake.requests == [
        {
            "To": TEXT.to,
            "Body": TEXT.body,
            "From": NUMBER,
            "ValidityPeriod": "900",
            "StatusCallback": "https://hotline.example/telephony/status?ref=17.1",
        }
    ]


def test_a_messaging_service_takes_the_place_of_a_number(fake: FakeTwilio) -> None:
    service = "MG" + "2" * 32
    twilio(fake.base_url, sender=service).send_text(TEXT)
    assert fake.requests[0]["MessagingServiceSid"] == service
    assert "From" not in fake.requests[0]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (20429, NotProcessed("too fast")),
        ("429 page", Unknown("HTTP 429")),
        ("500", Unknown("HTTP 500")),
        ("503", Unknown("HTTP 503")),
        ("400 without code", Unknown("HTTP 400")),
        ("taken, 503", Unknown("HTTP 503")),
        ("taken, empty object", Unknown("no id")),
        (20003, Refused(20003, Action.STOP)),
        (21610, Refused(21610, Action.OPTED_OUT)),
        (21211, Refused(21211, Action.VOICE)),
        (21408, Refused(21408, Action.BLOCKED)),
        (29999, Refused(29999, Action.SHOW)),
    ],
)
def test_every_answer_has_one_meaning(fake: FakeTwilio, word: str | int, expected: SendResult) -> None:
    fake.script.append(word)
    assert twilio(fake.base_url).send_text(TEXT) == expected
    fake.script.append(word)
    assert twilio(fake.base_url).call(CALL) == expected


@pytest.mark.parametrize("word", ["taken, page", "taken, list", "taken, connection lost", "taken, too slow"])
def test_a_spoiled_answer_leaves_the_outcome_unknown(fake: FakeTwilio, word: str) -> None:
    fake.script.append(word)
    assert isinstance(twilio(fake.base_url).send_text(TEXT), Unknown)
    fake.script.append(word)
    assert isinstance(twilio(fake.base_url).call(CALL), Unknown)
    assert (len(fake.messages), len(fake.calls)) == (1, 1)


def test_a_refused_connection_proves_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nobody = twilio(f"http://127.0.0.1:{port}")
    assert nobody.send_text(TEXT) == NotProcessed("no connection")
    assert nobody.call(CALL) == NotProcessed("no connection")


def test_a_text_that_was_taken_can_be_found_again(fake: FakeTwilio) -> None:
    carrier = twilio(fake.base_url)
    fake.script.append("taken, 503")
    carrier.send_text(TEXT)
    found = carrier.find(to=TEXT.to, since=NOW - timedelta(seconds=5))
    assert [(text.sid, text.body) for text in found] == [(fake.messages[0]["sid"], TEXT.body)]
    assert carrier.find(to=TEXT.to, since=NOW + timedelta(seconds=5)) == []


def test_a_call_that_was_taken_can_be_found_again_and_calls_to_us_are_not(fake: FakeTwilio) -> None:
    carrier = twilio(fake.base_url)
    fake.script.append("taken, 503")
    carrier.call(CALL)
    fake.calls.append(fake.calls[0] | {"sid": "CA" + "7" * 32, "direction": "inbound"})
    found = carrier.find_calls(to=CALL.to, since=NOW - timedelta(seconds=5))
    assert [call.sid for call in found] == [fake.calls[0]["sid"]]
    assert carrier.find_calls(to=CALL.to, since=NOW + timedelta(seconds=5)) == []


def test_a_call_is_ended_at_twilio_whatever_it_was_doing(fake: FakeTwilio) -> None:
    carrier = twilio(fake.base_url)
    made = carrier.call(CALL)
    assert isinstance(made, Sent)
    carrier.hang_up(made.sid)
    assert fake.requests[-1] == {"Status": "completed"}
    assert fake.calls[0]["status"] == "completed"


@pytest.mark.parametrize("word", [20003, "500"])
def test_whether_a_call_goes_on_is_not_guessed(fake: FakeTwilio, word: str | int) -> None:
    carrier = twilio(fake.base_url)
    made = carrier.call(CALL)
    assert isinstance(made, Sent)
    fake.script.append(word)
    with pytest.raises(CarrierAway):
        carrier.hang_up(made.sid)
    assert fake.calls[0]["status"] == "queued"


def test_twilio_is_told_what_to_say_how_long_to_ring_and_where_to_report(fake: FakeTwilio) -> None:
    twilio(fake.base_url).call(CALL)
    [told] = fake.requests
    assert told.pop("Twiml").count(CALL.words) == 2
    assert told == {
        "To": CALL.to,
        "From": NUMBER,
        "Timeout": "40",
        "TimeLimit": "120",
        "StatusCallback": "https://hotline.example/telephony/status?ref=18.1",
        "StatusCallbackEvent": "completed",
    }


def test_with_a_messaging_service_calls_need_a_number_of_their_own(fake: FakeTwilio) -> None:
    service = "MG" + "2" * 32
    assert not twilio(fake.base_url, sender=service).capabilities.can(Feature.VOICE, "SG")
    carrier = twilio(fake.base_url, sender=service, caller=NUMBER)
    assert carrier.capabilities.can(Feature.VOICE, "SG")
    carrier.call(CALL)
    assert fake.requests[0]["From"] == NUMBER
    assert NUMBER in carrier.own_numbers


def test_a_carrier_that_cannot_be_asked_says_so(fake: FakeTwilio) -> None:
    fake.script.extend(["away", "away"])
    with pytest.raises(CarrierAway):
        twilio(fake.base_url).find(to=TEXT.to, since=NOW)
    with pytest.raises(CarrierAway):
        twilio(fake.base_url).find_calls(to=TEXT.to, since=NOW)


def test_numbers_and_texts_stay_out_of_the_logs(fake: FakeTwilio, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        fake.script.extend([21211, "ok"])
        carrier = twilio(fake.base_url)
        carrier.send_text(TEXT)
        carrier.send_text(TEXT)
        carrier.find(to=TEXT.to, since=NOW)
        carrier.call(CALL)
    assert "13800138000" not in caplog.text
    assert "师傅" not in caplog.text
    assert "漏电" not in caplog.text


@pytest.mark.parametrize(("script", "finds_machines"), [("visit", True), ("bridge", False)])
def test_a_call_with_a_script_names_its_webhook_instead_of_words(
    fake: FakeTwilio, script: str, finds_machines: bool
) -> None:
    carrier = twilio(fake.base_url, outgoing_url="https://hotline.example/telephony/outgoing", timeout_s=5)
    carrier.call(replace(CALL, script=script))
    [told] = fake.requests
    assert told["Url"] == f"https://hotline.example/telephony/outgoing/{script}?ref=18.1"
    assert "Twiml" not in told
    assert ("MachineDetection" in told) is finds_machines
