"""A customer answers how it was, by text or on the web, and says what went wrong. Flushes, never commits.

Handed to the bot's turn, which asks here first. Danger in the words is never taken for an answer.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.conversations import service as conversations
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel
from backend.followups import grading, queries, replies, rules
from backend.followups.asking import key_of
from backend.followups.grading import CUSTOMER, policy_of
from backend.followups.models import FollowUp
from backend.followups.rules import OPEN, By, Status
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.reference import Reference
from backend.tickets import service as tickets
from bot.text.hazard import hazard

_KEY = re.compile(r"followup:(\d{1,18}):ask")
FIRST = 1
"""What opens a conversation answers nothing said in it."""


def answer(
    session: Session, conversation: Conversation, asked: Message, *, reference: Reference, now: datetime
) -> bool:
    """Take a message for the answer to our question, or to what went wrong. False: it is neither."""
    if hazard(asked.text) is not None:
        return False
    may_follow = asked.seq > FIRST and conversation.channel is not Channel.VOICE  # nothing is asked on the line
    here = queries.said_last_in(session, conversation.id) if may_follow else None
    if here is not None and here.status is Status.GRADED:
        return _words(session, conversation, asked, here, reference, now)
    followup = here or _asked_by_text(session, conversation)
    if followup is None or followup.status not in OPEN or now >= followup.give_up_at:
        return False
    return _grade(session, conversation, asked, followup, reference, now)


def _asked_by_text(session: Session, conversation: Conversation) -> FollowUp | None:
    """The follow-up our last text to the writer's number asked about."""
    if conversation.channel is not Channel.SMS or conversation.phone is None:
        return None
    if not queries.is_any_open(session, conversation.phone):
        return None
    last = outbox.last_left_to(session, conversation.phone)
    found = _KEY.fullmatch(last.message_key) if last else None
    followup = queries.one(session, int(found[1])) if found else None
    return followup if followup is not None and followup.phone == conversation.phone else None


def _grade(
    session: Session,
    conversation: Conversation,
    asked: Message,
    followup: FollowUp,
    reference: Reference,
    now: datetime,
) -> bool:
    given = replies.read_grade(asked.text)
    if given is None:
        return False
    by = By.TEXT if conversation.channel is Channel.SMS else By.WEB
    if not grading.note_grade(
        session, followup, given.grade, words=given.words, by=by, who=CUSTOMER, reference=reference, now=now
    ):
        return False
    if conversation.phone is not None:
        tickets.wrote_from(session, followup.ticket, conversation.phone)
    outbox.cancel(session, key_of(followup.id))
    is_low = rules.is_low(given.grade, reference.escalations.low_grade_at_most)
    template = "thanks" if not is_low else "noted" if given.words else "sorry"
    said = _say(session, conversation, asked, template, reference, now)
    followup.message_id = said.id if template == "sorry" else None
    session.flush()
    return True


def _words(
    session: Session,
    conversation: Conversation,
    asked: Message,
    followup: FollowUp,
    reference: Reference,
    now: datetime,
) -> bool:
    """What went wrong, in the customer's words: the message after we asked for them."""
    assert followup.graded_at is not None
    if replies.wants_person(asked.text) or now - followup.graded_at > policy_of(reference).words:
        return False
    words = asked.text[: grading.LONGEST_WORDS]
    noted = session.execute(
        update(FollowUp)
        .where(FollowUp.id == followup.id, FollowUp.words.is_(None))
        .values(words=words, message_id=None)
        .execution_options(synchronize_session=False)
    )
    session.expire(followup, ["words", "message_id"])
    if not noted.rowcount:  # type: ignore[attr-defined]
        return False
    tickets.note(session, followup.ticket, "followup_words", who=CUSTOMER, now=now, text=words)
    _say(session, conversation, asked, "noted", reference, now)
    return True


def _say(
    session: Session, conversation: Conversation, asked: Message, template: str, reference: Reference, now: datetime
) -> Message:
    text = reference.messages.render(f"followup.{template}", conversation.language)
    said = conversations.say(session, conversation, Author.BOT, text, now=now, reply_to=asked.seq)
    conversations.send_out(session, conversation, said, OutboxKind.REPLY, answering=asked.sent_at, now=now)
    return said
