"""A new agent's first hour in a real Chromium, without help: in one go, in both languages, light and dark, on two
screens. What each step looks like in detail is tested beside its page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks.models import Callback
from backend.console.words import catalogue
from backend.conversations.models import Conversation
from backend.conversations.rules import Mode
from backend.tickets.models import Promise, Ticket
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, PASSWORD, USERNAME, ServedDesk
from tests.browser.test_inbox import SCREEN, serious
from tests.browser.windows import Windows, keep

pytestmark = pytest.mark.chromium

TABLET = {"width": 820, "height": 1100}


def become(desk: ServedDesk, username: str, role: Role) -> None:
    with db.session_scope(desk.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == username).values(role=role))


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh", "light", SCREEN), ("en", "dark", TABLET)],
    ids=["zh-light-1280", "en-dark-820"],
)
def test_the_six_things_everybody_does(
    windows: Windows, desk: ServedDesk, language: str, theme: str, size: dict[str, int]
) -> None:
    become(desk, USERNAME, Role.LEAD)  # the figures are for leads
    say = catalogue(language).gettext  # type: ignore[arg-type]
    name = f"first-hour-{language}"
    page = windows.open(username=None, language=language, theme=theme, size=size)
    sign_in(page)
    handle_the_danger(page, desk)
    keep(page, f"{name}-wrapped-up")
    find_by_four_digits(page)
    keep(page, f"{name}-found")
    pause_a_promise(page, desk, say("A part"))
    keep(page, f"{name}-paused")
    move_a_call(page, desk)
    keep(page, f"{name}-moved")
    page.goto("/console/dashboard")
    page.get_by_role("link", name=say("Last week")).click()
    keep(page, f"{name}-figures")
    with page.expect_download() as download:
        page.locator("#export-xlsx").click()
    assert download.value.suggested_filename == "hotline-2026-11-16-2026-11-22.xlsx"
    assert serious(page) == []


def sign_in(page: Page) -> None:
    page.goto("/console/")
    page.fill('input[name="username"]', USERNAME)
    page.fill('input[name="password"]', PASSWORD)
    with page.expect_response("**/console/stream*"):  # by then the keys are bound
        page.keyboard.press("Enter")
    expect(page.locator("#column")).to_be_visible()


def handle_the_danger(page: Page, desk: ServedDesk) -> None:
    """The most urgent comes first: one key takes it, words in two keys, a call, how it ended."""
    page.keyboard.press("n")
    expect(page.locator(f"#talk-{desk.ids['danger']}")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("/danger")
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).not_to_have_value("/danger")
    page.keyboard.press("Enter")
    expect(page.locator(".said-agent .bubble")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.locator("#book-windows button").nth(2).click()
    expect(page.locator("#toasts")).to_be_visible()
    page.keyboard.press("w")
    page.locator('#panel-wrap-up button[value="safe"]').click()
    expect(page.locator("#reopen")).to_be_visible()
    with db.read_scope(desk.house.sessions) as session:
        assert session.get_one(Conversation, desk.ids["danger"]).mode is Mode.CLOSED
        assert session.scalars(select(Callback).where(Callback.phone == "+8613800138001")).one().window_start > NOW


def find_by_four_digits(page: Page) -> None:
    page.goto("/console/?tab=all")
    page.keyboard.press("/")
    page.keyboard.type("8003")
    expect(page.locator(".row-link")).to_have_count(1)
    assert "8003" not in page.url
    page.locator(".row-link").click()
    expect(page.locator(".talk")).to_be_visible()


def pause_a_promise(page: Page, desk: ServedDesk, part: str) -> None:
    with db.read_scope(desk.house.sessions) as session:
        number = session.scalars(select(Ticket.ticket_no).where(Ticket.conversation_id == desk.ids["cold"])).one()
    page.goto(f"/console/tickets/{number}")
    promise = page.locator("#promise-onsite")
    promise.locator(".promise-pause summary").click()
    promise.locator("#wait-onsite").select_option(label=part)
    promise.locator("#text-onsite").fill("加热管")
    promise.locator(".promise-pause .btn-primary").click()
    expect(promise.locator(".countdown-paused")).to_be_visible()
    with db.read_scope(desk.house.sessions) as session:
        of_ticket = select(Promise).join(Ticket, Ticket.id == Promise.ticket_id).where(Ticket.ticket_no == number)
        paused = [each.kind.value for each in session.scalars(of_ticket) if each.paused_at]
    assert paused == ["onsite"]


def move_a_call(page: Page, desk: ServedDesk) -> None:
    with db.read_scope(desk.house.sessions) as session:
        call = session.scalars(select(Callback).where(Callback.phone == "+8613800138002")).one()
        number, before = call.id, call.window_start
    page.goto("/console/callbacks")
    card = page.locator(f"#call-{number}")
    card.locator(".call-move > summary").click()
    card.locator(".windows-day-slots button").nth(3).click()
    expect(page.locator("#toasts")).to_be_visible()
    with db.read_scope(desk.house.sessions) as session:
        assert session.get_one(Callback, number).window_start != before


def test_a_reply_written_by_a_lead_is_at_hand_once_it_is_approved(windows: Windows, desk: ServedDesk) -> None:
    become(desk, OTHER_USERNAME, Role.LEAD)
    become(desk, USERNAME, Role.MANAGER)
    lead, manager = windows.open(OTHER_USERNAME), windows.open(language="en", theme="dark")
    lead.goto("/console/settings/canned_replies")
    lead.fill("#entry-q", "稍等")
    expect(lead.locator(".entries li:visible")).to_have_count(1)
    lead.locator(".entries li:visible a").click()
    lead.locator('textarea[name="zh"]').fill("")
    lead.locator('textarea[name="zh"]').press_sequentially("请稍等，")
    lead.locator('[data-variable="{agent}"]').click()
    expect(lead.locator("#entry-preview")).to_contain_text("请稍等，陈晓")
    keep(lead, "entry-zh-light")
    lead.click("#save-entry")
    expect(lead.locator(".differences ins")).to_have_text("请稍等，{agent}")
    manager.goto(lead.url.removeprefix(desk.url))
    keep(manager, "entry-differences-en-dark")
    assert serious(manager) == []
    manager.click("#approve")
    expect(manager.locator(".notice-green")).to_be_visible()
    lead.goto(f"/console/conversations/{desk.ids['cold']}?tab=all")
    lead.click("#take")
    expect(lead.locator("#reply")).to_be_focused()
    lead.keyboard.type("/wait")
    lead.keyboard.press("Enter")
    expect(lead.locator("#reply")).to_have_value("请稍等，林悦")


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh", "light", SCREEN), ("en", "dark", {"width": 390, "height": 844})],
    ids=["zh-light-1280", "en-dark-390"],
)
def test_all_that_happened_is_walked_through_by_keyboard_and_opens_in_place(
    windows: Windows, desk: ServedDesk, language: str, theme: str, size: dict[str, int]
) -> None:
    page = windows.open(language=language, theme=theme, size=size)
    page.goto(f"/console/conversations/{desk.ids['cold']}?tab=all")
    page.keyboard.press("h")
    expect(page.locator(".moment > summary").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".moment > summary").nth(1)).to_be_focused()
    page.locator(".moment-ticket > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".moment-ticket .promises")).to_be_visible()
    keep(page, f"line-{language}-{size['width']}")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.locator(".line .chip").nth(4).click()
    expect(page.locator(".moment")).to_have_count(page.locator(".moment-ticket").count())
