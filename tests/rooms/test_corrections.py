"""A saved ticket put right by its customer, and what is added to a report of danger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend import db
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallbackStatus
from backend.tickets.models import Ticket
from backend.tickets.rules import Status
from rooms.test_bot_api import Caller, caller

__all__ = ["caller"]

Body = dict[str, Any]
PLACE = {
    "raw": "佛山市顺德区大良街道凤翔路15号",
    "province": "广东省",
    "city": "佛山市",
    "district": "顺德区",
    "town": "大良街道",
    "village": "",
    "detail": "凤翔路15号",
}


def correct(caller: Caller, right: Body, status: int = 200, conversation: str | None = None) -> Body:
    number = caller.ticket()["ticket"]["ticket_no"]
    body = {"conversation_id": conversation or caller.conversation, **right}
    return caller.bot(f"/tickets/{number}/correct", body, status)


def saved(caller: Caller) -> Body:
    caller.sign_in()
    (ticket,) = caller.http.get("/api/tickets").json()
    return dict(ticket)


def test_name_address_and_model_are_put_right_with_their_history(caller: Caller) -> None:
    changed = correct(caller, {"name": "王芳", "address": PLACE, "model": "YLS-D60A"})
    assert set(changed["changed"]) == {"name", "address", "model"}
    ticket = saved(caller)
    assert ticket["customer"]["name"] == "王芳"
    assert ticket["address"]["detail"] == "凤翔路15号"
    told = [entry["what"]["zh"] if isinstance(entry["what"], dict) else entry["what"] for entry in ticket["timeline"]]
    assert any("李梅" in line and "王芳" in line for line in told)


def test_what_whoever_comes_should_know_is_kept_with_the_ticket(caller: Caller) -> None:
    assert correct(caller, {"wanted": "bring a ladder"})["changed"] == ["wanted"]
    with db.session_scope(caller.sessions) as session:
        assert session.scalars(select(Ticket)).one().wanted == "bring a ladder"


def test_another_number_takes_the_promised_call_with_it(caller: Caller) -> None:
    correct(caller, {"phone": "139 0013 9000"})
    with db.session_scope(caller.sessions) as session:
        calls = session.scalars(select(Callback).order_by(Callback.id)).all()
        assert [(call.phone, call.status) for call in calls] == [
            ("+8613800138000", CallbackStatus.CANCELLED),
            ("+8613900139000", CallbackStatus.BOOKED),
        ]
        assert session.scalars(select(Ticket)).one().contact_phone == "+8613900139000"


def test_the_same_value_again_changes_nothing(caller: Caller) -> None:
    assert correct(caller, {"name": "李梅", "phone": "13800138000"})["changed"] == []


def test_only_the_conversation_that_opened_a_ticket_may_correct_it(caller: Caller) -> None:
    correct(caller, {"name": "王芳"}, status=404, conversation=caller.texting)


def test_a_number_that_cannot_be_called_is_refused_and_nothing_changes(caller: Caller) -> None:
    correct(caller, {"name": "王芳", "phone": "1380013800"}, status=422)
    assert saved(caller)["customer"]["name"] == "李梅"


def test_a_ticket_somebody_works_on_is_changed_by_a_person(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    with db.session_scope(caller.sessions) as session:
        session.scalars(select(Ticket)).one().status = Status.IN_PROGRESS
    caller.bot(f"/tickets/{number}/correct", {"conversation_id": caller.conversation, "name": "王芳"}, status=409)


def test_place_number_and_injury_are_added_to_the_same_report_of_danger(caller: Caller) -> None:
    report = {"conversation_id": caller.conversation, "text": "水龙头麻手", "kind": "tingling", "phone": None}
    first = caller.bot("/hazards", {**report, "message_id": "m1"})
    assert first["needs_phone"] is True
    more = {**report, "kind": "number", "phone": "13800138000"}
    second = caller.bot("/hazards", {**more, "message_id": "m2", "text": "13800138000"})
    third = caller.bot(
        "/hazards",
        {**more, "message_id": "m3", "text": "我妈晕了", "address": PLACE["raw"], "anyone_hurt": True},
    )
    assert first["ticket_no"] == second["ticket_no"] == third["ticket_no"]
    assert second["needs_phone"] is False
    ticket = saved(caller)
    assert ticket["address"]["district"] == "顺德区"
    assert {promise["kind"] for promise in ticket["promises"]} >= {"reply", "opinion", "onsite"}
    assert any("有人受伤" in str(entry["what"]) for entry in ticket["timeline"])
