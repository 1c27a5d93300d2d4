"""The page behind a visit's link, on a phone without JavaScript; and the visit on the agents' ticket page."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from backend import db
from backend.appointments import service
from backend.appointments.links import Links
from backend.appointments.rules import Status
from backend.kernel.window import Window
from backend.tickets import service as tickets
from tests.browser.conftest import PHONE
from tests.browser.console_fixtures import NOW, REFERENCE, USERNAME, ServedDesk
from tests.browser.windows import ARTIFACTS
from tests.conftest import at

pytestmark = pytest.mark.chromium

TICKET = "WY261124-0002"
MORNING = Window(at("2026-11-25 08:00"), at("2026-11-25 12:00"))


@pytest.fixture
def path(desk: ServedDesk) -> str:
    """The link of an agreed visit."""
    links = Links.of(desk.house)
    with db.session_scope(desk.house.sessions) as session:
        ticket = tickets.find(session, TICKET)
        visit = service.book(session, ticket, MORNING, who="customer", reference=REFERENCE, links=links, now=NOW)
        return f"/v/{links.token(visit.id)}"


def open_page(browser: Browser, desk: ServedDesk, *, scripts: bool = False, scheme: str = "light") -> Page:
    context = browser.new_context(
        base_url=desk.url, java_script_enabled=scripts, color_scheme=scheme, accept_downloads=True, **PHONE
    )
    page = context.new_page()
    page.set_default_timeout(25_000)
    return page


def status(desk: ServedDesk, path: str) -> Status:
    with db.read_scope(desk.house.sessions) as session:
        return service.get(session, Links.of(desk.house).appointment_id(path.removeprefix("/v/"))).status


def keep(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"visit-{name}.png", full_page=True)


def test_a_customer_confirms_moves_and_calls_off_on_a_phone_without_javascript(
    browser: Browser, desk: ServedDesk, path: str
) -> None:
    page = open_page(browser, desk)
    page.goto(path)
    expect(page.get_by_role("heading", name="师傅上门")).to_be_visible()
    expect(page.get_by_text("明天11月25日（周三）08:00–12:00")).to_be_visible()
    keep(page, "agreed")
    page.get_by_role("button", name="确认，届时有人在家").click()
    expect(page.get_by_role("status")).to_have_text("收到，谢谢确认。")
    page.get_by_role("link", name="换个时间").click()
    keep(page, "times")
    page.get_by_role("button", name="13:00–18:00").nth(1).click()
    expect(page.get_by_role("status")).to_have_text("改好了，新的时间在下面。")
    assert status(desk, path) is Status.MOVED
    with page.expect_download() as download:
        page.get_by_role("link", name="存进日历").click()
    assert download.value.suggested_filename == "visit.ics"
    page.get_by_role("link", name="取消上门").click()
    assert status(desk, path) is Status.MOVED
    keep(page, "cancel")
    page.get_by_role("button", name="确定取消").click()
    expect(page.get_by_text("这次上门已取消，可以另约时间。")).to_be_visible()
    assert status(desk, path) is Status.CANCELLED
    keep(page, "cancelled")
    page.context.close()


def test_the_page_speaks_english_when_asked(browser: Browser, desk: ServedDesk, path: str) -> None:
    page = open_page(browser, desk)
    page.goto(path)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Technician’s visit")).to_be_visible()
    page.get_by_role("link", name="Another time").click()
    expect(page.get_by_role("heading", name="Please choose a time")).to_be_visible()
    keep(page, "english")
    page.context.close()


def test_an_unknown_link_says_what_to_do(browser: Browser, desk: ServedDesk) -> None:
    page = open_page(browser, desk)
    page.goto("/v/nothing")
    expect(page.get_by_role("heading", name="这个链接打不开")).to_be_visible()
    expect(page.get_by_role("link", name="在线客服")).to_have_attribute("href", "/")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("more", ["", "/times", "/cancel"])
def test_axe_finds_nothing_to_object_to(browser: Browser, desk: ServedDesk, path: str, scheme: str, more: str) -> None:
    page = open_page(browser, desk, scripts=True, scheme=scheme)
    page.goto(f"{path}{more}")
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["viewport"]["width"]
    keep(page, f"{scheme}{more.replace('/', '-')}")
    page.context.close()


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1280, "light", "zh"), (1280, "dark", "en"), (390, "dark", "zh"), (390, "light", "en")],
)
def test_an_agent_agrees_a_visit_and_sees_it_in_the_days_list(
    browser: Browser, desk: ServedDesk, width: int, theme: str, language: str
) -> None:
    context = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 844})
    cookies = {"hotline": desk.desk.signed_in(USERNAME), "hotline_theme": theme, "hotline_language": language}
    context.add_cookies([{"name": name, "value": value, "url": desk.url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(25_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):  # the stream's first news
        page.goto(f"/console/tickets/{TICKET}")
    words = {"zh": ("约上门时间", "已约好", "分钟：通知客户晚到", "上门")}
    words["en"] = ("Agree a visit", "Agreed", "Minutes late: tell the customer", "Visit")
    agree, agreed, late, heading = words[language]
    page.get_by_text(agree, exact=True).click()
    page.get_by_role("button", name="08:00–12:00").first.click()
    visit = page.get_by_role("region", name=heading, exact=True)
    expect(visit.get_by_text(agreed, exact=True)).to_be_visible()
    keep(page, f"desk-ticket-{width}-{theme}-{language}")
    visit.get_by_role("button", name=late).click()
    expect(visit.get_by_text("30").first).to_be_visible()
    page.goto("/console/appointments?day=2026-11-25")
    expect(page.get_by_role("link", name=TICKET)).to_be_visible()
    keep(page, f"desk-list-{width}-{theme}-{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    context.close()
    assert complaints == []
