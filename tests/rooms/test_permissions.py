"""Roles at the desk: each action over HTTP, by each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update

from backend import db, limits
from backend.agents import permissions
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.agents.permissions import Action, Role
from backend.console.labels import ROLES
from backend.depends import House
from rooms.web import Web
from tests.browser.console_fixtures import NOW, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

TICKET = "/console/tickets/WY261124-0002"
OPEN_TO_ALL = {
    "/console/sign-in",
    "/console/sign-out",
    "/console/preferences",
    "/console/inbox",  # a search
    "/console/tickets/search",
    "/console/conversations/{conversation_id}/seen",  # changes nothing for who may not answer
}


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


def become(house: House, role: Role) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=role))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("action", "address", "form"),
    [
        (Action.ANSWER, "/console/conversations/{cold}/take", {}),
        (Action.WORK_TICKETS, f"{TICKET}/status", {"status": "in_progress"}),
        (Action.WORK_TICKETS, f"{TICKET}/promises/reply/met", {}),
        (Action.BOOK_CALLBACKS, "/console/callbacks/1/cancel", {"version": "1"}),
        (Action.BOOK_CALLBACKS, "/console/callbacks/1/number", {}),
    ],
)
def test_an_action_is_open_to_the_roles_that_allow_it_only(
    client: TestClient, house: House, role: Role, action: Action, address: str, form: dict[str, str]
) -> None:
    become(house, role)
    answer = client.post(address.format(**client.ids), data=form, headers={"HX-Request": "true"})  # type: ignore[attr-defined]
    assert (answer.status_code == 403) is not permissions.may(role, action), answer.text


def test_who_only_reads_is_offered_nothing_and_sees_everything(client: TestClient, house: House) -> None:
    become(house, Role.READ_ONLY)
    for page in ("/console/", TICKET, "/console/callbacks", "/console/reviews", "/console/outbox"):
        shown = client.get(page)
        assert shown.status_code == 200
        assert 'hx-post="/console/tickets/WY' not in shown.text
        assert 'hx-post="/console/callbacks/' not in shown.text


def writing_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Methods and paths at the desk that may change something; the bot and customers have tokens of their own."""
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        if path.startswith(("/console/", "/api/callbacks", "/api/outbox", "/api/tickets")):
            yield from ((method, path) for method in (route.methods or set()) - {"GET", "HEAD"})


def test_who_only_reads_is_refused_by_every_route_that_changes_something(web: Web, now: datetime) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "reader", "correct horse", name="", role=Role.READ_ONLY, now=now)
    web.client.post("/api/session", json={"username": "reader", "password": "correct horse"})
    filled = {"kind": "reply", "conversation_id": "f" * 32, "ticket_no": "WY261124-0002"}
    routes = list(writing_routes(web.client.app))  # type: ignore[arg-type]
    assert {path for _, path in routes} >= OPEN_TO_ALL
    let_in = []
    for method, path in routes:
        address = re.sub(r"{(\w+)}", lambda name: filled.get(name[1], "1"), path)
        if path not in OPEN_TO_ALL and web.client.request(method, address).status_code != 403:
            let_in.append(path)
    assert let_in == []


def test_an_agent_is_told_over_json_which_roles_may(web: Web, now: datetime) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "reader", "correct horse", name="", role=Role.READ_ONLY, now=now)
    signed_in = web.client.post("/api/session", json={"username": "reader", "password": "correct horse"})
    assert signed_in.json()["role"] == "read_only"
    refused = web.client.post("/api/callbacks", json={"phone": "13800138000"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "role"
    assert "book_callbacks" in refused.json()["detail"]
    assert web.client.get("/api/callbacks").status_code == 200


def test_every_role_has_a_name_at_the_desk() -> None:
    assert set(ROLES) == set(Role)
