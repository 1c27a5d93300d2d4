"""The console's telephone: it rings the house through the real webhooks, and plays what they say."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations.models import Conversation, Message
from backend.depends import House
from rooms.web import Web
from tests.browser.console_fixtures import OTHER_USERNAME, USERNAME, Desk

TURN = "/console/phone/turn"


@pytest.fixture
def desk(web: Web) -> Desk:
    desk = Desk(house(web.client))
    desk.agents()
    web.client.cookies.set("hotline", desk.signed_in(USERNAME))
    return desk


def house(client: TestClient) -> House:
    return client.app.state.house  # type: ignore[attr-defined,no-any-return]


class Phone:
    """The page in an agent's browser."""

    def __init__(self, web: Web) -> None:
        self.client, self.state, self.next, self.heard = web.client, "", "", ""

    def does(self, does: str, said: str = "", **more: str) -> Any:
        form = {"does": does, "said": said, "state": self.state} | more
        answer = self.client.post(TURN, data=form, headers={"HX-Request": "true"})
        if answer.status_code == 200:
            self.heard = answer.text
            self.state, self.next = re.findall(
                r'class="phone-now" data-state="([^"]*)" data-next="(\w+)"', answer.text
            )[0]
        return answer

    def go_on(self) -> None:
        """Hear out what is said until the caller is to do something."""
        while self.next == "heard":
            assert self.does("heard").status_code == 200


def test_a_call_from_ringing_to_hanging_up(web: Web, desk: Desk) -> None:
    assert web.client.get("/console/phone").status_code == 200
    phone = Phone(web)
    assert phone.does("ring").status_code == 200
    phone.go_on()
    assert "威雅电器售后热线" in phone.heard
    assert phone.next == "gather"
    assert 'data-language="cmn-CN"' in phone.heard
    phone.does("press", "1")
    phone.go_on()
    phone.does("speak", "热水器不热")
    phone.go_on()
    assert "收到：热水器不热" in phone.heard
    phone.does("silence")
    phone.go_on()
    phone.does("hang_up")
    assert phone.next == "over"
    assert "A carrier would report" not in phone.heard
    assert "运营商会报错" not in phone.heard
    with db.read_scope(web.sessions) as session:
        [conversation] = session.scalars(select(Conversation)).all()
        assert conversation.channel == "voice"
        assert "热水器不热" in [row.text for row in session.scalars(select(Message))]


def test_two_pages_hold_two_calls(web: Web, desk: Desk) -> None:
    one, two = Phone(web), Phone(web)
    for phone in (one, two):
        phone.does("ring", caller="13900139000")
        phone.go_on()
    one.does("hang_up")
    two.does("press", "1")
    assert (one.next, two.next) == ("over", "gather")


@pytest.mark.parametrize("state", ["", "nonsense", "e30.c2lnbmVk"])
def test_a_state_the_page_was_not_given_is_refused(web: Web, desk: Desk, state: str) -> None:
    phone = Phone(web)
    phone.state = state
    assert phone.does("press", "1").status_code == 422


def test_another_agents_call_is_not_gone_on_with(web: Web, desk: Desk) -> None:
    phone = Phone(web)
    phone.does("ring")
    web.client.cookies.set("hotline", desk.signed_in(OTHER_USERNAME))
    assert phone.does("hang_up").status_code == 422


@pytest.mark.parametrize(("does", "said", "caller"), [("ring", "", "12"), ("fly", "", "13900139000")])
def test_what_no_telephone_does_is_refused(web: Web, desk: Desk, does: str, said: str, caller: str) -> None:
    assert Phone(web).does(does, said, caller=caller).status_code == 422


def test_keys_no_telephone_has_are_refused(web: Web, desk: Desk) -> None:
    phone = Phone(web)
    phone.does("ring")
    phone.go_on()
    assert phone.does("press", "A1").status_code == 422


def test_a_house_with_a_live_carrier_has_no_such_telephone(web: Web, desk: Desk) -> None:
    here = house(web.client)
    here.settings = here.settings.model_copy(update={"carrier": "twilio"})
    assert web.client.get("/console/phone").status_code == 404
    assert Phone(web).does("ring").status_code == 404
    assert 'href="/console/phone"' not in web.client.get("/console/").text


def test_who_only_reads_does_not_ring(web: Web, desk: Desk) -> None:
    assert 'href="/console/phone"' in web.client.get("/console/").text
    with db.session_scope(web.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.READ_ONLY))
    assert web.client.get("/console/phone").status_code == 403
    assert Phone(web).does("ring").status_code == 403
    assert 'href="/console/phone"' not in web.client.get("/console/").text


def test_without_signing_in_nobody_rings(web: Web) -> None:
    assert Phone(web).does("ring").status_code == 401
