"""The page of a visit's link: it shows, it never changes by being looked at, and it opens to its own link alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar
from itsdangerous import URLSafeSerializer

from backend import db
from backend.appointments import service, settling
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.appointments.rules import Status
from backend.kernel.window import Window
from backend.tickets import service as tickets
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import AFTERNOON, MORNING, NEXT_MORNING, REFERENCE, book, open_case, queued
from rooms.web import SECRET, Web

HERE = {"sec-fetch-site": "same-origin"}


@dataclass
class Guest:
    """A customer with the link of their visit."""

    web: Web
    visit_id: int
    links: Links

    @property
    def path(self) -> str:
        return f"/v/{self.links.token(self.visit_id)}"

    def look(self, more: str = "", **params: str) -> Any:
        return self.web.client.get(f"{self.path}{more}", params=params)

    def visit(self) -> Appointment:
        with db.session_scope(self.web.sessions) as session:
            return service.get(session, self.visit_id)

    def post(self, action: str, window: Window | None = None, **more: Any) -> Any:
        form = {"action": action, "version": self.visit().version} | more
        if window:
            form |= {"start": window.start.isoformat(), "end": window.end.isoformat()}
        return self.web.client.post(self.path, data=form, headers=HERE, follow_redirects=False)


@pytest.fixture
def guest(web: Web) -> Guest:
    links = Links.of(web.client.app.state.house)  # type: ignore[attr-defined]
    with db.session_scope(web.sessions) as session:
        visit = book(session, open_case(session, web.clock.now()).ticket, MORNING, web.clock.now())
        return Guest(web, visit.id, links)


@pytest.fixture
def stranger(web: Web, guest: Guest) -> Guest:
    with db.session_scope(web.sessions) as session:
        ticket = open_case(session, web.clock.now(), phone="+8613900139001").ticket
        visit_id = book(session, ticket, AFTERNOON, web.clock.now()).id
    return Guest(web, visit_id, guest.links)


def test_the_page_shows_the_visit_and_hides_the_house(guest: Guest) -> None:
    shown = guest.look()
    assert shown.status_code == 200
    assert "明天11月25日（周三）08:00–12:00" in shown.text
    assert guest.visit().ticket.visit_code in shown.text
    assert "顺德大良经销商服务网点" in shown.text
    assert "大良街道＊＊＊" in shown.text
    for private in ("新宁路", "李梅", "13800138000", "138"):
        assert private not in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "script" not in shown.headers["content-security-policy"]
    assert "<script" not in shown.text


def test_the_page_speaks_english(guest: Guest) -> None:
    shown = guest.look(lang="en")
    assert 'lang="en"' in shown.text
    assert "tomorrow, Wed 25 Nov, 08:00–12:00" in shown.text.replace("Tomorrow", "tomorrow")


def test_the_address_names_nobody(guest: Guest) -> None:
    assert re.fullmatch(r"/v/[A-Za-z0-9._-]+", guest.path)
    assert "13800138000" not in guest.path


@pytest.mark.parametrize("more", ["", "/times", "/cancel", "/visit.ics"])
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(guest: Guest, method: str, more: str) -> None:
    before = guest.visit()
    with db.session_scope(guest.web.sessions) as session:
        texts = len(queued(session))
    for _ in range(3):
        getattr(guest.web.client, method)(f"{guest.path}{more}?action=cancel&version={before.version}")
    after = guest.visit()
    assert (after.version, after.status) == (before.version, Status.CONFIRMED)
    with db.session_scope(guest.web.sessions) as session:
        assert len(queued(session)) == texts


def test_confirming_is_noted_once(guest: Guest) -> None:
    assert guest.post("confirm").status_code == 303
    confirmed = guest.visit().customer_confirmed_at
    assert confirmed is not None
    assert "您已确认" in guest.look().text
    guest.post("confirm")
    assert guest.visit().customer_confirmed_at == confirmed


def test_another_time_is_chosen_from_the_free_ones(guest: Guest) -> None:
    shown = guest.look("/times").text
    assert AFTERNOON.start.isoformat() in shown
    starts, ends = (re.findall(rf'name="{edge}" value="([^"]+)"', shown) for edge in ("start", "end"))
    assert (MORNING.start.isoformat(), MORNING.end.isoformat()) not in zip(starts, ends, strict=True)
    answered = guest.post("move", AFTERNOON)
    assert answered.headers["location"].endswith("said=moved")
    assert (guest.visit().status, guest.visit().window_start) == (Status.MOVED, AFTERNOON.start)
    assert "13:00–18:00" in guest.look().text


def test_a_time_taken_meanwhile_offers_others(guest: Guest) -> None:
    with db.session_scope(guest.web.sessions) as session:
        for number in range(4):
            ticket = open_case(session, guest.web.clock.now(), phone=f"+861390013900{number}").ticket
            book(session, ticket, NEXT_MORNING, guest.web.clock.now())
    answered = guest.post("move", NEXT_MORNING)
    assert "/times?" in answered.headers["location"]
    shown = guest.web.client.get(answered.headers["location"]).text
    assert "刚被约走" in shown
    assert guest.visit().window_start == MORNING.start


def test_calling_off_asks_first(guest: Guest) -> None:
    assert "确定不用师傅上门了吗" in guest.look("/cancel").text
    assert guest.visit().status is Status.CONFIRMED
    guest.post("cancel")
    assert guest.visit().status is Status.CANCELLED
    shown = guest.look().text
    assert "已取消" in shown
    assert "另约时间" in shown


def test_who_called_off_can_agree_another_time(guest: Guest) -> None:
    guest.post("cancel")
    answered = guest.post("move", AFTERNOON)
    new_page = answered.headers["location"].partition("?")[0]
    assert new_page != guest.path
    assert "已约好" in guest.web.client.get(new_page).text


# --- abuse -------------------------------------------------------------------------------------------------------


def forged(guest: Guest) -> list[str]:
    token = guest.links.token(guest.visit_id)
    head, _, tail = token.partition(".")
    return [
        f"{head}.{'A' if tail[0] != 'A' else 'B'}{tail[1:]}",
        token[:-5],
        f"{head}.",
        f".{tail}",
        head,
        "MQ.AAAA",
        str(guest.visit_id),
        URLSafeSerializer("x" * 40, salt="visit").dumps(guest.visit_id),
        URLSafeSerializer(SECRET, salt="session").dumps(guest.visit_id),
        URLSafeSerializer(SECRET, salt="visit").dumps(str(guest.visit_id)),
        URLSafeSerializer(SECRET, salt="visit").dumps([guest.visit_id]),
        URLSafeSerializer(SECRET, salt="visit").dumps(10**9),
        "x" * 3000,
        "{{7*7}}",
        "%00",
    ]


def test_a_forged_link_opens_nothing_and_says_what_to_do(guest: Guest) -> None:
    for token in forged(guest):
        for more in ("", "/times", "/cancel", "/visit.ics"):
            shown = guest.web.client.get(f"/v/{token}{more}")
            assert shown.status_code == 404, (token, more)
            assert "这个链接打不开" in shown.text, (token, more)
        form = {"action": "cancel", "version": guest.visit().version}
        assert guest.web.client.post(f"/v/{token}", data=form, headers=HERE).status_code == 404
    assert guest.visit().status is Status.CONFIRMED


def test_ones_own_link_opens_nobody_elses_visit(guest: Guest, stranger: Guest) -> None:
    stranger.post("cancel")
    assert guest.visit().status is Status.CONFIRMED
    assert guest.visit().ticket.ticket_no not in stranger.look().text


def test_a_post_from_another_site_is_refused(guest: Guest) -> None:
    form = {"action": "cancel", "version": guest.visit().version}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert guest.web.client.post(guest.path, data=form, headers=headers).status_code == 403
    assert guest.visit().status is Status.CONFIRMED


def test_a_post_sent_again_has_no_second_effect(guest: Guest) -> None:
    seen = guest.visit().version
    form = {"action": "move", "version": seen, "start": AFTERNOON.start.isoformat(), "end": AFTERNOON.end.isoformat()}
    first = guest.web.client.post(guest.path, data=form, headers=HERE, follow_redirects=False)
    again = guest.web.client.post(guest.path, data=form, headers=HERE, follow_redirects=False)
    assert first.headers["location"].endswith("said=moved")
    assert again.headers["location"].endswith("said=changed")
    assert guest.visit().sequence == 1


def test_a_window_of_ones_own_invention_is_refused(guest: Guest) -> None:
    invented = Window(at("2026-11-25 03:00"), at("2026-11-25 04:00"))
    assert "said=taken" in guest.post("move", invented).headers["location"]
    assert guest.visit().window_start == MORNING.start


@pytest.mark.parametrize(
    "form", [{}, {"action": "drop"}, {"action": "move", "version": "x"}, {"action": "cancel", "version": "-1"}]
)
def test_a_post_of_another_shape_is_refused(guest: Guest, form: dict[str, str]) -> None:
    assert guest.web.client.post(guest.path, data=form, headers=HERE).status_code == 422
    assert guest.visit().status is Status.CONFIRMED


def test_too_many_changes_are_slowed(guest: Guest) -> None:
    for _ in range(20):
        guest.post("confirm")
    assert "said=busy" in guest.post("cancel").headers["location"]
    assert guest.visit().status is Status.CONFIRMED


def test_an_old_link_says_that_it_is_over(guest: Guest) -> None:
    guest.web.clock.set(MORNING.end + timedelta(hours=1))
    assert "约定的时间已过" in guest.look().text
    assert guest.post("cancel").headers["location"].endswith("said=changed")
    guest.web.clock.set(MORNING.end + timedelta(days=15))
    assert guest.look().status_code == 404


@pytest.mark.parametrize(
    ("ending", "words"), [("done", "已经完成"), ("absent", "家里没有人"), ("closed", "工单已经结束")]
)
def test_a_used_link_says_what_came_of_the_visit(guest: Guest, ending: str, words: str) -> None:
    with db.session_scope(guest.web.sessions) as session:
        day = at("2026-11-25 09:00")
        if ending == "done":
            settling.done(session, guest.visit_id, solved=False, who="x", reference=REFERENCE, now=day)
        elif ending == "absent":
            settling.customer_absent(session, guest.visit_id, who="x", reference=REFERENCE, links=guest.links, now=day)
        else:
            ticket = session.get_one(Ticket, service.get(session, guest.visit_id).ticket_id)
            tickets.move(session, ticket, TicketStatus.DONE, who="x", reference=REFERENCE, now=day)
    guest.web.clock.set(at("2026-11-25 10:00"))
    assert words in guest.look().text
    assert guest.post("cancel").headers["location"].endswith("said=changed")


# --- the calendar file ---------------------------------------------------------------------------------------------


def event_of(guest: Guest) -> tuple[Any, Any]:
    shown = guest.look("/visit.ics")
    assert shown.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(shown.content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_the_file_keeps_its_uid_and_counts_its_changes(guest: Guest) -> None:
    calendar, first = event_of(guest)
    assert calendar["METHOD"] == "PUBLISH"
    assert (first.decoded("dtstart"), first.decoded("dtend")) == (MORNING.start, MORNING.end)
    assert (first["SEQUENCE"], first["STATUS"]) == (0, "CONFIRMED")
    assert guest.visit().ticket.visit_code in first["DESCRIPTION"]
    for private in ("新宁路", "李梅", "13800138000"):
        assert private not in first.to_ical().decode()
    guest.post("move", AFTERNOON)
    _calendar, second = event_of(guest)
    assert second["UID"] == first["UID"]
    assert second["SEQUENCE"] == 1
    assert second.decoded("dtstart") == AFTERNOON.start
    guest.post("cancel")
    calendar, third = event_of(guest)
    assert calendar["METHOD"] == "CANCEL"
    assert (third["UID"], third["SEQUENCE"], third["STATUS"]) == (first["UID"], 2, "CANCELLED")
    assert third.walk("VALARM") == []


def test_two_visits_have_two_uids(guest: Guest, stranger: Guest) -> None:
    assert event_of(guest)[1]["UID"] != event_of(stranger)[1]["UID"]
