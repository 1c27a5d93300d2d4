"""The channel's promises: text is only text, one effect a message, nothing lost in a crash."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from house import House


def turn(conversation: str, message: str, text: str, **more: Any) -> dict[str, Any]:
    return {
        "conversation_id": conversation, "message_id": message, "text": text, "channel": "web", "language": "zh",
        "now": "2026-11-24T10:05:00+08:00", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    "command",
    ["/restart", "／restart", ' /inform{"phone": "13999999999"}', "//session_start", "/back", "EXTERNAL: restart"],
)
def test_a_typed_command_is_text_and_sets_nothing(house: House, command: str) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say(command)
    assert customer.answer["intent"] not in ("restart", "session_start", "back")
    assert customer.expects in ("symptom", "model")
    customer.say("一直不加热")
    customer.say("不知道")
    assert customer.expects in ("name", "purchase_date")
    assert "13999999999" not in customer.heard


def test_the_same_message_again_gets_the_same_answer_and_has_no_second_effect(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    first = dict(customer.say("不加热", message_id="m-7") and customer.answer)
    customer.say("不加热", message_id="m-7")
    assert customer.answer == first
    customer.say("不知道")
    assert customer.expects == "purchase_date"


def test_the_same_message_sent_ten_times_at_once_has_one_effect(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    with ThreadPoolExecutor(10) as crowd:
        answers = list(crowd.map(lambda _: house.post(turn(customer.id, "burst", "不加热")), range(10)))
    assert {status for status, _ in answers} == {200}
    assert len({str(answer) for _, answer in answers}) == 1
    customer.say("不知道")
    assert customer.expects == "purchase_date"


def test_a_conversation_is_forgotten_whole_on_request(house: House) -> None:
    customer, other = house.conversation(), house.conversation()
    customer.say("我要报修，我叫李遗忘")
    other.say("我要报修")
    assert house.post({"conversation_id": customer.id}, "wrong", to="erase")[0] == 401
    assert house.post({"conversation_id": ""}, to="erase")[0] == 422
    assert house.post({"conversation_id": customer.id}, to="erase") == (200, {"erased": True})
    with closing(sqlite3.connect(house.folder / "bot.sqlite3")) as memory:
        kept = {
            row[0] for table in ("event", "answer") for row in memory.execute(f"select conversation_id from {table}")
        }
    assert customer.id not in kept
    assert other.id in kept
    assert "李遗忘".encode() not in (house.folder / "bot.sqlite3").read_bytes()
    other.say("不加热")
    assert other.expects != "symptom"


@pytest.mark.parametrize("token", ["", "wrong", "令牌"])
def test_who_has_no_token_is_turned_away(house: House, token: str) -> None:
    status, problem = house.post(turn("c", "m", "你好"), token.encode().decode("latin-1"))
    assert (status, problem["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[]", 422),
        (turn("c", "m", "你好", channel="fax"), 422),
        (turn("c", "m", "你好", language="fr"), 422),
        (turn("c", "m", "你好", now="2026-11-24T10:05:00"), 422),
        (turn("../../etc", "m", "你好"), 422),
        (turn("c", "m", "x" * 200_000), 413),
    ],
)
def test_what_is_no_turn_is_refused_without_a_trace(house: House, body: Any, status: int) -> None:
    assert house.post(body)[0] == status


def test_a_conversation_survives_the_death_of_the_server(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    customer.say("不加热", message_id="before-the-crash")
    answer = customer.answer
    house.kill("rasa")
    house.start_rasa()
    customer.say("不加热", message_id="before-the-crash")
    assert customer.answer == answer
    customer.say("不知道")
    assert customer.expects == "purchase_date"


def test_with_the_backend_down_facts_are_kept_and_a_retry_goes_on(house: House) -> None:
    customer = house.conversation()
    customer.say("我要投诉，师傅态度恶劣还乱收费")
    for line in ("没有", "道歉", "我姓周"):
        customer.say(line)
    house.backend.down = True
    try:
        customer.say("13800138000")
        assert "重试" in customer.buttons
        assert customer.expects == "phone"
    finally:
        house.backend.down = False
    customer.say("重试")
    assert customer.expects == "confirm"
    house.backend.down = True
    try:
        customer.say("确认")
        assert "重试" in customer.buttons
    finally:
        house.backend.down = False
    assert not customer.tickets
    customer.say("重试")
    assert len(customer.tickets) == 1
    assert customer.tickets[0]["ticket_no"] in customer.heard


def test_with_the_action_server_away_the_customer_hears_an_apology(house: House) -> None:
    customer = house.conversation()
    customer.say("我要报修")
    house.kill("actions")
    try:
        customer.say("不加热")
        assert "抱歉" in customer.heard
    finally:
        house.start_actions()
    customer.say("不加热")
    assert customer.expects == "model"


def test_a_saved_ticket_closes_the_session_so_that_turns_stay_short(house: House) -> None:
    customer = house.conversation()
    customer.say("我要投诉，师傅态度恶劣还乱收费")
    for line in ("没有", "道歉", "我姓周", "13800138000", "确认", "谢谢"):
        customer.say(line)
    with closing(sqlite3.connect(house.folder / "bot.sqlite3")) as ledger:
        query = "select count(*) from event where conversation_id = ? and starts_session"
        assert ledger.execute(query, (customer.id,)).fetchone()[0] == 2
