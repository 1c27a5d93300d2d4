"""The pages of the house itself in a real Chromium: signing in, people, the audit log, settings, customers' rights."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from prometheus_client import REGISTRY
from sqlalchemy import update

from backend import db
from backend.agents import people
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.customers import service as customers
from tests.browser.console_fixtures import NOW, USERNAME, ServedDesk
from tests.browser.windows import ARTIFACTS, PHONE, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}
TWICE_AS_LARGE = {"width": 640, "height": 400}
NUMBER = "+8613800138002"
WORDS = {
    "zh": {
        "own": "一个自己的密码",
        "changed": "密码已更改",
        "start": "初始密码",
        "role": "角色已更改",
        "line": "第 11 行",
        "in force": "已生效",
        "undone": "已撤销",
        "soon": "将于",
    },
    "en": {
        "own": "A password of your own",
        "changed": "Your password is changed",
        "start": "Start password",
        "role": "Role changed",
        "line": "Line 11",
        "in force": "In force now",
        "undone": "Undone",
        "soon": "will be deleted",
    },
}
TOO_WIDE = "[document.documentElement, document.querySelector('main')].some(p => p.scrollWidth > p.clientWidth + 1)"
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.ADMIN))
    yield served
    served.stop()


@pytest.fixture
def windows(browser: Browser, desk: ServedDesk) -> Iterator[Windows]:
    before = reports()
    opened = Windows(browser, desk)
    yield opened
    opened.close()
    assert reports() == before


def reports() -> float:
    """Breaches of the policy that browsers have reported so far."""
    found = (each for metric in REGISTRY.collect() if metric.name == "hotline_csp_reports" for each in metric.samples)
    return sum(each.value for each in found if each.name.endswith("_total"))


def customer_id(desk: ServedDesk) -> int:
    with db.read_scope(desk.house.sessions) as session:
        found = customers.find(session, NUMBER)
        assert found
        return found.id


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"console-house-{name}.png")


@LANGUAGES
def test_somebody_new_comes_in_with_a_start_password_and_leaves_it_at_once(
    windows: Windows, desk: ServedDesk, language: str
) -> None:
    words = WORDS[language]
    admin = windows.open(size=DESKTOP, language=language)
    admin.goto("/console/people")
    admin.locator("#new-username").fill("wei")
    admin.locator("#new-name").fill("韦宁")
    admin.locator("#new-role").select_option("parts")
    admin.locator("#add-agent").click()
    shown = admin.locator("#start-password")
    expect(shown).to_contain_text(words["start"])
    keep(admin, f"people-{language}")
    start = shown.locator("code").inner_text()
    admin.locator("#person-wei .person-role select").select_option("lead")
    admin.locator("#person-wei .person-role button").click()
    expect(admin.locator("#toasts")).to_contain_text(words["role"])
    expect(admin.locator("#start-password")).to_have_count(0)

    page = windows.open(None, size=DESKTOP, language=language)
    page.goto("/console/tickets")
    page.locator("#username").fill("wei")
    page.locator("#password").fill(start)
    page.locator(".front-form .btn-primary").click()
    expect(page.locator("h1")).to_have_text(words["own"] if language == "en" else "设一个自己的密码")
    keep(page, f"start-password-{language}")
    page.locator("#present").fill(start)
    page.locator("#wanted").fill("blue kettle on the roof")
    page.locator("#again").fill("blue kettle on the roof")
    page.locator("#change-password").click()
    expect(page.locator(".notice-green")).to_contain_text(words["changed"])
    keep(page, f"account-{language}")
    page.goto("/console/tickets")
    expect(page.locator(".rail")).to_be_visible()


@LANGUAGES
def test_a_table_is_changed_told_at_its_line_compared_approved_and_undone(
    windows: Windows, desk: ServedDesk, language: str
) -> None:
    words = WORDS[language]
    page = windows.open(size=DESKTOP, language=language)
    page.goto("/console/settings")
    page.locator('a[href="/console/settings/promises"]').click()
    page.locator('.segmented a[href$="text=1"]').click()
    text = page.locator("#settings-text").input_value()
    page.locator("#settings-text").fill(text.replace("quality_working_days: 4", "quality_working_days: many"))
    page.locator("#save-draft").click()
    expect(page.locator("#faults")).to_contain_text(words["line"])
    keep(page, f"settings-fault-{language}")
    page.locator("#faults [data-line]").click()
    marked = page.evaluate(
        "const t = document.getElementById('settings-text'); t.value.slice(t.selectionStart, t.selectionEnd)"
    )
    assert "quality_working_days: many" in marked
    page.goto("/console/settings/promises")
    page.locator('input[name="quality_working_days"]').fill("9")
    page.locator("#settings-note").fill("春节")
    keep(page, f"settings-form-{language}")
    page.locator("#save-draft").click()
    expect(page.locator(".diff-in")).to_contain_text("quality_working_days: 9")
    keep(page, f"settings-diff-{language}")
    page.locator("#approve").click()
    expect(page.locator(".notice-green")).to_contain_text(words["in force"])
    assert desk.house.reference.promises.quality_working_days == 9
    page.locator("#undo-settings").click()
    expect(page.locator(".notice-green")).to_contain_text(words["undone"])
    assert desk.house.reference.promises.quality_working_days == 4


@LANGUAGES
def test_a_number_is_shown_on_a_click_and_the_click_stands_in_the_log(
    windows: Windows, desk: ServedDesk, language: str
) -> None:
    page = windows.open(size=DESKTOP, language=language)
    page.goto("/console/tickets/WY261124-0002")
    number = page.locator("#number-ticket-WY261124-0002")
    expect(number).to_contain_text("138****8002")
    number.get_by_role("button").click()
    expect(number).to_contain_text("138 0013 8002")
    page.goto(f"/console/conversations/{desk.ids['cold']}?tab=all")
    beside = page.locator(f"#number-conversation-{desk.ids['cold']}")
    beside.get_by_role("button").click()
    expect(beside).to_contain_text("138 0013 8002")
    page.goto("/console/audit")
    page.locator("#audit-what").select_option("revealed")
    expect(page.locator(".audit-table tbody tr")).to_have_count(2)
    assert "13800138002" not in page.content()
    keep(page, f"audit-{language}")


@LANGUAGES
def test_a_customer_gets_a_copy_and_a_deletion_is_asked_for_and_taken_back(
    windows: Windows, desk: ServedDesk, language: str
) -> None:
    page = windows.open(size=DESKTOP, language=language)
    page.goto("/console/customers")
    page.locator("#customer-number").fill("13800138002")
    page.locator(".customer-find button").click()
    page.wait_for_url(f"**/console/customers/{customer_id(desk)}")
    keep(page, f"customer-{language}")
    page.locator("#why-copy").fill("电话核实")
    with page.expect_download() as coming:
        page.locator("#export").click()
    held = json.loads(coming.value.path().read_text())
    assert held["customers"][0]["phone"] == NUMBER
    page.locator("#to-delete").click()
    keep(page, f"customer-delete-{language}")
    page.locator("#why-delete").fill("电话核实")
    page.locator("#delete").click()
    expect(page.locator("#pending")).to_contain_text(WORDS[language]["soon"])
    keep(page, f"customer-pending-{language}")
    page.locator("#keep").click()
    expect(page.locator("#pending")).to_have_count(0)


@LANGUAGES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier_or_scrolls_sideways(
    windows: Windows, desk: ServedDesk, language: str, theme: str
) -> None:
    number = customer_id(desk)
    with db.session_scope(desk.house.sessions) as session:
        people.add(session, "wei", name="韦宁", role=Role.LEAD, now=NOW)
    pages = {
        "account": "account", "people": "people", "audit": "audit", "settings": "settings", "form": "settings/promises",
        "text": "settings/howto?text=1", "list": "settings/canned_replies", "entry": "settings/fees/entries/fees/visit",
        "shifts": "settings/shifts/groups/general", "customers": "customers", "customer": f"customers/{number}",
        "delete": f"customers/{number}/delete", "outlet": "settings/outlets/entries/outlets/gz-th",
    }  # fmt: skip
    for size in (DESKTOP, PHONE, TWICE_AS_LARGE):
        page = windows.open(size=size, language=language, theme=theme)
        page.goto(f"/console/conversations/{desk.ids['cold']}?tab=all")
        for name, address in pages.items():
            page.goto(f"/console/{address}")
            if size is not TWICE_AS_LARGE:
                keep(page, f"{name}-{size['width']}-{language}-{theme}")
            assert not page.evaluate(TOO_WIDE), (name, size)
            found = Axe().run(page).response["violations"]
            bad = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
            assert bad == [], (name, size, theme)
