"""An agent's own canned replies: written, changed, taken out and brought back by themselves. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.agents import rules
from backend.agents.models import Agent, OwnReply
from backend.errors import NotFound, Refused

MOST = 50


def of(session: Session, agent_id: int) -> Sequence[OwnReply]:
    """What an agent is offered, in the order of its titles."""
    mine = select(OwnReply).where(OwnReply.agent_id == agent_id, OwnReply.taken_out_at.is_(None))
    return session.scalars(mine.order_by(OwnReply.title, OwnReply.id)).all()


def get(session: Session, agent: Agent, reply_id: int) -> OwnReply:
    """One of an agent's own.

    Raises:
        NotFound: there is none of that number, or it is a colleague's.
    """
    found = session.get(OwnReply, reply_id)
    if found is None or found.agent_id != agent.id:
        raise NotFound
    return found


def add(
    session: Session, agent: Agent, title: str, text: str, *, variables: Collection[str], now: datetime
) -> OwnReply:
    """Write one more.

    Raises:
        Refused: they have fifty, or `rules.flaw_of_reply` finds fault with it.
    """
    count = select(func.count()).where(OwnReply.agent_id == agent.id, OwnReply.taken_out_at.is_(None))
    if (session.scalar(count) or 0) >= MOST:
        raise Refused("You have fifty already: take one out first.", code="too_many_replies")
    title, text = _checked(title, text, variables)
    made = OwnReply(agent_id=agent.id, title=title, text=text, written_at=now)
    session.add(made)
    session.flush()
    return made


def change(
    session: Session, agent: Agent, reply_id: int, title: str, text: str, *, variables: Collection[str], now: datetime
) -> OwnReply:
    """Write one anew.

    Raises:
        NotFound: as `get`.
        Refused: as `add`.
    """
    found = get(session, agent, reply_id)
    found.title, found.text = _checked(title, text, variables)
    found.written_at, found.taken_out_at = now, None
    session.flush()
    return found


def take_out(session: Session, agent: Agent, reply_id: int, now: datetime) -> OwnReply:
    """Offer one no more.

    Raises:
        NotFound: as `get`.
    """
    found = get(session, agent, reply_id)
    found.taken_out_at = now
    session.flush()
    return found


def bring_back(session: Session, agent: Agent, reply_id: int) -> OwnReply:
    """Offer again what was taken out.

    Raises:
        NotFound: as `get`.
    """
    found = get(session, agent, reply_id)
    found.taken_out_at = None
    session.flush()
    return found


def _checked(title: str, text: str, variables: Collection[str]) -> tuple[str, str]:
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if flaw := rules.flaw_of_reply(title, text, variables):
        raise Refused(flaw.why, code=flaw.code)
    return title, text
