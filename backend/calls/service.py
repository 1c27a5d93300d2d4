"""Run calls: do what the operator's steps ask for, keep state and answers. Flushes, never commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from backend.calls import confirming, persons, queries, rules
from backend.calls.desk import Desk
from backend.calls.models import Call, CallAnswer
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Author, Mode
from backend.conversations.turn import Turn, Turns
from backend.errors import NotFound
from backend.outbox.webhook import remember
from bot.text.hazard import hazard
from bot.text.language import follow
from telephony import twiml
from telephony.states import Ask, CallBack, Person, Phase, Reason, Said, State, Step
from telephony.voice import CallTurn, InboundCall


@dataclass(frozen=True)
class Answered:
    """A turn's answer, the conversation it is in, and whether the caller waits for a person."""

    twiml: str
    conversation_id: str
    waits: bool


@dataclass(frozen=True)
class Asked:
    """A turn the bot is to answer first: the message, and the turn that answers it, if nobody has begun that yet."""

    conversation_id: str
    seq: int
    turn: Turn | None


def ring(session: Session, inbound: InboundCall, desk: Desk) -> str:
    """Pick up: greet a new call; one that has rung before gets its first answer again."""
    if remember(session, "call", inbound.sid, desk.now):
        phone = persons.number_of(inbound.caller or "", desk.own_numbers)
        conversation = conversations.call_conversation(session, phone, language="zh", now=desk.now)
        rung = desk.reference.messages.render("voice.rung", conversation.language)
        call = Call(
            sid=inbound.sid,
            conversation_id=conversation.id,
            state=asdict(State()),
            told_seq=conversations.say(session, conversation, Author.SYSTEM, rung, now=desk.now).seq,
            started_at=desk.now,
            seen_at=desk.now,
        )
        session.add(call)
        session.flush()
        opening = None if desk.is_open else desk.opening("zh")
        return keep(session, call, "ring", desk.operator.greet(State(), opening=opening), desk)
    return queries.answer(session, inbound.sid, "ring") or twiml.hang_up()


def begin(session: Session, key: str, turn: CallTurn, desk: Desk, bot: Turns) -> Answered | Asked:
    """Take up one turn of a call.

    Args:
        key: names the turn within the call; the same again gives the same answer.

    Raises:
        NotFound: the call has never rung here.
    """
    call = held(session, turn.sid)
    if (given := queries.answer(session, call.sid, key)) is not None:
        return _answered(call, given)
    state = State.restored(call.state)
    conversation = conversations.hold(session, call.conversation_id)
    if state.phase is Phase.THINKING:
        return Asked(conversation.id, call.asked_seq or 0, bot.claim(session, conversation))
    is_danger = bool(turn.words) and hazard(turn.words) is not None
    if is_danger:  # the safety text may come before the bot has noticed a change of language
        state = state.speaking(follow(turn.words, state.tongue.language, ()))
    step = desk.operator.hear(state, turn, is_open=desk.is_open, is_danger=is_danger)
    if not isinstance(step.do, Ask) and (turn.words or step.do is not None):
        persons.note(session, conversation, turn, reference=desk.reference, now=desk.now)
    if isinstance(step.do, Ask):
        seq = _ask(session, call, conversation, key, step.do.words, desk)
        call.state, call.seen_at = asdict(step.state), desk.now
        session.flush()
        return Asked(conversation.id, seq, bot.claim(session, conversation))
    return _answered(call, _run(session, call, conversation, key, step, desk))


def finish(session: Session, sid: str, key: str, desk: Desk) -> Answered:
    """Answer a turn with what the bot has said by now, or ask the caller to wait.

    Raises:
        NotFound: the call has never rung here.
    """
    call = held(session, sid)
    if (given := queries.answer(session, call.sid, key)) is not None:
        return _answered(call, given)
    state = State.restored(call.state)
    conversation = conversations.hold(session, call.conversation_id)
    said = conversations.from_message(session, conversation.id, (call.asked_seq or 0))
    asked = said[0] if said else None
    if state.phase is not Phase.THINKING or asked is None:
        return _answered(call, queries.last_answer(session, call.sid) or twiml.hang_up())
    if asked.answered_at is None:
        step = desk.operator.think(state, safety=_safety(asked.text, state, desk))
    elif asked.failures and conversation.handoff_reason == "danger":
        call.told_seq = conversation.last_seq
        step = Step(state, Person(Reason.DANGER))  # the guard has spoken instead of the bot, in words for a screen
    else:
        heard = _said(call, conversation, desk)
        texts = tuple(
            each.text for each in said if each.seq > call.told_seq and each.author in (Author.BOT, Author.AGENT)
        )
        last = next((each for each in reversed(said) if each.author is Author.BOT), None)
        buttons = tuple((each["title"], each["payload"]) for each in (last.buttons if last else ()))
        can_text = last is not None and last.expects == "address" and persons.can_text(session, conversation)
        step = desk.operator.answer(
            state,
            Said(
                texts=texts,
                choices=buttons,
                expects=last.expects if last else None,
                understood=heard.understood,
                wants_person=heard.wants_person,
                in_danger=conversation.handoff_reason == "danger",
                is_texted=confirming.text_tickets(session, conversation, asked.sent_at, desk),
                language=conversation.language,
            ),
            can_text=can_text,
        )
        call.told_seq = conversation.last_seq
    return _answered(call, _run(session, call, conversation, key, step, desk))


def _answered(call: Call, document: str) -> Answered:
    return Answered(document, call.conversation_id, waits=call.line is not None)


@dataclass(frozen=True)
class _Heard:
    understood: bool
    wants_person: bool


def _said(call: Call, conversation: Conversation, desk: Desk) -> _Heard:
    after = conversation.understood
    return _Heard(
        understood=rules.was_understood(call.understood, after),
        wants_person=rules.wants_person(
            conversation.mode,
            conversation.handoff_reason,
            (after or {}).get("intent"),
            was_waiting=call.was_waiting,
            is_open=desk.is_open,
        ),
    )


def wait(session: Session, sid: str, keys: str, round_: int, desk: Desk) -> str:
    """One round in the queue.

    Raises:
        NotFound: the call has never rung here.
    """
    call = held(session, sid)
    key = f"queue:{round_}:{keys[:8]}"
    if (given := queries.answer(session, call.sid, key)) is not None:
        return given
    call.seen_at = desk.now
    conversation = conversations.hold(session, call.conversation_id)
    in_danger = conversation.handoff_reason == "danger"
    step = desk.operator.wait(
        State.restored(call.state),
        keys,
        round_=round_,
        position=queries.waiting_before(session, call, in_danger=in_danger) + 1 if call.queued_at else 1,
        is_open=desk.is_open,
        music=desk.music,
    )
    return _run(session, call, conversation, key, step, desk)


def is_answered(session: Session, conversation_id: str, seq: int) -> bool:
    """Whether the bot has answered a message, or nobody waits for it any more."""
    said = conversations.from_message(session, conversation_id, seq)
    return not said or said[0].answered_at is not None


def known(session: Session, sid: str) -> Call | None:
    """A call, if it has rung here."""
    return session.get(Call, sid)


def held(session: Session, sid: str) -> Call:
    """A call; nobody else changes it until the end of the unit of work.

    Raises:
        NotFound: it has never rung here.
    """
    call = queries.held(session, sid)
    if call is None:
        raise NotFound("There is no such call.")
    return call


def _ask(session: Session, call: Call, conversation: Conversation, key: str, words: str, desk: Desk) -> int:
    conversation.language = State.restored(call.state).tongue.language
    accepted = conversations.accept(session, conversation, key, words, reference=desk.reference, now=desk.now)
    call.asked_seq, call.understood = accepted.message.seq, conversation.understood
    call.was_waiting = conversation.mode is Mode.WAITING
    return accepted.message.seq


def _run(session: Session, call: Call, conversation: Conversation, key: str, step: Step, desk: Desk) -> str:
    """Do what steps ask for until one has a reply."""
    while step.reply is None:
        match step.do:
            case Person(reason):
                step = _get_person(session, call, conversation, step.state, reason, desk)
            case CallBack(number):
                step = persons.book(session, call, conversation, step.state, number, desk)
            case _:
                raise AssertionError(f"a step without a reply asks for {step.do}")
    if step.text_for_address:
        persons.text_for_address(session, call, conversation, desk)
    return keep(session, call, key, step, desk)


def _get_person(
    session: Session, call: Call, conversation: Conversation, state: State, reason: Reason, desk: Desk
) -> Step:
    """The conversation waits at the desk, and its caller in a line; out of hours they are told when we are back."""
    before: tuple[str, ...] = ()
    summary = persons.last_words(session, conversation)
    was_in_danger = conversation.handoff_reason == "danger"
    if conversation.mode in (Mode.BOT, Mode.CLOSED) or reason is Reason.DANGER:
        conversations.request_handoff(
            session, conversation.id, reason.value, summary, reference=desk.reference, now=desk.now
        )
    in_danger = conversation.handoff_reason == "danger"
    if state.alarmed and state.polls == 0:
        before = (_safety(summary, state, desk),)
    if before and not was_in_danger:
        call.told_seq = conversations.say(session, conversation, Author.BOT, before[0], now=desk.now).seq
    if not desk.is_open:
        return desk.operator.shut(
            state, opening=desk.opening(state.tongue.language), in_danger=in_danger, before=before
        )
    line = persons.take_line(session, call, desk, in_danger=in_danger)
    if line is None:
        return Step(state, CallBack(None))
    return desk.operator.queue(state, rules.queue_name(line), before=before)


def _safety(words: str, state: State, desk: Desk) -> str:
    found = hazard(words)
    return desk.reference.safety.text(found.kind if found else "default", state.tongue.language, aloud=True)


def keep(session: Session, call: Call, key: str, step: Step, desk: Desk) -> str:
    """Store the state and the answer that goes with it."""
    assert step.reply is not None
    document = twiml.document(step.reply, step.state.tongue, desk.base)
    call.state, call.seen_at = asdict(step.state), desk.now
    if step.state.phase not in (Phase.QUEUE, Phase.CALLED_BACK):
        call.line = call.queued_at = None
    session.add(CallAnswer(call_sid=call.sid, key=key, twiml=document, at=desk.now))
    session.flush()
    return document
