"""The live stream: who is told what, how soon, and how few looks at the database that takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select
from sqlalchemy.engine import Engine
from starlette.requests import Request

from backend import db, limits
from backend.agents import service as agents
from backend.audit.models import AuditEntry
from backend.audit.rules import What
from backend.auth import cookie_name
from backend.console.live import lookout, stream
from backend.console.live.lookout import Look, Lookout, Seat
from backend.conversations import service as conversations
from backend.depends import House
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

DESK = {"waiting": 3, "list": True, "whole": True}


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    return make_house(sessions, HandClock(NOW))


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    desk = Desk(house)
    desk.agents()
    return desk.morning()


@pytest.fixture
def token(house: House, ids: dict[str, str]) -> str:
    return Desk(house).signed_in(USERNAME)


def tabs_of(told: dict[str, Any]) -> dict[str, set[str]]:
    """In which tabs a `rows` event puts each conversation."""
    return {row["id"]: set(row["keys"]) for row in told["rows"]}


class Tab:
    """An open console, and what it was told."""

    def __init__(self, events: AsyncIterator[str]) -> None:
        self._events = events

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event that is no heartbeat; how long the fetches are spread is left out."""
        while (line := await asyncio.wait_for(anext(self._events), 10)).startswith(":"):
            pass
        name, data = line.strip().split("\n")
        told = json.loads(data.removeprefix("data: "))
        told.pop("within_ms", None)
        return name.removeprefix("event: "), told


def opened(house: House, *tabs: tuple[str, str], then: Callable[..., Awaitable[None]]) -> None:
    """Open consoles (a token and the conversation on the screen of each), and go on once each has its first look."""

    async def run() -> None:
        everybody = Lookout(house)
        consoles = [Tab(stream.events(everybody, Seat(token, open_id, has_list=True))) for token, open_id in tabs]
        firsts = await asyncio.gather(*(each.next() for each in consoles))
        assert [first for first in firsts if first != ("desk", DESK)] == []
        await then(*consoles)

    asyncio.run(run())


def say(house: House, conversation_id: str, text: str = "还在吗") -> None:
    """A customer says something, and only the database knows."""
    with db.session_scope(house.sessions) as session:
        found = conversations.hold(session, conversation_id)
        conversations.hear(session, found, text, now=house.clock.now(), client_message_id=text)


class TestWhatATabIsTold:
    def test_names_and_numbers_at_once_and_the_row_with_the_next_look(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        async def then(tab: Tab) -> None:
            house.bus.publish(f"conversation:{ids['cold']}", type="typing", author="customer")
            house.bus.publish("desk", conversation=ids["danger"], ring="danger")
            assert [await tab.next() for _ in range(2)] == [
                ("typing", {"id": ids["cold"]}),
                ("ring", {"why": "danger"}),
            ]
            name, told = await tab.next()
            assert (name, tabs_of(told)) == ("rows", {ids["danger"]: {"all", "waiting"}})

        opened(house, (token, ids["cold"]), then=then)

    def test_a_message_is_told_at_once_where_it_is_on_the_screen_and_with_the_next_look_elsewhere(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        async def then(here: Tab, elsewhere: Tab) -> None:
            say(house, ids["danger"])
            house.bus.publish(f"conversation:{ids['danger']}", type="changed")
            house.bus.publish("desk", conversation=ids["danger"])
            assert await here.next() == ("conversation", {"id": ids["danger"]})
            name, told = await here.next()
            assert (name, told["id"]) == ("said", ids["danger"])
            assert "还在吗" in told["words"][-1]["html"]
            name, told = await elsewhere.next()
            assert name == "rows"
            assert "还在吗" in told["rows"][0]["html"]

        opened(house, (token, ids["danger"]), (token, ids["cold"]), then=then)

    def test_each_in_their_language_and_with_their_own_tabs(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        other = Desk(house).signed_in(OTHER_USERNAME)

        async def run() -> list[dict[str, Any]]:
            everybody = Lookout(house)
            consoles = [
                Tab(stream.events(everybody, seat, me))
                for me, seat in enumerate(
                    (Seat(token, has_list=True), Seat(other, language="en", has_list=True), Seat(token))
                )
            ]
            await asyncio.gather(*(each.next() for each in consoles))
            house.bus.publish("desk", conversation=ids["noise"])
            told = [(await each.next())[1] for each in consoles[:2]]
            house.bus.publish("desk", ticket="WY261124-0001")
            assert (await consoles[2].next())[0] == "desk"  # a page without a list is sent no rows
            return told

        mine, theirs = asyncio.run(run())
        assert tabs_of(mine) == {ids["noise"]: {"all", "colleagues"}}
        assert tabs_of(theirs) == {ids["noise"]: {"all", "mine"}}
        assert (mine["counts"]["mine"], theirs["counts"]["mine"]) == (0, 1)
        assert "林悦" in mine["rows"][0]["html"]
        assert "分" in mine["rows"][0]["html"]
        assert "min" in theirs["rows"][0]["html"]

    def test_what_customers_write_stays_text_and_numbers_stay_masked(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        async def then(here: Tab) -> None:
            say(house, ids["danger"], "<img src=x onerror=alert(1)> 13800138001")
            house.bus.publish("desk", conversation=ids["danger"])
            (_, said), (_, listed) = await here.next(), await here.next()
            for html in (said["words"][-1]["html"], listed["rows"][0]["html"]):
                assert "<img" not in html
                assert "&lt;img src=x" in html
            assert "13800138001" not in listed["rows"][0]["html"]

        opened(house, (token, ids["danger"]), then=then)

    def test_a_crowd_is_fetched_rather_than_sent(
        self, house: House, token: str, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "MOST_CARDS", 1)
        monkeypatch.setattr(lookout, "GATHER_S", 1.0)

        async def then(here: Tab) -> None:
            house.bus.publish("desk", conversation=ids["english"])
            assert (await here.next())[0] == "rows"
            for name in ("danger", "cold"):  # both within the time that is gathered
                house.bus.publish("desk", conversation=ids[name])
            (said, words), (listed, _) = await here.next(), await here.next()
            assert (said, listed) == ("said", "list")
            assert words["words"]

        opened(house, (token, ids["danger"]), then=then)

    def test_whoever_has_a_conversation_sent_is_recorded_to_look_at_it(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        app = make_app(house)
        cookie = (b"cookie", f"{cookie_name(house)}={token}".encode())
        asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [cookie], "app": app})
        stream.note_open(asked, house, ids["cold"])
        stream.note_open(asked, house, ids["cold"])
        with db.read_scope(house.sessions) as session:
            entries = session.scalars(select(AuditEntry)).all()
            assert [(each.what, each.subject) for each in entries] == [(What.CONVERSATION, ids["cold"])]

    def test_it_ends_when_the_agent_has_signed_out(self, house: House, token: str) -> None:
        with db.session_scope(house.sessions) as session:
            agents.sign_out(session, token)

        async def listen() -> list[str]:
            return [each async for each in stream.events(Lookout(house), Seat(token))]

        assert asyncio.run(listen()) == [stream.event("bye")]

    def test_who_signs_out_leaves_alone(self, house: House, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.01)
        other = Desk(house).signed_in(OTHER_USERNAME)

        async def then(leaves: Tab, stays: Tab) -> None:
            with db.session_scope(house.sessions) as session:
                agents.sign_out(session, token)
            assert await leaves.next() == ("bye", {})
            house.bus.publish("desk", ticket="WY261124-0001")
            assert await stays.next() == ("desk", DESK)

        opened(house, (token, ""), (other, ""), then=then)


class TestOtherProcesses:
    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.01)
        monkeypatch.setattr(lookout, "GATHER_S", 0.01)

    def test_what_they_did_is_seen_within_a_look(self, house: House, token: str, ids: dict[str, str]) -> None:
        async def then(tab: Tab) -> None:
            Desk(house).hand_off(ids["english"], "asked", "", ago=0)
            assert await tab.next() == ("desk", DESK | {"waiting": 4})

        opened(house, (token, ""), then=then)

    def test_what_was_said_there_names_its_conversation(self, house: House, token: str, ids: dict[str, str]) -> None:
        async def then(here: Tab, elsewhere: Tab) -> None:
            say(house, ids["danger"])
            name, told = await elsewhere.next()
            assert (name, tabs_of(told)) == ("rows", {ids["danger"]: {"all", "waiting"}})
            name, told = await here.next()
            assert (name, told["id"]) == ("said", ids["danger"])

        opened(house, (token, ids["danger"]), (token, ids["cold"]), then=then)


class TestHowFewLooks:
    def test_many_messages_at_once_are_one_look_and_one_event(
        self, house: House, token: str, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "GATHER_S", 1.0)  # long enough for a machine that does other work besides

        async def then(tab: Tab) -> None:
            house.bus.publish("desk", conversation=ids["cold"])
            await tab.next()
            for name in ("danger", "cold", "danger", "english", "danger"):
                house.bus.publish("desk", conversation=ids[name])
                await asyncio.sleep(0.01)
            name, told = await tab.next()
            assert name == "rows"
            assert set(tabs_of(told)) == {ids[each] for each in ("danger", "cold", "english")}
            assert set.union(*tabs_of(told).values()) >= {"all", "waiting", "bot"}

        opened(house, (token, ""), then=then)

    def test_a_look_is_shared_and_asks_the_same_however_many_consoles_are_open(
        self, house: House, token: str, ids: dict[str, str], engine: Engine
    ) -> None:
        def asked_with(consoles: int) -> int:
            asked: list[str] = []

            async def then(*tabs: Tab) -> None:
                sql_event.listen(engine, "before_cursor_execute", note)
                house.bus.publish("desk", conversation=ids["danger"])
                await asyncio.gather(*(each.next() for each in tabs))
                sql_event.remove(engine, "before_cursor_execute", note)

            def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
                asked.append(statement)

            opened(house, *[(token, "")] * consoles, then=then)
            return len(asked)

        assert 0 < asked_with(20) == asked_with(1) < 24

    def test_nobody_looks_once_all_consoles_are_closed(self, house: House, token: str) -> None:
        looks: list[Look] = []

        class Counted(Lookout):
            def _look(self, *given: object) -> Look:
                looks.append(super()._look(*given))  # type: ignore[arg-type]
                return looks[-1]

        async def run() -> int:
            everybody = Counted(house)
            events = stream.events(everybody, Seat(token))
            await anext(events)
            await events.aclose()  # type: ignore[attr-defined]
            seen = len(looks)
            house.bus.publish("desk", ticket="WY261124-0001")
            await asyncio.sleep(0.3)
            return len(looks) - seen

        assert asyncio.run(run()) == 0

    def test_a_failing_look_leaves_the_consoles_open(
        self, house: House, token: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "LOOK_EVERY_S", 0.01)
        monkeypatch.setattr(lookout, "GATHER_S", 0.01)
        fails = [True]

        class Shaky(Lookout):
            def _look(self, *given: object) -> Look:
                if fails.pop() if fails else False:
                    raise RuntimeError("the disk is full")
                return super()._look(*given)  # type: ignore[arg-type]

        async def run() -> tuple[str, dict[str, Any]]:
            return await Tab(stream.events(Shaky(house), Seat(token))).next()

        assert asyncio.run(run()) == ("desk", DESK)
        assert fails == []
