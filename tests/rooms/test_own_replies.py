"""An agent's own canned replies: theirs alone, checked when written, brought back when taken out by mistake."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits
from backend.agents import replies, rules
from backend.agents.models import Agent, OwnReply
from backend.agents.permissions import Role
from backend.depends import House
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

PAGE = "/console/replies"


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    Desk(house).agents()
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    return signed_in(house, USERNAME)


def signed_in(house: House, username: str) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


def add(client: TestClient, title: str = "到店", text: str = "您好{name}，门店在清晖路。") -> int:
    return client.post(PAGE, data={"title": title, "text": text}).status_code


def only(house: House) -> OwnReply:
    with db.read_scope(house.sessions) as session:
        return session.scalars(select(OwnReply)).one()


def test_it_is_offered_to_its_writer_alone_with_what_is_known_put_in(house: House, client: TestClient) -> None:
    assert add(client) == 303
    talk = Desk(house).talk(("customer", "门店在哪"), ("bot", "请稍等"))
    Desk(house).ticket(talk, "+8613800138055", "赵先生")
    mine = client.post(f"/console/conversations/{talk}/take", headers={"HX-Request": "true"}).text
    assert "您好赵先生，门店在清晖路。" in mine
    client.post(f"/console/conversations/{talk}/hand-back", headers={"HX-Request": "true"})
    other = signed_in(house, OTHER_USERNAME)
    assert "清晖路" not in other.post(f"/console/conversations/{talk}/take", headers={"HX-Request": "true"}).text
    assert "清晖路" not in other.get(PAGE).text


def test_it_is_changed_taken_out_and_brought_back(house: House, client: TestClient) -> None:
    add(client)
    number = only(house).id
    assert client.post(f"{PAGE}/{number}", data={"title": "门店", "text": "新地址"}).status_code == 303
    assert only(house).text == "新地址"
    gone = client.post(f"{PAGE}/{number}/out").headers["location"]
    shown = client.get(gone).text
    assert 'id="bring-back"' in shown
    assert f'id="reply-{number}"' not in shown
    client.post(f"{PAGE}/{number}/back")
    assert f'id="reply-{number}"' in client.get(PAGE).text


def test_a_colleagues_is_not_found(house: House, client: TestClient) -> None:
    add(client)
    number, other = only(house).id, signed_in(house, OTHER_USERNAME)
    for step in ("", "/out", "/back"):
        assert other.post(f"{PAGE}/{number}{step}", data={"title": "x", "text": "y"}).status_code == 404
    assert other.get(f"{PAGE}?gone={number}").status_code == 404
    assert only(house).text == "您好{name}，门店在清晖路。"


@pytest.mark.parametrize(
    ("title", "text", "flaw"),
    [
        ("", "x", rules.NO_TITLE),
        ("长" * 41, "x", rules.NO_TITLE),
        ("x", "", rules.NO_TEXT),
        ("x", "长" * 1001, rules.NO_TEXT),
        ("x", "a { b", rules.BRACES),
        ("x", "{name!r}", rules.BRACES),
        ("x", "{name:>9}", rules.BRACES),
        ("x", "{price}", rules.UNKNOWN_VARIABLE),
        ("x", "{0.__class__}", rules.UNKNOWN_VARIABLE),
        ("x", "{{name}} {name}", None),
    ],
)
def test_what_cannot_be_filled_in_is_refused_when_written(title: str, text: str, flaw: rules.Flaw | None) -> None:
    assert rules.flaw_of_reply(title, text, {"name"}) is flaw


def test_a_refusal_keeps_what_was_typed(client: TestClient) -> None:
    answer = client.post(PAGE, data={"title": "到店", "text": "a { b"})
    assert answer.status_code == 422
    assert 'id="problem"' in answer.text
    assert "a { b</textarea>" in answer.text


def test_there_are_not_more_than_fifty(house: House, client: TestClient) -> None:
    with db.session_scope(house.sessions) as session:
        me = session.scalars(select(Agent).where(Agent.username == USERNAME)).one()
        for number in range(replies.MOST):
            replies.add(session, me, f"r{number}", "x", variables=(), now=NOW)
    assert add(client) == 422


def test_who_only_looks_on_has_none(house: House, client: TestClient) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.READ_ONLY))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/console/tickets").text
