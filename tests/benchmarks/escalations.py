"""What a tick of the escalations costs with few and with many open tickets. Run by hand; the ratio is what counts.

    uv run python -m tests.benchmarks.escalations [--postgresql URL] [--few 1000] [--many 20000] [--raised 0.1]

All tickets are open and promised for later, so that nothing is due; a tenth of them are escalated and acknowledged,
as they would stand for days.
"""

from __future__ import annotations

import argparse
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import insert

from backend import db, logs, reference
from backend.escalations import jobs
from backend.escalations.models import Escalation, PromiseWatch
from backend.escalations.rules import Trigger
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Priority, PromiseKind, Status, TicketType
from tests.benchmarks.scratch import database

REFERENCE = reference.current()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=REFERENCE.calendar.zone)
TICKS = 20


def fill(sessions: db.Sessions, first: int, until: int, raised: float) -> None:
    """Open tickets of these numbers, each with a promise that has four days left."""
    due, made = NOW + timedelta(days=4), NOW - timedelta(hours=1)
    with db.session_scope(sessions) as session:
        tickets = [
            {
                "ticket_no": f"BENCH{number:06d}",
                "type": TicketType.REPAIR,
                "status": Status.NEW,
                "priority": Priority.NORMAL,
                "visit_code": "0000",
                "phone_confirmed": False,
                "address": {},
                "address_text": "",
                "place_reason": {},
                "symptom": "不出热水",
                "install": {},
                "channel": "web",
                "language": "zh",
                "contacts": 1,
                "created_at": made,
            }
            for number in range(first, until)
        ]
        ids = session.scalars(insert(Ticket).returning(Ticket.id, sort_by_parameter_order=True), tickets).all()
        promises = insert(Promise).returning(Promise.id, sort_by_parameter_order=True)
        promised = session.scalars(promises, [_promise(ticket_id, made, due) for ticket_id in ids]).all()
        watch = {"half_at": due - timedelta(days=2), "near_at": due - timedelta(days=1), "due_at": due}
        watch["look_at"] = watch["half_at"]
        session.execute(insert(PromiseWatch), [{"promise_id": promise_id, **watch} for promise_id in promised])
        session.execute(
            insert(Escalation), [_escalation(ticket_id, made) for ticket_id in ids[: int(len(ids) * raised)]]
        )
    with sessions() as session:
        session.execute(sa.text("ANALYZE"))
        session.commit()


def _promise(ticket_id: int, made: datetime, due: datetime) -> dict[str, object]:
    why = {"why_zh": "四天内上门", "why_en": "a visit within four days"}
    rule = {"rule": "onsite:township:2d", "amount": 2, "tier": "township", "calendar": "bench"}
    kept = {"ticket_id": ticket_id, "kind": PromiseKind.ONSITE, "due_at": due, "paused_s": 0, "started_at": made}
    return {**kept, **rule, **why}


def _escalation(ticket_id: int, made: datetime) -> dict[str, object]:
    return {
        "key": f"ticket:{ticket_id}:{Trigger.REPEAT_CONTACT}",
        "trigger": Trigger.REPEAT_CONTACT,
        "ticket_id": ticket_id,
        "why_zh": "再次来电",
        "why_en": "rang again",
        "raised_at": made,
        "times": 1,
        "acknowledged_by": "陈晓",
        "acknowledged_at": made,
    }


def tick_ms(sessions: db.Sessions) -> float:
    """Milliseconds of computing in this process for a tick in which nothing is due.

    On PostgreSQL most work is the server's: there the clock is taken.
    """
    is_sqlite = sessions.kw["bind"].dialect.name == "sqlite"
    clock = time.process_time if is_sqlite else time.perf_counter
    for _ in range(3):
        jobs.run_due(sessions, NOW, REFERENCE)
    began = clock()
    for _ in range(TICKS):
        jobs.run_due(sessions, NOW, REFERENCE)
    return (clock() - began) / TICKS * 1000


def main() -> None:
    """Measure one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", help="a PostgreSQL server's URL; default: SQLite")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=20_000)
    parser.add_argument("--raised", type=float, default=0.1, help="the share of tickets that is escalated")
    asked = parser.parse_args()
    logs.configure("ERROR")
    with database(asked.postgresql) as url:
        engine = db.make_engine(url)
        sessions = db.make_sessions(engine)
        fill(sessions, 0, asked.few, asked.raised)
        few = tick_ms(sessions)
        print(f"{asked.few:>7,} open tickets: {few:6.1f} ms a tick", flush=True)
        fill(sessions, asked.few, asked.many, asked.raised)
        many = tick_ms(sessions)
        print(f"{asked.many:>7,} open tickets: {many:6.1f} ms a tick, {many / few:.2f} times as much", flush=True)
        engine.dispose()


if __name__ == "__main__":
    main()
