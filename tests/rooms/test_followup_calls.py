"""Follow-up calls at the desk, over HTTP: offered when there is time to spare, noted, taken back, shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from backend import db, limits
from backend.callbacks.models import Callback
from backend.depends import House
from backend.followups.models import FollowUp
from backend.followups.rules import Status
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from tests.browser.console_fixtures import NOW, REFERENCE, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

PAGE = "/console/callbacks"


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.ticket(desk.talk(("customer", "热水器不热")), "+8613800138111", "李梅")
    with db.session_scope(sessions) as session:
        session.execute(delete(Callback))
        ticket = session.scalars(select(Ticket)).one()
        tickets.move(session, ticket, TicketStatus.DONE, who="陈晓", reference=REFERENCE, now=NOW)
        session.add(
            FollowUp(
                ticket_id=ticket.id, phone=ticket.contact_phone, status=Status.TO_CALL, due_at=NOW,
                give_up_at=NOW + timedelta(days=3), asked_at=NOW - timedelta(days=1), created_at=NOW,
            )
        )  # fmt: skip
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=True, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def followup(house: House) -> FollowUp:
    with db.read_scope(house.sessions) as session:
        return session.scalars(select(FollowUp)).one()


def take(client: TestClient) -> tuple[str, str]:
    """Take the next follow-up; returns its address and version."""
    page = client.post("/console/followups/next").text
    found = re.search(r'action="(/console/followups/\d+)/result".*?name="version" value="(\d+)"', page, re.DOTALL)
    assert found, page
    return found[1], found[2]


def test_with_nothing_else_to_do_a_follow_up_is_offered(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert "1 位客户待回访" in page
    assert 'id="next-followup"' in page


def test_a_promised_call_that_is_due_goes_first(house: House, client: TestClient) -> None:
    desk = Desk(house)
    desk.ticket(desk.talk(("customer", "热水器漏水")), "+8613800138112", "王强")
    with db.session_scope(house.sessions) as session:
        call = session.scalars(select(Callback)).one()
        call.window_start = call.dial_at = call.first_start = NOW
    assert 'id="next-followup"' not in client.get(PAGE).text
    client.post("/console/followups/next")
    assert followup(house).caller_id is None


def test_a_grade_with_answers_is_noted_shown_and_can_be_taken_back(house: House, client: TestClient) -> None:
    address, version = take(client)
    form = {
        "result": "2", "version": version, "words": "没穿鞋套", "reopen": "true",
        "answers": ["on_time:yes", "showed_permit:no", "", "nonsense:yes"],
    }  # fmt: skip
    page = client.post(f"{address}/result", data=form).text
    noted = followup(house)
    assert (noted.grade, noted.words, noted.answers) == (2, "没穿鞋套", {"on_time": True, "showed_permit": False})
    assert 'id="followup-take-back"' in page
    with db.read_scope(house.sessions) as session:
        ticket = session.scalars(select(Ticket)).one()
        assert ticket.status is TicketStatus.IN_PROGRESS
    shown = client.get(f"/console/tickets/{ticket.ticket_no}").text
    for words in ("2 不满意", "没穿鞋套", "出示工作证", "客户评价 2 分"):
        assert words in shown
    client.post(f"{address}/take-back", data={"version": noted.version})
    assert followup(house).status is Status.TO_CALL


def test_nobody_answers_and_it_comes_again_later(house: House, client: TestClient) -> None:
    address, version = take(client)
    client.post(f"{address}/result", data={"result": "no_answer", "version": version})
    row = followup(house)
    assert (row.status, row.calls) == (Status.TO_CALL, 1)
    assert row.due_at is not None
    assert row.due_at > NOW


def test_an_old_page_changes_nothing(house: House, client: TestClient) -> None:
    address, version = take(client)
    client.post(f"{address}/give-back")
    answer = client.post(f"{address}/result", data={"result": "5", "version": version})
    assert answer.status_code == 409
    assert followup(house).grade is None


@pytest.mark.parametrize("result", ["", "0", "6", "good", "graded"])
def test_a_result_that_is_none_is_refused(client: TestClient, result: str) -> None:
    address, version = take(client)
    assert client.post(f"{address}/result", data={"result": result, "version": version}).status_code in (400, 422)


def test_both_languages_fill_the_card(client: TestClient) -> None:
    client.cookies.set("hotline_language", "en")
    take(client)
    page = client.get(PAGE).text
    assert "Which grade do they give?" in page
    assert "showed the permit" in page
