"""Roles at the desk: each action over HTTP, by each role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import update
from starlette.routing import Mount

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
    "/console/account/password",  # one's own, as all under this address
    "/console/account/sessions/{handle}/end",
    "/console/account/sessions/end-others",
}
PUBLIC = {
    "/", "/page.css", "/page.js", "/visit.css", "/icon.svg", "/widget.js", "/widget/{module}", "/openapi.json",
    "/api/chat/conversations",  # a new conversation; what is in one needs its token
    "/api/session", "/console/{page:path}", "/healthz", "/readyz", "/metrics", "/csp-reports",
    "/telephony/voice/hold.wav", "/telephony/voice/fallback",
}  # fmt: skip
BY_TOKEN = {  # of a conversation, a visit, or the simulator; looked at in the route itself
    "/api/chat/conversations/{conversation_id}/messages",
    "/api/chat/conversations/{conversation_id}/attachments",
    "/api/chat/conversations/{conversation_id}/attachments/{picture_id}",
    "/api/chat/conversations/{conversation_id}/socket",
    "/telephony/simulator/messages",
    "/v/{token}", "/v/{token}/cancel", "/v/{token}/times", "/v/{token}/visit.ics",
}  # fmt: skip
SIGNED_IN = {"current_agent", "open_page", "open_newcomers_page", "open_reading_page"}
OTHERS = {"bot_only": "the bot", "signed_form": "the carrier"}


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
        (Action.REVEAL, "/console/callbacks/1/number", {}),
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


@dataclass(frozen=True)
class Door:
    """A route as its dependencies guard it; `action` is what the caller's role must allow."""

    method: str
    path: str
    action: Action | None
    gates: frozenset[str]

    @property
    def is_declared(self) -> bool:
        if self.path in PUBLIC | BY_TOKEN or self.gates & set(OTHERS):
            return True
        reads = self.method == "GET" and bool(self.gates & SIGNED_IN)
        return self.action is not None or reads or self.path in OPEN_TO_ALL


def doors(app: FastAPI) -> Iterator[Door]:
    """Every route of the application, once for each method."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.route, Mount):
            continue
        found = list(called(getattr(route, "dependant", None)))
        actions = [each.action for each in found if hasattr(each, "action")]
        gates = frozenset(getattr(each, "__name__", "") for each in found)
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            yield Door(method, route.path or "", actions[0] if actions else None, gates)


def called(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies if dependant else ():
        yield each.call
        yield from called(each)


def test_every_route_declares_who_may_use_it(web: Web) -> None:
    found = list(doors(web.client.app))  # type: ignore[arg-type]
    assert {door.path for door in found} >= PUBLIC | BY_TOKEN | OPEN_TO_ALL
    assert [f"{door.method} {door.path}" for door in found if not door.is_declared] == []


def test_every_action_guards_something(web: Web) -> None:
    guarded = {door.action for door in doors(web.client.app)}  # type: ignore[arg-type]
    assert set(Action) == guarded - {None}


def test_each_role_passes_the_doors_its_actions_open_and_no_other(web: Web) -> None:
    house = web.client.app.state.house  # type: ignore[attr-defined]
    desk = Desk(house)
    desk.agents()
    web.client.cookies.set("hotline", desk.signed_in(USERNAME))
    filled = {
        "kind": "reply",
        "name": "callbacks",
        "conversation_id": "f" * 32,
        "ticket_no": "WY991231-9999",
        "handle": "f" * 16,
    }
    guarded = [door for door in doors(web.client.app) if door.action]  # type: ignore[arg-type]
    wrong = []
    for role in Role:
        become(house, role)
        for door in guarded:
            assert door.action
            address = re.sub(r"{(\w+)}", lambda name: filled.get(name[1], "999999"), door.path)
            refused = web.client.request(door.method, address, follow_redirects=False).status_code == 403
            if refused is permissions.may(role, door.action):
                wrong.append(f"{role}: {door.method} {door.path}")
    assert wrong == []


def test_strangers_pass_no_door_of_the_desk(web: Web) -> None:
    filled = {"name": "callbacks", "conversation_id": "f" * 32, "ticket_no": "WY991231-9999", "handle": "f" * 16}
    inside = [door for door in doors(web.client.app) if door.gates & SIGNED_IN]  # type: ignore[arg-type]
    assert len(inside) > 30
    for door in inside:
        address = re.sub(r"{(\w+)}", lambda name: filled.get(name[1], "999999"), door.path)
        answer = web.client.request(door.method, address, follow_redirects=False)
        assert answer.status_code == 401 or door.path == "/console/", f"{door.method} {door.path}"
        assert "hx-post" not in answer.text


def test_an_agent_is_told_over_json_which_roles_may(web: Web, now: datetime) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "reader", "correct horse", name="", role=Role.READ_ONLY, now=now)
    signed_in = web.client.post("/api/session", json={"username": "reader", "password": "correct horse"})
    assert signed_in.json()["role"] == "read_only"
    refused = web.client.post("/api/callbacks", json={"phone": "13800138000"})
    assert refused.status_code == 403
    assert refused.json()["code"] == "role"
    assert "book_callbacks" in refused.json()["detail"]
    assert web.client.get("/api/callbacks").status_code == 403  # it holds whole numbers


def test_every_role_has_a_name_at_the_desk() -> None:
    assert set(ROLES) == set(Role)
