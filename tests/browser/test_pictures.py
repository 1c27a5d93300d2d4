"""Photos from the customer's page to the desk, in a real Chromium."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.console_fixtures import USERNAME, ServedDesk
from tests.browser.windows import ARTIFACTS

pytestmark = pytest.mark.chromium


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    heard: list[str] = []
    yield heard
    assert heard == []


def open_page(browser: Browser, desk: ServedDesk, complaints: list[str], *, agent: bool = False) -> Page:
    screen = {"viewport": {"width": 1280, "height": 800}} if agent else PHONE
    context = browser.new_context(base_url=desk.url, **screen)  # type: ignore[arg-type]
    if agent:
        context.add_cookies([{"name": "hotline", "value": desk.desk.signed_in(USERNAME), "url": desk.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    return page


def photo(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).convert("RGB").save(made, kind)
    return made.getvalue()


def test_a_photo_goes_from_the_phone_to_the_desk_and_survives_a_reload(
    browser: Browser, desk: ServedDesk, complaints: list[str]
) -> None:
    page = open_page(browser, desk, complaints)
    page.goto("/")
    page.locator("hotline-chat .launcher").click()
    expect(page.locator("hotline-chat .row.bot")).to_have_count(1)
    chosen = page.locator("hotline-chat input[type=file]")
    name = '{{7*7}}"><img src=x onerror=alert(1)>.jpg'
    chosen.set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": photo()}])
    sent = page.locator("hotline-chat .row.customer img.picture")
    expect(sent).to_be_visible()
    expect(page.locator("hotline-chat .row.bot").last).to_contain_text("图片收到了")
    page.screenshot(path=ARTIFACTS / "widget-picture.png")
    page.reload()
    page.locator("hotline-chat .launcher").click()
    expect(sent).to_be_visible()
    expect(page.locator("hotline-chat img.picture").first).to_have_js_property("naturalWidth", 640)
    at_desk = open_page(browser, desk, complaints, agent=True)
    at_desk.goto("/console/?tab=bot")
    at_desk.locator(".row-link", has_text="图片收到了").click()
    shown = at_desk.locator(".bubble-picture img")
    expect(shown).to_be_visible()
    expect(at_desk.locator(".bubble-picture img").first).to_have_js_property("naturalWidth", 640)
    at_desk.screenshot(path=ARTIFACTS / "console-picture.png")


def test_the_newest_words_stay_in_view_when_a_picture_comes_and_the_ticket_keeps_it(
    browser: Browser, desk: ServedDesk, complaints: list[str]
) -> None:
    customer = open_page(browser, desk, complaints)
    customer.goto("/")
    customer.locator("hotline-chat .launcher").click()
    expect(customer.locator("hotline-chat .row.bot")).to_have_count(1)
    chosen = customer.locator("hotline-chat input[type=file]")
    chosen.set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    expect(customer.locator("hotline-chat .row.bot").last).to_contain_text("图片收到了")
    at_desk = open_page(browser, desk, complaints, agent=True)
    at_desk.set_viewport_size({"width": 1280, "height": 480})
    at_desk.route("**/console/pictures/*", lambda route: (time.sleep(0.8), route.continue_()))  # slow
    at_desk.goto("/console/?tab=bot")
    at_desk.locator(".row-link", has_text="图片收到了").click()
    expect(at_desk.locator(".bubble-picture img")).to_have_js_property("naturalWidth", 640)
    expect(at_desk.locator("#thread .said").last).to_be_in_viewport(ratio=0.9)
    at_desk.set_viewport_size({"width": 1280, "height": 420})
    expect(at_desk.locator("#thread .said").last).to_be_in_viewport(ratio=0.9)
    bubble, shown = at_desk.locator(".bubble-picture"), at_desk.locator(".bubble-picture img")
    box, inside = bubble.bounding_box(), shown.bounding_box()
    assert box
    assert inside
    assert box["width"] - inside["width"] < 12
    opened = at_desk.locator(".talk").get_attribute("data-conversation")
    assert opened
    ticket_no = desk.desk.ticket(opened, "+8613800138055", "周女士")
    at_desk.goto(f"/console/tickets/{ticket_no}")
    expect(at_desk.locator("body")).to_have_attribute("data-agent", "in")
    at_desk.wait_for_timeout(1500)  # the stream opens and has the page fetch itself anew
    expect(at_desk.locator(".pictures img")).to_have_count(1)
    at_desk.locator('form[action$="onsite/met"] button').click()
    expect(at_desk.locator("#toasts")).to_contain_text("已记为兑现")
    expect(at_desk.locator(".pictures img")).to_have_count(1)


def test_what_cannot_be_taken_is_told_beside_it(browser: Browser, desk: ServedDesk, complaints: list[str]) -> None:
    page = open_page(browser, desk, complaints)
    page.goto("/")
    page.locator("hotline-chat .launcher").click()
    chosen = page.locator("hotline-chat input[type=file]")
    chosen.set_input_files([{"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg onload=alert(1)/>"}])
    expect(page.locator("hotline-chat .row.refused").last).to_contain_text("只能发送 JPEG、PNG 或 WebP 照片")
    expect(page.locator("hotline-chat .row.refused bdi")).to_have_text("a.svg")
    page.get_by_label("输入消息").fill("那我直接说")
    page.get_by_label("输入消息").press("Enter")
    expect(page.locator("hotline-chat .row.bot").last).to_contain_text("收到：那我直接说")
    expect(page.locator("hotline-chat .row").last).to_have_class(re.compile("bot"))
    hostile = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo() + b"<script>alert(1)</script>"}
    chosen.set_input_files([hostile])  # type: ignore[list-item]
    expect(page.locator("hotline-chat .row.refused").last).to_contain_text("请重新拍照发送")
    expect(page.locator("hotline-chat .row.refused .retry:visible")).to_have_count(0)


def test_a_photo_may_be_pasted_and_dropped(browser: Browser, desk: ServedDesk, complaints: list[str]) -> None:
    page = open_page(browser, desk, complaints)
    page.goto("/")
    page.locator("hotline-chat .launcher").click()
    expect(page.locator("hotline-chat .row.bot")).to_have_count(1)
    page.evaluate(
        """bytes => {
             const root = document.querySelector('hotline-chat').shadowRoot;
             const carried = () => {
               const data = new DataTransfer();
               data.items.add(new File([new Uint8Array(bytes)], 'a.png', {type: 'image/png'}));
               return data;
             };
             const pasted = {clipboardData: carried(), bubbles: true, cancelable: true};
             root.querySelector('textarea').dispatchEvent(new ClipboardEvent('paste', pasted));
             const panel = root.querySelector('.panel');
             for (const kind of ['dragover', 'drop'])
               panel.dispatchEvent(new DragEvent(kind, {dataTransfer: carried(), bubbles: true, cancelable: true}));
           }""",
        list(photo("PNG")),
    )
    expect(page.locator("hotline-chat .row.customer.sent img.picture")).to_have_count(2)
