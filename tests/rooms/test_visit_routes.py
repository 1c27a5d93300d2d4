"""Visits over HTTP: for the bot, for agents, and at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend import db
from backend.agents import service as agents
from backend.appointments import offering
from backend.appointments import service as visits
from backend.callbacks import service as callbacks
from backend.callbacks.rules import Status as CallStatus
from backend.console import labels
from backend.conversations import service as conversations
from backend.kernel.window import Window
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import PromiseKind
from conftest import at
from rooms.visits import AFTERNOON, MORNING, NEXT_MORNING, open_case, queued
from rooms.web import SECRET, Web

BOT = {"Authorization": f"Bearer {SECRET}"}
HERE = {"sec-fetch-site": "same-origin"}


class Case:
    """A ticket and the conversation it was opened in."""

    def __init__(self, web: Web, **more: Any) -> None:
        self.web = web
        with db.session_scope(web.sessions) as session:
            case = open_case(session, web.clock.now(), **more)
            self.ticket_no, self.conversation_id = case.ticket.ticket_no, case.ticket.conversation_id
            self.callback_id = case.callback.id if case.callback else 0

    def bot(self, path: str, **body: Any) -> Any:
        sent = {"conversation_id": self.conversation_id, **body}
        return self.web.client.post(f"/api/bot/appointments{path}", json=sent, headers=BOT)

    def hold(self, window: Window, ticket_no: str = "") -> Any:
        edges = {"start": window.start.isoformat(), "end": window.end.isoformat()}
        return self.bot("", ticket_no=ticket_no or self.ticket_no, **edges)

    def booked(self, window: Window = MORNING) -> int:
        held = self.hold(window).json()
        assert self.bot(f"/{held['id']}/confirm").status_code == 200
        return int(held["id"])


@pytest.fixture
def case(web: Web) -> Case:
    return Case(web)


def sign_in(web: Web) -> None:
    told = {"username": "wang", "password": "correct horse battery"}
    assert web.client.post("/api/session", json=told, headers=HERE).status_code < 300


@pytest.fixture
def desk(web: Web) -> Iterator[Any]:
    """An agent's browser."""
    with db.session_scope(web.sessions) as session:
        agents.add(session, "wang", "correct horse battery", name="王芳", now=web.clock.now())
    sign_in(web)
    yield web.client
    web.client.cookies.clear()


# --- the bot -----------------------------------------------------------------------------------------------------


def test_the_bot_is_told_what_to_name(case: Case) -> None:
    offered = case.bot("/offers", ticket_no=case.ticket_no).json()
    assert [each["words"]["zh"] for each in offered["windows"]] == [
        "今天11月24日（周二）13:00–18:00",
        "明天11月25日（周三）08:00–12:00",
        "明天11月25日（周三）13:00–18:00",
        "11月26日（周四）08:00–12:00",
    ]
    assert [each["inside_promise"] for each in offered["windows"]] == [True, True, True, False]
    assert (offered["fits"], offered["why"], offered["appointment"]) == (True, "inside", None)


@pytest.mark.parametrize(
    ("start", "end", "fits", "first"),
    [
        ("2026-11-25 13:00", "2026-11-25 18:00", True, AFTERNOON),
        ("2026-11-25 20:00", "2026-11-25 21:00", False, NEXT_MORNING),
    ],
)
def test_a_wish_is_looked_for(case: Case, start: str, end: str, fits: bool, first: Window) -> None:
    wanted = {"start": at(start).isoformat(), "end": at(end).isoformat()}
    offered = case.bot("/offers", ticket_no=case.ticket_no, wanted=wanted).json()
    assert offered["fits"] is fits
    assert datetime.fromisoformat(offered["windows"][0]["start"]) == first.start


def test_holding_and_confirming_agrees_the_visit_and_gives_the_call_up(case: Case) -> None:
    held = case.hold(MORNING)
    assert (held.status_code, held.json()["status"]) == (201, "held")
    agreed = case.bot(f"/{held.json()['id']}/confirm").json()
    assert agreed["words"]["zh"] == "明天11月25日（周三）08:00–12:00"
    assert len(agreed["visit_code"]) == 4
    assert "/v/" in agreed["link"]
    assert agreed["callback_cancelled"]
    with db.session_scope(case.web.sessions) as session:
        assert callbacks.get(session, case.callback_id).status is CallStatus.CANCELLED
        ticket = tickets.find(session, case.ticket_no)
        reply = tickets.promise_of(session, ticket, PromiseKind.REPLY)
        assert reply is not None
        assert reply.met_at == case.web.clock.now()
    again = case.bot(f"/{held.json()['id']}/confirm").json()
    assert (again["callback_cancelled"], again["words"]) == (False, agreed["words"])


def test_a_full_window_is_refused_with_the_next_ones(case: Case) -> None:
    pinned = Window(at("2026-11-25 08:00"), at("2026-11-25 10:00"))
    for number in (1, 2):
        Case(case.web, phone=f"+861390013900{number}").booked(pinned)
    refused = case.hold(pinned)
    assert (refused.status_code, refused.json()["code"]) == (422, "full")
    assert refused.json()["alternatives"][0]["words"]["zh"]


def test_a_texting_customer_is_not_told_twice(web: Web) -> None:
    web.text("你好", "+8613800138000")
    with db.session_scope(web.sessions) as session:
        conversation = conversations.text_conversation(session, "+8613800138000", language="zh", now=web.clock.now())
        case = Case.__new__(Case)
        case.web, case.conversation_id = web, conversation.id
        opened = open_case(session, web.clock.now()).ticket
        opened.conversation_id = conversation.id
        case.ticket_no = opened.ticket_no
        before = len(queued(session))
    held = case.hold(MORNING).json()
    agreed = case.bot(f"/{held['id']}/confirm").json()
    assert agreed["link"] is None
    with db.session_scope(web.sessions) as session:
        assert len(queued(session)) == before


def test_moving_and_calling_off(case: Case) -> None:
    visit_id = case.booked()
    found = case.bot("/offers").json()
    assert (found["ticket_no"], found["appointment"]["id"]) == (case.ticket_no, visit_id)
    moved = case.bot(f"/{visit_id}/move", start=AFTERNOON.start.isoformat(), end=AFTERNOON.end.isoformat())
    assert moved.json()["appointment"]["status"] == "moved"
    gone = case.bot(f"/{visit_id}/cancel").json()
    assert gone["status"] == "cancelled"
    anew = case.bot("/offers").json()
    assert (anew["ticket_no"], anew["appointment"]) == (case.ticket_no, None)
    assert anew["windows"]


def test_without_a_visit_there_is_none_to_move(case: Case) -> None:
    assert case.bot("/offers").status_code == 404


def test_nobody_touches_the_visit_of_another_conversation(case: Case) -> None:
    visit_id = case.booked()
    stranger = Case(case.web, phone="+8613900139001")
    assert stranger.bot("/offers", ticket_no=case.ticket_no).status_code == 404
    assert stranger.hold(AFTERNOON, case.ticket_no).status_code == 404
    for path in ("confirm", "cancel"):
        assert stranger.bot(f"/{visit_id}/{path}").status_code == 404
    body = {"start": AFTERNOON.start.isoformat(), "end": AFTERNOON.end.isoformat()}
    assert stranger.bot(f"/{visit_id}/move", **body).status_code == 404
    assert stranger.bot("/99999/cancel").status_code == 404


def test_the_bots_routes_need_its_token(case: Case) -> None:
    for path in ("/offers", "", "/1/confirm", "/1/move", "/1/cancel"):
        assert case.web.client.post(f"/api/bot/appointments{path}", json={}).status_code == 401


def test_the_status_of_a_ticket_tells_its_visit(case: Case) -> None:
    case.booked()
    asked = {"ticket_no": case.ticket_no, "phone": "13800138000", "conversation_id": case.conversation_id}
    told = case.web.client.post("/api/bot/tickets/lookup", json=asked, headers=BOT).json()
    assert told["words"]["zh"] == "已约好上门时间；师傅 明天11月25日（周三）08:00–12:00 上门。"
    assert "the technician comes" in told["words"]["en"]


# --- agents over JSON ----------------------------------------------------------------------------------------------


def test_an_agent_books_moves_and_settles(desk: Any, case: Case) -> None:
    windows = desk.get(f"/api/appointments/windows/{case.ticket_no}").json()
    assert windows["inside_promise"]
    body = {"ticket_no": case.ticket_no, "start": MORNING.start.isoformat(), "end": MORNING.end.isoformat()}
    booked = desk.post("/api/appointments", json=body, headers=HERE)
    assert (booked.status_code, booked.json()["status"]) == (201, "confirmed")
    visit = booked.json()

    def change(action: str, **more: Any) -> Any:
        return desk.patch(f"/api/appointments/{visit['id']}", json={"action": action, **more}, headers=HERE)

    assert change("move").json()["code"] == "no_start"
    moved = change("move", start=AFTERNOON.start.isoformat(), end=AFTERNOON.end.isoformat(), version=visit["version"])
    assert moved.json()["status"] == "moved"
    assert change("cancel", version=visit["version"]).status_code == 409
    assert change("late").json()["code"] == "bad_minutes"
    assert change("late", minutes=30).json()["late_minutes"] == 30
    case.web.clock.set(at("2026-11-25 15:00"))
    sign_in(case.web)
    assert change("done").json()["status"] == "done"
    shown = desk.get(f"/api/tickets/{case.ticket_no}").json()
    assert (shown["status"], shown["appointment"]["status"]) == ("done", "done")
    listed = desk.get("/api/appointments", params={"from": "2026-11-25", "to": "2026-11-25"}).json()
    assert [each["ticket_no"] for each in listed] == [case.ticket_no]
    assert desk.get("/api/appointments", params={"from": "2026-11-26"}).json() == []
    assert desk.get("/api/appointments", params={"outlet": "没有的网点"}).json() == []


def test_an_agent_holds_first_and_confirms_then(desk: Any, case: Case) -> None:
    body = {"ticket_no": case.ticket_no, "start": MORNING.start.isoformat(), "end": MORNING.end.isoformat()}
    held = desk.post("/api/appointments", json={**body, "hold": True}, headers=HERE).json()
    assert held["status"] == "held"
    with db.session_scope(case.web.sessions) as session:
        assert callbacks.get(session, case.callback_id).status is CallStatus.BOOKED
    confirmed = desk.patch(f"/api/appointments/{held['id']}", json={"action": "confirm"}, headers=HERE).json()
    assert (confirmed["status"], confirmed["held_until"]) == ("confirmed", None)


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_strangers_and_other_sites_are_refused(web: Web, method: str) -> None:
    path = "/api/appointments/1" if method == "patch" else "/api/appointments"
    assert getattr(web.client, method)(path).status_code == 401
    if method != "get":
        answered = getattr(web.client, method)(path, json={}, headers={"sec-fetch-site": "cross-site"})
        assert answered.status_code == 403


# --- the desk's pages ----------------------------------------------------------------------------------------------


def post(desk: Any, case: Case, path: str, **form: Any) -> Any:
    return desk.post(
        f"/console/tickets/{case.ticket_no}/visit{path}", data=form, headers={**HERE, "HX-Request": "true"}
    )


def as_button(window: Window) -> str:
    return f"{window.start.isoformat()}/{window.end.isoformat()}"


def test_the_ticket_page_offers_books_moves_and_settles(desk: Any, case: Case) -> None:
    page = desk.get(f"/console/tickets/{case.ticket_no}").text
    assert "还没有约上门" in page
    windows = desk.get(f"/console/tickets/{case.ticket_no}/visit/windows", headers={"HX-Request": "true"}).text
    assert "windows-inside" in windows
    assert "2026-11-25T08:00+08:00/2026-11-25T12:00+08:00" in windows
    booked = post(desk, case, "/book", window=as_button(MORNING))
    assert "已约好" in booked.text
    assert "上门" in booked.text
    with db.session_scope(case.web.sessions) as session:
        ticket = session.query(Ticket).filter_by(ticket_no=case.ticket_no).one()
        visit = visits.agreed(session, ticket)
        assert visit is not None
        visit_id, version = visit.id, visit.version
    moved = post(desk, case, f"/{visit_id}/move", window=as_button(AFTERNOON), version=version)
    assert "已改期" in moved.text
    assert post(desk, case, f"/{visit_id}/cancel", version=version).status_code == 409
    late = post(desk, case, f"/{visit_id}/late", version=version + 1, minutes=45)
    assert "晚到 45 分" in late.text
    gone = post(desk, case, f"/{visit_id}/absent", version=version + 2)
    assert "家里没人" in gone.text


@pytest.mark.parametrize(
    "window",
    [
        "",
        "x",
        "a/b",
        "2026-11-25T08:00/2026-11-25T12:00",
        "2026-11-25T03:00+08:00/2026-11-25T04:00+08:00",
    ],
)
def test_a_window_of_no_shape_is_refused(desk: Any, case: Case, window: str) -> None:
    assert post(desk, case, "/book", window=window).status_code == 422


def test_why_there_is_no_window_is_told(desk: Any, web: Web) -> None:
    case = Case(web, address="昆明市五华区翠湖路1号")
    windows = desk.get(f"/console/tickets/{case.ticket_no}/visit/windows", headers={"HX-Request": "true"}).text
    assert "由电话约定上门" in windows


def test_the_list_shows_a_day_by_outlet_with_its_load(desk: Any, case: Case) -> None:
    case.booked()
    page = desk.get("/console/appointments", params={"day": "2026-11-25"}).text
    assert "顺德大良经销商服务网点" in page
    assert "1 / 8" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "没有上门" in desk.get("/console/appointments", params={"day": "2026-12-25"}).text
    case.web.clock.set(MORNING.end + timedelta(days=1))
    sign_in(case.web)
    assert "之前未处理" in desk.get("/console/appointments").text


def test_the_console_speaks_english_there_too(desk: Any, case: Case) -> None:
    case.booked()
    desk.cookies.set("hotline_language", "en", path="/console")
    page = desk.get("/console/appointments", params={"day": "2026-11-25"}).text
    assert "1 of 8" in page
    assert "Call off" in desk.get(f"/console/tickets/{case.ticket_no}").text


def test_every_reason_of_a_window_has_its_words_at_the_desk() -> None:
    assert set(offering.WHY.values()) == set(labels.VISIT_REASONS)
