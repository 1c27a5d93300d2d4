"""One person's channels in one line of time: what stands in it, what is told apart, and what opens in place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend import db, limits
from backend.audit.models import AuditEntry
from backend.audit.rules import What
from backend.console.customers import person
from backend.console.customers.person_rules import PAGE, Moment, Person, Proof
from backend.conversations import service
from backend.conversations.models import Conversation
from backend.conversations.rules import Channel, Mode
from backend.customers.models import Customer
from backend.depends import House
from backend.tickets.rules import TicketType
from tests.browser.console_fixtures import NOW, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

NUMBER = "+8613800138002"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    return make_house(sessions, HandClock(NOW))


@pytest.fixture
def desk(house: House) -> Desk:
    desk = Desk(house)
    desk.agents()
    return desk


@pytest.fixture
def ids(desk: Desk) -> dict[str, str]:
    """A morning in which 李女士 texts from her number; then a web chat, whoever writes in it, tells the same one."""
    ids = desk.morning()
    ids["claims"] = desk.talk(("customer", "我是李女士，看看我的地址"), ("bot", "请问单号？"), ago=2)
    desk.ticket(ids["claims"], NUMBER, "李女士", ago=1, kind=TicketType.INSTALL)
    ids["again"] = desk.talk(("customer", "还是那台"), ("bot", "好的"), ago=1)
    desk.ticket(ids["again"], NUMBER, "李女士", ago=1)  # the ticket known already
    with db.session_scope(desk.house.sessions) as session:
        call = Conversation(
            id="c" * 32, channel=Channel.VOICE, language="zh", mode=Mode.CLOSED, phone=NUMBER, last_seq=0, seen_seq=0,
            created_at=NOW - timedelta(days=2), last_message_at=NOW - timedelta(days=2),
        )  # fmt: skip
        session.add(call)
    ids["call"] = "c" * 32
    return ids


@pytest.fixture
def client(house: House, ids: dict[str, str]) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def line(house: House, proof: Proof = Proof.VERIFIED, **more: object) -> person.Line:
    with db.read_scope(house.sessions) as session:
        return person.line(session, Person(NUMBER, proof), **more)  # type: ignore[arg-type]


class TestWhatStandsInIt:
    def test_every_channel_of_one_person_newest_first(self, house: House, ids: dict[str, str]) -> None:
        found = line(house)
        assert {each.moment for each in found.entries} == {Moment.SMS, Moment.TICKET, Moment.CALL, Moment.TEXT}
        assert [each.at for each in found.entries] == sorted((each.at for each in found.entries), reverse=True)
        assert all(each.is_sure for each in found.entries)

    def test_who_only_tells_the_number_or_calls_from_it_is_left_out_and_counted(
        self, house: House, ids: dict[str, str]
    ) -> None:
        found = line(house)
        refs = {each.ref for each in found.entries}
        assert ids["cold"] in refs
        assert not {ids["claims"], ids["call"]} & refs
        assert found.unsure >= 2

    def test_they_are_shown_with_their_sign_when_asked_for(self, house: House, ids: dict[str, str]) -> None:
        unsure = {each.ref for each in line(house, with_unsure=True).entries if not each.is_sure}
        assert {ids["claims"], ids["call"], ids["again"]} <= unsure

    def test_once_the_number_is_shown_to_be_theirs_the_chat_belongs_to_it(
        self, house: House, ids: dict[str, str]
    ) -> None:
        with db.session_scope(house.sessions) as session:
            service.verify(session, service.get(session, ids["claims"]), NUMBER)
        assert ids["claims"] in {each.ref for each in line(house).entries}

    def test_one_kind_alone_and_never_the_conversation_that_is_open(self, house: House, ids: dict[str, str]) -> None:
        assert [each.moment for each in line(house, kind=Moment.SMS).entries] == [Moment.SMS]
        assert line(house, kind=Moment.SMS, but=ids["cold"]).entries == []

    def test_answers_stand_in_their_conversation_and_not_again_as_texts(
        self, house: House, ids: dict[str, str]
    ) -> None:
        texts = [each.row.text for each in line(house, kind=Moment.TEXT).entries]
        assert any("提醒您" in each for each in texts)
        assert not any("温度传感器" in each for each in texts)

    def test_it_is_read_by_pages(self, house: House, desk: Desk, ids: dict[str, str]) -> None:
        with db.session_scope(house.sessions) as session:
            for day in range(PAGE + 3):
                at = NOW - timedelta(days=10 + day)
                service.verify(
                    session, service.open_web(session, language="zh", reference=house.reference, now=at)[0], NUMBER
                )
        first, second = (line(house, kind=Moment.WEB, page_no=page) for page in (0, 1))
        assert (len(first.entries), first.has_more) == (PAGE, True)
        assert second.entries
        assert not second.has_more
        refs = [each.ref for each in first.entries + second.entries]
        assert len(refs) == len(set(refs))


class TestThePages:
    def test_beside_a_text_conversation_it_is_theirs(self, client: TestClient, ids: dict[str, str]) -> None:
        shown = client.get(f"/console/conversations/{ids['cold']}/line", headers=HTMX).text
        assert "moment-ticket" in shown
        assert "line-note" not in shown
        assert "没有核实是本人" in shown
        assert "moment-unsure" not in shown
        asked = client.get(f"/console/conversations/{ids['cold']}/line?unsure=1", headers=HTMX).text
        assert "moment-unsure" in asked

    def test_beside_a_claim_it_says_first_that_nobody_has_shown_it(
        self, client: TestClient, ids: dict[str, str]
    ) -> None:
        shown = client.get(f"/console/conversations/{ids['claims']}/line", headers=HTMX).text
        assert "还没有核实是不是本人的" in shown
        assert shown.index("line-note") < shown.index("moments")
        caller = client.get(f"/console/conversations/{ids['call']}/line", headers=HTMX).text
        assert "来电号码可能是伪造的" in caller

    def test_without_a_number_it_says_so(self, client: TestClient, ids: dict[str, str]) -> None:
        assert "还没有电话号码" in client.get(f"/console/conversations/{ids['english']}/line", headers=HTMX).text

    def test_on_a_customers_page(self, client: TestClient, house: House, ids: dict[str, str]) -> None:
        with db.read_scope(house.sessions) as session:
            customer = session.scalars(select(Customer.id).where(Customer.phone == NUMBER)).one()
        assert f"/console/customers/{customer}/line" in client.get(f"/console/customers/{customer}").text
        shown = client.get(f"/console/customers/{customer}/line?kind=sms", headers=HTMX).text
        assert ids["cold"] in shown
        assert client.get("/console/customers/999999/line", headers=HTMX).status_code == 404

    def test_things_open_in_place_and_the_look_is_recorded(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        words = client.get(f"/console/line/conversations/{ids['cold']}", headers=HTMX).text
        assert "试过了还是不行" in words
        number = re.search(r"WY261124-\d+", client.get(f"/console/conversations/{ids['cold']}/line", headers=HTMX).text)
        assert number
        assert "首次答复" in client.get(f"/console/line/tickets/{number[0]}", headers=HTMX).text
        with db.read_scope(house.sessions) as session:
            seen = {(each.what, each.subject) for each in session.scalars(select(AuditEntry))}
        assert {(What.CONVERSATION, ids["cold"]), (What.TICKET, number[0])} <= seen

    def test_no_whole_number_stands_in_it(self, client: TestClient, ids: dict[str, str]) -> None:
        shown = client.get(f"/console/conversations/{ids['danger']}/line", headers=HTMX).text
        assert "13800138001" not in shown


def test_an_empty_day_leads_to_the_next_one_with_calls(client: TestClient) -> None:
    tomorrow = client.get("/console/callbacks?day=2026-11-25").text
    assert "下一天" not in tomorrow
    yesterday = client.get("/console/callbacks?day=2026-11-23").text
    assert 'href="/console/callbacks?day=2026-11-24"' in yesterday
