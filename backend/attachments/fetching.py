"""What the tick does with photos that came with texts: fetch, keep as messages, answer after a text's last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from backend import db
from backend.attachments import policy as policies
from backend.attachments import rules, service
from backend.attachments.drawing import Drawn, draw
from backend.attachments.models import Picture
from backend.conversations import enclosures
from backend.conversations import service as conversations
from backend.conversations.enclosures import Waiting
from backend.conversations.models import Conversation, Enclosure
from backend.errors import Refused, TooLarge
from backend.reference import Reference
from telephony.media import Fetched, MediaSource, NotNow, Useless

log = structlog.get_logger(__name__)

BATCH = 10
"""Photos of one tick: each may take a while."""


@dataclass(frozen=True)
class Means:
    """From where photos come and where they go."""

    source: MediaSource
    data_dir: Path
    reference: Reference


def run_due(
    sessions: db.Sessions, now: datetime, means: Means, *, clock: Callable[[], datetime] | None = None
) -> Sequence[str]:
    """Fetch what is due; returns the conversations in which something was said. Any number of processes may tick.

    No unit of work is open while the carrier is asked. A process that dies meanwhile leaves the photo to the next one,
    and a photo is kept once, whoever fetched it.

    Args:
        clock: the present instant, asked again before each photo. Default: time stands still at `now`.
    """
    tell = clock or (lambda: now)
    with db.read_scope(sessions) as session:
        if not enclosures.is_any_due(session, now):
            return ()
    changed = []
    for _ in range(BATCH):
        with db.session_scope(sessions) as session:
            waiting = enclosures.claim(session, tell(), lease=policies.current().lease)
        if waiting is None:
            break
        if _handle(sessions, waiting, means, tell):
            changed.append(waiting.conversation_id)
    return changed


def _handle(sessions: db.Sessions, waiting: Waiting, means: Means, tell: Callable[[], datetime]) -> bool:
    """Fetch a photo and do what follows; returns whether something was said."""
    new: list[Picture] = []
    try:
        result = _drawn(waiting, means.source)
        with db.session_scope(sessions) as session:
            conversation = conversations.hold(session, waiting.conversation_id)
            enclosure = enclosures.still_ours(session, waiting)
            if enclosure is None or (isinstance(result, NotNow) and _put_off(enclosure, result, tell())):
                return False
            picture = _keep(session, conversation, enclosure, result, means, tell(), new)
            _settle(session, conversation, enclosure, picture, means.reference, tell())
            return True
    except Exception:  # one photo nobody can handle must not hold up the others; its lease runs out, then its tries
        log.exception("photo of a text cannot be handled", enclosure=waiting.id, attempt=waiting.attempt)
        for picture in new:
            service.discard(means.data_dir, picture)
        return False


def _drawn(waiting: Waiting, source: MediaSource) -> Drawn | NotNow | None:
    """The photo as we keep it; None where there is none."""
    if waiting.attempt > len(policies.current().pauses) + 1:
        return None
    match source.fetch(waiting.url):
        case NotNow() as not_now:
            return not_now
        case Useless(why):
            log.warning("photo of a text cannot be had", enclosure=waiting.id, why=why)
            return None
        case Fetched(content):
            try:
                return draw(content, "")
            except (Refused, TooLarge) as unfit:
                log.warning("photo of a text is of no use", enclosure=waiting.id, why=unfit.reason)
                return None


def _put_off(enclosure: Enclosure, why: NotNow, now: datetime) -> bool:
    """Try again later, if it has not been tried often enough."""
    again = rules.again_at(enclosure.attempts, policies.current().pauses, now)
    log.warning("photo of a text not fetched", enclosure=enclosure.id, why=why.why, attempt=enclosure.attempts)
    if again is not None:
        enclosure.fetch_at = again
    return again is not None


def _keep(
    session: Session,
    conversation: Conversation,
    enclosure: Enclosure,
    result: Drawn | NotNow | None,
    means: Means,
    now: datetime,
    new: list[Picture],
) -> Picture | None:
    if not isinstance(result, Drawn):
        return None
    name = f"{enclosure.sid}:{enclosure.number}"
    picture, is_new = service.receive(
        session, conversation, name, result, data_dir=means.data_dir, reference=means.reference, now=now
    )
    new += [picture] if is_new else []
    return picture


def _settle(
    session: Session,
    conversation: Conversation,
    enclosure: Enclosure,
    picture: Picture | None,
    reference: Reference,
    now: datetime,
) -> None:
    """With the last photo of a text the customer is answered: once for all of them."""
    heard_at = enclosure.heard_at
    together = enclosures.settle(session, enclosure, taken=picture is not None)
    if together is None:
        return
    taken, given_up = together
    if given_up:
        enclosures.say_unusable(session, conversation, given_up, heard_at=heard_at, reference=reference, now=now)
    elif taken:
        reply_to = picture.seq if picture else None
        service.thank(session, conversation, heard_at=heard_at, reply_to=reply_to, reference=reference, now=now)
