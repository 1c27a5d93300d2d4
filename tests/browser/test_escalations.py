"""The danger banner and the board in a real Chromium: two agents, by keyboard, on a phone, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.escalations import jobs, service
from backend.escalations.models import Escalation
from backend.escalations.rules import Trigger
from backend.escalations.telling import Staff
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, REFERENCE, ServedDesk
from tests.browser.windows import ARTIFACTS, PHONE, Windows

pytestmark = pytest.mark.chromium

DESKTOP = {"width": 1280, "height": 800}
STAFF = Staff(duty_phone="+8613800138099")


class EscalatedDesk(ServedDesk):
    """A desk with a lead and a manager whose ladder ticks when told to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        with db.session_scope(self.house.sessions) as session:
            for username, name, role in (("zhou", "周科长", Role.LEAD), ("wu", "吴经理", Role.MANAGER)):
                session.add(
                    Agent(
                        username=username,
                        name=name,
                        role=role,
                        email=f"{username}@example.com",
                        password_hash="x",
                        active=True,
                        created_at=NOW,
                    )
                )

    @staticmethod
    def agent(session: Session, username: str) -> Agent:
        return session.scalars(select(Agent).where(Agent.username == username)).one()

    def tick(self, now: datetime = NOW) -> None:
        self.clock.set(now)
        jobs.run_due(self.house.sessions, now, REFERENCE, staff=STAFF)
        self.house.bus.publish("desk", escalations="changed")

    def only(self, trigger: Trigger) -> Escalation:
        with db.read_scope(self.house.sessions) as session:
            return session.scalars(select(Escalation).where(Escalation.trigger == trigger)).one()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EscalatedDesk]:
    served = EscalatedDesk(tmp_path)
    yield served
    served.stop()


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"console-escalations-{name}.png")


def test_danger_is_on_every_console_at_once_until_somebody_takes_care(windows: Windows, desk: EscalatedDesk) -> None:
    first, second = windows.open(size=DESKTOP), windows.open(OTHER_USERNAME, size=DESKTOP)
    first.goto("/console/tickets")
    second.goto("/console/")
    expect(first.locator("#alarm")).to_be_empty()
    first.wait_for_timeout(500)
    desk.tick()
    for page in (first, second):
        expect(page.get_by_role("alert")).to_contain_text("报告危险")
        expect(page.locator("html")).to_have_attribute("data-sounding", "true")
        expect(page).to_have_title(re.compile("^⚠"))
    keep(first, "alarm")

    second.click("#mute")
    expect(second.locator("html")).to_have_attribute("data-sounding", "false")
    expect(second.get_by_role("alert")).to_contain_text("报告危险")
    expect(first.locator("html")).to_have_attribute("data-sounding", "true")

    first.get_by_role("button", name="我来处理").click()
    for page in (first, second):
        expect(page.locator("#alarm")).to_be_empty()
        expect(page.locator("html")).to_have_attribute("data-sounding", "false")
        expect(page).to_have_title(re.compile("^[^⚠]"))
    assert desk.only(Trigger.DANGER).acknowledged_by == "陈晓"


def test_somebody_slower_is_told_who_was_faster(windows: Windows, desk: EscalatedDesk) -> None:
    desk.tick()
    page = windows.open(size=DESKTOP)
    page.route("**/console/stream*", lambda route: route.abort())
    page.goto("/console/escalations")
    with db.session_scope(desk.house.sessions) as session:
        found = session.scalars(select(Escalation).where(Escalation.trigger == Trigger.DANGER)).one()
        other = desk.agent(session, OTHER_USERNAME)
        service.acknowledge(session, found.id, other, now=NOW)
    page.locator(".esc-danger").get_by_role("button", name="我来处理").click()
    expect(page.locator("#toasts")).to_contain_text("林悦 已先一步确认处理")
    expect(page.locator(".esc-by").first).to_contain_text("林悦 处理中")


def test_the_board_is_worked_by_keyboard(windows: Windows, desk: EscalatedDesk) -> None:
    desk.tick()
    page = windows.open(size=DESKTOP)
    page.goto("/console/escalations")
    cards = page.locator(".esc")
    count = cards.count()
    assert count >= 2
    page.keyboard.press("j")
    expect(cards.first).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".esc-taken")).to_have_count(1)
    expect(page.locator(".esc-taken")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(".esc-taken")).to_have_count(0)
    page.keyboard.press("c")
    page.keyboard.type("已经联系网点")
    page.locator(".esc-more[open] button").click()
    expect(page.locator(".esc-comment")).to_contain_text("已经联系网点")
    page.keyboard.press("s")
    page.keyboard.type("客户已安全")
    page.locator(".esc-more[open] button").click()
    expect(cards).to_have_count(count - 1)
    page.get_by_role("link", name="已处理").click()
    expect(page.locator("table")).to_contain_text("客户已安全")
    keep(page, "ended")


def test_the_board_moves_on_by_itself(windows: Windows, desk: EscalatedDesk) -> None:
    desk.tick()
    page = windows.open(size=DESKTOP)
    page.goto("/console/escalations")
    danger = page.locator(".esc-column", has=page.locator("#rung-agent")).locator(".esc-danger")
    expect(danger).to_have_count(1)
    page.wait_for_timeout(400)
    desk.tick(NOW + timedelta(minutes=3))
    desk.tick(NOW + timedelta(minutes=6))
    expect(danger).to_have_count(0)
    expect(page.locator("#rung-general ~ .esc-danger")).to_contain_text("周科长")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "size"), [("1280", DESKTOP), ("390", PHONE)])
def test_the_pages_have_no_barrier_and_do_not_scroll_sideways(
    windows: Windows, desk: EscalatedDesk, name: str, size: dict[str, int], language: str
) -> None:
    desk.tick()
    desk.tick(NOW + timedelta(minutes=25))
    with db.session_scope(desk.house.sessions) as session:
        missed = session.scalars(select(Escalation).where(Escalation.trigger != Trigger.DANGER)).first()
        assert missed is not None
        agent = desk.agent(session, OTHER_USERNAME)
        service.comment(session, missed.id, agent, "已经打电话给网点，<img src=x onerror=alert(1)>", now=NOW)
        service.acknowledge(session, missed.id, agent, now=NOW)
    for theme in ("light", "dark"):
        page = windows.open(size=size, language=language, theme=theme)
        for place in ("escalations", "escalations/ended", "escalations/mails", ""):
            page.goto(f"/console/{place}")
            expect(page.get_by_role("alert")).to_be_visible()
            keep(page, f"{place.replace('/', '-') or 'inbox'}-{name}-{language}-{theme}")
            wider = page.evaluate(
                "[document.documentElement, document.querySelector('main')]"
                ".some(p => p.scrollWidth > p.clientWidth + 1)"
            )
            assert not wider, place
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == [], place
        assert page.locator("main img").count() == 0
