"""Lists of the desk: the same rows whether a page is read or a row is pushed, and pages that stay while rows come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import big_seed
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.queries import Standing, Tab
from backend.console.keyset import Leaf
from backend.console.tickets import queries as ticket_queries
from backend.console.tickets.queries import ALL, Order, Wanted
from backend.conversations import notes, service
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.tickets.models import Promise, Ticket

PASSWORD = "correct horse battery"


@pytest.fixture
def people(session: Session, now: datetime) -> list[Agent]:
    names = ("chenxiao", "linyue", "zhouting")
    people = [agents.add(session, name, PASSWORD, name=name, now=now) for name in names]
    session.flush()
    return people


@pytest.fixture
def desk(session: Session, now: datetime, people: list[Agent]) -> list[Agent]:
    """Conversations in every state: held, put aside, passed on, named in notes, only greeted."""
    big_seed.run(session, conversations=90, messages=360, now=now)
    found = session.scalars(select(Conversation).order_by(Conversation.id)).all()
    first, second, third = people
    for place, each in enumerate(found):
        match place % 9:
            case 0:
                each.mode, each.agent_id = Mode.HUMAN, first.id
            case 1:
                each.mode, each.agent_id, each.snoozed_until = Mode.HUMAN, second.id, now + timedelta(hours=place)
            case 2:
                each.mode, each.agent_id, each.wanted_agent_id = Mode.WAITING, None, first.id
            case 3:
                each.mode, each.agent_id = Mode.HUMAN, third.id
            case 4:
                each.last_seq = 1
            case 5:
                each.mode, each.agent_id, each.handoff_requested_at = Mode.WAITING, None, now - timedelta(minutes=5)
            case 6:
                each.mode = Mode.CLOSED
    session.flush()
    for each in found[:30:2]:
        notes.add(session, each.id, second, "@chenxiao 看一下 @zhouting", now=now)
    return people


def standings(session: Session, now: datetime) -> list[Standing]:
    return inbox_queries.standings(session, list(session.scalars(select(Conversation.id))), now=now)


def turned(read: Callable[[str], Leaf[Any]]) -> list[Leaf[Any]]:
    """All pages of a list, one after the other."""
    pages = [read("")]
    while pages[-1].has_more:
        pages.append(read(pages[-1].keys[-1]))
    return pages


class TestTheSameRowsEitherWay:
    @pytest.mark.parametrize("tab", Tab)
    def test_a_pushed_row_stands_where_the_page_has_it(
        self, session: Session, now: datetime, desk: list[Agent], tab: Tab
    ) -> None:
        for agent in desk:
            pages = turned(
                lambda key, me=agent.id: inbox_queries.desk(session, tab, me, now=now, after=key)  # type: ignore[misc]
            )
            read = [(each.id, key) for page in pages for each, key in zip(page.rows, page.keys, strict=True)]
            places = [(each.conversation.id, each.keys(agent.id)) for each in standings(session, now)]
            pushed = [(conversation_id, keys[tab]) for conversation_id, keys in places if tab in keys]
            assert sorted(pushed, key=lambda row: row[1]) == read
        assert read

    def test_tabs_count_what_they_hold(self, session: Session, now: datetime, desk: list[Agent]) -> None:
        counted, everything = inbox_queries.counts(session), standings(session, now)
        for agent in desk:
            held = [keys for each in everything if (keys := each.keys(agent.id))]
            assert counted.of(agent.id) == {tab: sum(tab in keys for keys in held) for tab in Tab}


class TestPagesStay:
    def test_a_row_that_comes_in_between_shifts_nothing(
        self, session: Session, now: datetime, people: list[Agent]
    ) -> None:
        big_seed.run(session, conversations=120, messages=480, now=now)
        me = people[0].id
        first = inbox_queries.desk(session, Tab.ALL, me, now=now)
        spoken = session.get_one(Conversation, first.rows[-1].id)
        service.hear(session, spoken, "还在吗", now=now + timedelta(minutes=1), client_message_id="c")
        second = inbox_queries.desk(session, Tab.ALL, me, now=now, after=first.keys[-1])
        assert not {each.id for each in first.rows} & {each.id for each in second.rows}
        back = inbox_queries.desk(session, Tab.ALL, me, now=now, before=second.keys[0])
        assert [each.id for each in back.rows][:2] == [spoken.id, first.rows[0].id]
        assert (back.has_less, back.has_more) == (False, True)

    @pytest.mark.parametrize(
        "key", ["x", "1", "'; drop table--", "0.0.0.0", "9" * 18 + "." + "f" * 40, "9" * 18 + "." + "9" * 18 + ".0"]
    )
    def test_a_key_that_is_none_shows_the_first_page(
        self, session: Session, now: datetime, people: list[Agent], key: str
    ) -> None:
        big_seed.run(session, conversations=60, messages=240, now=now)
        first = inbox_queries.desk(session, Tab.ALL, people[0].id, now=now)
        for tab in (Tab.ALL, Tab.WAITING):
            found = inbox_queries.desk(session, tab, people[0].id, now=now, after=key, before=key)
            assert not found.has_less
        assert inbox_queries.desk(session, Tab.ALL, people[0].id, now=now, after=key[:3]).keys == first.keys

    @pytest.mark.parametrize("order", Order)
    def test_pages_of_tickets_hold_each_of_them_once_both_ways(
        self, session: Session, now: datetime, people: list[Agent], order: Order
    ) -> None:
        big_seed.run(session, conversations=360, messages=720, now=now)
        wanted, me = Wanted(status=ALL, order=order.value), people[0].id
        for place, promise in enumerate(session.scalars(select(Promise))):
            promise.due_at = None if place % 3 == 0 else now + timedelta(hours=place % 5)
        pages = turned(lambda key: ticket_queries.found(session, wanted, agent_id=me, now=now, after=key)[0])
        ids = [ticket.id for page in pages for ticket in page.rows]
        assert len(ids) == len(set(ids)) == len(session.scalars(select(Ticket.id)).all()) > 100
        keys = [key for page in pages for key in page.keys]
        assert all(one < other for one, other in pairwise(keys))
        back = ticket_queries.found(session, wanted, agent_id=me, now=now, before=pages[-1].keys[0])[0]
        assert [ticket.id for ticket in back.rows] == [ticket.id for ticket in pages[-2].rows]
