"""Which conversations stand in which tab of the inbox, in which order, and how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from backend.console import keyset
from backend.console.keyset import Column, Leaf
from backend.console.queries import PAGE, SOON, names, number_ends
from backend.console.rules import Pledge
from backend.conversations.models import MESSAGE_WORDS, Conversation, Mention, Message
from backend.conversations.rules import Mode
from backend.kernel import pairs
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import CLOSED, Priority, Status

MOST_COUNTED = 1000  # beyond that a tab says "999+": nobody counts them, and counting all would cost each look
MOST_FOUND = 1000
ONLY_GREETED = 1  # a conversation of one message is a page somebody has opened


class Tab(StrEnum):
    """The queues of the inbox."""

    WAITING = "waiting"
    MINE = "mine"
    BOT = "bot"
    ALL = "all"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    COLLEAGUES = "colleagues"


@dataclass(frozen=True)
class Standing:
    """A conversation with what places it in the inbox; every agent may see all of them.

    Attributes:
        burns: what to look at first: 0 danger, 1 what presses, 2 the rest.
        named: the ids of agents whom a note in it names and who have not seen that.
    """

    conversation: Conversation
    burns: int
    named: frozenset[int]

    def keys(self, me: int) -> dict[Tab, str]:
        """Where it stands for an agent: its key in each tab that holds it, as `desk` gives it."""
        found = self.conversation
        if found.last_seq <= ONLY_GREETED:
            return {}
        tabs = [Tab.ALL]
        is_held, is_awake = found.mode is Mode.HUMAN, found.snoozed_until is None
        if not is_held:
            tabs.append({Mode.WAITING: Tab.WAITING, Mode.BOT: Tab.BOT, Mode.CLOSED: Tab.CLOSED}[found.mode])
        elif not is_awake:
            tabs.append(Tab.SNOOZED)
        elif found.agent_id is not None and found.agent_id != me:
            tabs.append(Tab.COLLEAGUES)
        is_passed_on = found.mode is Mode.WAITING and found.wanted_agent_id == me
        if (is_held and is_awake and found.agent_id == me) or is_passed_on or me in self.named:
            tabs.append(Tab.MINE)
        return {tab: keyset.key_of(_key_columns(tab), self._values(tab)) for tab in tabs}

    def _values(self, tab: Tab) -> Sequence[Any]:
        found = self.conversation
        match tab:
            case Tab.WAITING | Tab.MINE:
                since = found.handoff_requested_at or found.last_message_at
                return self.burns, since, found.last_message_at, found.id
            case Tab.SNOOZED:
                return found.snoozed_until, found.id
            case _:
                return found.last_message_at, found.id


@dataclass(frozen=True)
class Counts:
    """How many conversations the tabs hold, for whoever looks; `MOST_COUNTED` stands for that many or more.

    Attributes:
        shared: of the tabs that are the same for all.
        held: how many each agent holds and has not put aside.
        theirs: what else is each agent's: passed on to them, or a note in it names them.
    """

    shared: Mapping[Tab, int]
    held: Mapping[int, int]
    theirs: Mapping[int, int]

    def of(self, me: int) -> dict[Tab, int]:
        """The counts as one agent sees them."""
        mine = self.held.get(me, 0)
        others = sum(self.held.values()) - mine
        own = {Tab.MINE: mine + self.theirs.get(me, 0), Tab.COLLEAGUES: others}
        return {tab: min(count, MOST_COUNTED) for tab, count in (*self.shared.items(), *own.items())}


def counts(session: Session) -> Counts:
    """How many conversations each tab of the inbox holds, for all agents at once."""
    shared = session.execute(_counting()).mappings().one()
    is_said, holder = Conversation.last_seq > ONLY_GREETED, Conversation.agent_id
    held = (
        select(holder, func.count())
        .where(Conversation.mode == Mode.HUMAN, Conversation.snoozed_until.is_(None), is_said)
        .group_by(holder)
    )
    passed_on = select(Conversation.wanted_agent_id, Conversation.id).where(
        Conversation.mode == Mode.WAITING, Conversation.wanted_agent_id.is_not(None), is_said
    )
    is_counted_otherwise = and_(
        Conversation.mode == Mode.HUMAN,
        Conversation.snoozed_until.is_(None),
        holder.is_not_distinct_from(Mention.agent_id),
    )
    named = (
        select(Mention.agent_id, Mention.conversation_id)
        .join(Conversation, Conversation.id == Mention.conversation_id)
        .where(Mention.seen_at.is_(None), is_said, ~is_counted_otherwise)
    )
    theirs: Sequence[Any] = session.execute(union(passed_on, named)).all()
    return Counts(
        {Tab(name): count for name, count in shared.items()},
        {agent_id: count for agent_id, count in session.execute(held) if agent_id is not None},
        Counter(agent_id for agent_id, _ in theirs),
    )


@cache
def _counting() -> Select[Any]:
    """The tabs that are the same for all in one question, built once: each page of the inbox asks it."""
    one: ColumnElement[int] = literal_column("1").label("one")
    inside = {tab: _in_tab(tab, 0).with_only_columns(one) for tab in Tab if tab not in (Tab.MINE, Tab.COLLEAGUES)}
    limited = {tab: query.limit(MOST_COUNTED).subquery() for tab, query in inside.items()}
    counted = {tab: select(func.count()).select_from(query) for tab, query in limited.items()}
    return select(*(query.scalar_subquery().label(tab.value) for tab, query in counted.items()))


def desk(
    session: Session,
    tab: Tab,
    agent_id: int,
    *,
    now: datetime,
    text: str = "",
    after: str = "",
    before: str = "",
) -> Leaf[Conversation]:
    """A page of a tab by what burns; where nobody waits, the newest words first."""
    query = _in_tab(tab, agent_id)
    if text:
        query = query.where(_speaks_of(session, text))
    return keyset.leaf(session, query, _order(tab, now), PAGE, after=after, before=before)


def standings(session: Session, conversation_ids: Collection[str], *, now: datetime) -> list[Standing]:
    """Some conversations with what places them in the inbox."""
    query = select(Conversation, _burning(now)).where(Conversation.id.in_(conversation_ids))
    found = session.execute(query).all()
    mentions = select(Mention.conversation_id, Mention.agent_id).where(
        Mention.conversation_id.in_(conversation_ids), Mention.seen_at.is_(None)
    )
    named: dict[str, set[int]] = {}
    for conversation_id, agent_id in session.execute(mentions):
        named.setdefault(conversation_id, set()).add(agent_id)
    return [Standing(row[0], row[1], frozenset(named.get(row[0].id, ()))) for row in found]


@dataclass(frozen=True)
class Brief:
    """A ticket as far as a row of the inbox shows it."""

    id: int
    conversation_id: str | None
    contact_phone: str | None
    contact_name: str | None
    priority: Priority
    status: Status

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done."""
        return self.status not in CLOSED


def briefs(session: Session, conversations: Sequence[Conversation]) -> dict[str, list[Brief]]:
    """Tickets by conversation, newest first: those it opened, and those of its number."""
    ids = [each.id for each in conversations]
    phones = [each.phone for each in conversations if each.phone]
    columns = (
        Ticket.id,
        Ticket.conversation_id,
        Ticket.contact_phone,
        Ticket.contact_name,
        Ticket.priority,
        Ticket.status,
    )
    query = select(*columns).where(or_(Ticket.conversation_id.in_(ids), Ticket.contact_phone.in_(phones)))
    by_conversation: dict[str | None, list[Brief]] = {}
    by_phone: dict[str | None, list[Brief]] = {}
    for row in session.execute(query.order_by(Ticket.id.desc()).limit(MOST_FOUND)):
        brief = Brief(*row)
        by_conversation.setdefault(brief.conversation_id, []).append(brief)
        by_phone.setdefault(brief.contact_phone, []).append(brief)
    return {
        each.id: sorted(
            {*by_conversation.get(each.id, ()), *(by_phone.get(each.phone, ()) if each.phone else ())},
            key=lambda brief: -brief.id,
        )
        for each in conversations
    }


def pledges(session: Session, ticket_ids: Collection[int]) -> dict[int, list[Pledge]]:
    """The promises of some tickets that are still to be kept, by ticket."""
    query = select(Promise.ticket_id, Promise.kind, Promise.started_at, Promise.due_at, Promise.paused_at)
    found: dict[int, list[Pledge]] = {}
    for ticket_id, kind, started_at, due_at, paused_at in session.execute(
        query.where(Promise.ticket_id.in_(ticket_ids), Promise.met_at.is_(None))
    ):
        found.setdefault(ticket_id, []).append(Pledge(kind.value, started_at, due_at, None, paused_at))
    return found


def next_waiting(session: Session, agent_id: int, *, now: datetime, limit: int = 5) -> Sequence[str]:
    """Who should be answered next: what was passed on to the agent, then what burns; never a colleague's."""
    mine_or_anybodys = or_(Conversation.wanted_agent_id.is_(None), Conversation.wanted_agent_id == agent_id)
    query = (
        select(Conversation.id)
        .where(Conversation.mode == Mode.WAITING, mine_or_anybodys)
        .order_by(_burning(now), Conversation.wanted_agent_id.is_(None), Conversation.handoff_requested_at)
    )
    return session.scalars(query.limit(limit)).all()


@cache
def _key_columns(tab: Tab) -> list[Column]:
    """A tab's order, to write keys by: in what order rows burn is known by then."""
    return _order(tab, None)


def _order(tab: Tab, now: datetime | None) -> list[Column]:
    match tab:
        case Tab.WAITING | Tab.MINE:
            since = func.coalesce(Conversation.handoff_requested_at, Conversation.last_message_at)
            return [
                keyset.number(_burning(now) if now else literal_column("2")),
                keyset.instant(since),
                keyset.instant(Conversation.last_message_at),
                keyset.word(Conversation.id),
            ]
        case Tab.SNOOZED:
            return [keyset.instant(Conversation.snoozed_until), keyset.word(Conversation.id)]
        case _:
            return [keyset.instant(Conversation.last_message_at, falls=True), keyset.word(Conversation.id)]


def _burning(now: datetime) -> ColumnElement[int]:
    """What to look at first: danger, then what is urgent or has a promise missed or nearly so, then the rest."""
    pressing = exists().where(
        Ticket.conversation_id == Conversation.id,
        Ticket.status.not_in(CLOSED),
        or_(
            Ticket.priority != Priority.NORMAL,
            exists().where(
                Promise.ticket_id == Ticket.id,
                Promise.met_at.is_(None),
                Promise.paused_at.is_(None),
                Promise.due_at <= now + SOON,
            ),
        ),
    )
    return case((Conversation.handoff_reason == "danger", 0), (pressing, 1), else_=2)


def _in_tab(tab: Tab, agent_id: int) -> Select[Conversation]:
    held, is_awake = Conversation.mode == Mode.HUMAN, Conversation.snoozed_until.is_(None)
    conditions: dict[Tab, Sequence[ColumnElement[bool]]] = {
        Tab.WAITING: [Conversation.mode == Mode.WAITING],
        Tab.MINE: [_is_mine(agent_id)],
        Tab.BOT: [Conversation.mode == Mode.BOT],
        Tab.SNOOZED: [held, Conversation.snoozed_until.is_not(None)],
        Tab.CLOSED: [Conversation.mode == Mode.CLOSED],
        Tab.COLLEAGUES: [held, Conversation.agent_id != agent_id, is_awake],
        Tab.ALL: [],
    }
    return select(Conversation).where(Conversation.last_seq > ONLY_GREETED, *conditions[tab])


def _is_mine(agent_id: int) -> ColumnElement[bool]:
    """What an agent holds and has not put aside, what was passed on to them, and where a note names them.

    Each by its own index: one condition with three ways to be true would read all conversations.
    """
    held = select(Conversation.id).where(
        Conversation.mode == Mode.HUMAN, Conversation.agent_id == agent_id, Conversation.snoozed_until.is_(None)
    )
    passed_on = select(Conversation.id).where(
        Conversation.mode == Mode.WAITING, Conversation.wanted_agent_id == agent_id
    )
    named = select(Mention.conversation_id).where(Mention.agent_id == agent_id, Mention.seen_at.is_(None))
    return Conversation.id.in_(union(held, passed_on, named))


def _speaks_of(session: Session, text: str) -> ColumnElement[bool]:
    """A conversation by number (whole or its last digits), ticket number, name or words said in it.

    What is found is read first, newest first and no more than `MOST_FOUND`: the page then needs these only.
    """
    named = select(Ticket.conversation_id).where(Ticket.conversation_id.is_not(None), names(session, text))
    found = set(session.scalars(named.order_by(Ticket.id.desc()).limit(MOST_FOUND)))
    if pairs.sought(text):
        said = MESSAGE_WORDS.ids(session, text, newest=MOST_FOUND)
        found |= set(session.scalars(select(Message.conversation_id).where(Message.id.in_(said)).distinct()))
    if digits := number_ends(text):
        for number in (Conversation.phone, Conversation.verified_phone):
            found |= set(session.scalars(select(Conversation.id).where(number.endswith(digits)).limit(MOST_FOUND)))
    return Conversation.id.in_(found)
