"""Every carrier keeps the port's promises: the console's, Twilio's and Tencent's, each before its own fake."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from telephony.console_carrier import ConsoleCarrier
from telephony.ports import (
    Carrier,
    CarrierAway,
    Feature,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    Refused,
    Sent,
    Unknown,
)
from telephony.templates import Template
from telephony.tencent_carrier import TencentCarrier
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony import fake_tencent, fake_twilio

NOW = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
OURS = "+8675787654321"
WORDS = "您好，师傅明天上午到。"
SIGNED = f"【威雅电器】{WORDS}"
CALL = OutgoingCall(to="+8613800138000", words="有客户报告漏电。", language="zh", reference="18.1", ring_for_s=40)


@dataclass(frozen=True)
class Subject:
    """One carrier as all tests see it.

    Attributes:
        at: the carrier that reaches its fake at an address.
        url: where the fake listens; empty for a carrier that asks nobody.
        home: a region it texts.
        sid: what its names for texts look like.
    """

    name: str
    at: Callable[[str], Carrier]
    url: str
    home: str
    sid: str

    @property
    def carrier(self) -> Carrier:
        return self.at(self.url)


def console(_url: str) -> Carrier:
    return ConsoleCarrier(say=lambda _text: None, own_numbers=[OURS])


def twilio(url: str) -> Carrier:
    return TwilioCarrier(
        account_sid=fake_twilio.ACCOUNT,
        auth_token=fake_twilio.TOKEN,
        sender=fake_twilio.NUMBER,
        status_url="https://hotline.example/telephony/status",
        api_url=url,
        own_numbers=[OURS],
        timeout_s=1,
    )


def tencent(url: str) -> Carrier:
    return TencentCarrier(
        secret_id=fake_tencent.KEY_ID,
        secret_key=fake_tencent.KEY,
        app_id=fake_tencent.APP,
        signature="威雅电器",
        approved=(Template("1234567", WORDS),),
        api_url=url,
        own_numbers=[OURS],
        timeout_s=1,
    )


@pytest.fixture(scope="module")
def twilio_url() -> Iterator[str]:
    with fake_twilio.serving(fake_twilio.FakeTwilio(lambda: NOW)) as fake:
        yield fake.base_url


@pytest.fixture(scope="module")
def tencent_url() -> Iterator[str]:
    with fake_tencent.serving(fake_tencent.FakeTencent()) as fake:
        yield fake.base_url


@pytest.fixture(params=["console", "twilio", "tencent"])
def subject(request: pytest.FixtureRequest, twilio_url: str, tencent_url: str) -> Subject:
    return {
        "console": Subject("console", console, "", "CN", r"SM[0-9a-f]{32}"),
        "twilio": Subject("twilio", twilio, twilio_url, "SG", r"SM[0-9a-f]{32}"),
        "tencent": Subject("tencent", tencent, tencent_url, "CN", r"\d+:\d+"),
    }[request.param]


def text(to: str = "+8613800138000", body: str = SIGNED) -> OutgoingText:
    return OutgoingText(to=to, body=body, reference="17.1", valid_for_s=900)


def test_it_knows_its_name_our_numbers_and_what_it_can_do(subject: Subject) -> None:
    carrier = subject.carrier
    assert carrier.name == subject.name
    assert OURS in carrier.own_numbers
    assert carrier.capabilities.can(Feature.SMS, subject.home)
    assert carrier.capabilities.max_segments >= 2
    assert carrier.capabilities.takes(SIGNED)


def test_it_accepts_a_text_and_names_it(subject: Subject) -> None:
    first, second = subject.carrier.send_text(text()), subject.carrier.send_text(text("+8613900139000"))
    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert re.fullmatch(subject.sid, first.sid)
    assert first.sid != second.sid


def test_it_calls_exactly_where_its_table_says_so(subject: Subject) -> None:
    carrier = subject.carrier
    calls = [carrier.call(CALL), carrier.call(CALL)]
    if any(carrier.capabilities.can(Feature.VOICE, region) for region in ("CN", "SG")):
        sids = {each.sid for each in calls if isinstance(each, Sent)}
        assert len(sids) == 2
        assert all(re.fullmatch(r"CA[0-9a-f]{32}", sid) for sid in sids)
    else:
        assert all(isinstance(each, Refused) for each in calls)


def test_a_call_can_be_ended_and_one_that_is_over_stays_so(subject: Subject) -> None:
    carrier = subject.carrier
    made = carrier.call(CALL)
    for _ in range(2):
        carrier.hang_up(made.sid if isinstance(made, Sent) else "CA" + "0" * 32)
    carrier.hang_up("CA" + "e" * 32)


def test_it_takes_whatever_its_table_says_it_takes(subject: Subject) -> None:
    odd = "这是谁也没有批准过的一句话。"
    is_sent = isinstance(subject.carrier.send_text(text(body=odd)), Sent)
    assert is_sent == subject.carrier.capabilities.takes(odd)


def test_it_can_be_asked_for_texts_and_calls_to_a_number(subject: Subject) -> None:
    assert list(subject.carrier.find(to="+8613700137000", since=NOW)) == []
    assert list(subject.carrier.find_calls(to="+8613700137000", since=NOW)) == []


def test_a_refused_connection_proves_that_nothing_was_sent(subject: Subject) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nobody = subject.at(f"http://127.0.0.1:{port}")
    if subject.url:
        assert isinstance(nobody.send_text(text()), NotProcessed)
        with pytest.raises(CarrierAway):
            nobody.find(to="+8613800138000", since=NOW)
        if nobody.capabilities.can(Feature.VOICE, "SG"):
            with pytest.raises(CarrierAway):
                nobody.hang_up("CA" + "e" * 32)
    else:
        assert isinstance(nobody.send_text(text()), Sent)


def test_a_connection_that_ends_after_the_request_proves_nothing(subject: Subject) -> None:
    if not subject.url:
        assert isinstance(subject.carrier.send_text(text()), Sent)
        return
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            peer, _ = listener.accept()
            peer.recv(65536)
            peer.close()

        listening = threading.Thread(target=hang_up)
        listening.start()
        result = subject.at(f"http://127.0.0.1:{listener.getsockname()[1]}").send_text(text())
        listening.join()
    assert isinstance(result, Unknown)
