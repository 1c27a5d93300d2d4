"""What the tick does with a carrier that does not call back: ask for reports on texts, and for texts that came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from backend import db
from backend.conversations import texts
from backend.outbox.sending import apply_status
from backend.reference import Reference
from telephony.ports import CarrierAway, Letterbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Emptied:
    """How much there was, and the conversations the bot shall answer in."""

    handled: int
    answer: Sequence[str]


def run_due(sessions: db.Sessions, now: datetime, box: Letterbox, carrier: str, reference: Reference) -> Emptied:
    """Empty a carrier's letterbox. Any number of processes may tick: it hands each thing out once.

    What it hands out it forgets, so it is stored at once, in one unit of work; the same again has no effect.
    """
    try:
        reports = box.reports()
        with db.session_scope(sessions) as session:
            for report in reports:
                apply_status(session, report.status, ref=report.reference, carrier=carrier, now=now)
        came_in = box.texts()
        with db.session_scope(sessions) as session:
            answer = [texts.receive(session, text, reference=reference, now=now) for text in came_in]
    except CarrierAway as away:
        log.warning("the carrier cannot be asked for reports", why=str(away))
        return Emptied(0, ())
    return Emptied(len(reports) + len(came_in), [each for each in answer if each is not None])
