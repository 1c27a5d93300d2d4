"""The technician's visit: asked for once after saving, booked in one sentence, left to the call, moved on request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_visits import AFTERNOON, MORNING, THURSDAY, Visits
from house import Conversation, House


@pytest.fixture
def visits(house: House) -> Iterator[Visits]:
    """Three windows can be had."""
    house.backend.visits.clear()
    house.backend.visits.free = [MORNING, AFTERNOON, THURSDAY]
    yield house.backend.visits
    house.backend.visits.clear()


def saved(house: House, language: str = "zh", channel: str = "web") -> Conversation:
    """A repair that has just been saved."""
    customer = house.conversation(language, channel)
    house.backend.known[customer.id] = {"phone": "+8613800138000", "name": "王小明"}
    if language == "en":
        lines = ("There is no hot water, I am at 12 Longkou Road, Tianhe, Guangzhou", "I don't know", "I don't know",
                 "as soon as possible", "yes")  # fmt: skip
    else:
        lines = ("我要报修，热水器不加热，地址广州市天河区体育西路5号", "不知道", "不记得了", "尽快", "确认")
    for line in lines:
        customer.say(line)
    assert len(customer.tickets) == 1, customer.heard
    return customer


def booked(visits: Visits) -> list[tuple[str, str]]:
    return [(what, body["start"]) for what, body in visits.booked]


def test_after_saving_the_visit_is_asked_for_with_buttons(house: House, visits: Visits) -> None:
    customer = saved(house)
    assert customer.tickets[0]["ticket_no"] in customer.heard
    assert MORNING["words"]["zh"] in customer.heard
    assert customer.buttons == [*(each["words"]["zh"] for each in visits.free), "你们打电话吧"]
    assert customer.expects == "time"


def test_a_button_books_the_visit_in_one_sentence_with_its_code(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say(AFTERNOON["words"]["zh"])
    assert booked(visits) == [("held", AFTERNOON["start"]), ("confirmed", AFTERNOON["start"])]
    first = customer.answer["messages"][0]["text"]
    assert "约好了，师傅明天11月25日（周三）13:00–18:00上门" in first
    assert "0427" in first
    assert "/v/" in customer.heard
    assert customer.expects is None


@pytest.mark.parametrize(
    ("said", "window"),
    [
        ("明天下午", AFTERNOON),
        ("明天上午吧", MORNING),
        ("第二个", AFTERNOON),
        ("都行", MORNING),
        ("后天上午可以吗", THURSDAY),
    ],
)
def test_free_speech_is_understood(house: House, visits: Visits, said: str, window: dict[str, str]) -> None:
    customer = saved(house)
    customer.say(said)
    assert booked(visits)[-1:] == [("confirmed", window["start"])], customer.heard


@pytest.mark.parametrize("said", ["都不行", "你们打电话吧", "不用了", "到时候再说"])
def test_who_declines_is_called_as_agreed(house: House, visits: Visits, said: str) -> None:
    customer = saved(house)
    customer.say(said)
    assert visits.booked == []
    assert "给您打电话" in customer.heard
    assert customer.expects is None


def test_a_day_with_two_windows_is_asked_which(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("明天")
    assert visits.booked == []
    assert "那天可以" in customer.heard
    customer.say("下午")
    assert booked(visits)[-1] == ("confirmed", AFTERNOON["start"])


def test_a_time_nobody_can_come_gets_others(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("下个月3号下午三点")
    assert "排不开" in customer.heard
    customer.say("那就第一个")
    assert booked(visits)[-1] == ("confirmed", MORNING["start"])


def test_a_window_taken_meanwhile_gets_the_next_ones(house: House, visits: Visits) -> None:
    customer = saved(house)
    visits.taken = {MORNING["start"]}
    customer.say(MORNING["words"]["zh"])
    assert "刚被约走" in customer.heard
    assert MORNING["words"]["zh"] not in customer.buttons
    customer.say(AFTERNOON["words"]["zh"])
    assert booked(visits)[-1] == ("confirmed", AFTERNOON["start"])


def test_when_none_is_free_inside_the_promise_the_offer_says_so(house: House, visits: Visits) -> None:
    visits.free, visits.why = [THURSDAY], "none_inside"
    customer = saved(house)
    assert "承诺期内的上门时段已经约满" in customer.heard
    customer.say("可以")
    assert booked(visits)[-1] == ("confirmed", THURSDAY["start"])


def test_what_is_not_understood_is_asked_once_more_and_then_left_to_the_call(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("那个什么来着啊")
    assert "哪个" in customer.heard
    customer.say("嗯这个嘛我想想那个")
    assert visits.booked == []
    assert customer.expects is None


def test_a_backend_that_goes_away_promises_nothing(house: House, visits: Visits) -> None:
    customer = saved(house)
    visits.confirming_fails = True
    customer.say("第一个")
    assert "约不上" in customer.heard
    assert "约好了" not in customer.heard


def test_a_question_in_between_is_answered_and_the_visit_asked_again(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("上门要收费吗")
    assert MORNING["words"]["zh"] in customer.heard
    customer.say("明天上午")
    assert booked(visits)[-1] == ("confirmed", MORNING["start"])


def test_danger_outranks_the_visit(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("洗澡的时候水龙头麻手")
    assert customer.answer["intent"] == "report_hazard"
    assert visits.booked == []


def test_another_request_goes_its_own_way(house: House, visits: Visits) -> None:
    customer = saved(house)
    customer.say("还有一台热水器漏水，也要报修")
    assert customer.expects == "symptom"
    assert visits.booked == []


def test_by_text_message_windows_are_numbered_and_short(house: House, visits: Visits) -> None:
    customer = saved(house, channel="sms")
    assert "1 明天11月25日" in customer.heard
    assert len(customer.answer["messages"]) == 1
    assert len(customer.heard) <= 134, customer.heard
    customer.say("2")
    assert booked(visits)[-1] == ("confirmed", AFTERNOON["start"])
    assert "0427" in customer.heard
    assert "http" not in customer.heard


def test_by_text_message_a_zero_declines(house: House, visits: Visits) -> None:
    customer = saved(house, channel="sms")
    customer.say("0")
    assert visits.booked == []
    assert customer.expects is None


def test_in_english(house: House, visits: Visits) -> None:
    customer = saved(house, "en")
    assert customer.buttons[-1] == "Call me instead"
    customer.say("tomorrow afternoon please")
    assert booked(visits)[-1] == ("confirmed", AFTERNOON["start"])
    assert "Booked: the technician comes tomorrow, Wed 25 Nov, 13:00–18:00" in customer.heard


def test_in_english_by_phone(house: House, visits: Visits) -> None:
    customer = saved(house, "en")
    customer.say("just call me please")
    assert visits.booked == []
    assert "we settle it when we call" in customer.heard


def test_without_windows_nothing_is_asked(house: House, visits: Visits) -> None:
    visits.free = []
    customer = saved(house)
    assert customer.expects is None
    assert "会在" in customer.heard


def test_another_time_for_an_agreed_visit_moves_it(house: House, visits: Visits) -> None:
    visits.current = {"id": 31, **MORNING}
    customer = house.conversation()
    customer.say("我想改一下上门时间")
    assert "您约的是明天11月25日（周三）08:00–12:00" in customer.heard
    customer.say("后天上午")
    assert booked(visits) == [("moved", THURSDAY["start"])]
    assert "改好了" in customer.heard


def test_another_time_named_at_once_moves_the_visit_at_once(house: House, visits: Visits) -> None:
    visits.current = {"id": 31, **MORNING}
    customer = house.conversation()
    customer.say("师傅上门改到后天上午吧")
    assert booked(visits) == [("moved", THURSDAY["start"])]


def test_who_keeps_the_agreed_visit_keeps_it(house: House, visits: Visits) -> None:
    visits.current = {"id": 31, **MORNING}
    customer = house.conversation()
    customer.say("我想改一下上门时间")
    customer.say("不改了")
    assert visits.booked == []
    assert "还是明天11月25日" in customer.heard


def test_a_visit_that_was_called_off_is_agreed_anew(house: House, visits: Visits) -> None:
    visits.called_off = True
    customer = house.conversation()
    customer.say("我想改一下上门时间")
    assert "师傅上门的时间现在就可以定" in customer.heard
    customer.say("明天下午")
    assert booked(visits) == [("held", AFTERNOON["start"]), ("confirmed", AFTERNOON["start"])]


def test_without_a_visit_another_time_is_for_the_call(house: House, visits: Visits) -> None:
    customer = house.conversation()
    customer.say("我想改一下上门时间")
    assert customer.expects == "phone"


def test_another_time_for_the_visit_of_a_ticket_just_looked_up_is_a_visit(house: House, visits: Visits) -> None:
    customer = house.conversation()
    for line in ("查一下进度", "WY261124-0001", "13800138000", "能不能后天上午上门"):
        customer.say(line)
    assert booked(visits) == [("held", THURSDAY["start"]), ("confirmed", THURSDAY["start"])]


def test_thanks_beside_a_question_do_not_hide_it(house: House, visits: Visits) -> None:
    customer = saved(house, "en")
    customer.say("thanks, how much will it be?")
    assert "quote" in customer.heard or "price" in customer.heard
