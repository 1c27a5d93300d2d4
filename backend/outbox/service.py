"""Queue texts and calls, take them back, look at them.

Functions flush and never commit; the tick (`jobs`) sends after commit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.customers import service as customers
from backend.errors import BadPhone
from backend.kernel import phone as phones
from backend.kernel.phone import Phone, Reach
from backend.outbox import policy as policies
from backend.outbox import queries, reference_rules, rules
from backend.outbox.models import OutboxMessage, SenderPause, SpokenTurn
from backend.outbox.rules import LEFT, Line, Medium, OutboxKind, Policy, Status
from telephony import sms

log = structlog.get_logger(__name__)

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
TALKATIVE = (OutboxKind.REPLY, OutboxKind.REMINDER, OutboxKind.NOTICE)
"""What an opt-out takes back: everything but safety and an agent's own words."""

CUT_OFF = "…"
_HEAD = {Medium.TEXT: b"", Medium.CALL: b"call:"}
_OWN_LANE = {Medium.TEXT: "", Medium.CALL: ".call"}
CODE_KEY = "code:"
"""Head of the key of a text that holds a one-time code."""


def queue(
    session: Session,
    *,
    to: str,
    text: str,
    kind: OutboxKind,
    now: datetime,
    key: str,
    language: str,
    medium: Medium = Medium.TEXT,
    conversation_id: str | None = None,
    valid_until: datetime | None = None,
    answering: datetime | None = None,
    own_numbers: Collection[str] = (),
    to_unconfirmed: bool = False,
    spoken: str | None = None,
    script: str | None = None,
    is_watched: bool = False,
    is_new: bool = False,
) -> OutboxMessage:
    """Put a text or call into the outbox; the tick sends it once this unit of work is committed.

    The same key again returns the first row and changes nothing. A long text becomes several (`key#1`, `key#2`, …);
    what is said in a call is cut off. A number that must not be texted or rung makes a row that is `refused` at once,
    visible to agents; nothing is raised.

    Args:
        to: the recipient in E.164.
        key: unique name of the message, at most 110 characters, such as "reminder:17:1".
        text: what to write, or to say aloud twice.
        medium: how it is told; what this number or carrier cannot do is decided by `rules.route`, here and once more
            when it is due.
        valid_until: after this instant the text is worthless and will not leave.
        answering: when the person wrote what this text answers. Default: `now` for a reply, None for others.
        own_numbers: our own numbers, refused.
        to_unconfirmed: whether nobody has shown that the number is theirs; see `to_unconfirmed_since`.
        spoken: what to say in a call where the number takes no texts; without it such a text is `refused`.
        script: whose webhook speaks in the call, and in the one made instead of a text.
        is_watched: somebody waits for what comes of it; nobody else need decide about it.
        is_new: whether nobody can have used the key before or use it at once, because what it names began to be in
            this unit of work; then nothing is looked up.

    Returns:
        The first (mostly the only) row.
    """
    if not is_new and (known := queries.by_key(session, key)) is not None:
        return known
    policy = policies.current()
    line = line_of(session, to, own_numbers)
    way = rules.route(medium, line.known, None, can_be_said=bool(spoken))
    instead = way.reason if way.medium is not None and way.medium is not medium else None
    if instead is not None:
        text, spoken, medium = spoken or "", None, Medium.CALL
    pieces = _pieces(text, policy) if medium is Medium.TEXT else _spoken(text, policy)
    problem = (way.reason if way.medium is None else None) or (None if pieces else "empty")
    rows = [
        OutboxMessage(
            key=key if len(pieces) < 2 else f"{key}#{part}",
            message_key=key,
            part=part,
            to=line.e164,
            text=piece,
            medium=medium,
            digest=digest_of(piece, medium),
            kind=kind,
            lane=policy.kinds[kind].lane + _OWN_LANE[medium],
            language=language,
            conversation_id=conversation_id,
            status=Status.REFUSED if problem else Status.PENDING,
            reason=problem,
            queued_at=now,
            answering=now if answering is None and kind is OutboxKind.REPLY else answering,
            send_after=now,
            valid_until=valid_until,
            to_unconfirmed=to_unconfirmed,
            script=script,
            spoken=spoken if part == 1 else None,
            instead=instead,
            seen_at=now if is_watched else None,
        )
        for part, piece in enumerate(pieces or [""], start=1)
    ]
    if is_new:
        session.add_all(rows)
        session.flush()
        return rows[0]
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError:  # another process was faster with the same key
        known = queries.by_key(session, key)
        if known is None:
            raise
        return known
    return rows[0]


@dataclass(frozen=True)
class Known:
    """A number as it is stored, and what is known of it."""

    e164: str
    known: Line


def number(text: str, *, own_numbers: Collection[str] = ()) -> Phone:
    """A number as people write it, of a country the house calls and texts (data/outbox.yaml).

    Raises:
        BadPhone: it must not be called; `reason` says why.
    """
    return phones.parse(text, reach=Reach(policies.current().countries, own_numbers))


def line_of(session: Session, to: str, own_numbers: Collection[str]) -> Known:
    """What is known of a number: whether it may be texted or rung at all, and whether it gets texts."""
    try:
        phone = number(to, own_numbers=own_numbers)
    except BadPhone as error:
        return Known(sms.clean(to)[:40], Line(error.reason))
    takes_texts = customers.takes_texts(session, phone.e164)
    return Known(phone.e164, Line(None, phone.kind is phones.Kind.MOBILE, takes_texts, phone.region))


def digest_of(words: str, medium: Medium) -> str:
    """A short hash, by which the same text or call is known again."""
    return hashlib.sha256(_HEAD[medium] + words.encode()).hexdigest()[:16]


def call_instead(row: OutboxMessage, why: str) -> None:
    """A text that has words to be said becomes a call; it waits among calls."""
    assert row.spoken is not None
    words = _spoken(row.spoken, policies.current())
    row.text, row.spoken, row.medium, row.instead = words[0] if words else "", None, Medium.CALL, why
    row.lane = policies.current().kinds[row.kind].lane + _OWN_LANE[Medium.CALL]
    row.digest = digest_of(row.text, Medium.CALL)


def _pieces(text: str, policy: Policy) -> list[str]:
    pieces = sms.split_for_sms(sms.economical(text), policy.max_segments)
    if len(pieces) <= policy.max_pieces:
        return pieces
    log.warning("text cut off", pieces=len(pieces), kept=policy.max_pieces)
    last = pieces[policy.max_pieces - 1]
    return [*pieces[: policy.max_pieces - 1], last[:-1] + CUT_OFF]


def _spoken(text: str, policy: Policy) -> list[str]:
    words = " ".join(sms.clean(text).split())
    if len(words) <= policy.max_call_characters:
        return [words] if words else []
    log.warning("words of a call cut off", characters=len(words))
    return [words[: policy.max_call_characters - 1] + CUT_OFF]


def cancel(session: Session, *keys: str) -> int:
    """Take back queued messages that have not begun to leave; returns how many texts were taken back."""
    return queries.cancel(session, keys) if keys else 0


def has_left(session: Session, key: str) -> bool:
    """Whether a message has left, or may have."""
    return queries.first_part(session, key) in LEFT


def opt_out(session: Session, phone: str, now: datetime) -> int:
    """Store that a number wants nothing automatic any more and take back what waits; returns how many texts.

    What is queued later is checked against the opt-out again when it is about to leave.
    """
    customers.find_or_add(session, phone, now=now)
    customers.set_opt_out(session, phone, now)
    return suppress(session, phone, now)


def suppress(session: Session, phone: str, now: datetime) -> int:
    """Take back, at once, whatever waits to leave to a number by itself; returns how many texts."""
    taken_back = queries.suppress(session, phone, TALKATIVE, "opted_out")
    log.info("opt-out", taken_back=taken_back, at=now.isoformat())
    return taken_back


def paused(session: Session) -> Sequence[SenderPause]:
    """The senders that are paused now."""
    return session.scalars(select(SenderPause)).all()


def is_paused(session: Session, carrier: str, *, since: datetime, now: datetime) -> bool:
    """Whether a carrier was paused at or after an instant and still is. What was claimed later is a fresh try."""
    pause = session.get(SenderPause, carrier, populate_existing=True)
    return pause is not None and pause.since >= since and pause.until > now


def attention(
    session: Session, *, now: datetime, limit: int = 200, offset: int = 0, kind: OutboxKind | None = None
) -> Sequence[OutboxMessage]:
    """Rows a person must look at, newest first: unknown for two minutes, given up, refused, too late, undecidable."""
    policy = policies.current()
    return queries.attention(session, now=now, policy=policy, limit=limit, offset=offset, kind=kind)


def attention_count(session: Session, *, now: datetime) -> int:
    """How many rows a person must look at."""
    return queries.attention_count(session, now=now, policy=policies.current())


def put_aside(session: Session, message_id: int, *, now: datetime) -> None:
    """An agent has seen a text that needed attention."""
    if (row := queries.locked(session, message_id)) is not None:
        row.seen_at = now


def readable(message: OutboxMessage, *, carrier: str) -> str:
    """A text as agents may read it: without its one-time code, unless the console carrier shows it in any case."""
    if carrier == "console" or not message.message_key.startswith(CODE_KEY):
        return message.text
    return _CODE.sub("••••••", message.text)


def recent(session: Session, *, limit: int = 100, before: int | None = None) -> Sequence[OutboxMessage]:
    """The newest texts, newest first; `before` an id, for the next page."""
    return queries.recent(session, limit=limit, before=before)


def to_unconfirmed_since(session: Session, since: datetime) -> int:
    """How many messages have been queued since an instant to numbers nobody has shown to own. They share a budget."""
    return queries.to_unconfirmed_since(session, since)


def of_reference(session: Session, reference: str) -> OutboxMessage | None:
    """The row a webhook's reference names, locked, if that names its last attempt."""
    if (named := reference_rules.read_reference(reference)) is None:
        return None
    row = queries.locked(session, named[0])
    return row if row is not None and row.attempts == named[1] else None


def answer_once(session: Session, row: OutboxMessage, name: str, answer: Callable[[], str], *, now: datetime) -> str:
    """What is answered to a webhook of a call, and answered again if it comes again. The row is held (`of_reference`).

    Args:
        name: which webhook, of how manieth turn.
        answer: does what follows from it, and says the TwiML.
    """
    known = select(SpokenTurn.answer).where(SpokenTurn.outbox_id == row.id, SpokenTurn.name == name)
    if (said := session.scalar(known)) is not None:
        return said
    said = answer()
    session.add(SpokenTurn(outbox_id=row.id, name=name, answer=said, at=now))
    session.flush()
    return said


def by_key(session: Session, key: str) -> OutboxMessage | None:
    """The first row of a message, as it stands."""
    return queries.by_key(session, key)


def last_left_to(session: Session, phone: str) -> OutboxMessage | None:
    """The newest text that has left to a number: what the person may be answering."""
    return queries.last_left_to(session, phone)


def received_by(session: Session, phone: str, *, after: int = 0, limit: int = 100) -> Sequence[OutboxMessage]:
    """Texts that have left to a number, in the order they left, without the first `after` ones."""
    return queries.received_by(session, phone, after=after, limit=limit)


def oldest_due_age(session: Session, *, now: datetime) -> float | None:
    """Seconds the oldest due text has been waiting, or None when nothing is due."""
    oldest = queries.oldest_due(session, now)
    return None if oldest is None else max(0.0, (now - oldest).total_seconds())
