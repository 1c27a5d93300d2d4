"""Photos that came with texts, until the room above has fetched them. Flushes, never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.conversations import service
from backend.conversations.models import Conversation, Enclosure
from backend.conversations.rules import Author
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from telephony.ports import InboundText


@dataclass(frozen=True)
class Waiting:
    """A photo to fetch now; `attempt` counts the tries, this one included."""

    id: int
    conversation_id: str
    url: str
    attempt: int


def enclose(session: Session, conversation: Conversation, text: InboundText, now: datetime) -> None:
    """Remember a text's photos, to be fetched."""
    session.add_all(
        Enclosure(
            conversation_id=conversation.id, sid=text.sid, number=number, url=each.url, heard_at=now, fetch_at=now
        )
        for number, each in enumerate(text.media, 1)
    )
    session.flush()


def say_unusable(
    session: Session,
    conversation: Conversation,
    count: int,
    *,
    heard_at: datetime,
    reference: Reference,
    now: datetime,
) -> None:
    """Tell a customer that so many of their attachments were of no use, whoever answers in the conversation."""
    words = reference.messages.render("picture_unusable", conversation.language, count=count)
    said = service.say(session, conversation, Author.SYSTEM, words, now=now)
    service.send_out(session, conversation, said, OutboxKind.REPLY, answering=heard_at, now=now)


def claim(session: Session, now: datetime, *, lease: timedelta) -> Waiting | None:
    """Take the photo that has been due longest, theirs who asks until the lease ends; whoever dies meanwhile leaves it
    to others."""
    due = (Enclosure.fetch_at <= now,)
    chosen = select(Enclosure.id).where(*due).order_by(Enclosure.fetch_at, Enclosure.id).limit(1)
    claimed = session.execute(
        update(Enclosure)
        .where(Enclosure.id == chosen.with_for_update(skip_locked=True).scalar_subquery(), *due)
        .values(fetch_at=now + lease, attempts=Enclosure.attempts + 1)
        .returning(Enclosure.id, Enclosure.conversation_id, Enclosure.url, Enclosure.attempts)
        .execution_options(synchronize_session=False)
    ).first()
    return Waiting(*claimed) if claimed else None


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether there is a photo to fetch."""
    return session.scalar(select(Enclosure.id).where(Enclosure.fetch_at <= now).limit(1)) is not None


def still_ours(session: Session, waiting: Waiting) -> Enclosure | None:
    """The photo, fresh; None when somebody else has taken it over, or its conversation was deleted."""
    found = session.get(Enclosure, waiting.id, populate_existing=True)
    return found if found is not None and found.attempts == waiting.attempt and found.fetch_at is not None else None


def settle(session: Session, enclosure: Enclosure, *, taken: bool) -> tuple[int, int] | None:
    """A photo has been taken, or given up. With the last of its text, how many of each there were; else None.

    The caller holds the conversation's row, so that one of two processes is the last.
    """
    enclosure.fetch_at, enclosure.taken = None, taken
    session.flush()
    together = (Enclosure.conversation_id == enclosure.conversation_id, Enclosure.sid == enclosure.sid)
    all_of_it = session.execute(select(Enclosure.fetch_at, Enclosure.taken).where(*together)).all()
    if any(each.fetch_at is not None for each in all_of_it):
        return None
    session.execute(delete(Enclosure).where(*together))
    good = sum(each.taken for each in all_of_it)
    return good, len(all_of_it) - good
