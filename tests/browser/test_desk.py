"""The manager's figures, the work on tickets and the schedule in a real Chromium, in both languages, light and dark."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations.models import Conversation
from tests.browser.conftest import ARTIFACTS
from tests.browser.console_fixtures import USERNAME, ServedDesk
from tests.browser.test_console import TABLET, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.MANAGER))
    yield served
    served.stop()


@pytest.fixture
def windows(browser: Browser, desk: ServedDesk) -> Iterator[Windows]:
    opened = Windows(browser, desk)
    yield opened
    opened.close()


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"desk-{name}.png", full_page=True)


def check_barriers(page: Page) -> None:
    """Neither a serious barrier nor a page that scrolls sideways."""
    wider = page.evaluate(
        "[document.documentElement, document.querySelector('main')].some(p => p.scrollWidth > p.clientWidth + 1)"
    )
    assert not wider
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


LOOKS = [
    ("1280-zh-light", DESKTOP, "zh", "light"),
    ("1280-en-dark", DESKTOP, "en", "dark"),
    ("tablet-zh-dark", TABLET, "zh", "dark"),
    ("tablet-en-light", TABLET, "en", "light"),
    ("390-zh-light", {"width": 390, "height": 844}, "zh", "light"),
]


@pytest.mark.parametrize(("name", "size", "language", "theme"), LOOKS)
def test_the_figures_have_no_barrier(
    windows: Windows, name: str, size: dict[str, int], language: str, theme: str
) -> None:
    page = windows.open(size=size, language=language, theme=theme)
    for path, said in (("", "figures"), ("?span=month", "figures-month"), ("/list?of=promises", "figures-list")):
        page.goto(f"/console/dashboard{path}")
        keep(page, f"{said}-{name}")
        check_barriers(page)


def test_last_week_is_exported(windows: Windows, desk: ServedDesk) -> None:
    with db.session_scope(desk.house.sessions) as session:
        for conversation in session.query(Conversation).limit(3):
            conversation.created_at -= timedelta(days=7)
    page = windows.open(size=DESKTOP)
    page.goto("/console/")
    page.get_by_role("link", name="看板").first.click()
    page.get_by_role("link", name="上周").click()
    with page.expect_download() as started:
        page.locator("#export-xlsx").click()
    assert started.value.suggested_filename == "hotline-2026-11-16-2026-11-22.xlsx"
    book = load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))
    assert [cell.value for cell in next(book["总览"].iter_rows(min_row=2))] == ["会话量", 3, None]
    page.locator(".heat-table summary").first.click()
    page.locator(".figure-link").first.click()
    expect(page.locator("h1")).to_have_text("会话量")
    expect(page.locator("tbody tr")).to_have_count(1)
