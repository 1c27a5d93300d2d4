"""Figures and the rows behind them: each number is the length of its list."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks import keeping
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.depends import House
from backend.followups.models import FollowUp
from backend.followups.rules import By
from backend.followups.rules import Status as FollowUpStatus
from backend.reports import rules, service
from backend.reports.measures import Measure, Outcome
from backend.reports.rules import Period, Span
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind
from tests.browser.console_fixtures import NOW, REFERENCE, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

PAGE = "/console/dashboard"
CALENDAR = REFERENCE.calendar
TODAY = rules.period(Span.TODAY, NOW.date())


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.morning()
    become(house, Role.MANAGER)
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def become(house: House, role: Role) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=role))


def figures(house: House, period: Period = TODAY) -> service.Figures:
    with db.read_scope(house.sessions) as session:
        return service.figures(session, period, calendar=CALENDAR, now=NOW)


def behind(house: House, of: Measure, **chosen: str) -> int:
    with db.read_scope(house.sessions) as session:
        rows, total = service.behind(session, of, TODAY, chosen, calendar=CALENDAR, now=NOW)
    assert len(rows) == total
    return total


def test_a_conversation_no_person_has_touched_is_the_bots_alone(house: House) -> None:
    found = figures(house).headline.bot_alone
    assert (found.part, found.whole) == (1, 5)


def test_the_hours_of_the_heat_map_add_up_to_the_conversations_and_open_them(house: House) -> None:
    found = figures(house)
    assert found.by_channel == {"web": 4, "sms": 1}
    assert sum(count for hours in found.weekday_hours.values() for count in hours.values()) == 5
    for channel, hours in found.channel_hours.items():
        for hour, count in hours.items():
            assert behind(house, Measure.CONVERSATIONS, channel=channel, hour=str(hour)) == count


def test_a_promise_is_kept_late_missed_or_still_running(house: House) -> None:
    with db.session_scope(house.sessions) as session:
        replies = session.scalars(select(Promise).where(Promise.kind == PromiseKind.REPLY).order_by(Promise.id)).all()
        kept, late, missed, *_ = replies
        for promise in replies:
            promise.started_at, promise.due_at = NOW - timedelta(hours=2), NOW - timedelta(minutes=30)
            promise.met_at = None
        kept.met_at, late.met_at = NOW - timedelta(hours=1), NOW - timedelta(minutes=10)
        missed.paused_at = None
    found = figures(house)
    [reply] = [each for each in found.promises["kind"] if each.name == PromiseKind.REPLY]
    assert reply.outcomes == {Outcome.KEPT: 1, Outcome.LATE: 1, Outcome.MISSED: len(replies) - 2}
    for outcome, count in reply.outcomes.items():
        assert behind(house, Measure.PROMISES, kind="reply", outcome=outcome) == count
    assert found.headline.first_reply == timedelta(hours=1)


def test_every_dimension_of_the_promises_has_the_same_sum(house: House) -> None:
    sums = {name: sum(sum(each.outcomes.values()) for each in kept) for name, kept in figures(house).promises.items()}
    assert len(set(sums.values())) == 1


def test_calls_are_counted_by_what_came_of_them_and_tries_apart(house: House) -> None:
    with db.session_scope(house.sessions) as session:
        first, second = session.scalars(select(Callback).order_by(Callback.id).limit(2))
        first.status, first.closed_at = CallStatus.DONE, NOW
        second.status, second.closed_at, second.attempt = CallStatus.NO_ANSWER, NOW, 2
    found = figures(house)
    assert found.callbacks == {"done": 1, "no_answer": 1}
    assert found.retries == 1 == behind(house, Measure.RETRIES)
    assert found.to_call == behind(house, Measure.TO_CALL)
    assert found.overdue_calls == 1 == behind(house, Measure.OVERDUE_CALLS)


def test_a_call_nobody_made_in_time_stays_late_when_it_has_a_new_window(house: House) -> None:
    with db.session_scope(house.sessions) as session:
        late = keeping.rebook_late(session, now=NOW, reference=REFERENCE)
        booked = session.scalars(select(Callback).where(Callback.status == CallStatus.BOOKED)).all()
        assert late > 0
        assert all(each.window_end > NOW for each in booked)
    assert figures(house).overdue_calls == late == behind(house, Measure.OVERDUE_CALLS)


def test_complaints_are_told_apart_by_their_words(house: House) -> None:
    assert figures(house).complaints == {"visit": 1}
    assert behind(house, Measure.COMPLAINTS, reason="visit") == 1
    assert behind(house, Measure.COMPLAINTS, reason="fee") == 0


def test_whoever_contacts_us_again_is_counted_among_those_who_did_at_all(house: House) -> None:
    with db.session_scope(house.sessions) as session:
        session.scalars(select(Ticket)).first().contacts = 2  # type: ignore[union-attr]
    assert figures(house).repeated == rules.Share(1, 3)


def test_days_without_anything_have_figures_too(house: House) -> None:
    empty = figures(house, rules.period(Span.LAST_WEEK, NOW.date()))
    assert empty.headline.bot_alone.percent is None
    assert empty.headline.first_reply is None
    assert empty.promises == {"kind": [], "tier": [], "outlet": []}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_of_the_page_opens_a_list_of_that_many_rows(client: TestClient, language: str) -> None:
    client.cookies.set("hotline_language", language)
    page = client.get(PAGE)
    assert page.status_code == 200
    links = re.findall(r'class="figure-link" href="([^"]+)">(\d+)', page.text)
    assert len(links) >= 8
    for address, number in dict(links).items():
        shown = client.get(unescape(address))
        assert shown.status_code == 200, address
        assert shown.text.count("strong-link") == int(number), address


@pytest.mark.parametrize("role", list(Role))
def test_figures_are_seen_by_those_who_lead(client: TestClient, house: House, role: Role) -> None:
    become(house, role)
    allowed = role in {Role.LEAD, Role.MANAGER, Role.ADMIN}
    for address in (PAGE, f"{PAGE}/list?of=backlog", f"{PAGE}/figures.csv", f"{PAGE}/list.xlsx?of=backlog"):
        assert client.get(address).status_code == (200 if allowed else 403)


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"])
def test_a_formula_in_what_a_customer_wrote_is_a_text_in_the_files(client: TestClient, house: House, evil: str) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Ticket).values(symptom=evil))
    text = client.get(f"{PAGE}/list.csv?of=opened").content.decode("utf-8-sig")
    cells = [value for row in csv.reader(io.StringIO(text)) for value in row]
    assert f"'{evil}" in cells
    assert evil not in cells
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}/list.xlsx?of=opened").content))
    found = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert f"'{evil}" in [cell.value for cell in found]
    assert not [cell for cell in found if cell.data_type == "f"]


def test_no_file_holds_a_whole_number(client: TestClient) -> None:
    for kind in ("opened", "conversations", "to_call"):
        text = client.get(f"{PAGE}/list.csv?of={kind}").content.decode("utf-8-sig")
        assert "13800138" not in text
        assert "138****" in text


def test_the_workbook_has_a_sheet_for_each_part(client: TestClient) -> None:
    answer = client.get(f"{PAGE}/figures.xlsx?span=last_week")
    assert 'filename="hotline-2026-11-16-2026-11-22.xlsx"' in answer.headers["content-disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[0] == "总览"
    assert len(book.sheetnames) == 12


def test_grades_are_counted_by_outlet_and_every_number_opens_its_list(house: House, client: TestClient) -> None:
    with db.session_scope(house.sessions) as session:
        first, second, third, *_ = session.scalars(select(Ticket).order_by(Ticket.id))
        first.outlet = second.outlet = "顺德网点"
        third.outlet = "天河网点"
        for ticket, grade in ((first, 5), (second, 2), (third, 4)):
            session.add(
                FollowUp(
                    ticket_id=ticket.id, status=FollowUpStatus.GRADED, give_up_at=NOW, created_at=NOW, graded_at=NOW,
                    grade=grade, is_low=grade <= 2, by=By.TEXT,
                )
            )  # fmt: skip
    found = figures(house)
    assert (found.grades.count, found.grades.mean, found.grades.low_share.percent) == (3, 3.7, 33.3)
    assert [(each.outlet, each.mean) for each in found.grades_by_outlet] == [("顺德网点", 3.5), ("天河网点", 4.0)]
    assert behind(house, Measure.GRADES) == 3
    assert behind(house, Measure.GRADES, low="yes") == 1
    assert behind(house, Measure.GRADES, outlet="顺德网点", grade="5") == 1
    page = client.get(PAGE).text
    assert "3.7" in page
    listed = client.get(f"{PAGE}/list", params={"of": "grades", "low": "yes"}).text
    assert second.ticket_no in listed
    assert "2 不满意" in listed
