"""A small fictional town (`data/town.yaml`), told through the rooms' own services: every promise is a real one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.agents.permissions import Role
from backend.appointments import offering
from backend.appointments import service as appointments
from backend.callbacks import cases
from backend.callbacks import service as callbacks
from backend.callbacks.rules import Status as CallStatus
from backend.clock import WallClock
from backend.conversations import service as conversations
from backend.conversations.rules import Author
from backend.errors import Conflict
from backend.launcher import embedded
from backend.reference import Reference
from backend.revisions import service as revisions
from backend.settings import ROOT, Settings
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Status, TicketType
from backend.tickets.service import TicketRequest

TOWN = ROOT / "data" / "town.yaml"
LOGINS = "town-logins"  # in the data directory, mode 0600


@dataclass(frozen=True)
class Town:
    """What was made: logins (username → password) and ticket numbers."""

    logins: Mapping[str, str]
    ticket_nos: tuple[str, ...]


def run(session: Session, *, now: datetime, policy: Reference, path: Path = TOWN) -> Town:
    """Fill the database with the town as of `now`.

    Raises:
        Conflict: the town is there already.
        OutsideCalendar: the calendar does not reach back to the town's first day.
    """
    town = yaml.safe_load(path.read_text(encoding="utf-8"))
    logins = {}
    for agent in town["agents"]:
        logins[agent["username"]] = password = secrets.token_urlsafe(12)
        agents.add(session, agent["username"], password, name=agent["name"], role=Role(agent["role"]), now=now)
        agents.set_contact(session, agent["username"], phone=agent.get("phone"), email=agent.get("email"))
    return Town(logins, tuple(_settle(session, each, now, policy) for each in town["requests"]))


def fill(settings: Settings) -> str:
    """Fill the house's database and keep the agents' logins in the data directory; a line that says so.

    Raises:
        Conflict: the town is there already.
    """
    folder = embedded.make_folder(settings)
    db.migrate(settings.database)
    engine = db.make_engine(settings.database)
    now = WallClock(settings.start_at).now()
    try:
        with db.session_scope(db.make_sessions(engine)) as session:
            town = run(session, now=now, policy=revisions.in_force(session))
    except Conflict:
        raise Conflict("The town is there already.") from None
    finally:
        engine.dispose()
    lines = "".join(f"{username} {password}\n" for username, password in town.logins.items())
    embedded.write_private(folder / LOGINS, lines)
    return (
        f"The town has {len(town.ticket_nos)} tickets and {len(town.logins)} agents; "
        f"their logins are in {folder / LOGINS}."
    )


def _settle(session: Session, request: Mapping[str, Any], now: datetime, policy: Reference) -> str:
    """One customer's request: what was said, the ticket with its callback, and what has become of it since."""
    at = _moment(request, now, policy)
    language = request["language"]
    conversation, _ = conversations.open_web(session, language=language, reference=policy, now=at)
    conversations.say(session, conversation, Author.CUSTOMER, request["said"], now=at, answered_at=at)
    conversations.say(session, conversation, Author.BOT, request["answer"], now=at, reply_to=conversation.last_seq)
    confirmed = TicketRequest(
        conversation_id=conversation.id,
        form_id=request["form"],
        type=TicketType(request["type"]),
        phone=request["phone"],
        name=request["name"],
        address=request["address"],
        language=language,
        facts={"description": request["said"]} | request["facts"],
    )
    case = cases.open_with_callback(session, confirmed, None, reference=policy, now=at)
    callback = case.callback
    if "becomes" in request and callback is not None and callback.window_end <= now:
        called, who = callback.window_end, agents.FIRST_AGENT
        callbacks.record_outcome(session, callback.id, CallStatus.DONE, who=who, reference=policy, now=called)
        if request["becomes"] == Status.SCHEDULED and _visit(session, case.ticket, who, called, now, policy):
            return case.ticket.ticket_no
        tickets.move(
            session,
            case.ticket,
            Status(request["becomes"]),
            who=who,
            reference=policy,
            now=called,
            reason=request.get("reason", ""),
        )
    return case.ticket.ticket_no


def _visit(session: Session, ticket: Ticket, who: str, called: datetime, now: datetime, policy: Reference) -> bool:
    """Agree a visit, a day from now at the earliest; False where the outlet has no window."""
    windows = offering.offers_for(session, ticket, reference=policy, now=called).windows
    window = next((each for each in windows if each.start >= now + timedelta(days=1)), None)
    if window is not None:
        appointments.book(session, ticket, window, who=who, tell=False, links=None, reference=policy, now=called)
    return window is not None


def _moment(request: Mapping[str, Any], now: datetime, policy: Reference) -> datetime:
    if "days_ago" not in request:
        return now
    day = now.astimezone(policy.calendar.zone).date() - timedelta(days=request["days_ago"])
    return datetime.combine(day, time.fromisoformat(request["at"]), policy.calendar.zone)
