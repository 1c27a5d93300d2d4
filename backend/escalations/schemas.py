"""Shapes of the escalations API. `why` is in both languages; instants are UTC."""

from __future__ import annotations

from pydantic import BaseModel, Field

from backend.escalations.models import Escalation
from backend.escalations.rules import End, Means, Rung, Trigger
from backend.escalations.service import Story
from backend.tickets.schemas import Bilingual, Instant


class TextIn(BaseModel):
    """A comment, or the reason why something is settled."""

    text: str = Field(max_length=1000)


class ReachedOut(BaseModel):
    """A rung that was reached."""

    rung: Rung
    at: Instant


class ToldOut(BaseModel):
    """Somebody was told; `times` counts the tellings of this rung."""

    rung: Rung
    times: int
    name: str
    means: Means
    at: Instant


class CommentOut(BaseModel):
    """A colleague's words."""

    at: Instant
    who: str
    text: str


class DoneOut(BaseModel):
    """Who did something, and when."""

    by: str
    at: Instant


class EndedOut(DoneOut):
    """Why it is over; `note` is the reason given by hand, `by` is `system` when it ended by itself."""

    why: End
    note: str | None


class EscalationOut(BaseModel):
    """An escalation.

    Attributes:
        rung: the rung told last, null before anybody was told (out of hours all but danger waits).
        look_at: when the next one is told unless somebody acknowledges; null when nobody will be.
    """

    id: int
    trigger: Trigger
    why: Bilingual
    ticket_no: str | None
    conversation_id: str | None
    raised_at: Instant
    rung: Rung | None
    look_at: Instant | None
    acknowledged: DoneOut | None
    ended: EndedOut | None
    rungs: list[ReachedOut]
    told: list[ToldOut]
    comments: list[CommentOut]


def escalation_out(story: Story) -> EscalationOut:
    """An escalation as the API shows it."""
    row = story.escalation
    return EscalationOut(
        id=row.id,
        trigger=row.trigger,
        why={"zh": row.why_zh, "en": row.why_en},
        ticket_no=row.ticket.ticket_no if row.ticket else None,
        conversation_id=row.conversation_id,
        raised_at=row.raised_at,
        rung=row.rung,
        look_at=row.look_at,
        acknowledged=_acknowledged(row),
        ended=_ended(row),
        rungs=[
            ReachedOut(rung=Rung(each.params["rung"]), at=each.at) for each in story.entries if each.code == "reached"
        ],
        told=[
            ToldOut(rung=each.rung, times=each.times, name=each.name, means=each.means, at=each.at)
            for each in story.notices
        ],
        comments=[
            CommentOut(at=each.at, who=each.who, text=each.text or "")
            for each in story.entries
            if each.code == "comment"
        ],
    )


def _acknowledged(row: Escalation) -> DoneOut | None:
    if row.acknowledged_by is None or row.acknowledged_at is None:
        return None
    return DoneOut(by=row.acknowledged_by, at=row.acknowledged_at)


def _ended(row: Escalation) -> EndedOut | None:
    if row.ended_by is None or row.ended_at is None or row.ended_why is None:
        return None
    return EndedOut(by=row.ended_by, at=row.ended_at, why=row.ended_why, note=row.note)
