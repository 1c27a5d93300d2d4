"""The chat tells times as the hotline does, wherever its reader is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend import reference
from tests.browser.conftest import DESKTOP
from tests.browser.fake_chat_server import FakeHouse

NIGHT_THERE = "2026-11-26T16:30:00Z"  # half past midnight at the hotline, half past eleven in the morning in New York


@pytest.fixture
def read_in(browser: Browser, house: FakeHouse) -> Iterator[Callable[..., Page]]:
    """The chat, opened by somebody whose device is set to a zone."""
    opened: list[BrowserContext] = []

    def open_in(zone: str, language: str = "zh") -> Page:
        opened.append(browser.new_context(base_url=house.url, timezone_id=zone, **DESKTOP))
        page = opened[-1].new_page()
        page.clock.set_fixed_time("2026-11-26T17:00:00Z")
        page.goto(f"/?lang={language}")
        page.locator("[data-open-chat]").click()
        expect(page.locator("hotline-chat .row bdi").first).to_contain_text("热线" if language == "zh" else "hotline")
        house.say("agent", "明早 09:00 给您回电。", sent_at=NIGHT_THERE)
        expect(page.locator("hotline-chat .row.agent bdi")).to_be_visible()
        return page

    yield open_in
    for context in opened:
        context.close()


def test_an_abroad_reader_sees_the_hotlines_time_and_is_told_so(read_in: Callable[..., Page]) -> None:
    page = read_in("America/New_York", "en")
    expect(page.locator("hotline-chat .row.agent time")).to_have_text("00:30")
    expect(page.locator("hotline-chat .day").last).to_have_text("Today · Beijing time")


def test_a_reader_in_the_hotlines_zone_is_told_nothing_about_zones(read_in: Callable[..., Page]) -> None:
    page = read_in("Asia/Chongqing")
    expect(page.locator("hotline-chat .row.agent time")).to_have_text("00:30")
    expect(page.locator("hotline-chat .day").last).to_have_text("今天")


def test_the_chat_knows_the_zone_of_the_calendar(page: Page, house: FakeHouse) -> None:
    page.goto("/")
    zone = page.evaluate("import('/widget/words.js').then((words) => words.ZONE)")
    assert zone == reference.current().calendar.zone.key
