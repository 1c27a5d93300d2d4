"""Collect turns the bot was not up to, masked; label them; forget them in time. Flushes, commits nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.conversations.bot_client import BotAnswer
from backend.conversations.models import Message
from backend.conversations.rules import Channel
from backend.errors import NotFound, Refused
from backend.reviews import masking, policy, queries, rules
from backend.reviews.export import Example
from backend.reviews.models import Review, ReviewCandidate
from backend.reviews.rules import Heard, Order, Reason, ReviewPolicy, State
from bot.text import language

LONGEST_INTENT = 40
LONGEST_ANSWER = 160
PAGE = 30


@dataclass(frozen=True)
class Waiting:
    """A turn that waits to be judged, with the customer's next message."""

    message_id: int
    text: str
    language: str
    channel: Channel
    turn: Heard
    following: Heard | None


@dataclass(frozen=True)
class Finding:
    """A turn worth reviewing, masked."""

    text: str
    answer: str
    language: str
    channel: Channel
    intent: str
    confidence: float | None
    reason: Reason


def note(session: Session, asked: Message, answer: BotAnswer, *, now: datetime) -> None:
    """The bot has answered a message: remember how it was understood until the tick has judged it."""
    if answer.intent:
        intent = answer.intent[:LONGEST_INTENT]
        session.add(ReviewCandidate(message_id=asked.id, intent=intent, confidence=answer.confidence, answered_at=now))


def waiting(session: Session, *, now: datetime, policy: ReviewPolicy, limit: int = 20) -> list[Waiting]:
    """Turns that can be judged now, oldest first."""
    found = []
    for candidate, message, conversation in queries.due(session, now - policy.at_once, limit):
        said = queries.replies(session, message)
        following = queries.following(session, message)
        turn = Heard(
            sent_at=message.sent_at,
            intent=candidate.intent,
            confidence=candidate.confidence,
            answer="\n".join(each.text for each in said),
            expects=said[-1].expects if said else None,
        )
        after = Heard(following[0].sent_at, following[1].intent, following[1].confidence) if following else None
        told = language.detect(message.text) or conversation.language
        found.append(Waiting(message.id, message.text, told, conversation.channel, turn, after))
    return found


def judge(waiting: Waiting, policy: ReviewPolicy) -> Finding | None:
    """Whether a turn is worth a look, and what is kept of it. Pure, and slow: let no transaction wait for it."""
    reason = rules.worth_reviewing(waiting.turn, waiting.following, policy)
    if reason is None:
        return None
    text = masking.mask(waiting.text)
    if not rules.says_something(text):
        return None
    answer = masking.mask(waiting.turn.answer)
    return Finding(
        text=text,
        answer=rules.cut(answer, LONGEST_ANSWER),
        language=waiting.language,
        channel=waiting.channel,
        intent=waiting.turn.intent,
        confidence=waiting.turn.confidence,
        reason=reason,
    )


def settle(session: Session, message_id: int, finding: Finding | None, *, policy: ReviewPolicy, now: datetime) -> bool:
    """Take a judged turn off the list and keep what was found; False when another process has done so."""
    gone = delete(ReviewCandidate).where(ReviewCandidate.message_id == message_id).returning(ReviewCandidate.message_id)
    if session.scalars(gone.execution_options(synchronize_session=False)).first() is None:
        return False
    if finding is not None:
        _keep(session, finding, policy, now)
    return True


def _keep(session: Session, finding: Finding, policy: ReviewPolicy, now: datetime) -> None:
    digest = hashlib.sha256(finding.text.casefold().encode()).hexdigest()
    if _count_again(session, digest, finding, policy, now):
        return
    line = Review(
        digest=digest, first_at=now, last_at=now, delete_at=now + policy.keep, state=State.OPEN, **vars(finding)
    )
    try:
        with session.begin_nested():
            session.add(line)
    except IntegrityError:  # another process was faster with the same line
        if not _count_again(session, digest, finding, policy, now):
            raise


def _count_again(session: Session, digest: str, finding: Finding, policy: ReviewPolicy, now: datetime) -> bool:
    """Count a line that is known, with how it was understood this time; its label stays."""
    again = (
        update(Review)
        .where(Review.digest == digest)
        .values(
            count=Review.count + 1,
            last_at=now,
            delete_at=now + policy.keep,
            answer=finding.answer,
            intent=finding.intent,
            confidence=finding.confidence,
            reason=finding.reason,
        )
        .returning(Review.id)
    )
    return session.scalars(again.execution_options(synchronize_session=False)).first() is not None


def forget(session: Session, *, now: datetime) -> int:
    """Delete the lines whose time is over; returns how many."""
    gone = delete(Review).where(Review.delete_at <= now).returning(Review.id)
    return len(session.scalars(gone.execution_options(synchronize_session=False)).all())


def get(session: Session, review_id: int) -> Review:
    """A line as it stands now.

    Raises:
        NotFound: there is none.
    """
    line = session.get(Review, review_id, populate_existing=True)
    if line is None:
        raise NotFound("There is no such line.")
    return line


def label(session: Session, review_id: int, intent: str, *, who: str, now: datetime) -> bool:
    """Say what the customer of an open line wanted; False when somebody has decided otherwise already.

    Raises:
        NotFound: there is no such line.
        Refused: there is no such intent.
    """
    if intent not in policy.intents().intents:
        raise Refused("There is no such intent.")
    return _decide(session, review_id, State.LABELLED, intent, who, now)


def put_aside(session: Session, review_id: int, *, who: str, now: datetime) -> bool:
    """Say that an open line cannot be used; False when somebody has decided otherwise already.

    Raises:
        NotFound: there is no such line.
    """
    return _decide(session, review_id, State.UNUSABLE, None, who, now)


def _decide(session: Session, review_id: int, state: State, intent: str | None, who: str, now: datetime) -> bool:
    decided = (
        update(Review)
        .where(Review.id == review_id, Review.state == State.OPEN)
        .values(state=state, label=intent, labelled_by=who, labelled_at=now)
        .returning(Review.id)
    )
    if session.scalars(decided.execution_options(synchronize_session=False)).first() is not None:
        return True
    line = get(session, review_id)
    return (line.state, line.label) == (state, intent)


def undo(session: Session, review_id: int) -> None:
    """Open a line again.

    Raises:
        NotFound: there is no such line.
    """
    line = get(session, review_id)
    line.state, line.label, line.labelled_by, line.labelled_at = State.OPEN, None, None, None
    session.flush()


def listing(
    session: Session,
    *,
    state: State | None = State.OPEN,
    reason: Reason | None = None,
    intent: str | None = None,
    order: Order = Order.NEWEST,
    page: int = 0,
) -> Sequence[Review]:
    """A page of lines and the first of the next page, if there is one."""
    return queries.listed(
        session, state=state, reason=reason, intent=intent, order=order, limit=PAGE + 1, skip=page * PAGE
    )


def counts(session: Session) -> dict[State, int]:
    """How many lines there are in each state."""
    return queries.counts(session)


def examples(session: Session, language: str | None = None) -> list[Example]:
    """The labelled lines of one language, or of all, for training."""
    return [Example(each.text, each.label or "", each.language) for each in queries.labelled(session, language)]
