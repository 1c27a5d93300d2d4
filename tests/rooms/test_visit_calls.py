"""Numbers that take no texts are called instead, and their answers do what the same answers by text do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from backend import db
from backend.appointments import jobs, service
from backend.appointments.models import Appointment
from backend.callbacks import service as callbacks
from backend.callbacks.models import Callback
from backend.customers import service as customers
from backend.outbox.rules import Medium
from backend.outbox.rules import Status as Sending
from backend.tickets.models import Ticket
from conftest import at
from rooms.line import Line, said
from rooms.visits import AFTERNOON, LINKS, PHONE, REFERENCE, book, open_case
from rooms.web import Web, open_web
from telephony.ports import Action, Capabilities, Feature, Refused

LANDLINE = "+8675722223333"
EVENING = at("2026-11-24 17:00")


@pytest.fixture
def web(committed: db.Sessions, engine: Engine, now: datetime) -> Iterator[Web]:
    with open_web(committed, engine, now, ticking=False) as web:
        yield web


@pytest.fixture
def line(web: Web) -> Line:
    return Line(web)


def remind(web: Web, line: Line, phone: str = LANDLINE, language: str = "zh") -> int:
    """A visit tomorrow, and its reminder this evening, on its way."""
    with db.session_scope(web.sessions) as session:
        ticket = open_case(session, web.clock.now(), phone=phone, language=language).ticket
        appointment_id = book(session, ticket, AFTERNOON, web.clock.now()).id
    line.send()
    web.clock.set(EVENING)
    jobs.run_due(web.sessions, EVENING, REFERENCE, LINKS)
    line.send()
    return appointment_id


def visit(web: Web) -> Appointment:
    with db.read_scope(web.sessions) as session:
        return service.get(session, session.scalars(select(Appointment.id)).one())


def code(web: Web) -> str:
    with db.read_scope(web.sessions) as session:
        return " ".join(session.scalars(select(Ticket.visit_code)).one() or "")


def test_a_landline_is_called_and_asked_the_same_question(web: Web, line: Line) -> None:
    remind(web, line)
    assert line.carrier.sent == []
    [rung] = line.carrier.calls
    assert (rung.to, rung.script) == (LANDLINE, "visit")
    question = said(line.pick_up("visit", AnsweredBy="human"))
    assert "11月25日，周三，13点到18点" in question
    assert code(web) not in question
    [row] = line.rows()
    assert (row.medium, row.instead) == (Medium.CALL, "fixed_line")


@pytest.mark.parametrize("answer", [{"Digits": "1"}, {"SpeechResult": "确认"}, {"SpeechResult": "好的。"}])
def test_one_confirms_and_only_then_the_visit_code_is_said(web: Web, line: Line, answer: dict[str, str]) -> None:
    remind(web, line)
    thanks = line.answer(line.pick_up("visit"), **answer)
    assert code(web) in said(thanks)
    assert visit(web).customer_confirmed_at == EVENING


def test_two_offers_windows_and_a_key_takes_one(web: Web, line: Line) -> None:
    remind(web, line)
    offer = line.answer(line.pick_up("visit"), Digits="2")
    assert "请按1" in said(offer)
    [start, _end] = visit(web).offered[0]
    moved = line.answer(offer, Digits="1")
    assert code(web) in said(moved)
    assert visit(web).window_start == datetime.fromisoformat(start) != AFTERNOON.start


def test_an_offered_window_somebody_else_has_taken_is_said(web: Web, line: Line) -> None:
    remind(web, line)
    offer = line.answer(line.pick_up("visit"), Digits="2")
    with db.session_scope(web.sessions) as session:
        appointment = service.get(session, session.scalars(select(Appointment.id)).one())
        appointment.offered = [[at("2026-11-24 08:00").isoformat(), at("2026-11-24 12:00").isoformat()]]
    again = line.answer(offer, Digits="1")
    assert "刚被约走" in said(again)
    assert again.find("Gather") is not None
    assert visit(web).window_start == AFTERNOON.start


@pytest.mark.parametrize("answer", [{"Digits": "0"}, {"SpeechResult": "转人工"}, {"SpeechResult": "取消上门"}])
def test_zero_is_a_person_who_calls_back_and_nothing_is_called_off_by_ear(
    web: Web, line: Line, answer: dict[str, str]
) -> None:
    remind(web, line)
    goodbye = line.answer(line.pick_up("visit"), **answer)
    assert "给您打电话" in said(goodbye)
    with db.read_scope(web.sessions) as session:
        assert callbacks.open_call(session, LANDLINE) is not None
    assert visit(web).window_start == AFTERNOON.start


@pytest.mark.parametrize("taken_by", ["machine_end_beep", "machine_start", "fax"])
def test_a_machine_hears_nothing_about_anybody(web: Web, line: Line, taken_by: str) -> None:
    remind(web, line)
    left = line.pick_up("visit", AnsweredBy=taken_by)
    assert [each.tag for each in left] == ["Pause", "Say", "Hangup"]
    assert "11月" not in said(left)
    assert code(web) not in said(left)


def test_who_is_silent_is_asked_again_and_in_the_end_let_go(web: Web, line: Line) -> None:
    remind(web, line)
    document, turns = line.pick_up("visit"), 0
    while document.find("Gather") is not None:
        document, turns = line.answer(document), turns + 1
        assert turns < 10
    assert document[-1].tag == "Hangup"
    assert visit(web).customer_confirmed_at is None


def test_the_same_turn_again_gets_the_same_words_and_changes_nothing(web: Web, line: Line) -> None:
    remind(web, line)
    offer = line.answer(line.pick_up("visit"), Digits="2")
    first, again = (line.answer(offer, Digits="1") for _ in range(2))
    assert ET.tostring(first) == ET.tostring(again)
    assert visit(web).sequence == 1


def test_a_visit_that_was_called_off_meanwhile_is_not_confirmed(web: Web, line: Line) -> None:
    appointment_id = remind(web, line)
    question = line.pick_up("visit")
    with db.session_scope(web.sessions) as session:
        service.cancel(session, appointment_id, who="x", reference=REFERENCE, now=web.clock.now())
    assert "已有变动" in said(line.answer(question, Digits="1"))
    assert visit(web).customer_confirmed_at is None


def test_english_customers_are_asked_in_english(web: Web, line: Line) -> None:
    remind(web, line, language="en")
    question = line.pick_up("visit")
    assert "Press 1 to confirm" in said(question)
    assert "goodbye" in said(line.answer(question, SpeechResult="Yes.")).lower()


def test_a_number_the_carrier_calls_a_landline_is_called_at_once_and_from_then_on(web: Web, line: Line) -> None:
    line.carrier.results.append(Refused(30006, Action.VOICE))  # the text that tells of the agreed visit
    remind(web, line, phone=PHONE)
    with db.read_scope(web.sessions) as session:
        assert not customers.takes_texts(session, PHONE)
    assert [call.to for call in line.carrier.calls] == [PHONE]
    agreed, evening = line.rows()
    assert (agreed.status, agreed.reason) == (Sending.REFUSED, "voice")
    assert (evening.medium, evening.instead) == (Medium.CALL, "no_texts")
    web.text("我收得到短信")
    with db.read_scope(web.sessions) as session:
        assert customers.takes_texts(session, PHONE)


def test_a_reminder_the_carrier_cannot_text_becomes_a_call_under_its_own_name(web: Web, line: Line) -> None:
    with db.session_scope(web.sessions) as session:
        book(session, open_case(session, web.clock.now()).ticket, AFTERNOON, web.clock.now())
    line.send()
    web.clock.set(EVENING)
    jobs.run_due(web.sessions, EVENING, REFERENCE, LINKS)
    line.carrier.results.append(Refused(21614, Action.VOICE))
    line.send()
    line.send()
    row = line.rows()[-1]
    assert (row.medium, row.status, row.instead, row.attempts) == (Medium.CALL, Sending.SENT, "no_texts", 2)
    assert code(web) in said(line.answer(line.pick_up("visit"), Digits="1"))


def test_where_the_carrier_does_not_ring_an_agent_sees_the_reason(web: Web, line: Line) -> None:
    line.carrier.capabilities = Capabilities(frozenset({Feature.SMS}))
    remind(web, line)
    [row] = line.rows()
    assert (row.status, row.reason) == (Sending.REFUSED, "no_voice")
    assert line.carrier.calls == []


def test_who_wants_nothing_automatic_is_not_called_either(web: Web, line: Line) -> None:
    with db.session_scope(web.sessions) as session:
        customers.find_or_add(session, LANDLINE, now=web.clock.now())
        customers.set_opt_out(session, LANDLINE, web.clock.now())
    remind(web, line)
    assert line.carrier.calls == []


def test_callbacks_keep_their_own_rules(web: Web, line: Line) -> None:
    """A reminder of a call by a call helps nobody."""
    remind(web, line)
    with db.read_scope(web.sessions) as session:
        assert session.scalars(select(Callback.remind_at)).all() == [None] * len(
            session.scalars(select(Callback.id)).all()
        )
