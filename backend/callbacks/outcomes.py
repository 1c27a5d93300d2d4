"""Record what came of a call. Flushes, never commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backend.callbacks import wording
from backend.callbacks.ledger import change, get, tell
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.reference import Reference
from backend.tickets import service as tickets
from backend.tickets.rules import PromiseKind


def record_outcome(
    session: Session,
    callback_id: int,
    outcome: Status,
    *,
    who: str,
    reference: Reference,
    now: datetime,
    note: str = "",
    version: int | None = None,
) -> Callback:
    """Record what came of a call. A call that reached the customer keeps the reply promises of
    all open tickets of the number.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is no longer booked, or somebody else has just changed it.
    """
    callback = get(session, callback_id)
    values = {"status": outcome, "outcome": note or None, "agent": who[:60], "closed_at": now, "remind_at": None}
    change(session, callback, values, version)
    words = wording.OUTCOMES[outcome].as_dict()
    tell(session, callback, "callback_outcome", who, reference, now, outcome=words, note=note)
    if outcome is Status.DONE:
        for ticket in tickets.open_of_phone(session, callback.phone):
            tickets.meet_promise(session, ticket, PromiseKind.REPLY, who, now, why="called")
    return callback
