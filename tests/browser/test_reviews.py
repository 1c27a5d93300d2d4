"""Labelling in a real Chromium: by keyboard, on a phone, in both languages, under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from backend import db
from backend.conversations.rules import Channel
from backend.reviews import policy, service
from backend.reviews.rules import Reason
from backend.reviews.service import Finding
from tests.browser.console_fixtures import NOW, ServedDesk
from tests.browser.windows import ARTIFACTS, PHONE, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}
LINES = [
    ("我姓⟨name⟩，⟨address⟩，那个弄好没", "ask_status", 0.31, Reason.UNSURE, "不好意思，我没听明白。"),
    ("帮我订张去三亚的票", "out_of_scope", 0.92, Reason.OUT_OF_SCOPE, "这个我帮不上忙。热水器的事交给我就好。"),
    ("hey its ⟨name⟩, that again, nobody shows up", "complain", 0.44, Reason.UNSURE, "I am sorry. What went wrong?"),
    ("<img src=x onerror=alert(1)> 师傅说的那个阀 ⟨phone⟩", "ask_parts", 0.71, Reason.WANTED_A_PERSON, "是哪个型号？"),
]  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        for number, (text, intent, confidence, reason, answer) in enumerate(LINES):
            language = "en" if text.startswith("hey") else "zh"
            finding = Finding(text, answer, language, Channel.WEB, intent, confidence, reason)
            for _ in range(number + 1):
                service._keep(session, finding, policy.current(), NOW - timedelta(minutes=10 * number))
    yield served
    served.stop()


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"console-reviews-{name}.png")


def test_lines_are_labelled_by_keyboard_and_undone(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/reviews")
    lines = page.locator(".review")
    page.keyboard.press("j")
    expect(lines.nth(0)).to_be_focused()
    page.keyboard.press("y")
    expect(lines.nth(0)).to_have_attribute("data-state", "labelled")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(lines.nth(1)).to_have_attribute("data-state", "unusable")
    expect(lines.nth(2)).to_be_focused()
    page.keyboard.press("l")
    expect(lines.nth(2).locator("select")).to_be_focused()
    lines.nth(2).locator("select").select_option("chase")
    page.keyboard.press("Enter")
    expect(lines.nth(2)).to_contain_text("催单")
    expect(lines.nth(3)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("u")
    expect(lines.nth(1)).to_have_attribute("data-state", "open")
    expect(lines.nth(1)).to_be_focused()
    keep(page, "decided")
    page.get_by_role("link", name="已标注").click()
    expect(lines).to_have_count(2)


def test_another_part_of_the_page_may_change_before_a_decision_is_kept(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/reviews")
    lines = page.locator(".review")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/label", hold)
    page.keyboard.press("j")
    with page.expect_request("**/label"):
        page.keyboard.press("y")
    news = "{ detail: { ctx: { request: { method: 'GET' } } } }"
    page.evaluate(f"document.dispatchEvent(new CustomEvent('htmx:after:swap', {news}))")
    expect(lines.nth(0)).to_be_focused()
    held[0].continue_()
    expect(lines.nth(0)).to_have_attribute("data-state", "labelled")
    expect(lines.nth(1)).to_be_focused()


def test_filters_keep_each_other_and_are_in_the_address(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/reviews")
    page.get_by_role("link", name="最常见").click()
    expect(page.locator(".review").first).to_contain_text("师傅说的那个阀")
    page.select_option("#review-reason", "unsure")
    expect(page.locator(".review")).to_have_count(2)
    expect(page.locator(".review").first).to_contain_text("nobody shows up")
    page.reload()
    expect(page.locator(".review")).to_have_count(2)
    page.select_option("#review-intent", "greet")
    expect(page.locator(".empty-state")).to_contain_text("没有符合筛选条件的")


def test_the_labelled_are_downloaded(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/reviews")
    page.locator(".review").nth(1).get_by_role("button", name="理解得对").click()
    expect(page.locator("#toasts")).to_contain_text("已标注")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSONL").click()
    assert '"intent": "out_of_scope"' in download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "size"), [("1280", DESKTOP), ("390", PHONE)])
def test_the_page_has_no_barrier_and_does_not_scroll_sideways(
    windows: Windows, name: str, size: dict[str, int], language: str
) -> None:
    for theme in ("light", "dark"):
        page = windows.open(size=size, language=language, theme=theme)
        page.goto("/console/reviews")
        page.locator(".review").nth(1).locator("[data-key=x]").click()
        expect(page.locator(".review-unusable, .review-open")).to_have_count(4 if theme == "light" else 3)
        keep(page, f"{name}-{language}-{theme}")
        wider = page.evaluate(
            "[document.documentElement, document.querySelector('main')].some(p => p.scrollWidth > p.clientWidth + 1)"
        )
        assert not wider
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert page.locator("main img").count() == 0
