"""The house rings an agent, then the customer of the call in their hand: neither sees the other's number.

Flushes, never commits. What the two webhooks say moves a row forward only; what came of the call is the agent's to say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.callbacks import bridge_rules, call_rules
from backend.callbacks.bridge_rules import Progress, Stage
from backend.callbacks.call_rules import NoCall
from backend.callbacks.ledger import get, roster_of
from backend.callbacks.models import Bridge, Callback
from backend.callbacks.rules import Status
from backend.errors import BadPhone, Conflict, NotFound, Refused
from backend.outbox import rules as outbox_rules
from backend.outbox import service as outbox
from backend.outbox.rules import Medium, OutboxKind
from backend.reference import Reference
from telephony import outgoing
from telephony.outgoing import Heard
from telephony.ports import Capabilities, CarrierStatus

log = structlog.get_logger(__name__)

SCRIPT = "bridge"
RING_CUSTOMER_S = 40
GO_ON = "1"


@dataclass(frozen=True)
class Ours:
    """What we call with: the number customers see, all our numbers, and what addresses of webhooks begin with."""

    caller: str
    numbers: Collection[str]
    base: str


def begin(
    session: Session,
    callback_id: int,
    agent: Agent,
    *,
    capabilities: Capabilities,
    ours: Ours,
    language: str,
    reference: Reference,
    now: datetime,
) -> Bridge:
    """Ring an agent, to be connected with the customer of the call in their hand. Asked again meanwhile: the same call.

    Raises:
        NotFound: there is no such callback.
        Conflict: it is not in this agent's hand.
        BadPhone: the customer's number must not be called.
        Refused: nobody is called now (`closed`), the agent has no number (`no_phone`), we have none to show
            (`no_caller`), or the carrier does not ring there (`no_voice`).
    """
    callback = _held(session, callback_id)
    if not _is_in_hand(callback, agent.id, now):
        raise Conflict
    number = outbox.number(callback.phone, own_numbers=ours.numbers)
    if call_rules.may_call(reference.calendar, roster_of(reference), agent.username, now) is NoCall.CLOSED:
        raise Refused("The hotline is closed: nobody is called now.", code="closed")
    if lack := lacking(session, callback, agent, capabilities, ours):
        raise Refused(LACKS[lack], code=lack)
    assert agent.phone is not None
    running = latest(session, callback, agent)
    if running is not None and progress(session, running, now).is_running:
        return running
    bridge = Bridge(callback_id=callback.id, agent_id=agent.id, stage=Stage.RINGING_AGENT, begun_at=now)
    session.add(bridge)
    session.flush()
    words = reference.messages.render("bridge.agent", language, digits=" ".join(number.e164[-4:]))
    outbox.queue(
        session,
        to=agent.phone,
        text=words,
        kind=OutboxKind.AGENT,
        medium=Medium.CALL,
        key=key_of(bridge),
        language=language,
        script=SCRIPT,
        is_watched=True,
        valid_until=now + bridge_rules.RING_AGENT_FOR,
        own_numbers=ours.numbers,
        now=now,
    )
    log.info("agent is rung", bridge=bridge.id, callback=callback.id)
    return bridge


LACKS = {
    "no_phone": "You have no telephone here; `hotline agent contact` sets it.",
    "no_caller": "The hotline has no number of its own to call from.",
    "no_voice": "The carrier makes no calls to this number.",
}


def lacking(session: Session, callback: Callback, agent: Agent, capabilities: Capabilities, ours: Ours) -> str | None:
    """What is missing for the house to ring agent and customer, as one of `LACKS`; None when nothing is."""
    if not agent.phone:
        return "no_phone"
    if not ours.caller:
        return "no_caller"
    lines = (outbox.line_of(session, e164, ours.numbers).known for e164 in (agent.phone, callback.phone))
    ways = (outbox_rules.route(Medium.CALL, line, capabilities, can_be_said=True) for line in lines)
    return "no_voice" if any(way.medium is None for way in ways) else None


def latest(session: Session, callback: Callback, agent: Agent) -> Bridge | None:
    """The newest call of this kind an agent had made for a callback."""
    found = select(Bridge).where(Bridge.callback_id == callback.id, Bridge.agent_id == agent.id)
    return session.scalar(found.order_by(Bridge.id.desc()).limit(1))


def progress(session: Session, bridge: Bridge, now: datetime) -> Progress:
    """How such a call stands."""
    row = outbox.by_key(session, key_of(bridge))
    sending, reason = (row.status, row.reason) if row else (None, None)
    return bridge_rules.progress(bridge.stage, sending, reason, bridge.begun_at, now)


def picked_up(session: Session, ref: str, heard: Heard, *, ours: Ours) -> str:
    """The agent's telephone was picked up: say who will be called, and wait for a key, which no mailbox presses."""
    found = _named(session, ref)
    if found is None or found[0].stage is not Stage.RINGING_AGENT:
        return outgoing.hang_up()
    bridge, row_text, language = found
    bridge.sid = bridge.sid or heard.sid
    session.flush()
    return outgoing.ask_key(row_text, language, action=_address(ours, "key", ref))


def key_pressed(session: Session, ref: str, heard: Heard, *, ours: Ours, reference: Reference, now: datetime) -> str:
    """The agent has pressed a key: ring the customer, if the call is still theirs to make.

    The same key again gets the same answer: the carrier repeats a webhook whose answer it has not got.
    """
    found = _named(session, ref)
    if found is None:
        return outgoing.hang_up()
    bridge, _text, language = found
    if bridge.stage is Stage.RINGING_AGENT:
        if heard.keys != GO_ON:
            _end(bridge, Stage.DECLINED, now)
            return outgoing.tell(reference.messages.render("bridge.not_connected", language), language)
        callback = _held(session, bridge.callback_id)
        if not _may_ring(callback, bridge, ours, reference, now) or _is_rung_already(session, bridge, now):
            _end(bridge, Stage.DECLINED, now)
            return outgoing.tell(reference.messages.render("bridge.gone", language), language)
        bridge.stage, bridge.sid = Stage.RINGING_CUSTOMER, heard.sid
        session.flush()
    if bridge.stage is not Stage.RINGING_CUSTOMER or bridge.sid != heard.sid:
        return outgoing.hang_up()
    return outgoing.connect(
        reference.messages.render("bridge.connecting", language),
        language,
        to=get(session, bridge.callback_id).phone,
        caller=ours.caller,
        action=_address(ours, "end", ref),
        ring_for_s=RING_CUSTOMER_S,
        longest_s=outgoing.SCRIPTS[SCRIPT].longest_s,
    )


def ended(session: Session, ref: str, heard: Heard, *, reference: Reference, now: datetime) -> str:
    """The customer's line is free again: keep what came of it, and ask the agent to record it. Of a call that was ended
    from the screen it shows whether the two have talked."""
    found = _named(session, ref)
    if found is None or found[0].sid != heard.sid:
        return outgoing.hang_up()
    bridge, _text, language = found
    if bridge.stage is Stage.RINGING_CUSTOMER:
        _end(bridge, bridge_rules.after_dialling(heard.dialled), now)
        bridge.seconds = heard.seconds
    elif bridge.stage is Stage.HUNG_UP and heard.dialled is CarrierStatus.COMPLETED:
        bridge.stage, bridge.seconds = Stage.TALKED, heard.seconds
    session.flush()
    return outgoing.tell(reference.messages.render(f"bridge.{bridge.stage.value}", language), language)


@dataclass(frozen=True)
class HungUp:
    """A call that was ended from the screen.

    Attributes:
        sid: the carrier's id of it; None while it has not left, or nobody knows yet: then it ends when it is picked up.
        was: how far it had come.
    """

    bridge_id: int
    sid: str | None
    was: Stage


def hang_up(session: Session, callback_id: int, agent: Agent, *, now: datetime) -> HungUp:
    """The agent ends the call the house makes for them, whoever is rung or talks. Once this is committed it goes no
    further; the carrier, which ends both lines, is asked after that.

    Raises:
        NotFound: there is no such callback.
        Conflict: no call of theirs is under way.
    """
    latest_one = latest(session, get(session, callback_id), agent)
    bridge = _locked(session, latest_one.id) if latest_one is not None else None
    if bridge is None or not progress(session, bridge, now).is_running:
        raise Conflict("This call is over already.", code="over")
    row, was = outbox.by_key(session, key_of(bridge)), bridge.stage
    outbox.cancel(session, key_of(bridge))
    _end(bridge, Stage.HUNG_UP, now)
    session.flush()
    return HungUp(bridge.id, bridge.sid or (row.sid if row else None), was)


def goes_on(session: Session, ended: HungUp) -> None:
    """The carrier could not be asked to end a call: it stands as before, unless it has come to its end meanwhile."""
    bridge = _locked(session, ended.bridge_id)
    if bridge is not None and bridge.stage is Stage.HUNG_UP:
        bridge.stage, bridge.ended_at = ended.was, None
        session.flush()


def key_of(bridge: Bridge) -> str:
    """The name in the outbox of the call to the agent."""
    return f"bridge:{bridge.id}"


def _held(session: Session, callback_id: int) -> Callback:
    """A callback with its ticket; until the end of the unit of work nobody else changes it or rings its customer."""
    session.get(Callback, callback_id, with_for_update={"key_share": True}, populate_existing=True)
    return get(session, callback_id)


def _is_rung_already(session: Session, bridge: Bridge, now: datetime) -> bool:
    """Whether another call of this kind is ringing the same customer, or has them on the line."""
    others = select(Bridge).where(
        Bridge.callback_id == bridge.callback_id, Bridge.id != bridge.id, Bridge.stage == Stage.RINGING_CUSTOMER
    )
    return any(progress(session, each, now).is_running for each in session.scalars(others))


def _named(session: Session, ref: str) -> tuple[Bridge, str, str] | None:
    """The row a webhook speaks of, locked; with the words for the agent and their language."""
    row = outbox.of_reference(session, ref)
    if row is None or row.script != SCRIPT or not row.message_key.startswith("bridge:"):
        return None
    bridge = _locked(session, int(row.message_key.partition(":")[2]))
    return (bridge, row.text, row.language) if bridge is not None else None


def _locked(session: Session, bridge_id: int) -> Bridge | None:
    return session.get(Bridge, bridge_id, with_for_update=True, populate_existing=True)


def _end(bridge: Bridge, stage: Stage, now: datetime) -> None:
    bridge.stage, bridge.ended_at = stage, now
    log.info("call of an agent is over", bridge=bridge.id, stage=stage.value)


def _may_ring(callback: Callback, bridge: Bridge, ours: Ours, reference: Reference, now: datetime) -> bool:
    """Whether the customer may still be rung: an agent's telephone may ring while much changes."""
    try:
        outbox.number(callback.phone, own_numbers=ours.numbers)
    except (BadPhone, NotFound):
        return False
    is_closed = call_rules.may_call(reference.calendar, roster_of(reference), "", now) is NoCall.CLOSED
    return not is_closed and bool(ours.caller) and _is_in_hand(callback, bridge.agent_id, now)


def _is_in_hand(callback: Callback, agent_id: int, now: datetime) -> bool:
    has_lease = callback.lease_until is not None and callback.lease_until > now
    return callback.status is Status.BOOKED and callback.caller_id == agent_id and has_lease


def _address(ours: Ours, step: str, ref: str) -> str:
    return f"{ours.base}/telephony/outgoing/{SCRIPT}/{step}?ref={ref}"
