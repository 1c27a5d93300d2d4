"""The console in a real Chromium: the daily work, live, by keyboard, on every screen, under the strict policy."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backend.conversations.rules import Mode
from tests.browser.console_fixtures import OTHER_USERNAME, PASSWORD, USERNAME, ServedDesk, mode_of, say
from tests.browser.windows import LAPTOP, PHONE, TABLET, Windows, is_live, keep

pytestmark = pytest.mark.chromium

TWICE_AS_LARGE = {"width": 720, "height": 450}  # a laptop at 200 % zoom
PAGES = ("", "tickets", "tickets/WY261124-0001", "callbacks", "outbox", "nothing")


def open_calls(page: Page) -> None:
    """Open the page of callbacks and wait until its stream is open: it fetches the page anew then."""
    with page.expect_response(lambda answer: "/console/callbacks?day=" in answer.url):
        page.goto("/console/callbacks")


def test_an_agent_signs_in_takes_a_danger_over_answers_and_hands_back(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open(username=None)
    page.goto("/console/")
    page.fill("#username", USERNAME)
    page.fill("#password", "not this one")
    page.press("#password", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    first = page.locator(".row-link").first
    expect(first).to_contain_text("危险")
    keep(page, "inbox")
    first.click()
    expect(page.locator(".row-link[aria-current]")).to_contain_text("张先生")
    expect(page.locator("#reply")).to_be_disabled()
    expect(page.locator("#reply")).to_have_attribute("placeholder", "客户在等人工，接管后可回复")
    keep(page, "open")
    page.click("#take")
    expect(page.locator(".said-system").last).to_contain_text("已接入")
    page.fill("#reply", "请立即关闭总电源，不要碰水龙头。")
    page.press("#reply", "Enter")
    expect(page.locator(".said-agent .bubble")).to_have_text("请立即关闭总电源，不要碰水龙头。")
    expect(page.locator("#reply")).to_have_value("")
    expect(page.locator("#beside .countdown-met")).to_contain_text("已兑现")
    keep(page, "taken-over")
    page.click("#hand-back")
    expect(page.locator("#take")).to_be_visible()
    assert mode_of(desk.house, desk.ids["danger"]) is Mode.BOT


def test_everything_works_by_keyboard(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/")
    page.keyboard.press("j")
    expect(page.locator(f"#talk-{desk.ids['danger']}")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(f"#talk-{desk.ids['cold']}")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator(f"#talk-{desk.ids['danger']}")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#hand-back")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("b 不是快捷键")
    page.keyboard.press("Enter")
    expect(page.locator(".said-agent .bubble")).to_have_text("第一行\nb 不是快捷键")
    expect(page.locator("#reply")).to_have_value("")  # the words may be there before the answer to sending them is
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("接管会话")
    keep(page, "help")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("b")
    expect(page.locator("#take")).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator(".row-link")).to_have_count(5)
    page.keyboard.press("/")
    page.keyboard.type("8002")
    expect(page.locator(".row-link")).to_have_count(1)


def test_enter_while_an_input_method_composes_does_not_send(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['danger']}")
    page.click("#take")
    page.fill("#reply", "nihao")
    page.evaluate(
        """document.getElementById('reply').dispatchEvent(
             new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    page.wait_for_timeout(300)
    expect(page.locator(".said-agent")).to_have_count(0)
    expect(page.locator("#reply")).to_have_value("nihao")


def test_a_new_message_is_on_the_screen_within_a_blink(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['cold']}")
    is_live(page)
    page.evaluate(
        """window.arrivals = {};
           new MutationObserver(() => {
             for (const bubble of document.querySelectorAll('.said-customer .bubble'))
               window.arrivals[bubble.textContent] ??= Date.now();
           }).observe(document.body, {childList: true, subtree: true});"""
    )
    delays = []
    for number in range(4):
        text = f"还在吗 {number}"
        said_at = page.evaluate("Date.now()")
        say(desk.house, desk.ids["cold"], text, desk.clock.now())
        expect(page.locator(".said-customer .bubble").last).to_have_text(text)
        delays.append(page.evaluate("text => window.arrivals[text]", text) - said_at)
        page.wait_for_timeout(400)
    assert min(delays) < 200, delays


def test_the_list_unread_counts_and_the_title_follow_live(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['danger']}")
    is_live(page)
    expect(page).to_have_title(re.compile(r"^\(3\) "))
    row = page.locator(f"#row-{desk.ids['angry']} .unread")
    expect(row).to_contain_text("2")
    say(desk.house, desk.ids["angry"], "有人吗", desk.clock.now())
    expect(row).to_contain_text("3")
    desk.desk.hand_off(desk.ids["english"], "asked", "wants a person", ago=0)
    desk.house.bus.publish("desk", conversation=desk.ids["english"], ring="asked")
    expect(page.locator("#waiting-badge")).to_contain_text("4")
    expect(page).to_have_title(re.compile(r"^\(4\) "))
    expect(page.locator("#toasts")).to_contain_text("有客户在等人工客服")


def test_what_an_agent_has_read_is_no_longer_unread_for_anybody(windows: Windows, desk: ServedDesk) -> None:
    mine, other = windows.open(), windows.open(OTHER_USERNAME)
    other.goto("/console/")
    is_live(other)
    expect(other.locator(f"#row-{desk.ids['cold']} .unread")).to_be_visible()
    mine.goto(f"/console/conversations/{desk.ids['cold']}")
    expect(other.locator(f"#row-{desk.ids['cold']} .unread")).to_have_count(0)


def test_typing_is_shown_both_ways(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['cold']}")
    page.click("#take")
    is_live(page)
    for _ in range(20):  # whoever writes says so again and again; the stream may just be opening anew
        desk.house.bus.publish(f"conversation:{desk.ids['cold']}", type="typing", author="customer")
        if page.locator("#typing").is_visible():
            break
        page.wait_for_timeout(500)
    expect(page.locator("#typing")).to_be_visible()
    with page.expect_request(f"**/conversations/{desk.ids['cold']}/typing"):
        page.locator("#reply").press_sequentially("您好")


def test_of_two_agents_one_wins_and_the_other_is_told(windows: Windows, desk: ServedDesk) -> None:
    mine, other = windows.open(), windows.open(OTHER_USERNAME)
    address = f"/console/conversations/{desk.ids['cold']}"
    other.route("**/console/stream*", lambda route: route.abort())  # a browser that has not heard yet
    mine.goto(address)
    other.goto(address)
    mine.click("#take")
    expect(mine.locator("#hand-back")).to_be_visible()
    other.click("#take")
    expect(other.locator("#toasts")).to_contain_text("陈晓 已经接管了这个会话")
    expect(other.locator(".talk-actions")).to_contain_text("陈晓 处理中")
    expect(other.locator("#reply")).to_be_disabled()
    keep(other, "too-late")


def test_a_draft_stays_with_its_conversation(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['danger']}?tab=all")
    page.click("#take")
    page.fill("#reply", "写到一半")
    page.click(f"#row-{desk.ids['noise']} a")
    expect(page.locator(f"#talk-{desk.ids['noise']}")).to_be_visible()
    expect(page.locator("#reply")).to_have_value("")
    page.click(f"#row-{desk.ids['danger']} a")
    expect(page.locator("#reply")).to_have_value("写到一半")
    say(desk.house, desk.ids["danger"], "快一点", desk.clock.now())
    expect(page.locator(".said-customer .bubble").last).to_have_text("快一点")
    expect(page.locator("#reply")).to_have_value("写到一半")


def test_hostile_words_stay_words(windows: Windows, desk: ServedDesk) -> None:
    evil = '<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>" onfocus=alert(4) autofocus x="'
    opened = desk.desk.talk(("customer", evil))
    desk.desk.hand_off(opened, "asked", evil, ago=1)
    desk.desk.ticket(opened, "+8613800138077", "<b onmouseover=alert(5)>", symptom=evil)
    page = windows.open()
    for address in (f"conversations/{opened}", "tickets", "tickets/WY261124-0004", "callbacks"):
        page.goto(f"/console/{address}")
        page.wait_for_timeout(200)
        assert "<img src=x onerror=alert(2)>" in page.inner_text("body") or address == "callbacks"
    assert page.locator("main script, main img, main [onload], main [onfocus], main [onmouseover]").count() == 0


def test_a_promise_is_kept_and_a_call_is_moved_and_settled(windows: Windows) -> None:
    page = windows.open()
    page.goto("/console/tickets")
    page.fill("#ticket-q", "8003")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.click("tbody a")
    page.get_by_role("button", name="记为兑现").first.click()
    expect(page.locator(".promise-row-met")).to_have_count(1)
    keep(page, "ticket")
    page.goto("/console/callbacks")
    call = page.locator(".call", has_text="王女士")
    call.get_by_text("改期").click()
    call.locator(".windows-day-slots button").nth(2).click()
    expect(page.locator("#toasts")).to_contain_text("已改期")
    call.get_by_placeholder("备注").fill("周四上午在家")
    keep(page, "callbacks")
    call.get_by_role("button", name="已接通").click()
    expect(page.locator(".call-done")).to_contain_text("周四上午在家")


def test_the_next_call_is_taken_by_one_settled_and_taken_back_by_keyboard(windows: Windows, desk: ServedDesk) -> None:
    page, other = windows.open(), windows.open(OTHER_USERNAME)
    for each in (page, other):
        open_calls(each)
    expect(page.locator("#next-call")).to_contain_text("3 个该打")
    page.keyboard.press("n")
    expect(page.locator("#h-next")).to_have_text("正在回电")
    expect(other.locator(".call-tags", has_text="陈晓 正在打")).to_have_count(1)
    other.keyboard.press("n")
    card = other.locator("#next-call")
    expect(card).to_contain_text("张先生")
    expect(card).to_contain_text("家里有老人")
    other.keyboard.press("0")
    expect(card.locator('a[href="tel:+8613800138001"]')).to_be_visible()
    desk.house.bus.publish("desk", callbacks="changed")
    other.wait_for_timeout(800)
    expect(card.locator('a[href="tel:+8613800138001"]')).to_be_visible()  # news do not hide it again
    keep(other, "next-call")
    card.get_by_placeholder("备注").fill("响了很久")
    card.get_by_role("button", name="无人接听").click()
    expect(card).to_contain_text("10:15 再打")
    expect(page.locator(".call", has_text="第 2 次")).to_have_count(1)
    other.keyboard.press("u")
    expect(other.locator("#h-next")).to_have_text("正在回电")
    expect(other.locator(".call", has_text="第 2 次")).to_have_count(0)
    other.keyboard.press("2")
    expect(card.get_by_role("link", name="去工单安排上门")).to_be_visible()


def test_on_a_phone_the_next_call_fits_and_nothing_hinders_anybody(windows: Windows) -> None:
    page = windows.open(size=PHONE, theme="dark", language="en")
    page.goto("/console/callbacks")
    page.get_by_role("button", name="Take the next call").click()
    expect(page.locator("#h-next")).to_have_text("You are calling")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Axe().run(page).response["violations"] == []
    keep(page, "next-call-phone")
    page.get_by_role("button", name="Wrong number").first.click()
    expect(page.get_by_placeholder("Another number")).to_be_visible()


def test_an_ended_session_leads_to_the_front_door(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/")
    page.context.clear_cookies(name="hotline")
    page.keyboard.press("4")
    expect(page.locator("#password")).to_be_visible()


def test_on_a_phone_list_and_conversation_are_screens_of_their_own(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open(size=PHONE)
    page.goto("/console/")
    expect(page.locator(".talk")).to_have_count(0)
    keep(page, "phone-list")
    page.click(".row-link >> nth=0")
    expect(page.locator("#column")).to_be_hidden()
    page.click("#beside-toggle")
    expect(page.locator("#beside")).to_be_visible()
    say(desk.house, desk.ids["danger"], "在吗", desk.clock.now())
    expect(page.locator(".said-customer .bubble").last).to_have_text("在吗")
    expect(page.locator("#beside")).to_be_visible()
    keep(page, "phone-beside")
    page.click(".beside-close")
    keep(page, "phone-conversation")
    page.click(".talk-back")
    expect(page.locator("#column")).to_be_visible()


@pytest.mark.parametrize(
    "size", [LAPTOP, TABLET, PHONE, TWICE_AS_LARGE], ids=["laptop", "tablet", "phone", "200-percent"]
)
def test_no_page_scrolls_sideways(windows: Windows, desk: ServedDesk, size: dict[str, int]) -> None:
    page = windows.open(size=size)
    for address in (*PAGES, f"conversations/{desk.ids['cold']}"):
        page.goto(f"/console/{address}")
        wider = page.evaluate(
            """[document.documentElement, ...document.querySelectorAll('main, .thread, .rows, .beside')]
               .filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.className || part.tagName)"""
        )
        assert wider == [], address


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_has_a_serious_barrier(windows: Windows, desk: ServedDesk, theme: str, language: str) -> None:
    page = windows.open(language=language, theme=theme)
    barriers = []
    for address in (*PAGES, f"conversations/{desk.ids['danger']}"):
        page.goto(f"/console/{address}")
        keep(page, f"{language}-{theme}-{re.sub(r'[^a-z]+', '-', address[:13]) or 'inbox'}")
        found = Axe().run(page).response["violations"]
        barriers += [
            f"{address}: {each['id']} {each['nodes'][0]['target']} {each['nodes'][0].get('failureSummary', '')}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
    assert barriers == []


def test_the_sign_in_page_has_no_serious_barrier_and_weighs_little(windows: Windows) -> None:
    page = windows.open(username=None)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(answer.request.sizes()["responseBodySize"]))
    page.goto("/console/", wait_until="networkidle")
    assert sum(weights) < 300 * 1024
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    keep(page, "sign-in")
