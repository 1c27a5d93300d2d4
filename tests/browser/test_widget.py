"""The page and the chat widget in a real Chromium, against a fake house."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.fake_chat_server import FakeHouse

Picture = Callable[..., None]
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "javascript:alert(3) [x](javascript:alert(4))",
    "{{7*7}} ${7*7} '; DROP TABLE tickets; --",
    "\u202egnp.exe\u202c RTL",
]


def open_chat(page: Page) -> Locator:
    """Open the widget of the page and wait for the greeting."""
    page.goto("/")
    page.get_by_role("button", name="在线客服").click()
    expect(bubbles(page).first).to_contain_text("威雅电器")
    return page.get_by_label("输入消息")


def say(page: Page, text: str) -> None:
    """Type a message and press Enter."""
    page.get_by_label("输入消息").fill(text)
    page.get_by_label("输入消息").press("Enter")


def bubbles(page: Page, author: str = "") -> Locator:
    """The texts in the log, of one author or of all."""
    return page.locator(f"hotline-chat .row{author and '.' + author} bdi")


def box(place: Locator) -> dict[str, float]:
    """Where something is on the screen."""
    found = place.bounding_box()
    assert found is not None
    return dict(found)


def test_a_customer_talks_to_the_bot_and_then_to_a_person(page: Page, house: FakeHouse, picture: Picture) -> None:
    house.replies["我要报修"] = {
        "text": "热水器现在是什么情况？",
        "buttons": [{"title": "跳闸", "payload": "一用就跳闸"}],
    }
    house.replies["显示 E1"] = {"text": "请留一个方便联系的手机号。", "expects": "phone"}
    field = open_chat(page)
    expect(field).to_be_focused()
    picture(page, "desktop-greeting")
    page.get_by_role("button", name="报修").click()
    expect(bubbles(page, "customer")).to_have_text(["报修"])
    assert house.posts[-1].text == "我要报修"
    say(page, "显示 E1")
    expect(bubbles(page, "bot").last).to_have_text("请留一个方便联系的手机号。")
    expect(field).to_have_attribute("inputmode", "tel")
    expect(page.get_by_role("button", name="跳闸")).to_be_hidden()
    house.say("system", "正在为您转接人工客服。", mode="waiting")
    expect(page.locator("hotline-chat .status")).to_have_text("正在为您转接客服…")
    house.say("agent", "您好，我是小周。", name="小周", mode="human")
    house.frame({"type": "typing", "author": "agent"})
    expect(page.locator("hotline-chat .status")).to_have_text("客服小周正在服务")
    expect(page.get_by_label("对方正在输入")).to_be_visible()
    picture(page, "desktop-agent")
    field.press_sequentially("谢谢")
    page.wait_for_timeout(200)
    assert house.typing_frames == 1


def test_history_and_quick_reply_labels_are_there_after_a_reload(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    page.get_by_role("button", name="查进度").click()
    expect(bubbles(page)).to_have_count(3)
    before = bubbles(page).all_inner_texts()
    page.reload()
    page.get_by_role("button", name="在线客服").click()
    expect(bubbles(page)).to_have_text(before)
    assert before[1] == "查进度"
    assert len(house.talks) == 1


def test_each_message_is_shown_once_whichever_way_it_arrives(page: Page, house: FakeHouse) -> None:
    house.echo_in_answer = True
    open_chat(page)
    for text in ("一", "二", "二"):
        say(page, text)
    expect(bubbles(page)).to_have_count(7)
    assert bubbles(page, "customer").all_inner_texts() == ["一", "二", "二"]
    assert [said.text for said in house.posts] == ["一", "二", "二"]


def test_pressing_twice_sends_once(page: Page, house: FakeHouse) -> None:
    house.delay_s = 0.3
    open_chat(page)
    page.get_by_role("button", name="安装").dblclick(force=True)
    expect(bubbles(page)).to_have_count(3)
    page.get_by_label("输入消息").fill("再说一次")
    page.evaluate("""() => {
        const form = document.querySelector('hotline-chat').shadowRoot.querySelector('form');
        form.requestSubmit(); form.requestSubmit();
    }""")
    expect(bubbles(page)).to_have_count(5)
    assert [said.text for said in house.posts] == ["我要安装", "再说一次"]


def test_enter_while_choosing_a_word_does_not_send(page: Page, house: FakeHouse) -> None:
    field = open_chat(page)
    field.fill("reshuiqi")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    field.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    field.press("Shift+Enter")
    expect(field).to_have_value("reshuiqi\n")
    assert house.posts == []


def test_a_lost_line_is_shown_and_caught_up_with(page: Page, house: FakeHouse, picture: Picture) -> None:
    open_chat(page)
    house.sockets_allowed = False
    house.drop_sockets()
    expect(page.get_by_text("正在重新连接…")).to_be_visible()
    picture(page)
    house.say("agent", "刚才断线时说的话", mode="human")
    house.sockets_allowed = True
    expect(bubbles(page, "agent")).to_have_text(["刚才断线时说的话"])
    expect(page.get_by_text("正在重新连接…")).to_be_hidden()
    house.say("agent", "现在又在线了")
    expect(bubbles(page, "agent")).to_have_count(2)


def test_a_failed_message_is_kept_and_sent_again_under_its_own_id(
    page: Page, house: FakeHouse, picture: Picture
) -> None:
    open_chat(page)
    house.failures, house.retry_after_s = [503], 600
    say(page, "会失败一次")
    expect(page.get_by_text("发送失败")).to_be_visible()
    picture(page)
    page.get_by_role("button", name="重试").click()
    expect(bubbles(page, "bot").last).to_have_text("收到：会失败一次")
    expect(page.get_by_text("发送失败")).to_be_hidden()
    house.lost_answers = 1
    say(page, "答复丢了")
    expect(bubbles(page, "bot").last).to_have_text("收到：答复丢了")
    expect(bubbles(page, "customer")).to_have_text(["会失败一次", "答复丢了"])
    page.wait_for_timeout(1500)
    ids = [said.client_message_id for said in house.posts]
    assert (len(ids), len(set(ids))) == (4, 2)


def test_unsent_words_survive_a_reload_and_an_offline_spell(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    page.context.set_offline(True)
    say(page, "断网时写的")
    say(page, "第二句")
    expect(page.get_by_text("网络已断开，恢复后会自动发送")).to_be_visible()
    assert house.posts == []
    page.context.set_offline(False)
    expect(bubbles(page, "bot").last).to_have_text("收到：第二句")
    house.failures = [503] * 50
    say(page, "重载前没发出")
    expect(page.get_by_text("发送失败")).to_be_visible()
    page.reload()
    house.failures = []
    page.get_by_role("button", name="在线客服").click()
    expect(bubbles(page, "bot").last).to_have_text("收到：重载前没发出")
    assert [message["text"] for message in house.talk.messages if message["author"] == "customer"] == [
        "断网时写的",
        "第二句",
        "重载前没发出",
    ]


@pytest.mark.parametrize("change", ["forgotten", "token"])
def test_a_conversation_the_house_forgot_is_begun_anew_with_a_kind_word(
    page: Page, house: FakeHouse, change: str
) -> None:
    open_chat(page)
    if change == "forgotten":
        house.forget()
    else:
        house.talk.token = "another"
    say(page, "还在吗")
    expect(page.get_by_text("之前的对话已过期")).to_be_visible()
    expect(bubbles(page, "bot").last).to_have_text("收到：还在吗")
    expect(bubbles(page, "customer")).to_have_text(["还在吗"])


def test_the_bots_only_links_lead_to_the_pages_of_visits(page: Page, house: FakeHouse) -> None:
    own = f"{house.url}/v/MQ.hHLefcaRlK1BzyOEoT4Rifez-Hs"
    told = f"查看：{own} https://ok.example/v/MQ.x {house.url}/console/ {house.url}@evil.example/v/MQ.x"
    house.replies |= {"约好了吗": {"text": told}, own: {"text": "好的"}}
    open_chat(page)
    say(page, "约好了吗")
    expect(bubbles(page, "bot").last).to_have_text(told)
    say(page, own)
    links = page.locator("hotline-chat .scroller a")
    assert [link.get_attribute("href") for link in links.all()] == [own]


def test_hostile_text_stays_text(page: Page, house: FakeHouse, picture: Picture) -> None:
    open_chat(page)
    for text in HOSTILE:
        house.replies[text] = {"text": text, "buttons": [{"title": text, "payload": text}]}
        say(page, text)
        expect(bubbles(page, "bot").last).to_have_text(text)
    house.say(
        "agent", "<b>粗</b> https://ok.example/a?b=1 http://plain.example javascript:alert(5)", mode="human", name="<i>"
    )
    house.say("agent", "https://bank.example@evil.example/ https://xn--80ak6aa92e.com/ https://localhost/")
    house.say("agent", "https://ok.example/\u202egpj.x")
    expect(bubbles(page, "agent")).to_have_count(3)
    links = page.locator("hotline-chat .scroller a")
    assert [link.get_attribute("href") for link in links.all()] == ["https://ok.example/a?b=1"]
    assert page.locator("hotline-chat .scroller").locator("script, img, b").count() == 0
    picture(page)


def test_quick_replies_work_once(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    house.delay_s = 0.5
    page.get_by_role("button", name="报修").click()
    expect(page.get_by_role("button", name="安装")).to_be_disabled()
    expect(page.get_by_label("对方正在输入")).to_be_visible()
    expect(page.get_by_role("button", name="安装")).to_be_hidden()
    assert len(house.posts) == 1


def test_a_warming_bot_is_told_honestly(page: Page, house: FakeHouse, picture: Picture) -> None:
    house.bot = "warming"
    open_chat(page)
    expect(page.locator("hotline-chat .status")).to_contain_text("机器人准备中")
    expect(page.get_by_text("机器人正在启动")).to_be_visible()
    picture(page)
    house.bot = "ready"
    expect(page.locator("hotline-chat .status")).to_contain_text("在线")
    expect(page.get_by_text("机器人正在启动")).to_be_hidden()


def test_the_badge_counts_what_came_while_closed(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    page.keyboard.press("Escape")
    launcher = page.locator("hotline-chat .launcher")
    expect(launcher).to_be_focused()
    house.say("agent", "您还在吗？", mode="human")
    house.say("agent", "师傅明天上午到。")
    expect(launcher).to_have_accessible_name("在线客服，2 条新消息")
    page.reload()
    expect(launcher).to_have_accessible_name("在线客服，2 条新消息")
    launcher.click()
    page.keyboard.press("Escape")
    expect(launcher).to_have_accessible_name("在线客服")


def test_a_reader_higher_up_is_not_pulled_down(page: Page, house: FakeHouse, picture: Picture) -> None:
    open_chat(page)
    for number in range(14):
        house.say("bot", f"第 {number} 条说明：请先关闭电源，再看一下显示屏上有没有代码。")
    expect(bubbles(page)).to_have_count(15)
    scroller = page.locator("hotline-chat .scroller")
    scroller.evaluate("node => node.scrollTop = 0")
    house.say("bot", "最新的一条")
    pill = page.get_by_role("button", name="新消息")
    expect(pill).to_be_visible()
    assert scroller.evaluate("node => node.scrollTop") == 0
    picture(page)
    pill.click()
    expect(pill).to_be_hidden()
    expect(bubbles(page).last).to_be_in_viewport()


def test_too_long_a_text_is_counted_and_not_sent(page: Page, house: FakeHouse, picture: Picture) -> None:
    field = open_chat(page)
    field.fill("水" * 1850)
    expect(page.get_by_text("1850 / 2000")).to_be_visible()
    field.fill("水" * 2003)
    expect(page.get_by_text("已超出 3 字")).to_be_visible()
    field.press("Enter")
    expect(page.get_by_role("button", name="发送")).to_be_disabled()
    picture(page)
    assert house.posts == []
    field.fill("😀" * 2000)
    field.press("Enter")
    expect(bubbles(page, "customer")).to_have_count(1)


def test_everything_works_by_keyboard_alone(page: Page, house: FakeHouse) -> None:
    page.goto("/")
    launcher = page.locator("hotline-chat .launcher")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("输入消息")).to_be_focused()
    expect(bubbles(page)).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="查进度")).to_be_focused()
    page.keyboard.press("Enter")
    expect(bubbles(page)).to_have_count(3)
    expect(page.get_by_label("输入消息")).to_be_focused()
    page.get_by_role("button", name="更多").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="开始新对话")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alertdialog", name="开始新的对话？")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(bubbles(page)).to_have_count(1)
    assert len(house.talks) == 2
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()


def test_cancelling_keeps_the_conversation(page: Page, house: FakeHouse, picture: Picture) -> None:
    open_chat(page)
    page.get_by_role("button", name="更多").click()
    page.get_by_role("button", name="开始新对话").click()
    picture(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_role("button", name="更多")).to_be_focused()
    assert len(house.talks) == 1


def test_page_and_widget_change_their_language_together(page: Page, house: FakeHouse, picture: Picture) -> None:
    open_chat(page)
    page.get_by_role("button", name="EN，切换到英文").click()
    expect(bubbles(page).first).to_contain_text("Hello, this is the Weiya")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Water heater service")
    expect(page.get_by_label("Your message")).to_have_attribute("placeholder", "Tell us what is wrong…")
    picture(page)
    page.keyboard.press("Escape")
    page.reload()
    expect(page).to_have_title("Weiya after-sales hotline")
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("button", name="在线客服")).to_be_visible()


def test_a_phone_gives_the_chat_its_whole_screen(phone: Page, house: FakeHouse, picture: Picture) -> None:
    phone.goto("/")
    picture(phone, "phone-page")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.get_by_role("button", name="在线客服").tap()
    panel = phone.get_by_role("dialog", name="威雅电器 售后热线")
    expect(panel).to_be_visible()
    phone.wait_for_timeout(300)
    assert box(panel) == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(panel).to_have_attribute("aria-modal", "true")
    for button in panel.get_by_role("button").all():
        assert box(button)["width"] >= 44
        assert box(button)["height"] >= 44
    picture(phone, "phone-greeting")
    visited = []
    for _ in range(20):
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.localName") == "hotline-chat"
        visited.append(phone.evaluate("document.activeElement.shadowRoot.activeElement.ariaLabel") or "reply")
    assert visited[:10] == visited[10:]
    assert visited.count("输入消息") == 2
    house.say("agent", "https://example.com/" + "a" * 300, mode="human")
    expect(bubbles(phone, "agent")).to_have_count(1)
    assert phone.locator("hotline-chat .scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    phone.set_viewport_size({"width": 390, "height": 500})
    expect(phone.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
    phone.keyboard.press("Escape")
    assert phone.evaluate("document.documentElement.style.overflow") == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(page: Page, house: FakeHouse, picture: Picture, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto("/")
    closed = Axe().run(page).response["violations"]
    open_chat(page)
    say(page, "水不热")
    house.failures = [422]
    say(page, "被拒绝的一句")
    expect(page.get_by_text("未能发送")).to_be_visible()
    house.say("system", "已转接。", mode="waiting")
    house.say("agent", "见 https://example.com/help", name="小周", mode="human")
    expect(bubbles(page, "agent")).to_have_count(1)
    opened = Axe().run(page).response["violations"]
    picture(page)
    assert [(each["id"], each["nodes"][0]["target"]) for each in closed + opened] == []


def test_the_page_policy_forbids_inline_code_and_foreign_sources(page: Page, house: FakeHouse) -> None:
    answer = page.request.get(house.url + "/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text())


def test_files_are_cached_by_tag_and_foreign_pages_may_load_the_widget(page: Page, house: FakeHouse) -> None:
    first = page.request.get(house.url + "/widget.js")
    again = page.request.get(house.url + "/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status) == (200, 304)
    assert first.headers["access-control-allow-origin"] == "*"
    assert page.request.get(house.url + "/widget/element.js").headers["content-encoding"] == "gzip"


def test_one_plain_script_tag_is_enough_for_a_foreign_page(page: Page, house: FakeHouse) -> None:
    page.goto(house.url.replace("127.0.0.1", "localhost") + "/shop")
    page.get_by_role("button", name="Chat with us").click()
    expect(bubbles(page).first).to_contain_text("Hello")
    say_in = page.get_by_label("Your message")
    say_in.fill("hello")
    say_in.press("Enter")
    expect(bubbles(page, "bot").last).to_have_text("收到：hello")
    expect(bubbles(page, "bot").last).to_have_css("font-size", "15px")
    expect(bubbles(page, "bot").last).not_to_have_css("color", "rgb(255, 0, 0)")


def test_messages_stand_in_the_order_of_their_ids(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    for number, text in (("9007199254740999", "后"), ("9007199254740997", "先"), ("9007199254740998", "中")):
        message = {"id": number, "author": "agent", "text": text, "sent_at": "2026-11-24T02:00:00Z"}
        house.frame({"type": "message", "message": message, "mode": "human"})
        house.frame({"type": "message", "message": message, "mode": "human"})
    expect(bubbles(page, "agent")).to_have_text(["先", "中", "后"])


def test_a_second_tab_follows_into_a_new_conversation(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    say(page, "在第一个对话里")
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="在线客服").click()
    expect(bubbles(other, "customer")).to_have_text(["在第一个对话里"])
    other.get_by_role("button", name="更多").click()
    other.get_by_role("button", name="开始新对话").click()
    other.get_by_role("alertdialog").get_by_role("button", name="开始新对话").click()
    expect(bubbles(other)).to_have_count(1)
    say(other, "在第二个对话里")
    expect(bubbles(page, "customer")).to_have_text(["在第二个对话里"])


def test_a_closed_conversation_says_how_to_go_on(page: Page, house: FakeHouse) -> None:
    open_chat(page)
    house.talk.mode = "closed"
    house.frame({"type": "mode", "mode": "closed"})
    expect(page.get_by_text("可在右上角开始新对话")).to_be_visible()
