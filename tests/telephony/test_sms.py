"""Texts as values: opt-out words, forms, segments, splitting."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from telephony import error_codes, sms
from telephony.ports import Action, BadForm, CarrierStatus, DeliveryStatus, Media, OptWord
from telephony.simulator import inbound_form

SID = "SM" + "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", " Stop\n", "unsubscribe", "END", "quit", "退订", "退訂", "取消订阅", "拒收"),
        *("T", "td", "TD", "ＴＤ", "ｔ", "t d", "退订。", "“退订”", "TD!", "T退订", "TD 退订", "回复TD", "退订 T"),
    ],
)
def test_a_message_that_is_an_opt_out_word_is_an_opt_out(text: str) -> None:
    assert sms.classify(text) is OptWord.STOP


@pytest.mark.parametrize(
    "text",
    [
        "取消",
        "CANCEL",
        "别退订我",
        "怎么退订？？请告诉我",
        "please stop the leak",
        "T恤",
        "不要拒收",
        "the end",
        "",
        " ",
        "…",
    ],
)
def test_a_word_inside_a_sentence_and_a_cancelled_booking_are_no_opt_out(text: str) -> None:
    assert sms.classify(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("START", "start"), ("订阅", "start"), ("恢复", "start"), ("恢復", "start"), ("help", "help"), ("帮助", "help")],
)
def test_the_way_back_and_help_are_understood(text: str, word: str) -> None:
    assert sms.classify(text) == word


def test_an_inbound_form_becomes_a_text() -> None:
    form = inbound_form(sid=SID, sender="+8613800138000", body=" 漏水\x00了\ud800 ") | {"NewField": "x"}
    text = sms.parse_inbound(form)
    assert (text.sid, text.sender, text.body, text.opt) == (SID, "+8613800138000", "漏水了", None)
    assert text.answerable
    assert text.media == ()


@pytest.mark.parametrize("sid", ["", "SM1", "SM" + "g" * 32, SID + "0", "CA" + "0" * 32])
def test_a_form_without_a_possible_message_id_is_refused(sid: str) -> None:
    with pytest.raises(BadForm, match="MessageSid"):
        sms.parse_inbound(inbound_form(sid=sid, sender="+8613800138000", body="x"))
    with pytest.raises(BadForm, match="MessageSid"):
        sms.parse_status({"MessageSid": sid})


@pytest.mark.parametrize("sender", ["95598", "Bank", "anonymous", "+861380013800000000"])
def test_a_sender_one_cannot_text_back_is_marked(sender: str) -> None:
    assert not sms.parse_inbound(inbound_form(sid=SID, sender=sender, body="x")).answerable


def test_a_form_without_a_sender_is_refused() -> None:
    with pytest.raises(BadForm, match="From"):
        sms.parse_inbound(inbound_form(sid=SID, sender="", body="x"))


def test_the_carriers_own_reading_of_an_opt_out_comes_first() -> None:
    """Twilio's default list takes CANCEL for an opt-out; it has blocked the number by then."""
    form = inbound_form(sid=SID, sender="+8613800138000", body="CANCEL") | {"OptOutType": "STOP"}
    assert sms.parse_inbound(form).opt is OptWord.STOP


def test_only_images_on_the_carriers_own_hosts_are_kept() -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    media = [
        (url, "image/jpeg"),
        (url, "image/svg+xml"),
        ("https://169.254.169.254/latest", "image/png"),
        ("http://api.twilio.com/x", "image/png"),
        ("https://api.twilio.com.evil.example/x", "image/png"),
        ("https://api.twilio.com:22/x", "image/png"),
        ("https://[bad", "image/png"),
    ]
    form = inbound_form(sid=SID, sender="+8613800138000", body="") | {"NumMedia": str(len(media))}
    for index, (address, kind) in enumerate(media):
        form |= {f"MediaUrl{index}": address, f"MediaContentType{index}": kind}
    text = sms.parse_inbound(form)
    assert text.media == (Media(url, "image/jpeg"),)
    assert text.left_out == 6


@pytest.mark.parametrize("count", ["", "-1", "many", "٣", "9999999999"])
def test_a_senseless_number_of_media_counts_as_none(count: str) -> None:
    form = inbound_form(sid=SID, sender="+8613800138000", body="") | {"NumMedia": count}
    assert sms.parse_inbound(form).media == ()


def test_a_status_form_becomes_a_status() -> None:
    form = {"MessageSid": SID, "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert sms.parse_status(form) == DeliveryStatus(SID, CarrierStatus.UNDELIVERED, 30003)
    assert sms.parse_status({"SmsSid": SID, "SmsStatus": "teleported", "ErrorCode": ""}) == DeliveryStatus(
        SID, None, None
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed 25 Nov, 15:00–15:30 – we’ll call…", "Wed 25 Nov, 15:00-15:30 - we'll call..."),
        ("明天15:00–15:30", "明天15:00–15:30"),
        ("£5 – ok 🙂", "£5 – ok 🙂"),
        ("plain", "plain"),
    ],
)
def test_a_printers_dash_does_not_make_a_text_longer(text: str, expected: str) -> None:
    assert sms.economical(text) == expected


OF_CALLS = {"initiated", "ringing", "in-progress", "completed", "busy", "no-answer"}
statuses = st.lists(st.sampled_from([word for word in CarrierStatus if word not in OF_CALLS]))


@given(statuses, st.randoms())
def test_callbacks_in_any_order_and_number_end_in_the_same_rank(seen: list[CarrierStatus], random: object) -> None:
    def end(words: list[CarrierStatus]) -> CarrierStatus | None:
        state = None
        for word in words:
            state = sms.forward(state, word)
        return state

    shuffled = [*seen, *seen]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = end(seen), end(shuffled)
    finals = {CarrierStatus.FAILED, CarrierStatus.CANCELED, CarrierStatus.UNDELIVERED}
    starts = {CarrierStatus.ACCEPTED, CarrierStatus.SCHEDULED}
    assert first == second or {first, second} <= finals or {first, second} <= starts


def test_a_delivery_outweighs_an_earlier_failure_and_is_never_taken_back() -> None:
    assert sms.forward(CarrierStatus.UNDELIVERED, CarrierStatus.DELIVERED) is CarrierStatus.DELIVERED
    assert sms.forward(CarrierStatus.DELIVERED, CarrierStatus.UNDELIVERED) is CarrierStatus.DELIVERED
    assert sms.forward(CarrierStatus.DELIVERED, None) is CarrierStatus.DELIVERED


def test_chinese_texts_hold_70_characters_in_one_segment_and_67_in_each_of_several() -> None:
    assert [sms.segments("修" * count) for count in (70, 71, 134, 135)] == [1, 2, 2, 3]


@given(st.text(max_size=900), st.integers(1, 3))
@example("一二三四五六七八九十" * 60, 2)
@example("e\u0301" * 400, 2)
@example("👨‍👩‍👧" * 80, 1)
@example("\u0301" * 500, 1)
def test_pieces_fit_lose_nothing_but_blanks_and_are_never_empty(text: str, most: int) -> None:
    pieces = sms.split_for_sms(text, most)
    assert all(piece.strip() and sms.segments(piece) <= most for piece in pieces)
    squeezed = re.sub(r"\s", "", sms.clean(text))
    assert re.sub(r"\s", "", "".join(pieces)) == squeezed


def test_a_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    sentence = "师傅会在约定的时间上门，请留意来电。"
    pieces = sms.split_for_sms(sentence * 12, 2)
    assert len(pieces) == 2
    assert all(piece.endswith("。") for piece in pieces)


def test_no_emoji_is_torn_apart() -> None:
    family = "👨‍👩‍👧"
    pieces = sms.split_for_sms(family * 40, 1)
    assert all(piece.count("👨") == piece.count("👧") for piece in pieces)


def test_the_empty_answer_is_valid_twiml() -> None:
    assert sms.empty_twiml().endswith("<Response></Response>")


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (20003, Action.STOP),
        (21610, Action.OPTED_OUT),
        (21614, Action.VOICE),
        (30003, Action.RETRY_LATER),
        (30005, Action.SHOW),
        (30007, Action.FILTERED),
        (21215, Action.BLOCKED),
        (99999, Action.SHOW),
        (None, Action.SHOW),
    ],
)
def test_what_to_do_about_an_error_code_is_data(code: int | None, action: Action) -> None:
    assert error_codes.action(code) is action
