"""Customers' rights: a copy of everything, and a deletion that can be taken back and then leaves nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.audit.models import AuditEntry
from backend.audit.policy import current
from backend.conversations import service as conversations
from backend.conversations.bot_client import BotFailed
from backend.conversations.rules import Failure
from backend.customers import codes
from backend.customers import service as customers
from backend.customers.rules import CodePolicy
from backend.db import Base
from backend.depends import House
from backend.models import tickets as ticket_models
from backend.privacy import belongings, jobs
from backend.privacy.models import DeletionRequest
from backend.tickets.rules import TicketType
from tests.browser.console_fixtures import NOW, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

PHONE, OTHER, NAME, PLACE = "+8613800138002", "+8613800138003", "李女士", "佛山市禅城区季华五路88号"
WHY = "asked by telephone, called back on 13800138002"
UNDO = current().undo


class Memory:
    """The bot's memory, which may be away."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []
        self.is_away = False

    def forget(self, conversation_id: str) -> None:
        if self.is_away:
            raise BotFailed(Failure.AWAY, "connection refused")
        self.forgotten.append(conversation_id)


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    return make_house(sessions, HandClock(NOW))


@pytest.fixture
def manager(house: House) -> TestClient:
    desk = Desk(house)
    desk.agents()
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.ids = desk.morning()  # type: ignore[attr-defined]
    client.cookies.set("hotline", desk.signed_in(USERNAME))
    become(house, Role.MANAGER)
    web = desk.talk(("customer", "我叫李女士，想再报一台热水器"), ("bot", "好的"), ago=3)
    desk.ticket(web, PHONE, NAME, ago=2, kind=TicketType.INSTALL, address=PLACE, symptom="第二台也不热")
    again = desk.talk(("customer", "还是那台，李女士"), ("bot", "好的"), ago=2)
    desk.ticket(again, PHONE, NAME, ago=1)  # the ticket known already
    client.ids["again"] = again  # type: ignore[attr-defined]
    with db.session_scope(house.sessions) as session:
        policy = CodePolicy(timedelta(minutes=10), 5, 3, 5)
        codes.give(session, PHONE, web, since=NOW - timedelta(hours=1), policy=policy, now=NOW)
    client.ids["web"] = web  # type: ignore[attr-defined]
    return client


def become(house: House, role: Role) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=role))


def number_of(house: House, phone: str = PHONE) -> int:
    with db.read_scope(house.sessions) as session:
        found = customers.find(session, phone)
        assert found
        return found.id


def everything(house: House) -> str:
    """All that stands in any table, as one text."""
    with db.read_scope(house.sessions) as session:
        return "\n".join(
            f"{table.name}: {tuple(row)}"
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
        )


def tick(house: House, memory: Memory, after: timedelta = UNDO) -> int:
    return jobs.run_due(house.sessions, NOW + after, key=b"k" * 32, forget=memory.forget)


class TestACopy:
    def test_it_holds_everything_of_theirs_and_nothing_of_others(self, house: House, manager: TestClient) -> None:
        answer = manager.post(f"/console/customers/{number_of(house)}/export", data={"why": WHY})
        assert answer.headers["content-disposition"].endswith('.json"')
        held = json.loads(answer.text)
        assert {each["contact_name"] for each in held["tickets"]} == {NAME}
        assert len(held["tickets"]) == 2
        assert "第二台也不热" in answer.text
        assert "试过了还是不行，帮我转人工" in [each["text"] for each in held["messages"]]
        assert {"callbacks", "outbox_messages", "promises", "conversations", "customers"} <= set(held)
        for secret in ("token_hash", "salted_hash", "13800138003", "王女士"):
            assert secret not in answer.text

    def test_it_needs_a_reason_and_is_recorded_with_it(self, house: House, manager: TestClient) -> None:
        address = f"/console/customers/{number_of(house)}/export"
        assert manager.post(address, data={"why": " "}).status_code == 422
        manager.post(address, data={"why": WHY})
        with db.read_scope(house.sessions) as session:
            [entry] = session.scalars(select(AuditEntry).where(AuditEntry.what == "exported"))
        assert entry.why == "asked by telephone, called back on ****"
        assert entry.customer_id == number_of(house)

    @pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.PARTS, Role.READ_ONLY])
    def test_only_managers_give_it_out_or_delete(self, house: House, manager: TestClient, role: Role) -> None:
        become(house, role)
        number = number_of(house)
        page = manager.get(f"/console/customers/{number}")
        assert page.status_code == 200
        assert "138****8002" in page.text
        assert "/export" not in page.text
        for step in ("export", "delete", "keep"):
            assert manager.post(f"/console/customers/{number}/{step}", data={"why": "x"}).status_code == 403
        assert manager.get(f"/console/customers/{number}/delete").status_code == 403
        assert manager.get("/console/customers").status_code == 403


class TestDeletion:
    def ask(self, house: House, manager: TestClient) -> str:
        address = f"/console/customers/{number_of(house)}"
        shown = manager.get(f"{address}/delete")
        assert "11月25日（周三）10:05" in shown.text
        assert manager.post(f"{address}/delete", data={"why": WHY}).headers["location"] == address
        return address

    def test_nothing_goes_before_its_time_and_it_can_be_taken_back(self, house: House, manager: TestClient) -> None:
        address, memory = self.ask(house, manager), Memory()
        assert "将于" in manager.get(address).text
        assert tick(house, memory, UNDO - timedelta(seconds=1)) == 0
        assert manager.post(f"{address}/keep").status_code == 303
        assert tick(house, memory) == 0
        assert manager.post(f"{address}/keep").status_code == 409
        assert NAME in everything(house)

    def test_afterwards_nothing_of_theirs_is_anywhere(self, house: House, manager: TestClient) -> None:
        ids = manager.ids  # type: ignore[attr-defined]
        manager.get("/console/tickets/WY261124-0002")
        manager.post("/console/numbers/ticket/WY261124-0002")
        address, memory = self.ask(house, manager), Memory()
        before = everything(house)
        traces = [
            "13800138002", "138 0013 8002", NAME, "季华五路", "第二台也不热", "E3，断电重启无效", "WY261124-0002",
            ids["cold"], ids["web"], ids["again"], "asked by telephone",
        ]  # fmt: skip
        assert all(trace in before for trace in traces if trace != "138 0013 8002")
        assert tick(house, memory) == 4
        after = everything(house)
        # The request names the conversations until the bot has forgotten them, and no longer.
        assert [trace for trace in traces if trace in after] == []
        assert sorted(memory.forgotten) == sorted([ids["cold"], ids["web"], ids["again"]])
        assert manager.get(address).status_code == 404
        assert tick(house, memory) == 0

    def test_others_keep_what_is_theirs(self, house: House, manager: TestClient) -> None:
        others = {number_of(house, f"+8613800138{n}") for n in ("001", "003")}
        with db.read_scope(house.sessions) as session:
            held = {n: belongings.find(session, customers.find(session, f"+8613800138{n}")) for n in ("001", "003")}  # type: ignore[arg-type]
            before = {n: each.counts for n, each in held.items()}
        self.ask(house, manager)
        tick(house, Memory())
        assert {number_of(house, f"+8613800138{n}") for n in ("001", "003")} == others
        with db.read_scope(house.sessions) as session:
            held = {n: belongings.find(session, customers.find(session, f"+8613800138{n}")) for n in ("001", "003")}  # type: ignore[arg-type]
            assert {n: each.counts for n, each in held.items()} == before

    def test_anothers_ticket_from_the_same_conversation_stays_without_the_words(
        self, house: House, manager: TestClient
    ) -> None:
        web = manager.ids["web"]  # type: ignore[attr-defined]
        with db.session_scope(house.sessions) as session:
            ticket = session.scalars(
                select(ticket_models.Ticket).where(ticket_models.Ticket.contact_phone == OTHER)
            ).one()
            ticket.conversation_id, ticket.form_id = web, "another"
        self.ask(house, manager)
        tick(house, Memory())
        with db.read_scope(house.sessions) as session:
            kept = session.get_one(ticket_models.Ticket, ticket.id)
            assert (kept.contact_phone, kept.conversation_id) == (OTHER, None)

    def test_the_audit_log_keeps_what_was_done_under_a_pseudonym(self, house: House, manager: TestClient) -> None:
        manager.post("/console/numbers/ticket/WY261124-0002")
        number = number_of(house)
        self.ask(house, manager)
        tick(house, Memory())
        with db.read_scope(house.sessions) as session:
            [request] = session.scalars(select(DeletionRequest))
            theirs = session.scalars(select(AuditEntry).where(AuditEntry.pseudonym == request.pseudonym)).all()
            assert session.scalars(select(AuditEntry).where(AuditEntry.customer_id == number)).all() == []
        assert {"revealed", "deletion_asked"} <= {each.what for each in theirs}
        assert {each.why for each in theirs} == {""}
        assert request.counts["tickets"] == 2
        assert request.pseudonym in manager.get("/console/customers").text

    def test_a_bot_that_is_away_is_asked_until_it_has_forgotten(self, house: House, manager: TestClient) -> None:
        self.ask(house, manager)
        memory = Memory()
        memory.is_away = True
        assert tick(house, memory) == 1
        assert "机器人尚未忘记" in manager.get("/console/customers").text
        memory.is_away = False
        assert tick(house, memory) == 3
        assert "机器人尚未忘记" not in manager.get("/console/customers").text

    def test_it_is_asked_for_once(self, house: House, manager: TestClient) -> None:
        address = self.ask(house, manager)
        assert manager.post(f"{address}/delete", data={"why": WHY}).status_code == 409
        assert manager.post(f"{address}/delete", data={"why": ""}).status_code == 422

    def test_who_comes_again_later_is_somebody_new(self, house: House, manager: TestClient) -> None:
        self.ask(house, manager)
        tick(house, Memory())
        with db.session_scope(house.sessions) as session:
            talk = conversations.text_conversation(session, PHONE, language="zh", now=NOW + timedelta(days=2))
            assert talk.last_seq <= 1
            assert customers.find_or_add(session, PHONE, now=NOW + timedelta(days=2)).name is None


def test_a_customer_is_found_by_number_and_the_number_stands_in_no_address(house: House, manager: TestClient) -> None:
    found = manager.post("/console/customers/find", data={"q": "138 0013 8002"})
    assert found.headers["location"] == f"/console/customers/{number_of(house)}"
    for nobody in ("13800138999", "x", ""):
        assert manager.post("/console/customers/find", data={"q": nobody}).status_code == 404


def test_every_table_of_people_has_one_key_to_delete_by() -> None:
    for table in Base.metadata.sorted_tables:
        named = {column.name for column in table.columns} & (belongings.NUMBERS | set(belongings.NAMED))
        keys = [key for name in named for key in table.columns[name].foreign_keys]
        falls_with_its_row = all(key.ondelete == "CASCADE" for key in keys)
        if named and table.name not in belongings.KEPT:
            assert len(table.primary_key.columns) == 1 or falls_with_its_row, table.name
