"""The console's telephone in a real Chromium: ring, press, speak, hear, hang up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.console_fixtures import ServedDesk
from tests.browser.test_house_pages import DESKTOP, TOO_WIDE, reports
from tests.browser.windows import ARTIFACTS, PHONE, Windows

pytestmark = pytest.mark.chromium

CASES = {
    "zh": ("1", "热水器不热", "威雅电器售后热线", "请说话或按键。", "通话结束。"),
    "en": ("2", "no hot water", "For English, press 2", "Speak or press keys.", "The call is over."),
}


@pytest.fixture
def windows(browser: Browser, tmp_path: Path) -> Iterator[Windows]:
    before, desk = reports(), ServedDesk(tmp_path)
    opened = Windows(browser, desk)
    yield opened
    opened.close()
    desk.stop()
    assert reports() == before


@pytest.mark.parametrize(("language", "size", "theme"), [("zh", PHONE, "dark"), ("en", DESKTOP, "light")])
def test_an_agent_rings_the_hotline_and_talks_to_it(
    windows: Windows, language: str, size: dict[str, int], theme: str
) -> None:
    key, words, greeting, asked, over = CASES[language]
    page = windows.open(size=size, language=language, theme=theme)
    page.goto("/console/phone")
    phone, heard = page.locator("#phone-page"), page.locator("#phone-heard")
    expect(page.locator("[data-key='1']")).to_be_disabled()
    page.locator("#phone-aloud").uncheck()
    page.locator("#phone-ring").click()
    expect(heard).to_contain_text(greeting)
    expect(page.locator("#phone-status")).to_have_text(asked)
    page.locator(f"[data-key='{key}']").click()
    expect(heard.locator(".phone-mine")).to_have_text(key)
    expect(phone).to_have_attribute("data-state", "gather", timeout=15_000)
    page.locator("#phone-words").fill(words)
    page.locator("#phone-words").press("Enter")
    expect(heard).to_contain_text(f"收到：{words}", timeout=15_000)
    expect(phone).to_have_attribute("data-state", "gather", timeout=15_000)
    assert not page.evaluate(TOO_WIDE)
    violations = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in violations] == []
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"console-phone-{language}.png")
    page.locator("#phone-hang-up").click()
    expect(page.locator("#phone-status")).to_have_text(over)
    expect(page.locator("#phone-ring")).to_be_enabled()
    expect(heard.locator(".phone-trouble")).to_have_count(0)
