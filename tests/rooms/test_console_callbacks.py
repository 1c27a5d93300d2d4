"""Callbacks at the desk over HTTP: the day, the call in hand, and its outcomes."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from backend import db
from backend.callbacks.models import Callback
from backend.depends import House
from backend.tickets.models import Ticket
from tests.browser.console_fixtures import (
    REFERENCE,
)
from tests.conftest import at
from tests.fakes import HandClock
from tests.rooms.console_bench import (  # noqa: F401  asked for by name
    HTMX,
    client_fixture,
    house_fixture,
    ids_fixture,
    no_limits_from_before_fixture,
    other_fixture,
    told,
)


class TestCallbacks:
    @pytest.fixture
    def call(self, house: House, client: TestClient) -> Callback:
        with db.read_scope(house.sessions) as session:
            return session.query(Callback).filter_by(phone="+8613800138003").one()

    def test_today_shows_its_windows_and_what_was_left_unsettled(self, client: TestClient) -> None:
        page = client.get("/console/callbacks").text
        assert "之前未处理" in page
        assert "slot-now" in page
        assert len(re.findall(r'id="call-\d+"', page)) == 4

    def test_a_call_that_reached_the_customer_is_settled_with_its_note(
        self, client: TestClient, call: Callback
    ) -> None:
        form = {"outcome": "done", "version": call.version, "note": "已约周四上门"}
        page = client.post(f"/console/callbacks/{call.id}/outcome", data=form, headers=HTMX)
        assert "已约周四上门" in page.text
        again = client.post(f"/console/callbacks/{call.id}/outcome", data=form, headers=HTMX)
        assert again.status_code == 409
        assert "别人刚刚改过" in told(again)

    def test_a_call_moves_to_an_offered_window_only(self, client: TestClient, call: Callback, house: House) -> None:
        offered = re.findall(r'name="start" value="([^"]+)"', client.get(f"/console/callbacks/{call.id}/windows").text)
        assert call.window_start.astimezone(REFERENCE.calendar.zone).isoformat(timespec="minutes") not in offered
        address = f"/console/callbacks/{call.id}/move"
        night = client.post(address, data={"start": "2026-11-24T20:00+08:00", "version": call.version}, headers=HTMX)
        assert night.status_code == 422
        assert "不在服务时间" in told(night)
        moved = client.post(address, data={"start": offered[3], "version": call.version}, headers=HTMX)
        assert moved.status_code == 200
        with db.read_scope(house.sessions) as session:
            assert session.get_one(Callback, call.id).window_start == at(offered[3][:16].replace("T", " "))

    def test_a_call_can_be_given_up_and_taken_back(self, client: TestClient, call: Callback, house: House) -> None:
        page = client.post(f"/console/callbacks/{call.id}/cancel", data={"version": call.version}, headers=HTMX)
        assert "call-cancelled" in page.text
        assert re.search(r'class="call-note">陈晓 · 10:05\s', page.text)
        assert f'action="/console/callbacks/{call.id}/take-back"' in page.text
        with db.read_scope(house.sessions) as session:
            version = session.get_one(Callback, call.id).version
        back = client.post(f"/console/callbacks/{call.id}/take-back", data={"version": version}, headers=HTMX)
        assert "call-cancelled" not in back.text

    def test_each_window_shows_its_load(self, client: TestClient) -> None:
        page = client.get("/console/callbacks").text
        assert len(re.findall(r'class="load\b', page)) == 20
        assert 'aria-label="1 / 6"' in page
        assert "0/4" in page  # over noon there are two people

    def test_what_is_due_is_taken_and_stands_on_the_card_with_all_that_matters(
        self, client: TestClient, other: TestClient, house: House
    ) -> None:
        page = client.get("/console/callbacks").text
        assert "3 个该打" in page
        taken = [each.post("/console/callbacks/next", headers=HTMX).text for each in (client, other)]
        assert all("正在回电" in page for page in taken)
        first, second = (re.findall(r'id="in-hand-(\d+)"', page)[0] for page in taken)
        assert first != second
        card = taken[1]
        for words in ("张先生", "138****8001", "WY261124-0001", "剩 2 分", "家里有老人", "10:15 起打第 2 次"):
            assert words in card
        assert "陈晓 正在打" in card
        again = client.post("/console/callbacks/next", headers=HTMX).text
        assert re.findall(r'id="in-hand-(\d+)"', again)[0] == first

    def test_a_call_in_hand_is_settled_taken_back_and_given_back(
        self, client: TestClient, call: Callback, house: House
    ) -> None:
        address = f"/console/callbacks/{call.id}"
        card = client.post(f"{address}/take", data={"version": call.version}, headers=HTMX)
        assert "正在回电" in card.text
        assert client.post(f"{address}/hold", headers=HTMX).status_code == 204
        form = {"outcome": "no_answer", "version": call.version + 1, "note": "响了很久"}
        settled = client.post(f"{address}/outcome", data=form, headers=HTMX).text
        assert "10:15 再打" in settled
        assert "响了很久" in settled
        back = client.post(f"{address}/take-back", data={"version": call.version + 2}, headers=HTMX)
        assert told(back) == "已撤销。"
        assert "正在回电" in back.text
        assert "我的下一个回电" in client.post(f"{address}/give-back", headers=HTMX).text
        assert client.post(f"{address}/hold", headers=HTMX).status_code == 409

    def test_a_visit_leads_to_the_ticket_and_a_wrong_number_to_another_one(
        self, client: TestClient, call: Callback, house: House
    ) -> None:
        address = f"/console/callbacks/{call.id}"
        form = {"outcome": "wants_visit", "version": call.version}
        visit = client.post(f"{address}/outcome", data=form, headers=HTMX).text
        assert re.search(r'href="/console/tickets/WY261124-0003">.*去工单安排上门', visit)
        client.post(f"{address}/take-back", data={"version": call.version + 1}, headers=HTMX)
        form = {"outcome": "wrong_number", "version": call.version + 2}
        wrong = client.post(f"{address}/outcome", data=form, headers=HTMX).text
        assert f'id="other-{call.id}"' in wrong
        assert f'id="listed-{call.id}"' in wrong
        refused = client.post(f"{address}/other-number", data={"phone": "4008888888"}, headers=HTMX)
        assert refused.status_code == 422
        assert "不外呼" in told(refused)
        given = client.post(f"{address}/other-number", data={"phone": "139 0013 9077"}, headers=HTMX)
        assert "139****9077" in given.text
        assert f'id="listed-{call.id}"' not in given.text
        with db.read_scope(house.sessions) as session:
            assert session.query(Ticket).filter_by(ticket_no="WY261124-0003").one().contact_phone == "+8613900139077"

    def test_a_customer_who_names_another_time_is_booked_for_it(
        self, client: TestClient, call: Callback, house: House
    ) -> None:
        form = {"outcome": "call_later", "version": call.version, "start": "2026-11-25T15:00+08:00"}
        client.post(f"/console/callbacks/{call.id}/outcome", data=form, headers=HTMX)
        with db.read_scope(house.sessions) as session:
            again = session.query(Callback).filter_by(phone=call.phone, status="booked").one()
        assert again.window_start == at("2026-11-25 15:00")
        assert "15:00" in client.get("/console/callbacks?day=2026-11-25").text
        bad = {"outcome": "call_later", "version": again.version, "start": "tomorrow"}
        answer = client.post(f"/console/callbacks/{again.id}/outcome", data=bad, headers=HTMX)
        assert answer.status_code == 422

    def test_the_card_says_why_there_is_nothing_to_take(self, client: TestClient, house: House) -> None:
        assert isinstance(house.clock, HandClock)
        house.clock.set(at("2026-11-24 07:59"))
        closed = client.get("/console/callbacks").text
        assert "不在服务时间" in closed
        assert 'id="next-take"' not in closed
        assert client.post("/console/callbacks/next", headers=HTMX).status_code == 200

    def test_the_whole_number_is_shown_only_when_asked_for(self, client: TestClient, call: Callback) -> None:
        assert "+8613800138003" not in client.get("/console/callbacks").text
        assert 'href="tel:+8613800138003"' in client.post(f"/console/callbacks/{call.id}/number", headers=HTMX).text

    def test_a_closed_day_has_no_calls_and_says_so(self, client: TestClient) -> None:
        assert "这一天没有回电" in client.get("/console/callbacks?day=2026-12-01").text
        assert client.get("/console/callbacks?day=2099-01-01").status_code == 200
