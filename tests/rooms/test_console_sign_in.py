"""The console's front door over HTTP: strangers stay outside, and who comes in comes to our own pages."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backend.conversations.rules import Mode
from backend.depends import House
from tests.browser.console_fixtures import (
    PASSWORD,
    USERNAME,
)
from tests.rooms.console_bench import (  # noqa: F401  asked for by name
    HTMX,
    client_fixture,
    conversation,
    house_fixture,
    ids_fixture,
    no_limits_from_before_fixture,
    stranger_fixture,
)


class TestSigningIn:
    def test_the_front_door_shows_the_sign_in_page_to_strangers(self, stranger: TestClient) -> None:
        answer = stranger.get("/console/")
        assert answer.status_code == 200
        assert 'name="password"' in answer.text
        assert "张先生" not in answer.text

    @pytest.mark.parametrize("page", ["tickets", "callbacks", "outbox", "tickets/WY261124-0001", "nothing", "stream"])
    def test_strangers_see_nothing_else_and_come_back_after_signing_in(self, stranger: TestClient, page: str) -> None:
        answer = stranger.get(f"/console/{page}")
        if page != "nothing":
            assert answer.status_code == 401
            assert f'name="next" value="/console/{page}"' in answer.text
        assert "138****" not in answer.text

    def test_a_pane_asked_for_after_the_session_has_ended_leads_to_the_front_door(self, stranger: TestClient) -> None:
        answer = stranger.post("/console/inbox", headers=HTMX)
        assert answer.status_code == 401
        assert answer.headers["hx-redirect"] == "/console/"

    def test_a_wrong_password_is_told_in_place_and_keeps_the_name(self, stranger: TestClient) -> None:
        answer = stranger.post("/console/sign-in", data={"username": USERNAME, "password": "wrong"})
        assert answer.status_code == 401
        assert "用户名或密码不对" in answer.text
        assert f'value="{USERNAME}"' in answer.text

    def test_guessing_is_slowed_down_and_told_so(self, stranger: TestClient) -> None:
        for _ in range(10):
            stranger.post("/console/sign-in", data={"username": USERNAME, "password": "wrong"})
        answer = stranger.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD})
        assert answer.status_code == 429
        assert "尝试次数太多" in answer.text

    def test_signing_in_leads_back_only_to_our_own_pages(self, stranger: TestClient) -> None:
        for wish, leads_to in {
            "/console/tickets": "/console/tickets",
            "https://example.org/": "/console/",
            "//example.org/": "/console/",
            "/console//example.org": "/console/",
            "/console/\\example.org": "/console/",
        }.items():
            form = {"username": USERNAME, "password": PASSWORD, "next": wish}
            assert stranger.post("/console/sign-in", data=form).headers["location"] == leads_to

    def test_the_right_password_opens_the_inbox(self, stranger: TestClient) -> None:
        form = {"username": USERNAME, "password": PASSWORD, "next": "/console/"}
        assert stranger.post("/console/sign-in", data=form).headers["location"] == "/console/"
        assert "张先生" in stranger.get("/console/").text

    @pytest.mark.parametrize("page", ["/console/callbacks/nobody", "/console/tickets/x"])
    def test_an_address_nobody_has_given_out_is_not_found(self, client: TestClient, page: str) -> None:
        answer = client.get(page)
        assert answer.status_code == 404
        assert "表单" not in answer.text

    def test_signing_out_ends_the_session_on_the_server_too(self, client: TestClient) -> None:
        kept = dict(client.cookies)
        assert client.post("/console/sign-out").status_code == 303
        client.cookies.update(kept)
        assert client.get("/console/tickets").status_code == 401

    def test_another_sites_page_cannot_act_for_an_agent(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.post(f"/console/conversations/{ids['cold']}/take", headers=foreign).status_code == 403
        assert client.post("/console/sign-out", headers=foreign).status_code == 403
        assert conversation(house, ids["cold"]).mode is Mode.WAITING
