"""Records are read out to who has shown that they are theirs: a code in place of a forgotten number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from fake_backend import CODE
from house import Conversation, House

_phones, _serials = count(13700000000), count(7001)
WRONG = "111111"


@pytest.fixture
def phone() -> str:
    """A number nobody else has in these tests."""
    return str(next(_phones))


@pytest.fixture(autouse=True)
def as_it_was(house: House) -> Iterator[None]:
    yield
    house.backend.down = house.backend.quietly_joined = False
    house.backend.code_problem = None


def saved(house: House, phone: str, kind: str) -> str:
    """A ticket of the number, opened in another conversation."""
    ticket_no = f"WY261124-{next(_serials)}"
    ticket = {"ticket_no": ticket_no, "type": kind, "phone": f"+86{phone}", "status": "new"}
    house.backend.tickets["earlier", ticket_no] = ticket
    return ticket_no


def complain(house: House, phone: str) -> str:
    return saved(house, phone, "complaint")


def report(house: House, phone: str) -> str:
    return saved(house, phone, "repair")


def forgetful(house: House, language: str = "zh", channel: str = "web") -> Conversation:
    customer = house.conversation(language, channel)
    customer.say("查一下我的工单进度" if language == "zh" else "what is the status of my ticket")
    assert customer.expects == "ticket_no"
    customer.say("工单号忘了" if language == "zh" else "I don't have the ticket number")
    assert customer.expects == "phone"
    return customer


def test_who_has_no_number_shows_by_a_code_whose_ticket_it_is(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    assert "免得别人查到" in customer.heard
    customer.say(phone)
    assert customer.expects == "code"
    assert house.backend.called("/codes")[-1] == {"conversation_id": customer.id, "phone": f"+86{phone}"}
    assert ticket_no not in customer.heard
    customer.say(f"收到了，{CODE}")
    assert ticket_no in customer.heard
    assert "已受理" in customer.heard
    assert customer.expects is None


def test_the_same_in_english(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house, "en")
    customer.say(f"my phone is {phone}")
    assert "6-digit code" in customer.heard
    customer.say("four eight two nine one three")
    assert ticket_no in customer.heard


def test_a_forgotten_number_told_at_once_is_not_asked_for(house: House, phone: str) -> None:
    customer = house.conversation()
    customer.say(f"帮我查一下进度，单号我忘了，电话{phone}")
    assert customer.expects == "code"


def test_who_tells_the_phone_in_place_of_the_number_gets_a_code(house: House, phone: str) -> None:
    customer = house.conversation()
    customer.say("查一下我的工单进度")
    customer.say(f"我报电话行不，{phone}")
    assert customer.expects == "code"


@pytest.mark.parametrize("choice", ["第二个", "投诉那个"])
def test_of_several_tickets_the_customer_chooses_one(house: House, phone: str, choice: str) -> None:
    older, newer = complain(house, phone), report(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    customer.say(CODE)
    assert customer.expects == "ticket_no"
    assert customer.buttons == [newer, older]
    assert "1. 维修，11月24日" in customer.heard
    assert "2. 投诉，11月24日" in customer.heard
    customer.say(choice)
    assert older in customer.heard
    assert "已受理" in customer.heard


def test_a_choice_that_is_none_is_asked_for_again_and_then_a_person_comes(house: House, phone: str) -> None:
    complain(house, phone)
    report(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    customer.say(CODE)
    customer.say("嗯")
    assert "哪一张" in customer.heard
    customer.say("嗯")
    customer.say("嗯")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_a_number_without_open_tickets_is_told_kindly(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    customer.say(CODE)
    assert "没有在办的单子" in customer.heard
    assert customer.expects is None
    assert "对不上" not in customer.heard


def test_a_text_that_does_not_come_is_sent_once_more_and_then_a_person_helps(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    before = len(house.backend.called("/codes"))
    customer.say("没收到啊")
    assert customer.expects == "code"
    assert len(house.backend.called("/codes")) == before + 1
    customer.say("还是没收到短信")
    assert len(house.backend.called("/codes")) == before + 1
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_three_wrong_codes_lead_to_a_person_and_tell_nothing(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    said = [customer.say(WRONG) for _ in range(3)]
    assert "对不上" in said[0]
    assert customer.expects is None
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id
    assert ticket_no not in "".join(said)


def test_a_code_that_ran_out_is_replaced_by_a_new_one(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    before = len(house.backend.called("/codes"))
    house.backend.code_problem = "code_expired"
    customer.say(CODE)
    assert customer.expects == "code"
    assert len(house.backend.called("/codes")) == before + 1


def test_another_phone_named_at_the_code_gets_its_own(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say("13900139000")
    customer.say(f"不对，登记的是{phone}")
    assert customer.expects == "code"
    assert house.backend.called("/codes")[-1]["phone"] == f"+86{phone}"


def test_the_number_found_after_all_is_enough(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    customer.say(f"找到了，{ticket_no}")
    assert "已受理" in customer.heard


def test_a_lost_phone_is_a_persons_matter(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    customer.say("那个手机丢了")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_a_question_and_a_pause_at_the_code_cost_no_try(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    assert "核对是您本人" in customer.say("你们要验证码干什么")
    for pause in ("好的", "我等一下看看手机", "嗯"):
        assert "不急" in customer.say(pause)
        assert customer.expects == "code"
    assert ticket_no in customer.say(CODE)


def test_who_wants_no_more_is_let_go(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    assert "先不查了" in customer.say("算了不查了")
    assert customer.expects is None


def test_who_has_no_mobile_is_helped_by_a_person(house: House) -> None:
    customer = forgetful(house)
    customer.say("我没有手机")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id
    assert "没听明白" not in customer.heard


def test_danger_comes_first_even_at_the_code(house: House, phone: str) -> None:
    customer = forgetful(house)
    customer.say(phone)
    customer.say("热水器冒烟了，还漏电")
    assert house.backend.called("/hazards")[-1]["conversation_id"] == customer.id


def test_pressing_passes_the_wish_on_and_never_the_code(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = house.conversation()
    customer.say("催一下，怎么还没人联系我")
    customer.say("没有单号")
    customer.say(phone)
    customer.say(CODE)
    assert house.backend.called(f"/tickets/{ticket_no}/chase")[-1]["text"] == "催一下，怎么还没人联系我"


def test_a_cancellation_still_needs_its_yes(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = house.conversation()
    customer.say("我想取消工单")
    customer.say("忘了")
    customer.say(phone)
    customer.say(CODE)
    assert customer.expects == "confirm"
    assert ticket_no in customer.heard
    assert not house.backend.called(f"/tickets/{ticket_no}/cancel")
    customer.say("确认")
    assert house.backend.called(f"/tickets/{ticket_no}/cancel") == [{"phone": f"+86{phone}"}]


def test_who_changes_their_mind_at_the_code_keeps_the_ticket(house: House, phone: str) -> None:
    customer = house.conversation()
    customer.say("我想取消工单")
    customer.say("没有单号")
    customer.say(phone)
    customer.say("算了，不取消了")
    assert "保留不动" in customer.heard
    assert customer.expects is None


def test_who_wants_it_after_all_at_the_last_question_keeps_the_ticket(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    customer.say(CODE)
    customer.say("我想取消工单")
    assert customer.expects == "confirm"
    customer.say("哎不对，还是要你们来")
    assert "保留不动" in customer.heard
    assert not house.backend.called(f"/tickets/{ticket_no}/cancel")


def test_once_shown_it_need_not_be_shown_again(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    customer.say(CODE)
    customer.say("那帮我催一下")
    assert house.backend.called(f"/tickets/{ticket_no}/chase")


def test_a_backend_that_is_away_costs_no_try(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = forgetful(house)
    customer.say(phone)
    house.backend.down = True
    customer.say(CODE)
    house.backend.down = False
    customer.say(CODE)
    assert ticket_no in customer.heard


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_texts_stay_short_and_calls_speakable(house: House, phone: str, channel: str) -> None:
    complain(house, phone)
    report(house, phone)
    customer = forgetful(house, channel=channel)
    said = [customer.say(phone), customer.say("没收到"), customer.say(WRONG), customer.say(CODE)]
    assert all(len(text) <= 134 for text in said), said
    assert all("\n" not in text for text in said)
    if channel == "voice":
        assert " ".join(phone[-4:]) in said[0]


def test_somebody_elses_ticket_is_joined_without_telling_it(house: House, phone: str) -> None:
    house.backend.quietly_joined = True
    customer = house.conversation()
    customer.say("我要投诉，师傅态度恶劣还乱收费")
    for line in ("没有", "道歉", "我姓周", phone, "确认"):
        customer.say(line)
    assert "登记过同类的事" in customer.heard
    assert customer.tickets[0]["ticket_no"] not in customer.heard
    assert "0427" not in customer.heard
    customer.say("查一下进度")
    assert customer.expects == "ticket_no"


def test_a_wrong_pair_is_asked_again_and_a_code_helps(house: House, phone: str) -> None:
    ticket_no = complain(house, phone)
    customer = house.conversation()
    customer.say("查一下工单WY261101-0009的进度，电话13900139000")
    assert "对不上" in customer.heard
    assert customer.expects == "ticket_no"
    customer.say("没有单号了")
    customer.say(phone)
    customer.say(CODE)
    assert ticket_no in customer.heard
