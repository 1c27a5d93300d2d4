"""What the templates show, gathered: rows of the inbox, an open conversation, tickets with their promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from backend.agents.models import Agent
from backend.callbacks.models import Callback
from backend.console import queries, rules
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.queries import Brief
from backend.console.queries import Spoken
from backend.console.rules import Look, Pledge, Seen
from backend.console.words import Language
from backend.conversations import notes, watching
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Mode
from backend.kernel.working_time import Calendar
from backend.tickets import ledger, promise_rules, wording
from backend.tickets.models import Promise, PromiseChange, Ticket
from backend.tickets.rules import CLOSED

PORTRAITS = 6
NEWEST = 2
OPEN_LOOKS = frozenset({Look.OK, Look.NEAR, Look.OVERDUE, Look.PAUSED, Look.UNDATED})


@dataclass(frozen=True)
class Portrait:
    """The round sign of a person: the first letter of a name, and one of six colours that stays theirs."""

    letter: str
    colour: int


@dataclass(frozen=True)
class TicketView:
    """A ticket with its promises as they stand now; `next` is the open promise to look at first."""

    ticket: Ticket
    promises: list[tuple[Promise, Seen]]
    callback: Callback | None = None

    @property
    def next(self) -> Seen | None:
        """The promise to look at first; None when the ticket is closed or all are kept."""
        if self.ticket.status in CLOSED:
            return None
        return rules.most_urgent(seen for _promise, seen in self.promises if seen.look in OPEN_LOOKS)


@dataclass(frozen=True)
class Story:
    """A promise on its ticket's page: how it stands, why, and what happened to it (newest first).

    Attributes:
        is_marked: somebody has marked it as kept, and nothing has happened since.
    """

    promise: Promise
    seen: Seen
    why: str
    past: list[tuple[PromiseChange, str]]
    is_marked: bool


@dataclass(frozen=True)
class Row:
    """A conversation in the inbox; `key` is its place in the list it is shown in."""

    conversation: Conversation
    name: str | None
    portrait: Portrait
    words: Spoken | None
    unread: int
    holder: str | None
    wanted: str | None
    priority: str
    next: Seen | None
    watchers: list[str]
    key: str = ""


@dataclass(frozen=True)
class OpenConversation:
    """A conversation with everything beside it.

    Attributes:
        unread: what the agent who answers has not seen; of a colleague's conversation, nothing.
        watchers: who looks over the shoulder of the agent who holds it.
    """

    conversation: Conversation
    messages: Sequence[Message]
    name: str | None
    portrait: Portrait
    phone: str | None
    tickets: list[TicketView]
    callbacks: Sequence[Callback]
    holder: str | None
    is_mine: bool
    unread: int
    is_named: bool = False
    wanted: str | None = None
    watchers: dict[int, str] = field(default_factory=dict)

    @property
    def may_take(self) -> bool:
        """Whether this agent can take it over now."""
        return self.conversation.mode is not Mode.HUMAN

    @property
    def present_tickets(self) -> list[TicketView]:
        """What is shown whole: whatever has an open promise, and the two newest."""
        return [view for place, view in enumerate(self.tickets) if view.next or place < NEWEST]

    @property
    def past_tickets(self) -> list[TicketView]:
        """The others, shown as a list."""
        return [view for place, view in enumerate(self.tickets) if not view.next and place >= NEWEST]

    @property
    def product(self) -> Ticket | None:
        """The newest ticket that says something of the appliance or the place."""
        return next((view.ticket for view in self.tickets if view.ticket.model or view.ticket.address), None)


def portrait(name: str | None, key: str) -> Portrait:
    """The sign of a person; of somebody nameless, no letter."""
    return Portrait((name or "")[:1].upper(), sum(map(ord, key)) % PORTRAITS)


def see_promise(promise: Promise, calendar: Calendar, now: datetime) -> Seen:
    """A stored promise as it stands now."""
    pledge = Pledge(promise.kind.value, promise.started_at, promise.due_at, promise.met_at, promise.paused_at)
    return rules.see(pledge, calendar=calendar, now=now)


def ticket_views(session: Session, tickets: Sequence[Ticket], calendar: Calendar, now: datetime) -> list[TicketView]:
    """Tickets with their promises and the callback that is still to come."""
    promises = queries.promises_of(session, tickets)
    booked = {each.ticket_id: each for each in queries.callbacks_of(session, tickets) if each.status == "booked"}
    return [
        TicketView(
            ticket,
            [(promise, see_promise(promise, calendar, now)) for promise in promises[ticket.id]],
            booked.get(ticket.id),
        )
        for ticket in tickets
    ]


def stories(session: Session, view: TicketView, calendar: Calendar, language: Language) -> list[Story]:
    """The promises of a ticket with their sentence and their history."""
    changes = queries.changes_of(session, [promise for promise, _ in view.promises])
    return [
        Story(
            promise,
            seen,
            promise_rules.explain(ledger.state_of(promise), calendar).in_language(language),
            [(each, _change(each, calendar, language)) for each in changes[promise.id]],
            promise_rules.is_marked_kept(changes[promise.id][0].what, changes[promise.id][0].reason),
        )
        for promise, seen in view.promises
    ]


def _change(each: PromiseChange, calendar: Calendar, language: Language) -> str:
    words = wording.change(each.what, each.reason, each.words, each.until, each.due_after, calendar)
    return words.in_language(language)


def rows(
    session: Session,
    conversations: Sequence[Conversation],
    calendar: Calendar,
    now: datetime,
    keys: Mapping[str, str] = MappingProxyType({}),
) -> list[Row]:
    """The inbox's rows, with a fixed number of queries.

    Args:
        keys: their places in the list, by id.
    """
    ids = [each.id for each in conversations]
    words, unread = queries.last_words(session, ids), queries.unread(session, ids)
    tickets, agents = inbox_queries.briefs(session, conversations), queries.agent_names(session)
    alive = {ticket.id for several in tickets.values() for ticket in several if ticket.is_open}
    promises = inbox_queries.pledges(session, alive)
    watchers = watching.watchers(session, [each.id for each in conversations if each.mode is Mode.HUMAN], now)
    shown = []
    for each in conversations:
        made = (pledge for ticket in tickets[each.id] for pledge in promises.get(ticket.id, ()))
        running = (rules.see(pledge, calendar=calendar, now=now) for pledge in made)
        name = next((ticket.contact_name for ticket in tickets[each.id] if ticket.contact_name), None)
        shown.append(
            Row(
                conversation=each,
                name=name,
                portrait=portrait(name, each.phone or each.id),
                words=words.get(each.id),
                unread=unread.get(each.id, 0) if each.mode in (Mode.WAITING, Mode.HUMAN) else 0,
                holder=agents.get(each.agent_id) if each.agent_id else None,
                wanted=agents.get(each.wanted_agent_id) if each.wanted_agent_id else None,
                priority=_priority(tickets[each.id]),
                next=rules.most_urgent(running),
                watchers=list(watchers.get(each.id, {}).values()),
                key=keys.get(each.id, ""),
            )
        )
    return shown


def _priority(tickets: Sequence[Brief]) -> str:
    """The highest priority of what is open."""
    found = {ticket.priority.value for ticket in tickets if ticket.is_open}
    return next((each for each in ("critical", "urgent") if each in found), "normal")


def open_conversation(
    session: Session, conversation: Conversation, agent: Agent, calendar: Calendar, now: datetime
) -> OpenConversation:
    """A conversation with its customer, tickets and callbacks."""
    tickets = queries.tickets_of(session, [conversation])[conversation.id]
    phone = conversation.phone or next((each.contact_phone for each in tickets if each.contact_phone), None)
    name, agents = queries.customer_name(tickets), queries.agent_names(session)
    is_held, is_mine = conversation.mode is Mode.HUMAN, conversation.agent_id == agent.id
    is_colleagues = is_held and not is_mine
    return OpenConversation(
        conversation=conversation,
        messages=queries.messages(session, conversation.id),
        name=name,
        portrait=portrait(name, conversation.phone or conversation.id),
        phone=phone,
        tickets=ticket_views(session, tickets, calendar, now),
        callbacks=queries.callbacks_of(session, tickets, phone),
        holder=agents.get(conversation.agent_id) if conversation.agent_id else None,
        wanted=agents.get(conversation.wanted_agent_id) if conversation.wanted_agent_id else None,
        is_named=notes.has_unread(session, conversation.id, agent),
        is_mine=is_held and is_mine,
        unread=0 if is_colleagues else queries.unread(session, [conversation.id]).get(conversation.id, 0),
        watchers=watching.watchers(session, [conversation.id], now)[conversation.id] if is_held else {},
    )
