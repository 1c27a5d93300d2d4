"""An agent takes a caller from the queue: their telephone rings, a key connects them. Flushes, never commits.

Who waits keeps hearing music until the key is pressed, so nobody is put through to a mailbox. Neither sees the other's
number: the agent is rung from ours, and the caller is fetched out of the line by its name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.calls import queries, rules
from backend.calls.models import Call
from backend.conversations import holding
from backend.conversations import service as conversations
from backend.conversations.rules import Mode
from backend.errors import Conflict, NotFound, Refused
from backend.outbox import rules as outbox_rules
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Medium, OutboxKind
from backend.reference import Reference
from telephony import outgoing
from telephony.outgoing import Heard
from telephony.ports import Capabilities

log = structlog.get_logger(__name__)

SCRIPT = "answer"
GO_ON = "1"
RINGS_FOR = timedelta(seconds=60)
"""How long an agent's telephone rings for somebody who waits; then the caller is anybody's again."""


@dataclass(frozen=True)
class Ours:
    """What we ring an agent with: all our numbers, what the carrier can, what addresses of webhooks begin with."""

    numbers: Collection[str]
    capabilities: Capabilities
    base: str


def take(
    session: Session,
    conversation_id: str,
    agent: Agent,
    *,
    ours: Ours,
    language: str,
    reference: Reference,
    now: datetime,
) -> Call:
    """Take over the conversation of a caller who waits, and ring the agent. Asked again while it rings: the same.

    Raises:
        NotFound: no call is this conversation.
        Conflict: another agent has it, or the caller waits no more (`caller_gone`).
        Refused: the agent has no number here (`no_phone`), or the carrier does not call it (`no_voice`).
    """
    call = queries.held_of_conversation(session, conversation_id)
    if call is None:
        raise NotFound
    if call.line is None or call.picked_up_at is not None:
        raise Conflict("The caller waits no more.", code="caller_gone")
    if not agent.phone:
        raise Refused("You have no telephone here; `hotline agent contact` sets it.", code="no_phone")
    line = outbox.line_of(session, agent.phone, ours.numbers).known
    if outbox_rules.route(Medium.CALL, line, ours.capabilities, can_be_said=True).medium is None:
        raise Refused("The carrier makes no calls to this number.", code="no_voice")
    if is_ringing(session, call, now) and call.taker_id == agent.id:
        return call
    conversations.take_over(session, conversation_id, agent, reference=reference, now=now)
    call.taker_id, call.taken_at, call.takes = agent.id, now, call.takes + 1
    session.flush()
    outbox.queue(
        session,
        to=agent.phone,
        text=reference.messages.render("answer.agent", language),
        kind=OutboxKind.AGENT,
        medium=Medium.CALL,
        key=key_of(call),
        language=language,
        script=SCRIPT,
        is_watched=True,
        valid_until=now + RINGS_FOR,
        own_numbers=ours.numbers,
        now=now,
    )
    log.info("agent is rung for a caller", conversation=conversation_id)
    return call


def is_ringing(session: Session, call: Call, now: datetime) -> bool:
    """Whether an agent's telephone rings for a call now."""
    row = outbox.by_key(session, key_of(call)) if call.taker_id is not None else None
    fell = row is None or row.status in outbox_rules.FELL
    return not fell and call.picked_up_at is None and call.taken_at is not None and now - call.taken_at < RINGS_FOR


def give_back_unanswered(session: Session, now: datetime) -> list[str]:
    """Callers whose agent has not picked up are anybody's again; returns their conversations."""
    given_back = []
    for sid in queries.taken_and_waiting(session):
        call = queries.held(session, sid)
        if call is None or call.line is None or call.picked_up_at is not None or is_ringing(session, call, now):
            continue
        conversation = conversations.hold(session, call.conversation_id)
        if conversation.mode is Mode.HUMAN and conversation.agent_id == call.taker_id:
            holding.wait_again(session, conversation, now=now)
        call.taker_id = call.taken_at = None
        session.flush()
        given_back.append(call.conversation_id)
    return given_back


def agent_picked_up(session: Session, ref: str, heard: Heard, *, ours: Ours) -> str:
    """The agent's telephone was picked up: say who waits, and wait for a key, which no mailbox presses."""
    found = _named(session, ref)
    if found is None or heard.is_machine:
        return outgoing.hang_up()
    row, _call = found
    return outgoing.ask_key(row.text, row.language, action=f"{ours.base}/telephony/outgoing/{SCRIPT}/key?ref={ref}")


def agent_pressed(
    session: Session, ref: str, heard: Heard, *, ours: Ours, reference: Reference, now: datetime
) -> tuple[str, str | None]:
    """The agent has pressed a key: connect them with the caller, if that one still waits for them.

    Returns:
        The TwiML, and the conversation that has changed.
    """
    found = _named(session, ref)
    if found is None:
        return outgoing.hang_up(), None
    row, call = found
    if heard.keys != GO_ON:
        return outgoing.tell(reference.messages.render("answer.declined", row.language), row.language), None
    if call.line is None or call.ended_at is not None or key_of(call) != row.message_key:
        return outgoing.tell(reference.messages.render("answer.gone", row.language), row.language), None
    call.picked_up_at = call.picked_up_at or now
    session.flush()
    twiml = outgoing.fetch_from_queue(
        reference.messages.render("answer.connecting", row.language),
        row.language,
        queue=rules.queue_name(call.line),
        action=f"{ours.base}/telephony/outgoing/{SCRIPT}/end?ref={ref}",
        longest_s=outgoing.SCRIPTS[SCRIPT].longest_s,
    )
    return twiml, call.conversation_id


def talk_of(session: Session, conversation_id: str, agent: Agent) -> str:
    """The carrier's id of the call to an agent who talks with a caller in it.

    Raises:
        NotFound: no call is this conversation.
        Conflict: they do not talk (any more).
    """
    call = queries.of_conversation(session, conversation_id)
    if call is None:
        raise NotFound
    row = outbox.by_key(session, key_of(call))
    talks = call.picked_up_at is not None and call.ended_at is None and call.taker_id == agent.id
    if not talks or row is None or row.sid is None:
        raise Conflict("This call is over already.", code="over")
    return row.sid


def key_of(call: Call) -> str:
    """The name in the outbox of the call to the agent: one each time somebody takes it."""
    return f"{SCRIPT}:{call.sid}:{call.takes}"


def _named(session: Session, ref: str) -> tuple[OutboxMessage, Call] | None:
    """The row a webhook speaks of, and the call it is for, both held."""
    row = outbox.of_reference(session, ref)
    if row is None or row.script != SCRIPT:
        return None
    call = queries.held(session, row.message_key.split(":")[1])
    return (row, call) if call is not None else None
