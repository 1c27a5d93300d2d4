"""How a call goes in which the house rings an agent first and then the customer. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.callbacks.rules import Status
from backend.outbox.rules import FELL
from backend.outbox.rules import Status as Sending
from telephony.ports import CarrierStatus


class Stage(StrEnum):
    """How far such a call has come, as its webhooks say."""

    RINGING_AGENT = "ringing_agent"
    RINGING_CUSTOMER = "ringing_customer"
    TALKED = "talked"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    DECLINED = "declined"
    HUNG_UP = "hung_up"


UNDER_WAY = frozenset({Stage.RINGING_AGENT, Stage.RINGING_CUSTOMER})
RING_AGENT_FOR = timedelta(seconds=90)
"""After this the agent's telephone is not rung any more, if it has not been by then."""

LONGEST = timedelta(hours=1, minutes=5)
"""After this such a call is over, whatever the carrier has said of it."""


class Hitch(StrEnum):
    """Why nothing came of it, besides what the customer's line says."""

    AGENT_AWAY = "agent_away"
    NOT_RUNG = "not_rung"
    NO_WORD = "no_word"


@dataclass(frozen=True)
class Progress:
    """How it stands: whether it goes on, what went wrong before the customer was rung, what the outcome seems to be."""

    stage: Stage
    is_running: bool
    hitch: Hitch | None = None
    suggested: Status | None = None


SUGGESTED = {Stage.TALKED: Status.DONE, Stage.NO_ANSWER: Status.NO_ANSWER, Stage.BUSY: Status.BUSY}


def progress(stage: Stage, sending: Sending | None, reason: str | None, begun_at: datetime, now: datetime) -> Progress:
    """How such a call stands.

    Args:
        sending: how far the call to the agent has come in the outbox; None when it is not there any more.
        reason: why, if it did not leave.
        begun_at: when the agent asked for it.
    """
    if stage not in UNDER_WAY:
        return Progress(stage, False, suggested=SUGGESTED.get(stage))
    if stage is Stage.RINGING_AGENT and (sending is None or sending in FELL):
        away = reason in {"no_answer", "busy"}
        return Progress(stage, False, Hitch.AGENT_AWAY if away else Hitch.NOT_RUNG)
    if stage is Stage.RINGING_AGENT and sending is Sending.DELIVERED:
        return Progress(stage, False, Hitch.AGENT_AWAY)  # their telephone hung up before a key was pressed
    if stage is Stage.RINGING_CUSTOMER and sending is Sending.DELIVERED:
        return Progress(Stage.HUNG_UP, False)  # the agent's telephone is free again, and nobody said what came of it
    patience = 2 * RING_AGENT_FOR if stage is Stage.RINGING_AGENT else LONGEST
    is_late = now - begun_at > patience
    return Progress(stage, not is_late, Hitch.NO_WORD if is_late else None)


def after_dialling(dialled: CarrierStatus | None) -> Stage:
    """What came of ringing the customer, in the carrier's word."""
    match dialled:
        case CarrierStatus.COMPLETED:
            return Stage.TALKED
        case CarrierStatus.BUSY:
            return Stage.BUSY
        case CarrierStatus.NO_ANSWER:
            return Stage.NO_ANSWER
        case _:
            return Stage.FAILED
