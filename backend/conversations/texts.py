"""An inbound text message: opt-out words first, everything else becomes a message of the conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.conversations import enclosures, rules, service
from backend.customers import service as customers
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.outbox.webhook import remember
from backend.reference import Reference
from bot.text import language
from telephony.ports import InboundText, OptWord

UNKNOWN = "zh"
"""The language of a text that says none."""


def receive(session: Session, text: InboundText, *, reference: Reference, now: datetime) -> str | None:
    """Store a text once; returns the conversation the bot shall answer in, or None when there is nothing to answer.

    Senders that are no telephone number (letters, short codes) are services, not customers: nothing is stored.
    """
    if not text.answerable or not remember(session, "sms", text.sid, now):
        return None
    if text.opt is OptWord.STOP:
        outbox.opt_out(session, text.sender, now)
        return None
    if text.opt is OptWord.START:
        customers.set_opt_out(session, text.sender, None)
    if text.opt is not None:
        _answer(session, text, "opted_in" if text.opt is OptWord.START else "sms_help", reference, now)
        return None
    said = rules.clean(text.body)
    if not said and not text.media and not text.left_out:
        customers.set_no_texts(session, text.sender, None)
        return None
    spoken = language.detect(said) if said else None
    # Two first texts of one person begin one conversation: the second waits here for the first.
    customer = customers.has_texted(session, text.sender, language=spoken, otherwise=UNKNOWN, now=now)
    conversation = service.text_conversation(session, text.sender, language=customer.language or UNKNOWN, now=now)
    if said:
        words = said[: rules.LONGEST_TEXT]
        service.hear(session, conversation, words, now=now, client_message_id=text.sid, retry_at=now)
    if text.media:
        enclosures.enclose(session, conversation, text, now)
    if text.left_out:
        enclosures.say_unusable(session, conversation, text.left_out, heard_at=now, reference=reference, now=now)
    return conversation.id


def _answer(session: Session, text: InboundText, template: str, reference: Reference, now: datetime) -> None:
    """A fixed answer to a fixed word, in the language of the word."""
    spoken = language.detect(text.body) or UNKNOWN
    outbox.queue(
        session,
        to=text.sender,
        text=reference.messages.render(template, spoken),
        kind=OutboxKind.REPLY,
        key=f"{template}:{text.sid}",
        language=spoken,
        now=now,
    )
