"""What is done with a conversation beside answering: the next one, hand back, pass on, put aside, wrap up, note."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.callbacks import service as callbacks
from backend.console import queries
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.routes import ConversationId, done
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane, opens_for, with_toast
from backend.console.words import Times, mark
from backend.conversations import holding, notes, watching
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Author
from backend.depends import Now, Ref
from backend.errors import BadTime, Conflict, Refused
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets import service as tickets

router = APIRouter(route_class=ConsoleRoute)

Words = Annotated[str, Form(max_length=4000)]
OFFERED = 24
MAY = needs(Action.ANSWER)
LOST = mark("You do not hold this conversation any more.")


@router.post("/next", dependencies=[MAY])
def take_next(page: OpenPage, now: Now, reference: Ref, later: BackgroundTasks) -> Response:
    """Take who should be answered next; of several agents at once each gets another one."""
    for conversation_id in inbox_queries.next_waiting(page.session, page.agent.id, now=now):
        try:
            conversations.take_over(page.session, conversation_id, page.agent, reference=reference, now=now)
        except Conflict:
            continue
        answer = done(page, conversation_id, now, reference, later)
        if is_pane(page.request):
            answer.headers["HX-Push-Url"] = f"/console/conversations/{conversation_id}"
        return answer
    told = page.say(mark("Nobody is waiting."))
    if is_pane(page.request):
        return with_toast(page.show("inbox/_nothing_open.html"), told)
    return RedirectResponse("/console/", 303)


@router.post("/conversations/{conversation_id}/hand-back", dependencies=[MAY])
def hand_back(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Give the conversation back to the bot, which goes on where the customer is."""
    with_lost_told(page, conversation_id)
    asked = conversations.last_said_by(page.session, conversation_id, Author.BOT)
    settled = asked is not None and queries.has_ticket_since(page.session, conversation_id, asked.sent_at)
    holding.hand_back(page.session, conversation_id, page.agent, reference=reference, settled=settled, now=now)
    return done(page, conversation_id, now, reference, later)


@router.post("/conversations/{conversation_id}/pass-on", dependencies=[MAY])
def pass_on(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    to: Annotated[str, Form(max_length=40)] = "",
    note: Words = "",
) -> Response:
    """Let it wait for a colleague (`agent:3`) or a group (`queue:parts`), with a note."""
    with_lost_told(page, conversation_id)
    kind, _, name = to.partition(":")
    colleague = holding.colleague(page.session, int(name)) if kind == "agent" and name.isdecimal() else None
    told = holding.pass_on(
        page.session,
        conversation_id,
        page.agent,
        to=colleague,
        queue=name if kind == "queue" else None,
        note=note,
        reference=reference,
        now=now,
    )
    said = page.say(mark("Passed on."))
    return done(page, conversation_id, now, reference, later, said=said, ring="passed_on", named=sorted(told))


@router.post("/conversations/{conversation_id}/snooze", dependencies=[MAY])
def snooze(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    until: Annotated[datetime, Form()],
) -> Response:
    """Put it aside until a time; a time without a zone is the hotline's."""
    with_lost_told(page, conversation_id)
    until = until if until.tzinfo else until.replace(tzinfo=reference.calendar.zone)
    holding.snooze(page.session, conversation_id, page.agent, until, now=now)
    at = Times(reference.calendar, page.words.language, now).full(until)
    return done(page, conversation_id, now, reference, later, said=page.say(mark("Put aside until {time}."), time=at))


@router.post("/conversations/{conversation_id}/wake", dependencies=[MAY])
def wake(page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks) -> Response:
    """Take it up again before its time."""
    with_lost_told(page, conversation_id)
    holding.wake(page.session, conversation_id, page.agent, reference=reference, now=now)
    return done(page, conversation_id, now, reference, later)


@router.post("/conversations/{conversation_id}/close", dependencies=[MAY])
def close(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    wrap_up: Annotated[str, Form(max_length=24)] = "",
    note: Words = "",
) -> Response:
    """End it, with how it ended."""
    with_lost_told(page, conversation_id)
    holding.close(page.session, conversation_id, page.agent, wrap_up, note, reference=reference, now=now)
    return done(page, conversation_id, now, reference, later, said=page.say(mark("Closed.")))


@router.post("/conversations/{conversation_id}/reopen", dependencies=[MAY])
def reopen(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks
) -> Response:
    """Take a closed one up again."""
    holding.reopen(page.session, conversation_id, page.agent, reference=reference, now=now)
    return done(page, conversation_id, now, reference, later)


@router.post("/conversations/{conversation_id}/notes", dependencies=[MAY])
def note(
    page: OpenPage, conversation_id: ConversationId, now: Now, reference: Ref, later: BackgroundTasks, text: Words = ""
) -> Response:
    """Write a note for colleagues; whoever it names by "@" is told, and whoever watches the conversation."""
    watch = watching.watchers(page.session, [conversation_id], now)[conversation_id]
    named = notes.add(page.session, conversation_id, page.agent, text, tell=list(watch), now=now)
    return done(page, conversation_id, now, reference, later, named=sorted(named))


@router.get("/conversations/{conversation_id}/windows", dependencies=[opens_for(Action.BOOK_CALLBACKS)])
def windows(page: ReadPage, conversation_id: ConversationId, now: Now, reference: Ref) -> Response:
    """The windows a call can be booked in."""
    found = conversations.get(page.session, conversation_id)
    desk = callbacks.desk_at(page.session, reference, now)
    free = desk.free(desk.earliest, desk.latest, OFFERED)
    return page.show("inbox/_book.html", conversation=found, phone=_number(page, found), windows=free)


@router.post("/conversations/{conversation_id}/callback", dependencies=[needs(Action.BOOK_CALLBACKS)])
def book(
    page: OpenPage,
    conversation_id: ConversationId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    start: Annotated[datetime, Form()],
    phone: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Book a call with the customer: to the number known of the conversation, or to one the agent types."""
    found = conversations.get(page.session, conversation_id)
    number = outbox.number(phone, own_numbers=page.house.settings.numbers_of_ours).e164 if phone else None
    number = number or _number(page, found)
    if number is None:
        raise Refused(page.say(mark("Give a telephone number first.")), code="told")
    start = start if start.tzinfo else start.replace(tzinfo=reference.calendar.zone)
    _book(page, found, number, start, reference, now)
    return done(
        page, conversation_id, now, reference, later, said=page.say(mark("The call is booked.")), callbacks="changed"
    )


def _book(page: Page, found: Conversation, number: str, start: datetime, reference: Reference, now: datetime) -> None:
    try:
        callbacks.book(
            page.session,
            number,
            reference=reference,
            now=now,
            ticket=next(iter(tickets.open_of_phone(page.session, number)), None),
            conversation_id=found.id,
            wanted=(start, start + reference.callbacks.length),
            language=found.language,
            who=page.agent.name,
            by=page.agent.id,
        )
    except BadTime as error:
        if error.reason == "full":
            told = page.say(mark("Somebody has just taken the last place in this window."))
            raise Conflict(told, code="told") from None
        raise


def _number(page: Page, found: Conversation) -> str | None:
    """The number a conversation's customer is called on: shown to be theirs, else that of its newest ticket."""
    here = queries.tickets_of(page.session, [found])[found.id]
    return (
        found.verified_phone or found.phone or next((each.contact_phone for each in here if each.contact_phone), None)
    )


def with_lost_told(page: Page, conversation_id: str) -> None:
    """Refuse whoever does not hold a conversation, in words that say so.

    Raises:
        NotFound: there is no such conversation.
        Conflict: they do not hold it.
    """
    try:
        holding.held(page.session, conversation_id, page.agent)
    except Conflict:
        raise Conflict(page.say(LOST), code="told") from None
