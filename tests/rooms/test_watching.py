"""A supervisor beside an agent: watching, whispering, taking a conversation over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.audit.models import AuditEntry
from backend.audit.rules import What
from backend.console.live import pulse, stream
from backend.conversations import service, watching
from backend.conversations.models import Conversation, Message, Note
from backend.conversations.rules import Author, Mode, NoteKind
from backend.depends import House
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, REFERENCE, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

WATCH = REFERENCE.desk.watch


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def house(sessions: db.Sessions, clock: HandClock) -> House:
    limits.forget()
    return make_house(sessions, clock)


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    """A morning at the desk. 林悦, an agent, holds `noise`; 陈晓 is the manager."""
    desk = Desk(house)
    desk.agents()
    become(house, USERNAME, Role.MANAGER)
    return desk.morning()


@pytest.fixture
def manager(house: House, ids: dict[str, str]) -> TestClient:
    return signed_in(house, USERNAME)


@pytest.fixture
def agent(house: House, ids: dict[str, str]) -> TestClient:
    return signed_in(house, OTHER_USERNAME)


def signed_in(house: House, username: str) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(username))
    client.headers["HX-Request"] = "true"
    return client


def become(house: House, username: str, role: Role) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == username).values(role=role))


def number_of(house: House, username: str) -> int:
    with db.read_scope(house.sessions) as session:
        return session.scalars(select(Agent.id).where(Agent.username == username)).one()


def audited(house: House, what: What) -> list[tuple[str, str, str]]:
    with db.read_scope(house.sessions) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.what == what).order_by(AuditEntry.id))
        return [(each.who, each.subject, each.why) for each in found]


def said_to_the_customer(house: House, conversation_id: str) -> list[str]:
    with db.read_scope(house.sessions) as session:
        query = select(Message.text).where(Message.conversation_id == conversation_id)
        return list(session.scalars(query.order_by(Message.seq)))


class TestWatching:
    def test_the_agent_is_shown_who_watches_and_the_customer_is_not(
        self, house: House, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        before = said_to_the_customer(house, ids["noise"])
        assert 'id="watched"' not in agent.get(f"/console/conversations/{ids['noise']}").text
        assert 'id="whisper"' in manager.post(f"/console/conversations/{ids['noise']}/watch").text
        shown = agent.get(f"/console/conversations/{ids['noise']}").text
        assert "正在旁听：陈晓" in shown
        assert said_to_the_customer(house, ids["noise"]) == before
        manager.post(f"/console/conversations/{ids['noise']}/leave")
        assert 'id="watched"' not in agent.get(f"/console/conversations/{ids['noise']}").text

    def test_it_is_recorded_once_for_each_time_it_begins(
        self, house: House, manager: TestClient, ids: dict[str, str]
    ) -> None:
        for step in ("watch", "watch", "leave", "watch"):
            manager.post(f"/console/conversations/{ids['noise']}/{step}")
        assert audited(house, What.WATCHED) == [("陈晓", ids["noise"], "")] * 2

    def test_only_what_a_colleague_holds_is_watched(
        self, house: House, manager: TestClient, ids: dict[str, str]
    ) -> None:
        assert manager.post(f"/console/conversations/{ids['danger']}/watch").status_code == 409  # it waits
        manager.post(f"/console/conversations/{ids['danger']}/take")
        assert manager.post(f"/console/conversations/{ids['danger']}/watch").status_code == 409  # one's own
        assert manager.post(f"/console/conversations/{'f' * 32}/watch").status_code == 404

    def test_a_dead_browser_watches_nobody_and_a_living_one_goes_on(
        self, house: House, clock: HandClock, manager: TestClient, ids: dict[str, str]
    ) -> None:
        me = number_of(house, USERNAME)
        manager.post(f"/console/conversations/{ids['noise']}/watch")

        def watchers() -> list[str]:
            with db.read_scope(house.sessions) as session:
                return list(watching.watchers(session, [ids["noise"]], clock.now())[ids["noise"]].values())

        clock.set(NOW + WATCH - timedelta(seconds=1))
        with db.session_scope(house.sessions) as session:
            watching.prolong(session, ids["noise"], me, reference=REFERENCE, now=clock.now())
        clock.set(NOW + WATCH + timedelta(seconds=1))
        assert watchers() == ["陈晓"]
        clock.set(NOW + 2 * WATCH)
        assert watchers() == []
        with db.session_scope(house.sessions) as session:
            watching.prolong(session, ids["noise"], me, reference=REFERENCE, now=clock.now())
        assert watchers() == []  # what has run out is not revived

    def test_a_colleague_in_another_process_learns_of_it_with_the_next_look(
        self, house: House, manager: TestClient, ids: dict[str, str]
    ) -> None:
        def numbers() -> pulse.Queues:
            with db.read_scope(house.sessions) as session:
                return pulse.numbers(session, NOW).queues

        before = numbers()
        manager.post(f"/console/conversations/{ids['noise']}/watch")
        assert numbers() != before

    def test_what_only_the_watcher_has_seen_stays_unread_for_the_agent(
        self, house: House, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        with db.session_scope(house.sessions) as session:
            talk = service.hold(session, ids["noise"])
            seq = service.hear(session, talk, "还在吗？", now=NOW).seq
        assert 'data-unread="0"' in manager.get(f"/console/conversations/{ids['noise']}").text
        manager.post(f"/console/conversations/{ids['noise']}/seen", data={"seq": seq})
        assert 'data-unread="0"' not in agent.get(f"/console/conversations/{ids['noise']}").text
        agent.post(f"/console/conversations/{ids['noise']}/seen", data={"seq": seq})
        assert 'data-unread="0"' in agent.get(f"/console/conversations/{ids['noise']}").text

    def test_the_tab_of_colleagues_is_for_those_who_may_watch(
        self, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        manager.post(f"/console/conversations/{ids['noise']}/watch")
        listed = manager.post("/console/inbox", data={"tab": "colleagues"}).text
        assert f"row-{ids['noise']}" in listed
        assert listed.count("row-item") == 1
        assert "tab-colleagues" not in agent.post("/console/inbox", data={"tab": "all"}).text


class TestWhispering:
    def test_only_colleagues_see_it_and_the_agent_is_told(
        self, house: House, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        before = said_to_the_customer(house, ids["noise"])
        shown = manager.post(f"/console/conversations/{ids['noise']}/whisper", data={"text": "先问水质"})
        assert "said-whisper" in shown.text
        assert said_to_the_customer(house, ids["noise"]) == before
        seen = agent.get(f"/console/conversations/{ids['noise']}").text
        assert "先问水质" in seen
        assert 'data-unread="1"' in seen
        with db.read_scope(house.sessions) as session:
            note = session.scalars(select(Note).where(Note.kind == NoteKind.WHISPER)).one()
            assert note.agent_name == "陈晓"

    def test_the_agents_stream_says_that_it_is_a_whisper(self) -> None:
        lines = stream.told({"conversation": "ab", "named": [3], "how": "whisper"}, "", 3)
        assert stream.event("named", id="ab", how="whisper") in lines
        assert stream.told({"conversation": "ab", "named": [3], "how": "whisper"}, "", 4) == []

    def test_nothing_is_whispered_to_nobody_and_nothing_empty(self, manager: TestClient, ids: dict[str, str]) -> None:
        assert manager.post(f"/console/conversations/{ids['danger']}/whisper", data={"text": "喂"}).status_code == 409
        assert manager.post(f"/console/conversations/{ids['noise']}/whisper", data={"text": "  "}).status_code == 422

    def test_who_watches_is_told_of_the_agents_notes(
        self, house: House, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        manager.post(f"/console/conversations/{ids['noise']}/watch")
        agent.post(f"/console/conversations/{ids['noise']}/notes", data={"text": "水质问过了"})
        assert 'data-unread="1"' in manager.get(f"/console/conversations/{ids['noise']}").text


class TestTakingFrom:
    def test_the_lease_passes_at_once_and_the_colleague_is_told_why(
        self, house: House, manager: TestClient, agent: TestClient, ids: dict[str, str]
    ) -> None:
        holder = number_of(house, OTHER_USERNAME)
        form = {"holder": holder, "why": "客户点名找经理"}
        assert manager.post(f"/console/conversations/{ids['noise']}/take-from", data=form).status_code == 200
        with db.read_scope(house.sessions) as session:
            talk = service.get(session, ids["noise"])
            assert (talk.mode, talk.agent_id) == (Mode.HUMAN, number_of(house, USERNAME))
            assert talk.lease_until == NOW + REFERENCE.desk.lease
            last = service.last_said_by(session, ids["noise"], Author.SYSTEM)
            assert last is not None
            assert "陈晓" in last.text
        assert agent.post(f"/console/conversations/{ids['noise']}/messages", data={"text": "在"}).status_code == 409
        seen = agent.get(f"/console/conversations/{ids['noise']}").text
        assert "从 林悦 手里接管" in seen
        assert "客户点名找经理" in seen
        assert audited(house, What.TAKEN_FROM) == [("陈晓", ids["noise"], "客户点名找经理")]

    def test_of_two_managers_one_wins_and_the_other_is_told(
        self, house: House, manager: TestClient, ids: dict[str, str]
    ) -> None:
        holder = number_of(house, OTHER_USERNAME)
        with db.session_scope(house.sessions) as session:
            session.add(
                Agent(username="zhou", name="周敏", password_hash="x", role=Role.MANAGER, active=True, created_at=NOW)
            )
        second = signed_in(house, "zhou")
        address = f"/console/conversations/{ids['noise']}/take-from"
        assert manager.post(address, data={"holder": holder}).status_code == 200
        assert second.post(address, data={"holder": holder}).status_code == 409
        with db.read_scope(house.sessions) as session:
            assert session.get_one(Conversation, ids["noise"]).agent_id == number_of(house, USERNAME)
        assert len(audited(house, What.TAKEN_FROM)) == 1

    def test_a_lead_watches_and_whispers_and_takes_nothing_away(
        self, house: House, manager: TestClient, ids: dict[str, str]
    ) -> None:
        become(house, USERNAME, Role.LEAD)
        address = f"/console/conversations/{ids['noise']}"
        assert manager.post(f"{address}/watch").status_code == 200
        assert manager.post(f"{address}/whisper", data={"text": "好"}).status_code == 200
        refused = manager.post(f"{address}/take-from", data={"holder": number_of(house, OTHER_USERNAME)})
        assert refused.status_code == 403
        assert 'id="take-from"' not in manager.get(address).text

    def test_an_agent_is_offered_none_of_it(self, house: House, manager: TestClient, ids: dict[str, str]) -> None:
        become(house, USERNAME, Role.AGENT)
        shown = manager.get(f"/console/conversations/{ids['noise']}").text
        assert not any(each in shown for each in ('id="watch"', 'id="take-from"', "panel-take-from"))
        for step in ("watch", "leave", "whisper", "take-from"):
            assert manager.post(f"/console/conversations/{ids['noise']}/{step}").status_code == 403
