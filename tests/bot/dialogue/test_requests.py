"""Status, chasing, cancelling, calls: what a customer comes back for."""

from __future__ import annotations

import pytest
from house import Conversation, House


def with_a_ticket(house: House) -> tuple[Conversation, str]:
    customer = house.conversation()
    customer.say("我要投诉，师傅态度恶劣还乱收费")
    for line in ("没有", "道歉", "我姓周", "13800138000", "确认"):
        customer.say(line)
    return customer, str(customer.tickets[0]["ticket_no"])


def test_status_is_told_to_who_knows_number_and_phone(house: House) -> None:
    _, ticket_no = with_a_ticket(house)
    other = house.conversation()
    other.say("查一下我的工单进度")
    assert other.expects == "ticket_no"
    other.say(ticket_no)
    assert other.expects == "phone"
    other.say("13800138000")
    assert "已受理" in other.heard


def test_a_wrong_phone_learns_nothing_about_a_ticket(house: House) -> None:
    _, ticket_no = with_a_ticket(house)
    other = house.conversation()
    other.say(f"查一下工单{ticket_no}的进度，电话13900139000")
    assert "对不上" in other.heard


def test_the_ticket_of_this_conversation_need_not_be_named(house: House) -> None:
    customer, ticket_no = with_a_ticket(house)
    customer.say("查一下我的工单进度")
    assert ticket_no in customer.heard
    assert "已受理" in customer.heard


def test_pressing_for_a_ticket_reaches_the_backend(house: House) -> None:
    customer, ticket_no = with_a_ticket(house)
    customer.say("催一下，怎么还没来")
    assert house.backend.called(f"/tickets/{ticket_no}/chase")
    assert "催了" in customer.heard


def test_whoever_wants_no_more_texts_is_believed_where_the_number_is_known(house: House) -> None:
    customer, _ = with_a_ticket(house)
    customer.say("别再给我发短信了，退订")
    assert house.backend.called("/opt-outs")
    assert "不再给您发短信" in customer.heard


def test_a_ticket_is_cancelled_only_after_a_yes(house: House) -> None:
    customer, ticket_no = with_a_ticket(house)
    customer.say("我想取消工单")
    assert customer.expects == "confirm"
    customer.say("不用了")
    assert not house.backend.called(f"/tickets/{ticket_no}/cancel")
    customer.say("取消工单")
    customer.say("确认")
    assert house.backend.called(f"/tickets/{ticket_no}/cancel")
    assert "已取消" in customer.heard


def test_a_call_at_another_time_is_read_back_and_booked(house: House) -> None:
    customer = house.conversation()
    customer.say("明天下午三点给我回电话，13800138000")
    assert customer.expects == "confirm"
    assert "11月25日（周三）15:00" in customer.heard
    customer.say("确认")
    (booked,) = [body for body in house.backend.called("/callbacks") if body["conversation_id"] == customer.id]
    assert booked["wanted"]["start"].startswith("2026-11-25T15:00")
    assert "约好了" in customer.heard


def test_moving_an_agreed_call_is_read_back(house: House) -> None:
    customer, _ = with_a_ticket(house)
    customer.say("改到明天下午三点后")
    assert customer.expects == "confirm"
    customer.say("对")
    assert house.backend.called("/callbacks")[-1]["reason"] == "reschedule"


@pytest.mark.parametrize(
    ("language", "wish", "drop", "told"),
    [
        ("zh", "想改一下打电话的时间", "算了，不改了", "照旧"),
        ("en", "I want to reschedule the call", "never mind", "still stands"),
    ],
)
def test_who_drops_the_change_of_a_call_hears_that_it_stands(
    house: House, language: str, wish: str, drop: str, told: str
) -> None:
    customer = house.conversation(language)
    customer.say(wish)
    customer.say(drop)
    assert told in customer.heard


def test_questions_are_answered_in_both_languages(house: House) -> None:
    assert "8:00" in house.conversation().say("你们几点上班")
    assert "8:00" in house.conversation("en").say("what are your opening hours")


def test_a_relocation_and_a_return_become_tickets_of_their_type(house: House) -> None:
    mover = house.conversation()
    mover.say("我要移机")
    for line in ("拆下来搬到新家", "王芳", "13800138000", "广州市天河区体育西路5号", "确认"):
        mover.say(line)
    assert mover.tickets[0]["type"] == "relocation"
    returner = house.conversation()
    returner.say("我要退货")
    for line in ("一直漏水，想退", "不知道", "上个月", "王芳", "13800138000", "确认"):
        returner.say(line)
    assert returner.tickets[0]["type"] == "return"
