"""The live stream: who is told what, how soon, and how few looks at the database that takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy.engine import Engine

from backend import db, limits
from backend.agents import service as agents
from backend.console import lookout, stream
from backend.console.lookout import Look, Lookout
from backend.conversations import service as conversations
from backend.depends import House
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_house
from tests.fakes import HandClock

DESK = {"waiting": 3, "whole": True}


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


class Tab:
    """An open console, and what it was told."""

    def __init__(self, events: AsyncIterator[str]) -> None:
        self._events = events

    async def next(self) -> tuple[str, dict[str, object]]:
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
        consoles = [Tab(stream.events(everybody, token, open_id)) for token, open_id in tabs]
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
    def test_names_and_numbers_at_once_and_never_content(self, house: House, token: str, ids: dict[str, str]) -> None:
        async def then(tab: Tab) -> None:
            house.bus.publish(f"conversation:{ids['cold']}", type="typing", author="customer")
            house.bus.publish("desk", conversation=ids["danger"], ring="danger")
            assert [await tab.next() for _ in range(3)] == [
                ("typing", {"id": ids["cold"]}),
                ("ring", {"why": "danger"}),
                ("list", {"ids": [ids["danger"]], "tabs": ["all", "waiting"]}),
            ]

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
            assert (name, told["id"]) == ("conversation", ids["danger"])
            assert isinstance(told["seq"], int)
            assert (await elsewhere.next())[0] == "list"

        opened(house, (token, ids["danger"]), (token, ids["cold"]), then=then)

    def test_it_ends_when_the_agent_has_signed_out(self, house: House, token: str) -> None:
        with db.session_scope(house.sessions) as session:
            agents.sign_out(session, token)

        async def listen() -> list[str]:
            return [each async for each in stream.events(Lookout(house), token, "")]

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
            assert await tab.next() == ("desk", {"waiting": 4, "whole": True})

        opened(house, (token, ""), then=then)

    def test_what_was_said_there_names_its_conversation(self, house: House, token: str, ids: dict[str, str]) -> None:
        async def then(here: Tab, elsewhere: Tab) -> None:
            say(house, ids["danger"])
            assert (await elsewhere.next()) == ("list", {"ids": [ids["danger"]], "tabs": ["all", "waiting"]})
            name, told = await here.next()
            assert (name, told["id"]) == ("conversation", ids["danger"])

        opened(house, (token, ids["danger"]), (token, ids["cold"]), then=then)


class TestHowFewLooks:
    def test_many_messages_at_once_are_one_look_and_one_refetch(
        self, house: House, token: str, ids: dict[str, str]
    ) -> None:
        async def then(tab: Tab) -> None:
            house.bus.publish("desk", conversation=ids["cold"])
            await tab.next()
            for name in ("danger", "cold", "danger", "english", "danger"):
                house.bus.publish("desk", conversation=ids[name])
                await asyncio.sleep(0.01)
            name, told = await tab.next()
            assert name == "list"
            assert set(told["ids"]) == {ids[each] for each in ("danger", "cold", "english")}  # type: ignore[call-overload]
            assert set(told["tabs"]) >= {"all", "waiting", "bot"}  # type: ignore[call-overload]

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

        assert 0 < asked_with(20) == asked_with(1) < 12

    def test_nobody_looks_once_all_consoles_are_closed(self, house: House, token: str) -> None:
        looks: list[Look] = []

        class Counted(Lookout):
            def _look(self, *given: object) -> Look:
                looks.append(super()._look(*given))  # type: ignore[arg-type]
                return looks[-1]

        async def run() -> int:
            everybody = Counted(house)
            events = stream.events(everybody, token, "")
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

        async def run() -> tuple[str, dict[str, object]]:
            return await Tab(stream.events(Shaky(house), token, "")).next()

        assert asyncio.run(run()) == ("desk", DESK)
        assert fails == []
