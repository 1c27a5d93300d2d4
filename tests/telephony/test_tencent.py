"""The domestic gateway: approved texts only, one meaning for every answer, what it hands out is stored once."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backend import reference
from backend.reference import gateway
from telephony import templates
from telephony.ports import (
    Action,
    Carrier,
    CarrierAway,
    CarrierStatus,
    Feature,
    Letterbox,
    NotProcessed,
    OptWord,
    OutgoingCall,
    OutgoingText,
    Refused,
    SendResult,
    Sent,
    Unknown,
)
from telephony.templates import Filled, Template
from telephony.tencent_carrier import TencentCarrier, errors
from tests.telephony.fake_tencent import APP, KEY, KEY_ID, FakeTencent, serving

REMINDER = "提醒您：工单{ticket_no}的回电时间是{window}，届时请保持电话畅通。退订回复TD"
APPROVED = (Template("1234567", REMINDER), Template("7654321", "已为您恢复短信通知。需要帮助直接回复即可。"))
WORDS = "【威雅电器】提醒您：工单WY261124-0001的回电时间是11月25日（周三）15:00–15:30，届时请保持电话畅通。退订回复TD"
TEXT = OutgoingText("+8613800138000", WORDS, "17.1", 900)
SINCE = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTencent]:
    with serving(FakeTencent()) as fake:
        yield fake


@pytest.fixture
def fake(server: FakeTencent) -> FakeTencent:
    server.forget()
    return server


def tencent(url: str, key: str = KEY) -> TencentCarrier:
    return TencentCarrier(
        secret_id=KEY_ID,
        secret_key=key,
        app_id=APP,
        signature="威雅电器",
        approved=APPROVED,
        api_url=url,
        own_numbers=["+8675788880000"],
        timeout_s=1,
    )


def test_it_is_a_carrier_and_a_letterbox_for_mainland_china_only(fake: FakeTencent) -> None:
    carrier: Carrier = tencent(fake.base_url)
    assert isinstance(carrier, Letterbox)
    can = carrier.capabilities.can
    assert [feature for feature in Feature if can(feature, "CN")] == [Feature.SMS]
    assert not can(Feature.SMS, "SG")
    assert carrier.capabilities.max_segments >= 2


def test_a_text_leaves_as_its_template_with_our_name_for_it(fake: FakeTencent) -> None:
    result = tencent(fake.base_url).send_text(TEXT)
    assert isinstance(result, Sent)
    assert re.fullmatch(r"5000:\d{28}", result.sid)
    [asked] = fake.requests
    assert asked == {
        "PhoneNumberSet": ["+8613800138000"],
        "SmsSdkAppId": APP,
        "SignName": "威雅电器",
        "TemplateId": "1234567",
        "TemplateParamSet": ["WY261124-0001", "11月25日（周三）15:00–15:30"],
        "SessionContext": "17.1",
    }


@pytest.mark.parametrize(
    "words",
    ["随便说说", WORDS + "！", WORDS.replace("请保持", "要保持"), WORDS.replace("WY261124-0001", "x" * 61), ""],
)
def test_what_was_not_approved_is_not_even_handed_over(fake: FakeTencent, words: str) -> None:
    carrier = tencent(fake.base_url)
    assert not carrier.capabilities.takes(words)
    assert carrier.send_text(replace(TEXT, body=words)) == Refused(0, Action.SHOW)
    assert fake.requests == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", Refused(1015, Action.OPTED_OUT)),
        ("InvalidParameterValue.IncorrectPhoneNumber", Refused(1016, Action.VOICE)),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Refused(1023, Action.RETRY_LATER)),
        ("LimitExceeded.PhoneNumberDailyLimit", Refused(1025, Action.SHOW)),
        ("LimitExceeded.DeliveryFrequencyLimit", NotProcessed("too fast")),
        ("FailedOperation.ContainSensitiveWord", Refused(1003, Action.FILTERED)),
        ("FailedOperation.SomethingNew", Refused(0, Action.SHOW)),
        ("InternalError.Timeout", Unknown("InternalError.Timeout")),
        ("SomethingElse", Unknown("SomethingElse")),
        ("!RequestLimitExceeded", NotProcessed("too fast")),
        ("!AuthFailure.SecretIdNotFound", Refused(0, Action.STOP)),
        ("!AuthFailure.SomethingNew", Refused(0, Action.STOP)),
        ("!UnauthorizedOperation.ServiceSuspendDueToArrears", Refused(0, Action.STOP)),
        ("!FailedOperation.InsufficientBalanceInSmsPackage", Refused(1031, Action.STOP)),
        ("!InternalError.UnknownError", Unknown("InternalError.UnknownError")),
        ("500", Unknown("ServerNetworkError")),
        ("taken, 503", Unknown("ServerNetworkError")),
        ("taken, no id", Unknown("no id")),
        ("taken, nothing", Unknown("no status")),
    ],
)
def test_every_answer_has_one_meaning(fake: FakeTencent, word: str, expected: SendResult) -> None:
    fake.script.append(word)
    assert tencent(fake.base_url).send_text(TEXT) == expected


def test_a_page_instead_of_an_answer_leaves_the_outcome_unknown(fake: FakeTencent) -> None:
    fake.script.append("taken, page")
    assert isinstance(tencent(fake.base_url).send_text(TEXT), Unknown)
    assert len(fake.sent) == 1


def test_a_wrong_key_stops_the_sender(fake: FakeTencent) -> None:
    assert tencent(fake.base_url, key="x" * 32).send_text(TEXT) == Refused(0, Action.STOP)


def test_a_refused_connection_proves_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert tencent(f"http://127.0.0.1:{port}").send_text(TEXT) == NotProcessed("no connection")


def test_a_carrier_that_never_answers_leaves_the_outcome_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = tencent(f"http://127.0.0.1:{listener.getsockname()[1]}").send_text(TEXT)
    assert result == Unknown("ReadTimeout")


def test_it_makes_no_calls(fake: FakeTencent) -> None:
    carrier = tencent(fake.base_url)
    assert isinstance(carrier.call(OutgoingCall("+8613800138000", "x", "zh", "1.1", 40)), Refused)
    assert list(carrier.find_calls(to="+8613800138000", since=SINCE)) == []


def test_reports_are_handed_out_once_with_our_name_for_the_text(fake: FakeTencent) -> None:
    carrier = tencent(fake.base_url)
    sent = [carrier.send_text(replace(TEXT, reference=name)) for name in ("1.1", "2.1")]
    fake.report(0)
    fake.report(1, "FAIL", with_reference=False)
    first, second = carrier.reports()
    assert isinstance(sent[0], Sent)
    assert (first.reference, first.status.sid, first.status.status) == ("1.1", sent[0].sid, CarrierStatus.DELIVERED)
    assert (second.reference, second.status.status) == ("", CarrierStatus.UNDELIVERED)
    assert carrier.reports() == []


def test_replies_become_texts_and_the_same_one_has_the_same_id(fake: FakeTencent) -> None:
    for words, at in (("退订", 1), ("退订", 1), ("退订", 2), ("几点来\x00", 3)):
        fake.reply(words, at=at)
    first, same, later, asked = tencent(fake.base_url).texts()
    assert first.sid == same.sid != later.sid
    assert re.fullmatch(r"TC[0-9a-f]{32}", first.sid)
    assert (first.opt, first.sender, first.answerable) == (OptWord.STOP, "+8613800138000", True)
    assert (asked.opt, asked.body) == (None, "几点来")


def test_a_text_whose_outcome_is_unknown_is_found_by_our_name_for_it(fake: FakeTencent) -> None:
    carrier = tencent(fake.base_url)
    fake.script.append("taken, 503")
    carrier.send_text(TEXT)
    fake.report()
    [found] = carrier.find(to=TEXT.to, since=SINCE - timedelta(seconds=5))
    assert (found.reference, found.sid, found.status) == ("17.1", fake.sent[0]["SerialNo"], CarrierStatus.DELIVERED)


def test_a_carrier_that_cannot_be_asked_says_so(fake: FakeTencent) -> None:
    carrier = tencent(fake.base_url)
    fake.script.extend(["500", "!InternalError", "500"])
    for ask in (carrier.reports, carrier.texts, lambda: carrier.find(to=TEXT.to, since=SINCE)):
        with pytest.raises(CarrierAway):
            ask()


def test_numbers_and_texts_stay_out_of_the_logs(fake: FakeTencent, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        tencent(fake.base_url).send_text(TEXT)
        fake.reply("退订")
        tencent(fake.base_url).texts()
    assert "13800138000" not in caplog.text
    assert "WY261124" not in caplog.text


def test_every_listed_code_names_an_action_that_exists() -> None:
    assert len(errors()) > 20
    assert {action for _, action in errors().values()} >= {Action.STOP, Action.OPTED_OUT, Action.VOICE}


def test_of_two_templates_that_fit_the_one_with_more_fixed_words_is_meant() -> None:
    found = templates.approved(
        {"a": {"zh": "1"}, "b": {"zh": "2"}, "c": {"zh": ""}},
        {("a", "zh"): "【威雅电器】{x}", ("b", "zh"): "【威雅电器】师傅{x}上门。{link}退订回TD", ("c", "zh"): "别的"},
    )
    assert [each.id for each in found] == ["2", "1"]
    assert templates.fit(found, "【威雅电器】师傅明天上门。退订回TD") == Filled("2", ("明天",))
    assert templates.fit(found, "别的") == Filled("1", ("别的",))
    assert found[0].numbered == "师傅{1}上门。退订回TD"


def test_each_text_of_the_gateway_fits_its_own_template_and_no_other() -> None:
    """As the house words it today, with an id for everything."""
    messages, table = reference.current().messages, gateway.current()
    words = gateway.wording(table, messages)
    ids = {name: {language: f"{name}.{language}" for language in ("zh", "en")} for name in table.templates}
    approved = templates.approved(ids, words)
    for name, language in words:
        values = {
            variable: "" if variable == "link" else messages.sample(variable, language)  # type: ignore[arg-type]
            for variable in messages.messages[name].variables
        }
        found = templates.fit(approved, messages.render(name, language, **values))
        assert found is not None, name
        assert found.id == f"{name}.{language}"


def test_nothing_is_approved_until_somebody_has_entered_an_id() -> None:
    assert gateway.approved(gateway.current(), reference.current().messages) == ()
