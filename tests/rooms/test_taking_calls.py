"""An agent takes a caller from the queue: their telephone rings, a key connects them, nobody is lost."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import db
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.audit.models import AuditEntry
from backend.audit.rules import What
from backend.calls import jobs
from backend.calls.models import Call
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, Status
from rooms.calls import BASE, Phone
from rooms.web import SECRET, Web
from telephony import signature
from telephony.twiml_reader import read
from tests.telephony.fake_carrier import FakeCarrier

AGENT_PHONE = "+8613700137000"
ORIGIN = {"origin": BASE, "sec-fetch-site": "same-origin"}


def sign_in(web: Web, phone: str | None = AGENT_PHONE) -> None:
    with db.session_scope(web.sessions) as session:
        made = agents.add(session, "chen", "correct horse battery", name="陈晓", role=Role.AGENT, now=web.clock.now())
        made.phone = phone
    form = {"username": "chen", "password": "correct horse battery"}
    assert web.client.post("/api/session", json=form, headers=ORIGIN).status_code < 300


def one(web: Web, table: type[Any]) -> Any:
    with db.read_scope(web.sessions) as session:
        [row] = session.scalars(select(table)).all()
        return row


def press_answer(web: Web) -> Any:
    address = f"/console/conversations/{one(web, Conversation).id}/answer-call"
    return web.client.post(address, headers=ORIGIN | {"HX-Request": "true"})


def agents_phone(web: Web, path: str = "", **form: str) -> ET.Element:
    """The carrier's post about the call to the agent."""
    with db.session_scope(web.sessions) as session:
        row = session.scalars(select(OutboxMessage)).one()
        row.status, row.attempts = Status.SENT, 1
        ref = f"{row.id}.1"
    fields = {"CallSid": "CA" + "f" * 32, "AccountSid": "AC" + "0" * 32, "CallStatus": "in-progress"} | form
    address = path or f"/telephony/outgoing/answer?ref={ref}"
    signed = signature.sign(BASE + address, fields, SECRET)
    answer = web.client.post(address, data=fields, headers={signature.HEADER: signed})
    assert answer.status_code == 200
    assert read(answer.text).troubles == ()
    return ET.fromstring(answer.text)


@pytest.fixture
def caller(web: Web) -> Phone:
    web.client.app.state.house.carrier = FakeCarrier()  # type: ignore[attr-defined]
    phone = Phone(web).ring().press("0")
    assert phone.verbs == ["Say", "Enqueue"]
    return phone


def test_a_caller_who_has_only_pressed_a_key_is_seen_waiting(web: Web, caller: Phone) -> None:
    sign_in(web)
    page = web.client.get("/console/").text
    assert one(web, Conversation).id in page
    assert "按键 0" in page


def test_the_agents_telephone_rings_and_the_one_key_connects_the_two(web: Web, caller: Phone) -> None:
    sign_in(web)
    assert "接听来电" in web.client.get(f"/console/conversations/{one(web, Conversation).id}").text
    answer = press_answer(web)
    assert answer.status_code == 200
    assert "您的电话在响" in answer.text
    row = one(web, OutboxMessage)
    assert (row.to, row.medium, row.script) == (AGENT_PHONE, Medium.CALL, "answer")
    assert one(web, Conversation).mode is Mode.HUMAN
    gather = agents_phone(web).find("Gather")
    assert gather is not None
    connected = agents_phone(web, gather.get("action") or "", Digits="1")
    assert connected.findtext("Dial/Queue") == f"hotline-{one(web, Call).line}"
    page = web.client.get(f"/console/conversations/{one(web, Conversation).id}").text
    assert "正在和客服通话" in page
    web.clock.move(timedelta(minutes=7))
    assert jobs.run_due(web.client.app.state.house, web.clock.now()) == 0  # type: ignore[attr-defined]
    caller.follow(caller.xml.find("Enqueue").get("action") or "", QueueResult="bridged")  # type: ignore[union-attr]
    assert caller.verbs == ["Say", "Hangup"]
    caller.hang_up()
    assert one(web, Conversation).mode is Mode.HUMAN
    assert one(web, Call).line is None


def test_pressing_twice_rings_once(web: Web, caller: Phone) -> None:
    sign_in(web)
    assert [press_answer(web).status_code for _ in range(2)] == [200, 200]
    assert one(web, OutboxMessage).to == AGENT_PHONE


def test_an_agent_without_a_telephone_is_told_the_next_step(web: Web, caller: Phone) -> None:
    sign_in(web, None)
    answer = press_answer(web)
    assert answer.status_code == 422
    assert one(web, Conversation).mode is Mode.WAITING
    with db.read_scope(web.sessions) as session:
        assert session.scalars(select(OutboxMessage)).all() == []


def test_a_caller_who_has_left_is_not_connected(web: Web, caller: Phone) -> None:
    sign_in(web)
    press_answer(web)
    action = agents_phone(web).find("Gather").get("action") or ""  # type: ignore[union-attr]
    caller.hang_up()
    assert agents_phone(web, action, Digits="1").find("Dial") is None
    assert press_answer(web).status_code == 409


def test_whoever_does_not_press_the_key_leaves_the_caller_waiting(web: Web, caller: Phone) -> None:
    sign_in(web)
    press_answer(web)
    action = agents_phone(web).find("Gather").get("action") or ""  # type: ignore[union-attr]
    assert agents_phone(web, action).find("Dial") is None
    web.clock.move(timedelta(seconds=61))
    house = web.client.app.state.house  # type: ignore[attr-defined]
    assert jobs.run_due(house, web.clock.now()) == 1
    assert one(web, Conversation).mode is Mode.WAITING
    assert one(web, Call).line == 1
    assert press_answer(web).status_code == 200
    with db.read_scope(web.sessions) as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 2


def test_an_agent_who_is_let_go_leaves_the_call(web: Web, caller: Phone) -> None:
    sign_in(web)
    press_answer(web)
    with db.read_scope(web.sessions) as session:
        assert session.scalars(select(Agent.id)).all() == [one(web, Call).taker_id]


def test_the_agent_ends_the_talk_on_the_screen(web: Web, caller: Phone) -> None:
    sign_in(web)
    press_answer(web)
    address = f"/console/conversations/{one(web, Conversation).id}"
    end = {"url": f"{address}/end-call", "headers": ORIGIN | {"HX-Request": "true"}}
    assert web.client.post(**end).status_code == 409, "nobody talks yet"
    gather = agents_phone(web).find("Gather")
    assert gather is not None
    agents_phone(web, gather.get("action") or "", Digits="1")
    with db.session_scope(web.sessions) as session:
        session.scalars(select(OutboxMessage)).one().sid = "CA" + "f" * 32
    assert 'id="end-call"' in web.client.get(address).text
    ended = web.client.post(**end)
    assert ended.status_code == 200
    assert web.client.app.state.house.carrier.ended == ["CA" + "f" * 32]  # type: ignore[attr-defined]
    caller.follow(caller.xml.find("Enqueue").get("action") or "", QueueResult="bridged")  # type: ignore[union-attr]
    assert caller.verbs == ["Say", "Hangup"]
    caller.hang_up()
    assert 'id="end-call"' not in web.client.get(address).text
    assert web.client.post(**end).status_code == 409
    with db.read_scope(web.sessions) as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.what == What.HUNG_UP)).all()
    assert (entry.who, entry.subject) == ("陈晓", one(web, Conversation).id)
