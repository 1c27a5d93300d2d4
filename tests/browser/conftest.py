"""Real Chromium for the pages of the house."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.console_fixtures import ServedDesk
from tests.browser.fake_chat_server import FakeHouse
from tests.browser.windows import ARTIFACTS, Windows

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 900, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not CHROMIUM.exists():
        pytest.fail(f"install chromium: the browser tests need {CHROMIUM} (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    """A console with a morning's work, served; its agents are agents and no more."""
    served = ServedDesk(tmp_path)
    yield served
    served.stop()


@pytest.fixture
def windows(browser: Browser, desk: ServedDesk) -> Iterator[Windows]:
    """Agents' windows of that console."""
    opened = Windows(browser, desk)
    yield opened
    opened.close()


@pytest.fixture
def house() -> Iterator[FakeHouse]:
    """A fresh fake house with no conversations."""
    served = FakeHouse()
    yield served
    served.stop()


def _watched(context: BrowserContext) -> Iterator[Page]:
    """A page on which an exception, a dialog or a breach of the policy fails the test."""
    page = context.new_page()
    page.set_default_timeout(25_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, house: FakeHouse) -> Iterator[Page]:
    """A desktop window."""
    yield from _watched(browser.new_context(base_url=house.url, **DESKTOP))


@pytest.fixture
def phone(browser: Browser, house: FakeHouse) -> Iterator[Page]:
    """A phone's screen."""
    yield from _watched(browser.new_context(base_url=house.url, **PHONE))


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> object:
    """Keep a screenshot among the test artefacts, named after the test or as told."""
    ARTIFACTS.mkdir(exist_ok=True)

    def take(page: Page, name: str = "") -> None:
        page.wait_for_timeout(350)
        stem = name or re.sub(r"\W+", "-", request.node.name)
        page.screenshot(path=ARTIFACTS / f"widget-{stem}.png")

    return take
