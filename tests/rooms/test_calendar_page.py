"""The calendar's page: a change with what it would move, saving it, undoing it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend import db, limits, reference
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks.models import Callback
from backend.depends import House
from backend.revisions import service as revisions
from backend.tickets import jobs, recounting
from backend.tickets.models import Promise, PromiseChange
from backend.tickets.promise_rules import Change
from tests.browser.console_fixtures import NOW, USERNAME, Desk, make_app, make_house
from tests.conftest import at
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
PAGE = "/console/calendar"
WEDNESDAY = "2026-11-25"
"""The day after the desk's morning: visits are due on it."""


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.morning()
    with db.session_scope(sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.MANAGER))
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def dues(house: House) -> dict[str, set[str]]:
    """The deadlines of the open promises, by kind, in the hotline's time."""
    found: dict[str, set[str]] = {}
    with db.read_scope(house.sessions) as session:
        for promise in session.scalars(select(Promise).where(Promise.met_at.is_(None))):
            due = promise.due_at.astimezone(house.reference.calendar.zone) if promise.due_at else None
            found.setdefault(promise.kind.value, set()).add(f"{due:%Y-%m-%d %H:%M}" if due else "")
    return found


def told(answer: object) -> str:
    return unquote(answer.headers["x-toast"].split(";")[1])  # type: ignore[attr-defined]


def test_the_year_shows_what_is_entered_and_what_is_missing(client: TestClient) -> None:
    page = client.get(PAGE).text
    assert "节假日安排到 2026-12-31 为止" in page
    assert re.search(r'day-make_up"[^>]*>14\+<', page)
    assert re.search(r'day-ordinary day-today"[^>]*>24<', page)
    assert "2月14日（周六）" in page
    assert 'value="ordinary"' in page
    assert re.search(r'day-unknown"[^>]*>1\?<', client.get(f"{PAGE}?year=2027").text)
    assert client.get(f"{PAGE}?year=99").status_code == 422


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.MANAGER, Role.ADMIN)])
def test_only_who_may_edit_the_calendar_sees_the_page(client: TestClient, house: House, role: Role) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=role))
    assert client.get(PAGE).status_code == 403
    for address in (PAGE, f"{PAGE}/preview", f"{PAGE}/undo"):
        assert client.post(address, data={"kind": "closed", "first": WEDNESDAY}, headers=HTMX).status_code == 403
    assert PAGE not in client.get("/console/").text


def test_before_saving_it_is_told_which_promises_and_calls_would_move(client: TestClient, house: House) -> None:
    before = dues(house)
    seen = client.post(f"{PAGE}/preview", data={"kind": "holiday", "first": WEDNESDAY}, headers=HTMX).text
    assert "2 项承诺会改变期限" in seen
    assert "明天11月25日（周三）18:00" in seen
    assert "11月26日（周四）18:00" in seen
    assert "没有回电会落到非服务时间" in seen
    closed = client.post(f"{PAGE}/preview", data={"kind": "closed", "first": "2026-11-24"}, headers=HTMX).text
    assert "个回电会落到非服务时间" in closed
    assert "138****8002" in closed
    assert dues(house) == before
    with db.read_scope(house.sessions) as session:
        assert revisions.history(session, "calendar.yaml") == []


def test_saving_puts_it_in_force_and_counts_open_promises_anew_with_their_history(
    client: TestClient, house: House
) -> None:
    assert dues(house)["onsite"] == {"2026-11-25 18:00"}
    form = {"kind": "holiday", "first": WEDNESDAY, "note": "市里放假"}
    saved = client.post(PAGE, data=form, headers=HTMX)
    assert told(saved) == "已保存，2 项承诺的期限随之改变。"
    assert "市里放假" in saved.text
    assert date(2026, 11, 25) in house.reference.calendar.holidays
    assert dues(house)["onsite"] == {"2026-11-26 18:00"}
    with db.read_scope(house.sessions) as session:
        changes = session.scalars(select(PromiseChange).where(PromiseChange.what == Change.RECOMPUTED)).all()
        assert [(each.reason, each.who) for each in changes] == [("calendar", "陈晓")] * 2
        assert {each.due_before for each in changes} == {at("2026-11-25 18:00")}
        versions = set(session.scalars(select(Promise.calendar).where(Promise.met_at.is_(None))))
        assert versions == {house.reference.calendar.version}
    ticket = client.get("/console/tickets/WY261124-0002").text
    assert "重新计算：服务日历有变（最晚 11月26日（周四）18:00）" in ticket


def test_a_call_in_closed_time_is_listed_and_never_moved(client: TestClient, house: House) -> None:
    with db.read_scope(house.sessions) as session:
        before = session.scalars(select(Callback.window_start).order_by(Callback.id)).all()
    saved = client.post(PAGE, data={"kind": "closed", "first": "2026-11-24"}, headers=HTMX)
    assert "落在非服务时间的回电" in saved.text
    assert dues(house)["reply"] == {"2026-11-25 09:00"}
    with db.read_scope(house.sessions) as session:
        assert session.scalars(select(Callback.window_start).order_by(Callback.id)).all() == before


def test_undoing_gives_every_promise_its_former_date(client: TestClient, house: House) -> None:
    before = dues(house)
    client.post(PAGE, data={"kind": "closed", "first": WEDNESDAY, "last": "2026-11-27"}, headers=HTMX)
    made = house.reference.revisions["calendar.yaml"]
    assert "刚被别人改过" in told(client.post(f"{PAGE}/undo", data={}, headers=HTMX))
    undone = client.post(f"{PAGE}/undo", data={"based_on": made, "year": 2026}, headers=HTMX)
    assert "已撤销" in told(undone)
    assert house.reference is reference.current()
    assert dues(house) == before


def test_undoing_without_a_year_shows_this_one(client: TestClient, house: House) -> None:
    client.post(PAGE, data={"kind": "closed", "first": WEDNESDAY}, headers=HTMX)
    made = house.reference.revisions["calendar.yaml"]
    undone = client.post(f"{PAGE}/undo", data={"based_on": made, "year": ""}, headers=HTMX)
    assert undone.status_code == 200


def test_two_who_change_the_calendar_at_once_do_not_undo_each_other(client: TestClient, house: House) -> None:
    client.post(PAGE, data={"kind": "closed", "first": "2026-12-24"}, headers=HTMX)
    late = client.post(PAGE, data={"kind": "closed", "first": "2026-12-25"}, headers=HTMX)
    assert late.status_code == 409
    assert "刚被别人改过" in told(late)
    assert house.reference.calendar.exceptional_hours == {date(2026, 12, 24): None}


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"kind": "hours", "first": WEDNESDAY}, "请填写开始和结束时间"),
        ({"kind": "holiday", "first": "2026-11-28"}, "所选日期里没有"),
        ({"kind": "closed", "first": WEDNESDAY, "last": "2026-11-24"}, "最多 62 天"),
    ],
)
def test_what_cannot_be_entered_is_explained(client: TestClient, form: dict[str, str], why: str) -> None:
    for address in (f"{PAGE}/preview", PAGE):
        refused = client.post(address, data=form, headers=HTMX)
        assert refused.status_code == 422
        assert why in told(refused)


def test_without_a_script_saving_leads_back_to_the_year(client: TestClient) -> None:
    saved = client.post(PAGE, data={"kind": "closed", "first": "2026-12-24"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PAGE}?year=2026")
    assert re.search(r'day-closed"[^>]*>24×<', client.get(saved.headers["location"]).text)


def test_a_promise_to_be_confirmed_gets_its_date_when_the_holiday_table_goes_on(
    client: TestClient, house: House
) -> None:
    with db.session_scope(house.sessions) as session:
        [visit] = session.scalars(select(Promise).where(Promise.kind == "onsite").limit(1))
        visit.started_at, visit.due_at = at("2026-12-31 10:00"), None
    assert "" in dues(house)["onsite"]
    client.post(PAGE, data={"kind": "holiday", "first": "2027-01-01"}, headers=HTMX)
    made = house.reference.revisions["calendar.yaml"]
    form = {"kind": "through", "first": "2027-12-31", "based_on": str(made)}
    assert client.post(PAGE, data=form, headers=HTMX).status_code == 200
    assert "2027-01-04 18:00" in dues(house)["onsite"]


def test_another_process_counts_anew_what_it_promised_by_the_older_calendar(house: House) -> None:
    with db.session_scope(house.sessions) as session:
        body = revisions.body(session, "calendar.yaml")
        body["working_days"]["holidays"].append(WEDNESDAY)
        drafted = revisions.draft(session, "calendar.yaml", body, "林悦", NOW)
        revisions.approve(session, drafted.id, "林悦", NOW)
    assert revisions.refresh(house)
    looked_at = jobs.recount(house.sessions, NOW + timedelta(seconds=3), house.reference)
    assert looked_at > 2
    assert dues(house)["onsite"] == {"2026-11-26 18:00"}
    assert jobs.recount(house.sessions, NOW, house.reference) == 0
    with db.session_scope(house.sessions) as session:
        assert recounting.preview(session, house.reference.calendar) == []
