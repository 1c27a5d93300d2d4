"""The house's own promises, checked from outside after a run: nothing outside hours, nothing twice, nothing lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.conversations.models import Message
from backend.conversations.rules import Author
from backend.kernel import working_time
from backend.kernel.working_time import Calendar
from backend.outbox import policy as outbox_policy
from backend.outbox import reference_rules
from backend.outbox import rules as outbox_rules
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Leaves, Status
from backend.simulation.run import Played
from backend.simulation.stage import Carried

UNSETTLED = frozenset({Status.PENDING, Status.CLAIMED, Status.SENDING, Status.UNKNOWN})
GONE = frozenset({Status.SENT, Status.DELIVERED})


@dataclass(frozen=True)
class Text:
    """A row of the outbox, as far as the checks need it."""

    id: int
    kind: outbox_rules.OutboxKind
    status: Status
    to: str
    digest: str
    message_key: str
    part: int
    answering: datetime | None
    send_after: datetime


@dataclass(frozen=True)
class Broken:
    """How often each promise of the house was broken, with the numbers of some rows to look at."""

    outside_hours: tuple[str, ...]
    doubles: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether any was."""
        return bool(self.outside_hours or self.doubles or self.lost)


def check(session: Session, played: Played, calendar: Calendar) -> Broken:
    """Compare what left the house, as the carrier saw it, with what the house has stored."""
    texts = {text.id: text for text in _texts(session)}
    return Broken(
        outside_hours=tuple(outside_hours(texts, played.carried, calendar)),
        doubles=tuple(doubles(texts, played.carried)),
        lost=(*lost(texts, played.carried, played.end), *_unanswered(session), *_without_ticket(played)),
    )


def outside_hours(texts: Mapping[int, Text], carried: Sequence[Carried], calendar: Calendar) -> Iterator[str]:
    """Texts that left while the hotline was closed, other than safety texts and fresh answers."""
    kinds = outbox_policy.current().kinds
    for each in carried:
        text, rule = texts[_id(each)], kinds[texts[_id(each)].kind]
        is_fresh = text.answering is not None and each.at - text.answering <= rule.fresh_for
        excused = rule.leaves is Leaves.ALWAYS or (rule.leaves is Leaves.HOURS_OR_FRESH and is_fresh)
        if not excused and not working_time.is_open(calendar, each.at):
            yield f"{text.kind.value} {text.id}"


def doubles(texts: Mapping[int, Text], carried: Sequence[Carried]) -> Iterator[str]:
    """Texts that left more than once; nothing failed, so that each leaves at its first attempt or never."""
    for text_id, times in Counter(map(_id, carried)).items():
        if times > 1:
            yield f"{texts[text_id].kind.value} {text_id}"
    automatic = {kind for kind, rule in outbox_policy.current().kinds.items() if rule.automatic}
    said: set[tuple[str, str, int]] = set()
    for each in carried:
        text = texts[_id(each)]
        key = text.to, text.message_key, text.part
        if text.kind in automatic and key in said:
            yield f"{text.kind.value} {text.id}"
        said.add(key)


def lost(texts: Mapping[int, Text], carried: Sequence[Carried], end: datetime) -> Iterator[str]:
    """Texts that are due and not settled, and rows that say something else than the carrier."""
    left = set(map(_id, carried))
    for text in texts.values():
        if text.status in UNSETTLED and text.send_after <= end:
            yield f"{text.kind.value} {text.id} is {text.status.value}"
        elif (text.status in GONE) != (text.id in left):
            yield f"{text.kind.value} {text.id} is {text.status.value}, the carrier knows better"


def _id(carried: Carried) -> int:
    named = reference_rules.read_reference(carried.reference)
    assert named is not None
    return named[0]


def _texts(session: Session) -> Iterator[Text]:
    row = OutboxMessage
    query = select(
        row.id, row.kind, row.status, row.to, row.digest, row.message_key, row.part, row.answering, row.send_after
    )
    return (Text(*each) for each in session.execute(query.order_by(row.id)))


def _unanswered(session: Session) -> Iterator[str]:
    query = select(func.count()).where(Message.author == Author.CUSTOMER, Message.answered_at.is_(None))
    if count := session.scalar(query):
        yield f"{count} messages without an answer"


def _without_ticket(played: Played) -> Iterator[str]:
    wanted = sum(person.kind != "question" for person in played.people)
    if wanted != len(played.record.cases):
        yield f"{wanted - len(played.record.cases)} requests without a ticket"
