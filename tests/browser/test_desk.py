"""The manager's figures, the work on tickets and the schedule in a real Chromium, in both languages, light and dark."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations.models import Conversation
from backend.tickets.models import Ticket
from tests.browser.console_fixtures import USERNAME, ServedDesk
from tests.browser.windows import ARTIFACTS, PHONE, TABLET, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.MANAGER))
    yield served
    served.stop()


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


@pytest.mark.parametrize(("name", "size", "language", "theme"), LOOKS)
def test_the_work_on_tickets_has_no_barrier(
    windows: Windows, name: str, size: dict[str, int], language: str, theme: str
) -> None:
    page = windows.open(size=size, language=language, theme=theme)
    for path, said in (
        ("tickets", "tickets"),
        ("tickets/board", "board"),
        ("tickets/new", "new"),
        ("tickets/WY261124-0002", "ticket"),
        ("tickets/WY261124-0002/edit", "edit"),
    ):
        page.goto(f"/console/{path}")
        keep(page, f"{said}-{name}")
        check_barriers(page)


def test_a_ticket_is_written_during_a_call_and_checked_while_it_is(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/tickets")
    page.get_by_role("link", name="新建工单").click()
    page.locator("#f-phone").fill("1380013")
    page.locator("#f-address").fill("广东省佛山市顺德区大良街道凤翔路15号")
    page.locator("#f-contact_name").click()
    expect(page.locator("#ticket-check")).to_contain_text("号码太短")
    page.locator("#f-phone").fill("13800138002")
    page.locator("#f-contact_name").fill("赵女士")
    page.locator("#f-symptom").fill("不出热水")
    expect(page.locator("#ticket-check")).to_contain_text("WY261124-0002")
    page.locator("#f-wanted").focus()  # the last field; what was checked stays in view beside it
    expect(page.locator("#ticket-check h2")).to_be_in_viewport()
    keep(page, "new-checked")
    page.locator("#f-phone").fill("13900139000")
    page.locator("#f-start").select_option(index=3)
    page.get_by_role("button", name="保存工单").click()
    expect(page.locator("h1")).to_have_text("WY261124-0004")
    expect(page.locator("#h-promises")).to_be_in_viewport()
    assert page.url.endswith("/console/tickets/WY261124-0004")
    expect(page.locator("#assignee")).to_have_value("1")


def test_a_ticket_is_edited_merged_and_the_merge_taken_back(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/tickets/WY261124-0002")
    page.get_by_role("link", name="修改").click()
    page.locator("#f-model").fill("VY80-D5")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".timeline-list").last).to_contain_text("VY60-D3 → VY80-D5")
    page.goto("/console/tickets/WY261124-0002")
    page.get_by_text("按工单号关联或合并").click()
    page.locator("#other").fill("WY261124-0001")
    page.get_by_role("button", name="把本单并入该单").click()
    expect(page.locator("#toasts")).to_contain_text("已合并")
    expect(page.locator("#h-work ~ .work-list")).to_contain_text("已并入 WY261124-0001")
    page.get_by_role("button", name="撤销合并").click()
    expect(page.locator("#toasts")).to_contain_text("恢复为两张工单")
    page.locator(".toast-note").click()  # of what was done only the last lies over the page, until it is put away
    expect(page.locator(".toast-note")).to_have_count(0)
    expect(page.locator(".page-head .tag").first).to_have_text("新建")


def test_a_card_is_dragged_where_it_may_go_and_moved_by_keyboard(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/tickets/board")
    card = page.locator("#card-WY261124-0002")
    card.drag_to(page.locator('.board-column[data-status="in_progress"]'))
    expect(page.locator('[data-status="in_progress"] #card-WY261124-0002')).to_be_visible()
    page.locator("#card-WY261124-0002").drag_to(page.locator('.board-column[data-status="new"]'))
    expect(page.locator("#toasts")).to_contain_text("不能")
    expect(page.locator('[data-status="in_progress"] #card-WY261124-0002')).to_be_visible()
    page.locator("#card-WY261124-0001 summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.locator("#to-WY261124-0001").select_option("scheduled")
    page.locator("#card-WY261124-0001 button[type=submit]").press("Enter")
    expect(page.locator('[data-status="scheduled"] #card-WY261124-0001')).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, {"width": 820, "height": 1100}], ids=["1280", "820"])
def test_a_long_symptom_makes_no_card_wider_than_its_column(
    windows: Windows, desk: ServedDesk, size: dict[str, int]
) -> None:
    with db.session_scope(desk.house.sessions) as session:
        session.execute(update(Ticket).values(symptom="新买的80升热水器到了，想约安装，最好周末有人在家的时候过来" * 3))
    page = windows.open(size=size)
    page.goto("/console/tickets/board")
    assert page.locator(".board-card").count() >= 3
    overlapping = page.evaluate(
        """[...document.querySelectorAll('.board-card')].filter(card => {
             const inner = card.getBoundingClientRect(), outer = card.closest('.board-column').getBoundingClientRect();
             return inner.left < outer.left || inner.right > outer.right;
           }).map(card => card.id)"""
    )
    assert overlapping == []
    check_barriers(page)


def test_tables_are_read_on_an_upright_tablet(windows: Windows) -> None:
    page = windows.open(size={"width": 820, "height": 1100})
    page.goto("/console/templates")
    keep(page, "texts-820")
    widths = page.locator(".template-words").evaluate_all("cells => cells.map(each => each.clientWidth)")
    assert min(widths) > 150
    check_barriers(page)
    page.fill("#entry-q", "前一晚")
    expect(page.locator(".template-table tbody tr:visible")).to_have_text(re.compile("前一晚提醒"))
    expect(page.locator(".template-group:visible")).to_have_count(1)
    page.fill("#entry-q", "没有这样的话")
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.goto("/console/tickets")
    keep(page, "tickets-820")
    expect(page.locator(".countdown").first).to_be_in_viewport(ratio=0.9)
    check_barriers(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_cuts_no_word_of_the_rail_and_shows_tickets_without_scrolling(windows: Windows, language: str) -> None:
    page = windows.open(size=PHONE, language=language)
    page.goto("/console/tickets")
    keep(page, f"tickets-phone-{language}")
    names = page.locator(".rail-link > span:not(.rail-badge)")
    assert names.evaluate_all("all => all.filter(each => each.scrollWidth > each.clientWidth).length") == 0
    expect(page.locator("tbody tr").first).to_be_in_viewport()
    page.locator("#menu summary").click()
    keep(page, f"menu-phone-{language}")
    tall = page.locator("#menu .segmented").evaluate_all("all => all.map(each => each.clientHeight)")
    assert max(tall) < 40  # each choice in one line


def test_filters_are_kept_under_a_name(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/tickets")
    page.locator("#ticket-kind").select_option("complaint")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("保存当前筛选").click()
    page.locator("#filter-name").fill("投诉")
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/console/tickets")
    page.locator(".saved-filter a", has_text="投诉").click()
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize(("name", "size", "language", "theme"), LOOKS)
def test_the_schedule_has_no_barrier(
    windows: Windows, name: str, size: dict[str, int], language: str, theme: str
) -> None:
    page = windows.open(size=size, language=language, theme=theme)
    for query, said in (("", "calls"), ("?view=week", "calls-week"), ("?what=visits&day=2026-11-25", "visits")):
        page.goto(f"/console/schedule{query}")
        keep(page, f"schedule-{said}-{name}")
        check_barriers(page)


def test_a_call_is_moved_by_keyboard_alone(windows: Windows) -> None:
    page = windows.open(size=DESKTOP)
    page.goto("/console/schedule")
    card = page.locator(".schedule-card", has_text="李女士")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(card.locator("select[name=window]")).to_be_focused()
    page.keyboard.type("15:00")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("已改")
    row = page.locator("tr", has=page.locator("th", has_text="15:00–15:30"))
    expect(row).to_contain_text("李女士")
    keep(page, "schedule-moved")
    expect(page.locator(".schedule-card", has_text="李女士").locator("summary")).to_be_focused()


def test_a_call_dragged_into_a_closed_window_stays_and_says_why(windows: Windows) -> None:
    page = windows.open(size={"width": 1280, "height": 1400})
    page.goto("/console/schedule")
    card = page.locator(".schedule-card", has_text="李女士")
    card.drag_to(page.locator("tr", has=page.locator("th", has_text="08:00–08:30")).locator("td").last)
    expect(page.locator("#toasts")).to_contain_text("过去")
    row = page.locator("tr", has=page.locator("th", has_text="10:00–10:30"))
    expect(row).to_contain_text("李女士")
    card.drag_to(page.locator("tr", has=page.locator("th", has_text="14:00–14:30")).locator("td").first)
    moved = page.locator("tr", has=page.locator("th", has_text="14:00–14:30")).locator("td").first
    expect(moved).to_contain_text("李女士")
