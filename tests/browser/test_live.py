"""What customers write is on the agents' screens at once: sent by the stream, not fetched by each console."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_fixtures import ServedDesk, say
from tests.browser.windows import Windows, is_live

pytestmark = pytest.mark.chromium

SOON_MS = 1000  # on a machine that does other work besides; the benchmark measures how soon


def settle(page: Page) -> None:
    """Wait until what a page fetches after it has opened its stream is there."""
    is_live(page)
    page.wait_for_timeout(800)


def tell(desk: ServedDesk, name: str, text: str) -> None:
    say(desk.house, desk.ids[name], text, desk.clock.now())


def test_a_message_is_put_into_the_thread_and_the_list_without_fetching_the_list(
    windows: Windows, desk: ServedDesk
) -> None:
    page = windows.open()
    page.goto(f"/console/conversations/{desk.ids['danger']}")
    settle(page)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    tell(desk, "danger", "<b>快</b>一点 13800138001")
    expect(page.locator("#thread .said-customer").last).to_contain_text("<b>快</b>一点", timeout=SOON_MS)
    expect(page.locator(f"#row-{desk.ids['danger']} .row-words")).to_contain_text("<b>快</b>一点", timeout=SOON_MS)
    expect(page.locator(f"#row-{desk.ids['danger']} .row-words")).not_to_contain_text("13800138001")
    expect(page.locator(f"#row-{desk.ids['danger']} .row-link")).to_have_attribute("aria-current", "true")
    page.wait_for_timeout(600)
    assert not [each for each in fetched if each.endswith("/console/inbox")]
    assert [each for each in fetched if each.endswith(desk.ids["danger"])]  # what stands around it followed


def test_rows_come_to_their_places_and_go_with_the_counts(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/?tab=bot")
    settle(page)
    before = page.locator("#rows .row-item").count()
    counted = int(page.locator("#tab-bot .tab-count").inner_text())
    desk.desk.hand_off(desk.ids["english"], "asked", "", ago=0)
    desk.house.bus.publish("desk", conversation=desk.ids["english"])
    expect(page.locator(f"#row-{desk.ids['english']}")).to_have_count(0, timeout=SOON_MS)
    expect(page.locator("#tab-bot .tab-count")).to_have_text(str(counted - 1))
    assert before >= 1
    page.locator("#tab-waiting").click()
    expect(page.locator(f"#row-{desk.ids['english']}")).to_be_visible()


def test_the_row_in_focus_keeps_it_while_it_is_drawn_anew(windows: Windows, desk: ServedDesk) -> None:
    page = windows.open()
    page.goto("/console/?tab=all")
    settle(page)
    row = page.locator(f"#row-{desk.ids['noise']} .row-link")
    row.focus()
    desk.clock.move(timedelta(seconds=1))  # later than all the others, to be the first
    tell(desk, "noise", "请问什么时候来")
    expect(row).to_contain_text("请问什么时候来", timeout=SOON_MS)
    expect(row).to_be_focused()
    assert page.locator("#rows .row-item").first.get_attribute("id") == f"row-{desk.ids['noise']}"
    row.press("Enter")
    expect(page.locator(f"#talk-{desk.ids['noise']}")).to_be_visible()
    assert page.url.endswith(f"{desk.ids['noise']}?tab=all")
