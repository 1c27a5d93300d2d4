"""The console over HTTP with a morning's work on it: browsers of two agents and of a stranger."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from backend import db, limits
from backend.conversations.models import Conversation
from backend.depends import House
from tests.browser.console_fixtures import (
    NOW,
    OTHER_USERNAME,
    USERNAME,
    Desk,
    make_app,
    make_house,
)
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}


@pytest.fixture(name="no_limits_from_before", autouse=True)
def no_limits_from_before_fixture() -> None:
    limits.forget()


@pytest.fixture(name="house")
def house_fixture(sessions: db.Sessions) -> House:
    return make_house(sessions, HandClock(NOW))


@pytest.fixture(name="ids")
def ids_fixture(house: House) -> dict[str, str]:
    desk = Desk(house)
    desk.agents()
    return desk.morning()


def client_of(house: House, username: str | None = USERNAME) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    if username:
        client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


@pytest.fixture(name="client")
def client_fixture(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house)


@pytest.fixture(name="other")
def other_fixture(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house, OTHER_USERNAME)


@pytest.fixture(name="stranger")
def stranger_fixture(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house, None)


def conversation(house: House, conversation_id: str) -> Conversation:
    with db.read_scope(house.sessions) as session:
        return session.get_one(Conversation, conversation_id)


def told(answer: object) -> str:
    """The notice an answer makes the page show."""
    return unquote(answer.headers["x-toast"].split(";")[1])  # type: ignore[attr-defined]
