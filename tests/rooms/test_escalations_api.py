"""Escalations over HTTP: the JSON routes and the console's pages."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations import service as conversations
from backend.depends import House
from backend.escalations import jobs, mails, routes
from backend.escalations.mailer import ConsoleMailer
from backend.escalations.telling import Staff
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, REFERENCE, USERNAME, Desk, hashed, make_app, make_house
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
API = "/api/escalations"
STAFF = Staff(duty_phone="+8613800138099")


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    made = make_house(sessions, HandClock(NOW))
    desk = Desk(made)
    desk.agents()
    with db.session_scope(sessions) as session:
        for username, name, role in (("zhou", "周科长", Role.LEAD), ("looks", "旁观", Role.READ_ONLY)):
            session.add(
                Agent(
                    username=username,
                    name=name,
                    role=role,
                    email=f"{username}@example.com",
                    password_hash=hashed(),
                    active=True,
                    created_at=NOW,
                )
            )
    conversation_id = desk.talk(("customer", "水龙头麻手"), ago=1)
    with db.session_scope(sessions) as session:
        conversations.request_handoff(session, conversation_id, "danger", "麻手", reference=REFERENCE, now=NOW)
    return made


def tick(house: House, minutes: int = 0) -> None:
    now = NOW + timedelta(minutes=minutes)
    jobs.run_due(house.sessions, now, REFERENCE, staff=STAFF)
    mails.send_due(house.sessions, ConsoleMailer(), now)


def client_of(house: House, username: str | None) -> TestClient:
    app = make_app(house)
    app.include_router(routes.router)
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    if username:
        client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


@pytest.fixture
def chen(house: House) -> TestClient:
    tick(house)
    return client_of(house, USERNAME)


@pytest.fixture
def lin(house: House) -> TestClient:
    return client_of(house, OTHER_USERNAME)


class TestTheApi:
    def test_lists_what_is_open_with_its_story(self, chen: TestClient) -> None:
        [shown] = chen.get(API).json()
        assert (shown["trigger"], shown["rung"], shown["ticket_no"]) == ("danger", "agent", None)
        assert shown["why"] == {"zh": "报告危险：水或水龙头发麻", "en": "danger reported: tingling water or taps"}
        assert [reached["rung"] for reached in shown["rungs"]] == ["agent"]
        assert {told["name"] for told in shown["told"]} == {"陈晓", "林悦"}
        assert shown["look_at"] == "2026-11-24T02:08:00Z"
        assert (shown["acknowledged"], shown["ended"]) == (None, None)
        assert chen.get(API, params={"state": "ended"}).json() == []

    def test_one_of_two_agents_wins_and_the_other_is_told(self, chen: TestClient, lin: TestClient) -> None:
        [shown] = chen.get(API).json()
        taken = chen.post(f"{API}/{shown['id']}/acknowledge")
        assert taken.json()["acknowledged"] == {"by": "陈晓", "at": "2026-11-24T02:05:00Z"}
        assert chen.post(f"{API}/{shown['id']}/acknowledge").status_code == 200
        late = lin.post(f"{API}/{shown['id']}/acknowledge")
        assert late.status_code == 409
        assert "陈晓" in late.json()["detail"]

    def test_keeps_comments_undoes_and_settles_with_a_reason(self, chen: TestClient) -> None:
        [shown] = chen.get(API).json()
        path = f"{API}/{shown['id']}"
        assert chen.post(f"{path}/undo").status_code == 409
        chen.post(f"{path}/acknowledge")
        assert chen.post(f"{path}/undo").json()["acknowledged"] is None
        assert chen.post(f"{path}/comment", json={"text": " "}).status_code == 422
        commented = chen.post(f"{path}/comment", json={"text": "已打电话"}).json()
        assert [(each["who"], each["text"]) for each in commented["comments"]] == [("陈晓", "已打电话")]
        assert chen.post(f"{path}/resolve", json={"text": ""}).status_code == 422
        over = chen.post(f"{path}/resolve", json={"text": "客户安全"}).json()
        assert (over["ended"]["why"], over["ended"]["note"], over["ended"]["by"]) == ("by_hand", "客户安全", "陈晓")
        assert chen.post(f"{path}/resolve", json={"text": "再来"}).status_code == 409
        assert chen.get(API).json() == []

    def test_refuses_strangers_onlookers_foreign_pages_and_what_is_not_there(
        self, house: House, chen: TestClient
    ) -> None:
        assert client_of(house, None).get(API).status_code == 401
        onlooker = client_of(house, "looks")
        assert onlooker.get(API).status_code == 200
        for step in ("acknowledge", "undo", "comment", "resolve"):
            body = {"text": "x"}
            assert onlooker.post(f"{API}/1/{step}", json=body).status_code == 403
            foreign = chen.post(f"{API}/1/{step}", json=body, headers={"Sec-Fetch-Site": "cross-site"})
            assert foreign.status_code == 403
            assert chen.post(f"{API}/999999/{step}", json=body).status_code in (404, 409)
        assert chen.post(f"{API}/0/acknowledge").status_code == 422


class TestTheBoard:
    def test_is_empty_before_anything_happens(self, house: House) -> None:
        page = client_of(house, USERNAME).get("/console/escalations").text
        assert "没有升级事项" in page
        assert 'data-alarm="' not in page

    def test_shows_the_alarm_on_every_page_until_somebody_acknowledges(self, chen: TestClient, lin: TestClient) -> None:
        for place in ("", "tickets", "callbacks", "outbox", "reviews", "escalations", "escalations/mails"):
            assert 'data-alarm="' in lin.get(f"/console/{place}").text
        [shown] = chen.get(API).json()
        path = f"/console/escalations/{shown['id']}"
        asked_again = lin.get("/console/escalations/alarm", headers=HTMX)
        assert asked_again.status_code == 200
        assert 'data-alarm="' in asked_again.text
        answer = chen.post(f"{path}/acknowledge", data={"place": "alarm"}, headers=HTMX)
        assert answer.status_code == 200
        assert "data-alarm" not in answer.text
        assert 'data-alarm="' not in lin.get("/console/tickets").text
        late = lin.post(f"{path}/acknowledge", headers=HTMX)
        assert late.status_code == 409
        assert "陈晓" in unquote(late.headers["x-toast"])

    def test_offers_undo_to_whoever_acknowledged_alone(self, chen: TestClient, lin: TestClient) -> None:
        [shown] = chen.get(API).json()
        undo = f'action="/console/escalations/{shown["id"]}/undo"'
        chen.post(f"/console/escalations/{shown['id']}/acknowledge")
        assert undo in chen.get("/console/escalations").text
        assert undo not in lin.get("/console/escalations").text

    def test_shows_onlookers_everything_and_offers_them_nothing(self, house: House, chen: TestClient) -> None:
        page = client_of(house, "looks").get("/console/escalations").text
        assert "报告危险" in page
        assert "/acknowledge" not in page

    def test_stands_by_rung_and_counts_what_is_for_me(self, house: House, chen: TestClient) -> None:
        assert 'id="alerts-badge"><span' in chen.get("/console/tickets").text
        zhou = client_of(house, "zhou")
        assert 'id="alerts-badge" hidden' in zhou.get("/console/tickets").text
        for minute in (3, 6):
            tick(house, minute)
        assert 'id="alerts-badge"><span' in zhou.get("/console/tickets").text
        page = zhou.get("/console/escalations").text
        general = page[page.index('id="rung-general"') : page.index('id="rung-manager"')]
        assert "esc-danger" in general
        assert "周科长" in general

    def test_shows_mails_to_staff_and_what_became_of_them(self, house: House, chen: TestClient) -> None:
        for minute in (3, 6):
            tick(house, minute)
        page = chen.get("/console/escalations/mails").text
        assert "zhou@example.com" in page
        assert "没有设置邮件服务器" in page
        assert "已发" in page

    def test_works_without_htmx_and_keeps_what_is_over(self, chen: TestClient) -> None:
        [shown] = chen.get(API).json()
        answer = chen.post(f"/console/escalations/{shown['id']}/resolve", data={"text": "客户安全"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/escalations")
        assert "客户安全" in chen.get("/console/escalations/ended").text
