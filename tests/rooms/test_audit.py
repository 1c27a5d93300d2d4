"""The audit log: who looked at whose data, by number only; kept, shown, forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.audit import jobs, policy, service
from backend.audit.models import AuditEntry
from backend.audit.rules import Kind, What
from backend.callbacks.models import Callback
from backend.customers import service as customers
from backend.depends import House
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
TICKET, PHONE = "WY261124-0002", "+8613800138002"


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    return make_house(sessions, HandClock(NOW))


@pytest.fixture
def client(house: House) -> TestClient:
    desk = Desk(house)
    desk.agents()
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.ids = desk.morning()  # type: ignore[attr-defined]
    client.cookies.set("hotline", desk.signed_in(USERNAME))
    return client


@pytest.fixture
def ids(client: TestClient) -> dict[str, str]:
    return client.ids  # type: ignore[attr-defined, no-any-return]


def recorded(house: House) -> Sequence[AuditEntry]:
    with db.read_scope(house.sessions) as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def told(entries: Sequence[AuditEntry]) -> list[tuple[str, str, str]]:
    return [(each.who, each.what, each.subject) for each in entries]


def become(house: House, role: Role, username: str = USERNAME) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == username).values(role=role))


def customer_id(house: House, phone: str = PHONE) -> int:
    with db.read_scope(house.sessions) as session:
        found = customers.find(session, phone)
        assert found
        return found.id


class TestRecording:
    def test_opening_a_ticket_and_a_conversation_is_recorded_with_the_customer(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        client.get(f"/console/tickets/{TICKET}")
        client.get(f"/console/conversations/{ids['cold']}", headers=HTMX)
        entries = recorded(house)
        assert told(entries) == [
            ("陈晓", What.TICKET, TICKET),
            ("陈晓", What.CONVERSATION, ids["cold"]),
        ]
        assert {each.customer_id for each in entries} == {customer_id(house)}

    def test_the_same_look_within_minutes_is_one_and_later_another(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        address = f"/console/conversations/{ids['danger']}"
        for _ in range(3):
            client.get(address, headers=HTMX)
        house.clock.move(policy.current().again)  # type: ignore[attr-defined]
        client.get(address, headers=HTMX)
        assert len(recorded(house)) == 2

    def test_what_does_not_exist_or_is_refused_is_not_recorded(self, client: TestClient, house: House) -> None:
        client.get("/console/tickets/WY991231-0001")
        client.get("/console/tickets/13800138000")
        become(house, Role.READ_ONLY)
        assert client.post(f"/console/numbers/ticket/{TICKET}").status_code == 403
        assert recorded(house) == []

    def test_a_number_is_shown_whole_on_request_and_each_time_recorded(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        with db.read_scope(house.sessions) as session:
            call = session.scalars(select(Callback.id).where(Callback.phone == PHONE)).first()
        for address in (
            f"numbers/ticket/{TICKET}",
            f"numbers/ticket/{TICKET}",
            f"numbers/conversation/{ids['cold']}",
            f"numbers/customer/{customer_id(house)}",
            f"callbacks/{call}/number",
        ):
            shown = client.post(f"/console/{address}", headers=HTMX)
            assert PHONE in shown.text
        entries = recorded(house)
        assert [each.what for each in entries] == [What.REVEALED] * 5
        assert {each.customer_id for each in entries} == {customer_id(house)}

    def test_no_get_shows_a_whole_number(self, client: TestClient, ids: dict[str, str]) -> None:
        for page in ("tickets", f"tickets/{TICKET}", "callbacks", "outbox", f"conversations/{ids['cold']}?tab=all"):
            assert "138****8002" in client.get(f"/console/{page}").text, page
            assert "13800138002" not in client.get(f"/console/{page}").text, page
        assert "13800138001" not in client.get("/console/").text  # the customer has written it
        assert client.get(f"/console/numbers/ticket/{TICKET}").status_code in (404, 405)

    def test_a_search_by_number_leaves_a_sign_and_one_by_words_nothing(self, client: TestClient, house: House) -> None:
        client.post("/console/inbox", data={"q": "李女士", "tab": "all"}, headers=HTMX)
        client.post("/console/inbox", data={"q": "138 0013 8002", "tab": "all"}, headers=HTMX)
        client.post("/console/tickets/search", data={"q": "13800138002"}, headers=HTMX)
        client.post("/console/tickets/search", data={"q": "8001"}, headers=HTMX)
        entries = recorded(house)
        assert [each.what for each in entries] == [What.SEARCHED] * 2
        assert not re.search(r"8002|8001", "".join(each.subject for each in entries))

    def test_lists_and_exports_are_recorded(self, client: TestClient, house: House) -> None:
        client.get("/console/reviews/export")
        become(house, Role.ADMIN)
        client.post("/console/people", data={"username": "wei", "role": "parts"})
        assert [(each.what, each.why) for each in recorded(house)][-1] == (What.MANAGED, "added as parts")

    def test_an_entry_cannot_hold_a_number(self, house: House) -> None:
        with db.session_scope(house.sessions) as session, pytest.raises(ValueError, match="cannot name"):
            service.record(session, None, What.REVEALED, Kind.CUSTOMER, "13800138000", now=NOW)


class TestTheLog:
    @pytest.fixture(autouse=True)
    def entries(self, client: TestClient, house: House, ids: dict[str, str]) -> None:
        other = TestClient(make_app(house))
        other.cookies.set("hotline", Desk(house).signed_in(OTHER_USERNAME))
        client.get(f"/console/tickets/{TICKET}")
        client.post(f"/console/numbers/ticket/{TICKET}", headers=HTMX)
        other.get(f"/console/conversations/{ids['english']}", headers=HTMX)
        become(house, Role.MANAGER)

    def rows(self, client: TestClient, query: str = "") -> int:
        answer = client.get(f"/console/audit?{query}")
        assert answer.status_code == 200
        return len(re.findall(r"<tr>\s*<td>", answer.text))

    def test_managers_and_admins_read_it_and_nobody_else(self, client: TestClient, house: House) -> None:
        for role in Role:
            become(house, role)
            may = role in (Role.MANAGER, Role.ADMIN)
            assert client.get("/console/audit").status_code == (200 if may else 403)

    def test_filters(self, client: TestClient, house: House) -> None:
        with db.read_scope(house.sessions) as session:
            lin = session.scalars(select(Agent.id).where(Agent.username == OTHER_USERNAME)).one()
        assert self.rows(client) == 3
        assert self.rows(client, f"agent={lin}&what=&subject=&customer=&from=&to=") == 1
        assert self.rows(client, "what=revealed") == 1
        assert self.rows(client, f"subject={TICKET}") == 2
        assert self.rows(client, f"customer={customer_id(house)}") == 2
        assert self.rows(client, "from=2026-11-24&to=2026-11-24") == 3
        assert self.rows(client, "to=2026-11-23") == 0

    def test_it_is_kept_three_years_and_then_deleted(self, house: House) -> None:
        keep = policy.current().keep
        assert keep >= timedelta(days=3 * 365)
        assert jobs.run_due(house.sessions, NOW + keep) == 0
        assert jobs.run_due(house.sessions, NOW + keep + timedelta(minutes=1)) == 3
        assert recorded(house) == []

    def test_after_a_deletion_entries_stay_together_under_a_pseudonym(self, client: TestClient, house: House) -> None:
        with db.session_scope(house.sessions) as session:
            service.forget_customer(session, customer_id(house), [TICKET], pseudonym="f" * 16)
        assert self.rows(client, f"subject={TICKET}") == 0
        assert self.rows(client, f"subject={'f' * 16}") == 2
        assert self.rows(client, f"customer={customer_id(house)}") == 0
