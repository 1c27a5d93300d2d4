"""The inbox and an open conversation over HTTP: who sees what, and what taking over does."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backend import db
from backend.conversations.rules import Mode
from backend.depends import House
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind
from tests.browser.console_fixtures import (
    NOW,
    Desk,
)
from tests.rooms.console_bench import (  # noqa: F401  asked for by name
    HTMX,
    client_fixture,
    conversation,
    house_fixture,
    ids_fixture,
    no_limits_from_before_fixture,
    other_fixture,
    told,
)


class TestInbox:
    def test_danger_stands_first_then_whoever_waits_longest(self, client: TestClient, ids: dict[str, str]) -> None:
        page = client.get("/console/").text
        order = [page.index(f"row-{ids[name]}") for name in ("danger", "cold", "angry")]
        assert order == sorted(order)
        assert f"row-{ids['noise']}" not in page

    def test_tabs_hold_mine_the_bots_and_all(self, other: TestClient, ids: dict[str, str]) -> None:
        held = {
            tab: {name for name in ids if f"row-{ids[name]}" in other.get("/console/", params={"tab": tab}).text}
            for tab in ("mine", "bot", "all")
        }
        assert held == {"mine": {"noise"}, "bot": {"english"}, "all": set(ids)}

    def test_a_page_somebody_has_only_opened_is_no_conversation_yet(self, client: TestClient, house: House) -> None:
        opened = Desk(house).talk()
        assert f"row-{opened}" not in client.get("/console/?tab=all").text

    @pytest.mark.parametrize(
        ("words", "finds"), [("8002", "cold"), ("王女士", "angry"), ("麻手", "danger"), ("E3", "cold")]
    )
    def test_search_finds_by_last_digits_name_and_words(
        self, client: TestClient, ids: dict[str, str], words: str, finds: str
    ) -> None:
        found = client.post("/console/inbox", data={"tab": "all", "q": words}, headers=HTMX).text
        assert [name for name in ids if f"row-{ids[name]}" in found] == [finds]

    def test_a_search_that_finds_nothing_says_so(self, client: TestClient) -> None:
        assert "没有找到" in client.post("/console/inbox", data={"tab": "all", "q": "%_%"}, headers=HTMX).text

    def test_numbers_are_masked_on_every_page(self, client: TestClient, ids: dict[str, str]) -> None:
        one = ["tickets/WY261124-0002", f"conversations/{ids['cold']}"]
        pages = ["", "?tab=all", "tickets", "callbacks", "outbox", *one]
        for page in pages:
            text = client.get(f"/console/{page}").text
            assert "13800138002" not in text, page
            assert page in ("", "?tab=all") or "138****8002" in text, page

    def test_what_customers_write_stays_text(self, client: TestClient, house: House) -> None:
        evil = "<img src=x onerror=alert(1)>{{7*7}}"
        opened = Desk(house).talk(("customer", evil))
        text = client.get(f"/console/conversations/{opened}?tab=all").text
        assert "<img" not in text
        assert text.count("&lt;img src=x onerror=alert(1)&gt;{{7*7}}") == 2


class TestTakingOver:
    def test_the_bot_is_silent_and_the_agents_words_are_stored(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        address = f"/console/conversations/{ids['danger']}"
        taken = client.post(f"{address}/take", headers=HTMX)
        assert 'id="hand-back"' in taken.text
        answered = client.post(f"{address}/messages", data={"text": "请关闭总电源"}, headers=HTMX)
        assert "请关闭总电源" in answered.text
        now_held = conversation(house, ids["danger"])
        assert now_held.mode is Mode.HUMAN
        assert now_held.seen_seq == now_held.last_seq

    def test_an_answer_keeps_the_reply_promise(self, client: TestClient, house: House, ids: dict[str, str]) -> None:
        address = f"/console/conversations/{ids['danger']}"
        client.post(f"{address}/take")
        client.post(f"{address}/messages", data={"text": "我来处理"})
        with db.read_scope(house.sessions) as session:
            [reply] = (
                session.query(Promise)
                .join(Ticket)
                .filter(Ticket.ticket_no == "WY261124-0001", Promise.kind == PromiseKind.REPLY)
            )
            assert reply.met_at == NOW

    def test_of_two_agents_one_wins_and_the_other_is_told_who(
        self, client: TestClient, other: TestClient, ids: dict[str, str]
    ) -> None:
        address = f"/console/conversations/{ids['cold']}"
        assert other.post(f"{address}/take", headers=HTMX).status_code == 200
        late = client.post(f"{address}/take", headers=HTMX)
        assert late.status_code == 409
        assert told(late) == "林悦 已经接管了这个会话。"
        refused = client.post(f"{address}/messages", data={"text": "你好"}, headers=HTMX)
        assert refused.status_code == 409
        assert "接管" in told(refused)
        assert client.post(f"{address}/hand-back", headers=HTMX).status_code == 409

    def test_handing_back_gives_the_conversation_to_the_bot(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        address = f"/console/conversations/{ids['cold']}"
        client.post(f"{address}/take")
        assert client.post(f"{address}/hand-back").headers["location"] == address
        assert conversation(house, ids["cold"]).mode is Mode.BOT

    @pytest.mark.parametrize(("text", "status", "why"), [(" \n", 422, "请先输入"), ("热" * 4001, 413, "最多 4000 字")])
    def test_what_cannot_be_sent_is_explained(
        self, client: TestClient, ids: dict[str, str], text: str, status: int, why: str
    ) -> None:
        address = f"/console/conversations/{ids['cold']}"
        client.post(f"{address}/take")
        answer = client.post(f"{address}/messages", data={"text": text}, headers=HTMX)
        assert answer.status_code == status
        assert why in told(answer)

    def test_what_has_been_on_the_screen_is_no_longer_unread(
        self, client: TestClient, house: House, ids: dict[str, str]
    ) -> None:
        before = conversation(house, ids["cold"])
        address = f"/console/conversations/{ids['cold']}/seen"
        assert client.post(address, data={"seq": before.last_seq}).status_code == 204
        client.post(address, data={"seq": 1})
        client.post(address, data={"seq": 9999})
        assert conversation(house, ids["cold"]).seen_seq == before.last_seq

    def test_a_conversation_that_does_not_exist_is_a_page_that_says_so(self, client: TestClient) -> None:
        answer = client.get(f"/console/conversations/{'f' * 32}")
        assert answer.status_code == 404
        assert "回到会话" in answer.text
