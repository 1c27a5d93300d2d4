"""The calendar's page in a real Chromium: preview, save, undo; on a phone, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from tests.browser.console_fixtures import USERNAME, ServedDesk
from tests.browser.windows import ARTIFACTS, PHONE, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.MANAGER))
    yield served
    served.stop()


def preview(page: Page, day: str, kind: str) -> None:
    page.locator("#first").fill(day)
    page.locator("#kind").select_option(kind)
    page.locator("#preview-calendar").click()
    expect(page.locator("#save-calendar")).to_be_in_viewport()


def test_what_would_move_is_seen_before_it_is_saved_and_can_be_undone(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/")
    page.get_by_role("link", name="日历").first.click()
    preview(page, "2026-11-25", "holiday")
    moves = page.locator(".calendar-moves tbody tr")
    expect(moves).to_have_count(2)
    expect(moves.first).to_contain_text("明天11月25日（周三）18:00")
    expect(moves.first).to_contain_text("11月26日（周四）18:00")
    keep(page, "preview")
    page.locator("#save-calendar").click()
    expect(page.locator("#toasts")).to_contain_text("2 项承诺的期限随之改变")
    expect(page.locator("#preview")).to_have_count(0)
    expect(page.locator(".day-holiday", has_text="25*").last).to_be_visible()
    page.locator("#undo-calendar").click()
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    expect(page.locator("#undo-calendar")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "size"), [("1280", DESKTOP), ("390", PHONE)])
def test_the_page_has_no_barrier_and_does_not_scroll_sideways(
    windows: Windows, name: str, size: dict[str, int], language: str
) -> None:
    for theme in ("light", "dark"):
        page = windows.open(size=size, language=language, theme=theme)
        page.goto("/console/calendar")
        preview(page, "2026-11-24", "closed")
        keep(page, f"{name}-{language}-{theme}")
        wider = page.evaluate(
            "[document.documentElement, document.querySelector('main')].some(p => p.scrollWidth > p.clientWidth + 1)"
        )
        assert not wider
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []


def test_on_a_phone_the_calendar_stands_in_the_menu(windows: Windows) -> None:
    page = windows.open(size=PHONE)
    page.goto("/console/tickets")
    page.locator("#menu summary").click()
    page.locator(".menu-far[href='/console/calendar']").click()
    expect(page.locator("h1")).to_have_text("日历 2026")


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"console-calendar-{name}.png")
