"""The schedule: a call is moved inside allowed windows only, and what is refused stays and says why."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.appointments import offering
from backend.appointments import service as appointments
from backend.appointments.models import Appointment
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.depends import House
from backend.tickets import service as tickets
from tests.browser.console_fixtures import NOW, REFERENCE, USERNAME, Desk, make_app, make_house
from tests.conftest import at
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
PAGE = "/console/schedule"
TICKET = "WY261124-0002"


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.morning()
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def call(house: House) -> Callback:
    with db.read_scope(house.sessions) as session:
        ticket = tickets.find(session, TICKET)
        query = select(Callback).where(Callback.ticket_id == ticket.id, Callback.status == Status.BOOKED)
        return session.scalars(query).one()


def window(start: str, minutes: int = 30) -> str:
    return f"{at(start).isoformat()}/{(at(start) + timedelta(minutes=minutes)).isoformat()}"


def move(client: TestClient, house: House, to: str, **more: str) -> object:
    here = call(house)
    form = {"window": to, "version": str(here.version), "column": "0", "view": "day"} | more
    return client.post(f"{PAGE}/calls/{here.id}/move", data=form, headers=HTMX)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", ["day", "week"])
@pytest.mark.parametrize("what", ["calls", "visits"])
def test_every_view_opens_with_and_without_anything_planned(
    client: TestClient, what: str, view: str, language: str
) -> None:
    client.cookies.set("hotline_language", language)
    for day in ("2026-11-24", "2026-12-24", "2031-01-01"):
        assert client.get(f"{PAGE}?what={what}&view={view}&day={day}").status_code == 200


def test_a_day_has_a_column_for_each_agent_and_a_week_one_for_each_day(client: TestClient) -> None:
    day, week = client.get(PAGE).text, client.get(f"{PAGE}?view=week").text
    assert ("陈晓" in day, "林悦" in day, "未指派" in day) == (True, True, True)
    assert week.count('<th scope="col"') == 8
    assert day.count('class="schedule-card') == week.count('class="schedule-card') - 1 == 3


def test_a_call_is_moved_to_a_free_window_and_into_an_agents_hands(client: TestClient, house: House) -> None:
    with db.read_scope(house.sessions) as session:
        agent_id = session.scalars(select(Agent.id).where(Agent.username == USERNAME)).one()
    answer = move(client, house, window("2026-11-24 15:00"), column=str(agent_id))
    assert answer.status_code == 200  # type: ignore[attr-defined]
    moved = call(house)
    assert moved.window_start == at("2026-11-24 15:00")
    with db.read_scope(house.sessions) as session:
        assert tickets.find(session, TICKET).assignee_id == agent_id


@pytest.mark.parametrize(
    ("to", "status", "words"),
    [
        ("2026-11-24 08:00", 422, "已经过去"),
        ("2026-11-24 21:00", 422, "不在服务时间"),
        ("2027-06-01 10:00", 422, ""),
    ],
)
def test_what_is_no_window_is_refused_with_its_reason(
    client: TestClient, house: House, to: str, status: int, words: str
) -> None:
    before = call(house)
    answer = move(client, house, window(to))
    assert answer.status_code == status  # type: ignore[attr-defined]
    told = unquote(answer.headers["x-toast"])  # type: ignore[attr-defined]
    assert told.startswith("red;")
    assert words in told or "时间" in told
    assert call(house).window_start == before.window_start


def test_a_full_window_takes_no_more(client: TestClient, house: House) -> None:
    with db.session_scope(house.sessions) as session:
        desk = Desk(house)
        conversation = desk.talk(("customer", "回电"), ago=1)
        assert conversation
        for number in range(12):
            session.add(_booked(number, session))
    answer = move(client, house, window("2026-11-24 15:00"))
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "已满" in unquote(answer.headers["x-toast"])  # type: ignore[attr-defined]


def _booked(number: int, session: db.Session) -> Callback:
    known = session.scalars(select(Callback)).first()
    values = {name: getattr(known, name) for name in Callback.__table__.columns.keys() if name != "id"}  # noqa: SIM118
    start = at("2026-11-24 15:00")
    values |= {"phone": f"+86138001390{number:02d}", "ticket_id": None, "first_id": None, "status": Status.BOOKED}
    return Callback(**values | {"window_start": start, "window_end": start + timedelta(minutes=30)})


def test_what_somebody_else_has_moved_meanwhile_is_not_moved_again(client: TestClient, house: House) -> None:
    old = call(house).version
    move(client, house, window("2026-11-24 15:00"))
    assert move(client, house, window("2026-11-24 16:00"), version=str(old)).status_code == 409  # type: ignore[attr-defined]
    assert call(house).window_start == at("2026-11-24 15:00")


@pytest.mark.parametrize("to", ["", "x/y", "2026-11-24T15:00:00/2026-11-24T15:30:00", "2026-11-24T15:00:00+08:00"])
def test_a_window_that_is_none_is_refused(client: TestClient, house: House, to: str) -> None:
    assert move(client, house, to).status_code == 422  # type: ignore[attr-defined]


def visit(house: House) -> Appointment:
    with db.session_scope(house.sessions) as session:
        ticket = tickets.find(session, TICKET)
        found = offering.offers_for(session, ticket, reference=REFERENCE, now=NOW)
        held = appointments.hold(session, ticket, found.windows[0], who="陈晓", reference=REFERENCE, now=NOW)
        held.status = "confirmed"  # type: ignore[assignment]
        held.held_until = None
        return held


def test_a_visit_moves_inside_its_outlet_only(client: TestClient, house: House) -> None:
    here = visit(house)
    with db.read_scope(house.sessions) as session:
        ticket = tickets.find(session, TICKET)
        found = offering.offers_for(session, ticket, reference=REFERENCE, now=NOW, besides=here.id)
        to = next(each for each in found.windows if each.start.date() != here.window_start.date())
    day = here.window_start.astimezone(REFERENCE.calendar.zone).date()
    shown = client.get(f"{PAGE}?what=visits&day={day}").text
    assert re.search(rf'id="s-{here.id}" draggable', shown)
    form = {"window": f"{to.start.isoformat()}/{to.end.isoformat()}", "version": str(here.version)}
    elsewhere = client.post(f"{PAGE}/visits/{here.id}/move", data=form | {"column": "高明网点"}, headers=HTMX)
    assert elsewhere.status_code == 422
    assert "网点由地址决定" in unquote(elsewhere.headers["x-toast"])
    assert client.post(f"{PAGE}/visits/{here.id}/move", data=form, headers=HTMX).status_code == 200
    with db.read_scope(house.sessions) as session:
        assert session.get_one(Appointment, here.id).window_start == to.start


def test_who_only_looks_on_moves_nothing_and_is_offered_nothing(client: TestClient, house: House) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.READ_ONLY))
    assert "draggable" not in client.get(PAGE).text
    assert move(client, house, window("2026-11-24 15:00")).status_code == 403  # type: ignore[attr-defined]
    form = {"window": window("2026-11-25 09:00"), "version": "1"}
    assert client.post(f"{PAGE}/visits/1/move", data=form, headers=HTMX).status_code == 403
