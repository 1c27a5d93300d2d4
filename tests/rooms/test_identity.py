"""Records are read out only where they are shown to be the writer's: by a ticket's number and phone, or by a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from backend import db, limits, reference
from backend.conversations import service as conversations
from backend.customers.models import OneTimeCode
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from conftest import at
from rooms.test_bot_api import PHONE, Body, Caller
from telephony import sms

OTHER = "+8613900139000"


class Doubter(Caller):
    """A second customer at the web, who claims the first one's number."""

    def __init__(self, sessions: db.Sessions, now: datetime) -> None:
        super().__init__(sessions, now)
        with db.session_scope(sessions) as session:
            self.stranger = conversations.open_web(session, language="zh", reference=reference.current(), now=now)[0].id

    def send(self, phone: str = PHONE, conversation: str = "") -> Body:
        return self.bot("/codes", {"conversation_id": conversation or self.stranger, "phone": phone})

    def tell(self, code: str, status: int = 200, phone: str = PHONE, conversation: str = "") -> Body:
        body = {"conversation_id": conversation or self.stranger, "phone": phone, "code": code}
        return self.bot("/codes/check", body, status)

    def known(self, conversation: str = "") -> Body:
        return self.ask(f"/conversations/{conversation or self.stranger}/known")

    @property
    def texts(self) -> list[OutboxMessage]:
        with db.read_scope(self.sessions) as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))

    @property
    def code(self) -> str:
        """The code in the last text."""
        found = re.search(r"\d{6}", self.texts[-1].text)
        assert found
        return found.group()

    @property
    def wrong(self) -> str:
        return f"{(int(self.code) + 1) % 1_000_000:06d}"


@pytest.fixture
def caller(sessions: db.Sessions, now: datetime) -> Iterator[Doubter]:
    limits.forget()
    caller = Doubter(sessions, now)
    with caller.http:
        yield caller


def test_the_right_code_opens_the_tickets_of_its_number(caller: Doubter) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    assert caller.known()["tickets"] == []
    assert caller.send() == {"sent": True}
    assert caller.tell(caller.code) == {"verified": True}
    known = caller.known()
    assert [ticket["ticket_no"] for ticket in known["tickets"]] == [number]
    assert (known["verified_phone"], known["phone"], known["name"]) == (PHONE, PHONE, "李梅")


def test_a_code_leaves_as_an_answer_in_one_segment_and_only_while_it_is_valid(caller: Doubter, now: datetime) -> None:
    caller.ticket()
    caller.send()
    [text] = caller.texts
    assert (text.to, text.kind, text.answering) == (PHONE, OutboxKind.REPLY, now)
    assert text.valid_until == now + timedelta(minutes=10)
    assert sms.segments(text.text) == 1
    english = reference.current().messages.render("code", "en", code="123456", minutes=10)
    assert sms.segments(english) == 1


def test_a_number_without_a_ticket_gets_no_text_and_nobody_learns_so(caller: Doubter) -> None:
    caller.ticket()
    assert caller.send(OTHER) == caller.send(PHONE)
    assert [text.to for text in caller.texts] == [PHONE]
    assert caller.tell("000000", 422, OTHER) == caller.tell(caller.wrong, 422)


def test_a_wrong_code_is_counted_although_it_is_refused(caller: Doubter) -> None:
    caller.ticket()
    caller.send()
    for _ in range(5):
        assert caller.tell(caller.wrong, 422)["code"] == "code_wrong"
    assert caller.tell(caller.code, 422)["code"] == "code_used_up"
    assert caller.known()["tickets"] == []


def test_a_code_ends_after_ten_minutes(caller: Doubter, now: datetime) -> None:
    caller.ticket()
    caller.send()
    caller.clock.set(now + timedelta(minutes=10))
    assert caller.tell(caller.code, 422)["code"] == "code_expired"


def test_the_newest_code_counts(caller: Doubter) -> None:
    caller.ticket()
    caller.send()
    first = caller.code
    caller.send()
    if first != caller.code:
        assert caller.tell(first, 422)["code"] == "code_wrong"
    assert caller.tell(caller.code) == {"verified": True}


def test_a_code_holds_only_in_its_conversation_and_for_its_number(caller: Doubter) -> None:
    caller.ticket()
    caller.ticket(form_id="f2", phone=OTHER, type="install")
    caller.send()
    assert caller.tell(caller.code, 422, conversation=caller.texting)["code"] == "code_expired"
    assert caller.tell(caller.code, 422, phone=OTHER)["code"] == "code_expired"


def test_three_codes_a_number_and_day_whoever_asks(caller: Doubter, now: datetime) -> None:
    caller.ticket()
    for conversation in (caller.stranger, caller.texting, caller.conversation, caller.stranger):
        assert caller.send(conversation=conversation) == {"sent": True}
    assert len(caller.texts) == 3
    caller.clock.set(at("2026-11-25 00:01"))
    caller.send()
    assert len(caller.texts) == 4


def test_five_codes_a_conversation_and_day(caller: Doubter) -> None:
    for last in range(7):
        caller.send(f"+8613800138{last:03d}")
    with db.read_scope(caller.sessions) as session:
        assert len(session.scalars(select(OneTimeCode)).all()) == 5


def test_no_code_is_stored_in_clear(caller: Doubter) -> None:
    caller.ticket()
    caller.send()
    caller.send()
    with db.read_scope(caller.sessions) as session:
        first, second = session.scalars(select(OneTimeCode)).all()
    assert caller.code not in first.salted_hash + second.salted_hash
    assert first.salted_hash.split("$")[0] != second.salted_hash.split("$")[0]


def test_agents_read_no_code_in_the_outbox_of_a_live_carrier(caller: Doubter) -> None:
    caller.ticket()
    caller.send()
    [text] = caller.texts
    assert caller.code in outbox.readable(text, carrier="console")
    assert caller.code not in outbox.readable(text, carrier="twilio")
    text.message_key = "message:1"
    assert caller.code in outbox.readable(text, carrier="twilio")


def test_the_number_a_text_comes_from_opens_nothing_but_itself(caller: Doubter) -> None:
    caller.ticket()
    known = caller.known(caller.texting)
    assert known["phone"] == PHONE
    assert (known["name"], known["address"], known["tickets"]) == (None, None, [])


def test_number_and_phone_of_one_ticket_open_the_others_of_the_phone(caller: Doubter) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    caller.ticket(form_id="f2", type="install")
    wrong = {"ticket_no": number, "phone": OTHER, "conversation_id": caller.stranger}
    caller.bot("/tickets/lookup", wrong, 404)
    assert caller.known()["tickets"] == []
    caller.bot("/tickets/lookup", wrong | {"phone": PHONE})
    assert len(caller.known()["tickets"]) == 2


def test_who_tries_ticket_numbers_is_told_nothing_any_more(caller: Doubter) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    for serial in range(10):
        caller.bot("/tickets/lookup", {"ticket_no": f"WY261123-{serial:04d}", "phone": PHONE}, 404)
    assert caller.bot("/tickets/lookup", {"ticket_no": number, "phone": PHONE}, 404)["code"] == "ticket_unknown"


def test_somebody_elses_open_ticket_is_added_to_and_not_told(caller: Doubter) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    joined = caller.ticket(conversation_id=caller.stranger, form_id="s1")
    assert joined["ticket"]["ticket_no"] == number
    assert (joined["duplicate"], joined["disclosed"]) == (True, False)
    assert (joined["visit_code"], joined["ticket"]["visit_code"], joined["callback"]) == ("", "", None)
    again = caller.ticket(conversation_id=caller.stranger, form_id="s1")
    assert (again["duplicate"], again["disclosed"]) == (True, False)
    assert caller.known()["tickets"] == []


def test_a_family_members_ticket_for_the_same_heater_is_not_told(caller: Doubter) -> None:
    caller.ticket(serial_no="SN1")
    joined = caller.ticket(conversation_id=caller.stranger, form_id="s1", phone=OTHER, serial_no="SN1")
    assert (joined["duplicate"], joined["disclosed"]) == (True, False)


def test_the_same_from_a_text_of_that_number_is_not_told_before_a_code(caller: Doubter) -> None:
    caller.ticket()
    joined = caller.ticket(conversation_id=caller.texting, form_id="s1")
    assert joined["disclosed"] is False
    caller.send(conversation=caller.texting)
    caller.tell(caller.code, conversation=caller.texting)
    told = caller.ticket(conversation_id=caller.texting, form_id="s2")
    assert (told["duplicate"], told["disclosed"]) == (True, True)
    assert told["visit_code"]


def test_ones_own_open_ticket_is_told_again(caller: Doubter) -> None:
    assert caller.ticket()["disclosed"] is True
    assert caller.ticket(form_id="f2")["disclosed"] is True


def test_bad_numbers_and_unknown_conversations_are_refused(caller: Doubter) -> None:
    caller.bot("/codes", {"conversation_id": "f" * 32, "phone": PHONE}, 404)
    caller.bot("/codes/check", {"conversation_id": "f" * 32, "phone": PHONE, "code": "1"}, 404)
    caller.bot("/codes", {"conversation_id": caller.stranger, "phone": "12"}, 422)
    for code in ("", "x" * 500, "\x00", "１２３４５６"):
        caller.tell(code, 422)
    assert caller.http.post("/api/bot/codes", json={}).status_code == 401
