"""The console's pages over HTTP: who sees what, what an action does, how an error is told."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from backend import console, db, limits
from backend.callbacks.models import Callback
from backend.console import labels, queries, rules
from backend.console.page import WHY
from backend.console.rules import Look, Pledge
from backend.console.words import Language, Times, catalogue
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.depends import House
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, Status
from tests.browser.console_fixtures import (
    NOW,
    OTHER_USERNAME,
    PASSWORD,
    REFERENCE,
    USERNAME,
    Desk,
    make_app,
    make_house,
)
from tests.conftest import at
from tests.fakes import HandClock

CONSOLE = Path(console.__file__).parent
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def no_limits_from_before() -> None:
    limits.forget()


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    return make_house(sessions, HandClock(NOW))


@pytest.fixture
def ids(house: House) -> dict[str, str]:
    desk = Desk(house)
    desk.agents()
    return desk.morning()


def client_of(house: House, username: str | None = USERNAME) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    if username:
        client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


@pytest.fixture
def client(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house)


@pytest.fixture
def other(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house, OTHER_USERNAME)


@pytest.fixture
def stranger(house: House, ids: dict[str, str]) -> TestClient:
    return client_of(house, None)


def conversation(house: House, conversation_id: str) -> Conversation:
    with db.read_scope(house.sessions) as session:
        return session.get_one(Conversation, conversation_id)


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

    def test_a_call_can_be_given_up(self, client: TestClient, call: Callback) -> None:
        page = client.post(f"/console/callbacks/{call.id}/cancel", data={"version": call.version}, headers=HTMX)
        assert "call-cancelled" in page.text

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


class TestOutbox:
    def test_texts_show_their_words_state_and_segments(self, client: TestClient) -> None:
        page = client.get("/console/outbox").text
        assert "请先断电 5 分钟再试" in page
        assert "待发送" in page
        assert "1 段" in page

    def test_filters_by_state_and_kind(self, client: TestClient) -> None:
        assert "请先断电" not in client.get("/console/outbox?kind=reminder").text
        assert "还没有发出短信" in client.get("/console/outbox?state=left").text


class TestLanguageAndErrors:
    def test_language_and_theme_are_kept_in_cookies(self, client: TestClient) -> None:
        back = client.post("/console/preferences", data={"language": "en", "next": "/console/tickets"})
        client.post("/console/preferences", data={"theme": "dark"})
        page = client.get(back.headers["location"]).text
        assert 'lang="en"' in page
        assert 'data-bs-theme="dark"' in page
        assert "Next promise" in page
        client.post("/console/preferences", data={"language": "xx", "theme": "<b>"})
        assert 'data-bs-theme="dark"' in client.get("/console/").text

    def test_an_unknown_page_is_told_as_a_page(self, client: TestClient) -> None:
        answer = client.get("/console/nothing")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")

    def test_a_fault_of_ours_is_told_without_details(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object, **_more: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(queries, "texts", broken)
        answer = client.get("/console/outbox")
        assert answer.status_code == 500
        assert "系统出了点问题" in answer.text
        assert "secret detail" not in answer.text

    def test_every_message_has_chinese_words_with_the_same_places(self) -> None:
        keywords = {"_": None, "mark": None, "ngettext": (1, 2)}
        methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
        used = {found[2] for found in extract_from_dir(CONSOLE, methods, keywords=keywords)}
        with (CONSOLE / "translations" / "zh" / "console.po").open("rb") as file:
            translated = {message.id: message.string for message in read_po(file, locale="zh") if message.id}
        assert used == set(translated)
        for message, words in translated.items():
            english, chinese = (each[0] if isinstance(each, tuple) else each for each in (message, words))
            assert chinese, message
            places = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
            assert sorted(places.findall(english)) == sorted(places.findall(chinese)), message

    def test_reasons_are_told_in_both_languages(self) -> None:
        for message in [*WHY.values(), *labels.TICKET_STATUSES.values(), *labels.CALLBACK_STATUSES.values()]:
            assert re.search(r"[一-鿿]", catalogue("zh").gettext(message)), message
            assert catalogue("en").gettext(message) == message

    def test_times_are_the_hotlines_whatever_the_servers_zone(self) -> None:
        expected_words: dict[Language, list[str]] = {
            "zh": ["15:30", "昨天 18:00", "12月1日 08:00"],
            "en": ["15:30", "yesterday 18:00", "1 Dec 08:00"],
        }
        for language, expected in expected_words.items():
            times = Times(REFERENCE.calendar, language, NOW)
            instants = [at("2026-11-24 15:30"), at("2026-11-23 18:00"), at("2026-12-01 08:00")]
            assert [times.short(instant) for instant in instants] == expected


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_nothing_in_them_breaks_the_strict_policy(self, path: Path) -> None:
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|hx-on|js:|javascript:|<style|hx-trigger=\"[^\"]*\[", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert "| safe" not in text
        assert "http://" not in text
        assert "https://" not in text

    def test_static_files_are_kept_by_their_hash_and_travel_compressed(self, client: TestClient) -> None:
        [address] = re.findall(r'href="(/console/static/vendor/tabler/[^"]+)"', client.get("/console/").text)
        kept = client.get(address)
        assert "immutable" in kept.headers["cache-control"]
        assert kept.headers["content-encoding"] == "gzip"
        assert client.get("/console/static/console.js").headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize(
        "page", ["", "tickets", "tickets/board", "callbacks", "escalations", "outbox", "dashboard"]
    )
    def test_a_page_weighs_little_when_it_is_opened_for_the_first_time(self, client: TestClient, page: str) -> None:
        """A hundred kilobytes on the way, without fonts; what comes later is kept by the browser."""
        answer = client.get(f"/console/{page}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        weight = int(answer.headers["content-length"])
        for address in set(re.findall(r'(?:href|src)="(/console/static/[^"#]+)', answer.text)):
            weight += len(gzip.compress(client.get(address).content))
        assert weight < 100 * 1000

    def test_everything_vendored_has_its_licence_beside_it(self) -> None:
        for folder in (CONSOLE / "static" / "vendor").iterdir():
            assert folder.is_file() or (folder / "LICENSE").exists(), folder.name

    def test_every_icon_in_use_is_in_the_sprite(self) -> None:
        sprite = (CONSOLE / "static" / "vendor" / "tabler-icons" / "icons.svg").read_text()
        used = {name for path in TEMPLATES for name in re.findall(r"icon\('([\w-]+)'", path.read_text())}
        assert used
        assert [name for name in used if f'<symbol id="{name}"' not in sprite] == []


class TestHowAPromiseLooks:
    MADE, DUE = at("2026-11-24 10:00"), at("2026-11-24 11:00")

    @pytest.mark.parametrize(
        ("now", "look"),
        [("10:30", Look.OK), ("10:47", Look.OK), ("10:48", Look.NEAR), ("11:00", Look.NEAR), ("11:01", Look.OVERDUE)],
    )
    def test_a_fifth_before_its_end_it_is_near_and_after_it_overdue(self, now: str, look: Look) -> None:
        pledge = Pledge("reply", self.MADE, self.DUE)
        assert rules.see(pledge, calendar=REFERENCE.calendar, now=at(f"2026-11-24 {now}")).look is look

    def test_only_open_time_counts_as_left(self) -> None:
        pledge = Pledge("reply", at("2026-11-24 17:30"), at("2026-11-25 08:30"))
        seen = rules.see(pledge, calendar=REFERENCE.calendar, now=at("2026-11-24 20:00"))
        assert seen.left == timedelta(minutes=30)

    def test_kept_late_paused_and_undated_ones_say_so(self) -> None:
        looks = [
            rules.see(pledge, calendar=REFERENCE.calendar, now=at("2026-11-24 12:00")).look
            for pledge in (
                Pledge("reply", self.MADE, self.DUE, met_at=self.DUE),
                Pledge("reply", self.MADE, self.DUE, met_at=self.DUE + timedelta(seconds=1)),
                Pledge("reply", self.MADE, self.DUE, paused_at=self.MADE),
                Pledge("onsite", self.MADE, None),
            )
        ]
        assert looks == [Look.MET, Look.LATE, Look.PAUSED, Look.UNDATED]

    def test_the_longest_overdue_is_looked_at_first(self) -> None:
        now = at("2026-11-24 12:00")
        seen = [
            rules.see(Pledge(kind, self.MADE, due), calendar=REFERENCE.calendar, now=now)
            for kind, due in (
                ("onsite", at("2026-11-25 18:00")),
                ("opinion", at("2026-11-24 11:50")),
                ("reply", self.DUE),
            )
        ]
        first = rules.most_urgent(seen)
        assert first is not None
        assert first.pledge.kind == "reply"
        assert rules.most_urgent([]) is None


def told(answer: object) -> str:
    """The notice an answer makes the page show."""
    return unquote(answer.headers["x-toast"].split(";")[1])  # type: ignore[attr-defined]
