"""Tickets at the desk over HTTP: the list, a ticket with its promises, and what is refused."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from backend import db
from backend.conversations import service as conversations
from backend.depends import House
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, Status
from tests.browser.console_fixtures import NOW, REFERENCE, Desk
from tests.conftest import at
from tests.rooms.console_bench import (  # noqa: F401  asked for by name
    HTMX,
    client_fixture,
    house_fixture,
    ids_fixture,
    no_limits_from_before_fixture,
    told,
)


class TestTickets:
    def test_the_list_shows_the_nearest_promise_first(self, client: TestClient) -> None:
        page = client.get("/console/tickets").text
        assert re.findall(r'id="t-(WY261124-\d+)"', page) == ["WY261124-0001", "WY261124-0002", "WY261124-0003"]
        assert "countdown-near" in page

    @pytest.mark.parametrize("words", ["wy261124 0002", "李女士", "8002", "不出热水"])
    def test_search_reads_numbers_as_people_type_them(self, client: TestClient, words: str) -> None:
        found = client.post("/console/tickets/search", data={"status": "all", "q": words}, headers=HTMX).text
        assert set(re.findall(r"WY261124-\d+", found)) == {"WY261124-0002"}

    def test_filters_by_kind_and_status(self, client: TestClient) -> None:
        complaints = client.get("/console/tickets?kind=complaint").text
        assert set(re.findall(r"t-(WY261124-\d+)", complaints)) == {"WY261124-0003"}
        assert "这里没有工单" in client.get("/console/tickets?status=done").text
        assert client.get("/console/tickets?status=nonsense&kind=nonsense").status_code == 200

    def test_a_ticket_shows_promises_with_their_reason_and_its_visit_code(
        self, client: TestClient, house: House
    ) -> None:
        page = client.get("/console/tickets/WY261124-0002").text
        with db.read_scope(house.sessions) as session:
            ticket = session.query(Ticket).filter_by(ticket_no="WY261124-0002").one()
            assert ticket.visit_code in page
        assert "服务时间内 1 小时内答复" in page
        assert "登记维修工单" in page

    def test_hold_needs_a_reason_and_pauses_the_promises(self, client: TestClient, house: House) -> None:
        address = "/console/tickets/WY261124-0002/status"
        refused = client.post(address, data={"status": "waiting"}, headers=HTMX)
        assert refused.status_code == 422
        assert "写明在等什么" in told(refused)
        held = client.post(address, data={"status": "waiting", "reason": "等配件"}, headers=HTMX)
        assert held.status_code == 200
        assert "countdown-paused" in held.text
        with db.read_scope(house.sessions) as session:
            assert session.query(Ticket).filter_by(ticket_no="WY261124-0002").one().status is Status.WAITING

    def test_a_promise_is_recorded_as_kept(self, client: TestClient) -> None:
        kept = client.post("/console/tickets/WY261124-0002/promises/reply/met", headers=HTMX)
        assert "promise-row-met" in kept.text

    def test_a_promise_marked_as_kept_by_mistake_goes_on_as_before(self, client: TestClient) -> None:
        address = "/console/tickets/WY261124-0002/promises/onsite"
        assert "还没有兑现" not in client.get("/console/tickets/WY261124-0002").text
        assert "只能撤销手工记的兑现" in told(client.post(f"{address}/not-met", headers=HTMX))
        kept = client.post(f"{address}/met", headers=HTMX).text
        assert f'action="{address}/not-met"' in kept
        back = client.post(f"{address}/not-met", headers=HTMX)
        assert told(back) == "已撤销：这项承诺还没有兑现。"
        assert f'action="{address}/met"' in back.text
        assert f'action="{address}/not-met"' not in back.text
        assert "撤销误记的兑现：上门" in back.text

    def test_a_danger_and_a_channel_are_told_in_words(self, client: TestClient, house: House) -> None:
        opened = Desk(house).talk(("customer", "热水器冒烟了"))
        with db.session_scope(house.sessions) as session:
            reported = tickets.report_hazard(
                session,
                conversation_id=opened,
                message_id="m1",
                text="热水器冒烟了",
                kind="smoke",
                phone=None,
                reference=REFERENCE,
                now=NOW,
            )
            ticket_no = reported.ticket.ticket_no
        page = client.get(f"/console/tickets/{ticket_no}").text
        assert "报告危险（冒烟）：热水器冒烟了" in page
        assert "smoke" not in page
        assert "登记维修工单，渠道 短信" in client.get("/console/tickets/WY261124-0002").text

    def test_a_ticket_from_a_telephone_call_leads_to_its_words_if_there_are_any(
        self, client: TestClient, house: House
    ) -> None:
        with db.session_scope(house.sessions) as session:
            heard, silent = (
                conversations.call_conversation(session, phone, language="zh", now=NOW)
                for phone in ("+8613800138044", "+8613800138045")
            )
            conversations.hear(session, heard, "热水器不出热水", now=NOW)
            calls = {heard.id: "+8613800138044", silent.id: "+8613800138045"}
        pages = [
            client.get(f"/console/tickets/{Desk(house).ticket(call, phone, '周女士')}").text
            for call, phone in calls.items()
        ]
        assert [f'href="/console/conversations/{call}' in page for call, page in zip(calls, pages, strict=True)] == [
            True,
            False,
        ]

    def test_a_promise_for_another_day_names_the_day_instead_of_counting_open_hours(
        self, client: TestClient, house: House
    ) -> None:
        with db.session_scope(house.sessions) as session:
            ticket = session.query(Ticket).filter_by(ticket_no="WY261124-0002").one()
            promise = session.query(Promise).filter_by(ticket_id=ticket.id, kind=PromiseKind.REPLY).one()
            promise.due_at = at("2026-11-25 15:30")
        page = client.get("/console/tickets/WY261124-0002").text
        assert re.search(r"countdown-ok.*明天 15:30 前", page)

    def test_one_promise_is_paused_with_a_reason_and_runs_again_with_its_history(self, client: TestClient) -> None:
        address = "/console/tickets/WY261124-0002/promises/onsite"
        assert "写明在等什么" in told(client.post(f"{address}/pause", data={"reason": "other"}, headers=HTMX))
        assert (
            client.post(f"{address}/pause", data={"reason": "part", "until": "soon"}, headers=HTMX).status_code == 422
        )
        form = {"reason": "part", "text": "加热管", "until": "2026-11-26T09:00"}
        paused = client.post(f"{address}/pause", data=form, headers=HTMX)
        assert "promise-row-paused" in paused.text
        assert "暂停：等配件，加热管，至 11月26日（周四）09:00" in paused.text
        assert "不再计时" in told(client.post(f"{address}/pause", data=form, headers=HTMX))
        resumed = client.post(f"{address}/resume", headers=HTMX)
        assert "promise-row-paused" not in resumed.text
        assert "继续计时：等配件" in resumed.text

    def test_word_about_a_part_is_promised_from_the_page(self, client: TestClient) -> None:
        address = "/console/tickets/WY261124-0002/promises"
        made = client.post(address, data={"kind": "parts"}, headers=HTMX)
        assert "3 天内答复紧缺配件：今天" not in made.text
        assert "3 天内答复紧缺配件：11月24日（周二）" in made.text
        assert 'name="kind" value="parts"' not in made.text
        assert "已有这项承诺" in told(client.post(address, data={"kind": "parts"}, headers=HTMX))

    def test_an_unknown_ticket_is_a_page_that_says_so(self, client: TestClient) -> None:
        assert client.get("/console/tickets/WY000000-0000").status_code == 404
