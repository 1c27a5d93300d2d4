"""A promise over Chinese New Year: a working Saturday, a missing part, two closed days, and an end in time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backend import db, reference
from backend.callbacks import jobs as callback_jobs
from backend.conversations import service as conversations
from backend.reference import Reference
from backend.revisions import service as revisions
from backend.tickets import jobs as ticket_jobs
from backend.tickets import promising, queries, service
from backend.tickets.models import Promise, Ticket
from backend.tickets.promise_rules import PauseReason
from backend.tickets.rules import PromiseKind, Status, TicketType
from backend.tickets.service import TicketRequest
from conftest import at

AGENT = "陈晓"


class Desk:
    """One ticket, and policy that may change under it."""

    def __init__(self, sessions: db.Sessions, reported: str) -> None:
        self.sessions, self.reference = sessions, reference.current()
        with db.session_scope(sessions) as session:
            now = at(reported)
            conversation = conversations.open_web(session, language="zh", reference=self.reference, now=now)[0]
            request = TicketRequest(
                conversation_id=conversation.id,
                form_id="f1",
                type=TicketType.REPAIR,
                phone="+8613800138000",
                address="佛山市顺德区大良街道新宁路1号302房",
                facts={"symptom": "不加热"},
            )
            self.ticket_id = service.open_ticket(session, request, reference=self.reference, now=now).ticket.id

    def tick(self, when: str) -> datetime:
        callback_jobs.run_due(self.sessions, at(when), self.reference)
        return at(when)

    def take_over_policy(self, when: str) -> Reference:
        with db.read_scope(self.sessions) as session:
            self.reference = revisions.in_force(session)
        ticket_jobs.recount(self.sessions, at(when), self.reference)
        return self.reference

    def promise(self, kind: PromiseKind) -> Promise:
        with db.session_scope(self.sessions) as session:
            found = queries.promise(session, self.ticket_id, kind)
            assert found is not None
            return found

    def due(self, kind: PromiseKind) -> str:
        due = self.promise(kind).due_at
        return f"{due.astimezone(ZoneInfo('Asia/Shanghai')):%m-%d %H:%M:%S}" if due else "to be confirmed"

    def past(self, kind: PromiseKind) -> list[str]:
        with db.read_scope(self.sessions) as session:
            found = self.promise(kind)
            return [change.what.value for change in queries.changes_of(session, [found.id])[found.id]]


@pytest.fixture
def desk(committed: db.Sessions) -> Desk:
    return Desk(committed, "2026-02-13 17:59:59")


def test_a_promise_over_chinese_new_year(desk: Desk) -> None:
    # Friday 13 February, 17:59:59: reported in the last second of the day. Saturday is a working day.
    assert desk.due(PromiseKind.REPLY) == "02-14 08:59:59"
    assert desk.due(PromiseKind.ONSITE) == "02-14 18:00:00"

    # Saturday 14 February, 10:00: the answer comes too late. The heater needs a part that is not there.
    now = desk.tick("2026-02-14 10:00")
    with db.session_scope(desk.sessions) as session:
        ticket = session.get_one(Ticket, desk.ticket_id)
        service.answered(session, ticket.conversation_id or "", AGENT, now)
        promising.promise(session, ticket, PromiseKind.PARTS, who=AGENT, reference=desk.reference, now=now)
        back = at("2026-02-24 09:00")
        promising.pause(session, ticket, PromiseKind.ONSITE, PauseReason.PART, "加热管", until=back, who=AGENT, now=now)
    assert desk.past(PromiseKind.REPLY) == ["made", "missed", "met"]
    assert desk.due(PromiseKind.PARTS) == "02-17 18:00:00"

    # Sunday 15 February, 11:00: the hotline will be closed on New Year's Eve and New Year's Day.
    with db.session_scope(desk.sessions) as session:
        now = at("2026-02-15 11:00")
        body = revisions.body(session, "calendar.yaml")
        body["exceptional_hours"] |= {"2026-02-16": "closed", "2026-02-17": "closed"}
        drafted = revisions.draft(session, "calendar.yaml", body, AGENT, now)
        revisions.approve(session, drafted.id, AGENT, now)
    desk.take_over_policy("2026-02-15 11:00")
    assert desk.due(PromiseKind.PARTS) == "02-18 18:00:00"
    assert desk.past(PromiseKind.PARTS) == ["made", "recomputed"]
    assert desk.promise(PromiseKind.ONSITE).paused_at == at("2026-02-14 10:00")

    # Wednesday 18 February, 16:00: word about the part, in time.
    with db.session_scope(desk.sessions) as session:
        ticket = session.get_one(Ticket, desk.ticket_id)
        service.meet_promise(session, ticket, PromiseKind.PARTS, AGENT, at("2026-02-18 16:00"), why="called")
    desk.tick("2026-02-23 18:00")
    assert desk.past(PromiseKind.ONSITE) == ["made", "paused"]

    # Tuesday 24 February, 09:03: the first working day. The pause has ended; one working day was lost to it.
    desk.tick("2026-02-24 09:03")
    assert desk.due(PromiseKind.ONSITE) == "02-24 18:00:00"
    assert "等配件，加热管" in desk.promise(PromiseKind.ONSITE).why_zh

    # Tuesday 24 February, 15:00: repaired. Everything is settled, and only the answer was late.
    with db.session_scope(desk.sessions) as session:
        ticket = session.get_one(Ticket, desk.ticket_id)
        now = at("2026-02-24 15:00")
        service.move(session, ticket, Status.DONE, who=AGENT, reference=desk.reference, now=now)
    desk.tick("2026-02-25 10:00")
    assert desk.past(PromiseKind.ONSITE) == ["made", "paused", "resumed", "met"]
    missed = {
        kind for kind in (PromiseKind.REPLY, PromiseKind.ONSITE, PromiseKind.PARTS) if desk.promise(kind).missed_at
    }
    assert missed == {PromiseKind.REPLY}
