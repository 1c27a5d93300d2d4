"""A day at the inbox in a real Chromium: a danger case from taking over to wrapping up, and what hostile words do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from backend import db
from backend.callbacks.models import Callback
from backend.console.words import catalogue
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, ServedDesk, mode_of
from tests.browser.windows import PHONE, Windows, is_live, keep

pytestmark = pytest.mark.chromium

SCREEN = {"width": 1280, "height": 800}
HOSTILE = (
    "'; DROP TABLE conversations; --",
    '<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>" autofocus onfocus=alert(4) x="',
    "javascript:alert(5)",
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(6)"/>',
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "{0.__class__} {agent.__init__.__globals__}",
    '=cmd|"/C calc"!A0',
)


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']} {each['nodes'][0]['target']}" for each in found if each["impact"] in ("serious", "critical")]


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh", "light", SCREEN), ("en", "dark", SCREEN), ("zh", "dark", PHONE), ("en", "light", PHONE)],
    ids=["zh-light-1280", "en-dark-1280", "zh-dark-390", "en-light-390"],
)
def test_a_danger_is_taken_answered_called_back_and_wrapped_up(
    windows: Windows, desk: ServedDesk, language: str, theme: str, size: dict[str, int]
) -> None:
    say = catalogue(language).gettext  # type: ignore[arg-type]
    name, danger = f"{language}-{theme}-{size['width']}", desk.ids["danger"]
    page = windows.open(language=language, theme=theme, size=size)
    page.goto("/console/")
    page.locator(".row-link").first.click()
    expect(page.locator("#advice")).to_contain_text(say("Take it over"))
    page.click("#take")
    expect(page.locator("#advice")).to_contain_text(say("Say the safety words first"))
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.type("/danger")
    expect(page.locator("#canned-list li:visible")).to_have_count(1)
    keep(page, f"canned-{name}")
    page.press("#reply", "Enter")
    expect(page.locator("#reply")).to_have_value(desk.house.reference.canned.replies["danger"].zh)
    page.press("#reply", "Enter")
    expect(page.locator(".said-agent .bubble")).to_be_visible()
    page.click("#book")
    expect(page.locator("#book-windows button").first).to_be_visible()
    keep(page, f"book-{name}")
    page.locator("#book-windows button").nth(3).click()
    expect(page.locator("#toasts")).to_contain_text(say("The call is booked."))
    page.click("#wrap-up")
    keep(page, f"wrap-up-{name}")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator('#panel-wrap-up button[value="safe"]').click()
    expect(page.locator("#reopen")).to_be_visible()
    keep(page, f"closed-{name}")
    assert mode_of(desk.house, danger) is Mode.CLOSED
    with db.read_scope(desk.house.sessions) as session:
        booked = session.scalars(select(Callback).where(Callback.phone == "+8613800138001")).one()
        assert booked.window_start > NOW
        assert session.get_one(Conversation, danger).wrap_up == "safe"


def test_a_customer_is_found_by_the_last_four_digits(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/?tab=all")
    page.keyboard.press("/")
    page.keyboard.type("8003")
    expect(page.locator(".row-link")).to_have_count(1)
    expect(page.locator(".row-link")).to_contain_text("王女士")
    assert "8003" not in page.url


def test_next_put_aside_note_and_pass_on_by_keyboard(windows: Windows, desk: ServedDesk) -> None:
    page, other = windows.open(), windows.open(OTHER_USERNAME)
    other.goto("/console/?tab=mine")
    is_live(other)
    page.goto("/console/")
    page.keyboard.press("n")
    expect(page.locator(f"#talk-{desk.ids['danger']}")).to_be_visible()
    expect(page.locator("#next-conversation")).to_be_enabled()
    page.keyboard.press("n")
    expect(page.locator(f"#talk-{desk.ids['cold']}")).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.type("@林悦 客户很急")
    page.click("#panel-note .btn-primary")
    expect(page.locator(".said-note")).to_contain_text("客户很急")
    expect(other.locator("#toasts")).to_contain_text("有同事提到您")
    expect(other.locator(f"#row-{desk.ids['cold']}")).to_be_visible()
    page.keyboard.press("f")
    page.select_option("#pass-to", label="林悦")
    page.fill("#pass-note", "请接着办")
    page.click("#panel-pass-on .btn-primary")
    expect(page.locator("#take")).to_be_visible()
    expect(other.locator(f"#row-{desk.ids['cold']}")).to_contain_text("转给 林悦")
    other.locator(f"#row-{desk.ids['cold']} a").click()
    expect(other.locator("#take")).to_be_visible()
    other.keyboard.press("t")
    expect(other.locator("#snooze")).to_be_visible()
    expect(other.locator(".said-note").last).to_contain_text("请接着办")
    other.keyboard.press("s")
    other.locator("#panel-snooze .panel-choices button").nth(1).click()
    expect(other.locator(".talk-notice")).to_contain_text("暂缓到")
    keep(other, "snoozed")
    other.keyboard.press("5")
    expect(other.locator(".row-link")).to_have_count(1)


def test_the_chime_can_be_switched_off_and_stays_off(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/")
    is_live(page)
    expect(page.locator("#chime")).to_have_attribute("aria-pressed", "true")
    page.click("#chime")
    page.reload()
    is_live(page)
    expect(page.locator("#chime")).to_have_attribute("aria-pressed", "false")
    desk.house.bus.publish("desk", conversation=desk.ids["cold"], ring="asked")
    expect(page.locator("html")).to_have_attribute("data-chimed", "false")


def test_hostile_words_are_words_everywhere_in_the_pane(windows: Windows, desk: ServedDesk) -> None:
    opened = desk.desk.talk(*(("customer", each) for each in HOSTILE))
    desk.desk.hand_off(opened, "asked", HOSTILE[1], ago=1)
    desk.desk.ticket(opened, "+8613800138077", HOSTILE[1][:60], symptom=HOSTILE[1])
    with db.session_scope(desk.house.sessions) as session:
        session.get_one(Conversation, opened).understood = {
            "intent": HOSTILE[1],
            "confidence": 0.4,
            "entities": [{"entity": HOSTILE[1], "value": HOSTILE[3]}],
            "collected": {"name": HOSTILE[1]},
            "missing": [HOSTILE[5]],
        }
    page = windows.open(size=SCREEN)
    page.goto(f"/console/conversations/{opened}")
    for each in HOSTILE:
        expect(page.locator(".said-customer .bubble", has_text=each[:30]).first).to_be_visible()
    page.click("#take")
    page.keyboard.press("m")
    page.fill("#note-text", HOSTILE[1])
    page.click("#panel-note .btn-primary")
    expect(page.locator(".said-note")).to_contain_text("<img src=x onerror=alert(2)>")
    page.click("#canned")
    page.locator("#canned-list button").first.click()  # a greeting with the customer's name put in
    assert "<script>alert(1)</script>" in page.input_value("#reply")
    page.press("#reply", "Enter")
    expect(page.locator(".said-agent .bubble")).to_contain_text("<script>alert(1)</script>")
    assert page.locator("main script, main img, main [onload], main [onerror], main [onfocus]").count() == 0
    assert page.locator('main a[href^="javascript"]').count() == 0
    desk.clock.set(NOW + timedelta(minutes=1))
