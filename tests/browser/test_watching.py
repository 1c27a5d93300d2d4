"""A supervisor and an agent in two windows: what each sees of watching, whispering and taking over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from backend import db
from backend.agents.models import Agent
from backend.agents.permissions import Role
from tests.browser.console_fixtures import OTHER_USERNAME, USERNAME, ServedDesk, say
from tests.browser.test_inbox import SCREEN, serious
from tests.browser.windows import PHONE, Windows, is_live, keep

pytestmark = pytest.mark.chromium


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path)
    with db.session_scope(served.house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.MANAGER))
    yield served
    served.stop()


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["1280", "390"])
def test_a_whisper_is_heard_by_the_agent_and_nobody_else(
    windows: Windows, desk: ServedDesk, size: dict[str, int]
) -> None:
    talk = desk.ids["noise"]
    agent = windows.open(OTHER_USERNAME, size=size)
    agent.goto(f"/console/conversations/{talk}?tab=mine")
    manager = windows.open(size=size, language="en", theme="dark")
    manager.goto(f"/console/conversations/{talk}?tab=colleagues")
    manager.keyboard.press("v")
    expect(manager.locator("#whisper")).to_be_visible()
    expect(agent.locator("#watched")).to_contain_text("陈晓")
    manager.keyboard.press("r")
    manager.keyboard.type("先问水质")
    manager.keyboard.press("Enter")
    expect(manager.locator(".said-whisper")).to_contain_text("先问水质")
    expect(manager.locator("#whisper")).to_have_value("")
    expect(agent.locator(".said-whisper")).to_be_in_viewport()
    expect(agent.locator("#toasts")).to_contain_text("耳语")
    assert serious(agent) == []
    assert serious(manager) == []
    for page in (agent, manager):
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    keep(manager, f"whisper-{size['width']}")
    say(desk.house, talk, "还在吗", desk.clock.now())
    expect(manager.locator(".said-customer", has_text="还在吗")).to_be_visible()
    manager.keyboard.press("Escape")
    manager.keyboard.press("v")
    expect(manager.locator("#whisper")).to_have_count(0)
    expect(agent.locator("#watched")).to_have_count(0)


def test_the_manager_takes_over_and_the_agent_is_told_why(windows: Windows, desk: ServedDesk) -> None:
    talk = desk.ids["noise"]
    agent, manager = windows.open(OTHER_USERNAME), windows.open()
    agent.goto(f"/console/conversations/{talk}?tab=mine")
    manager.goto("/console/")
    is_live(manager)
    manager.keyboard.press("7")
    manager.locator(f"#row-{talk} a").click()
    expect(manager.locator("#take-from")).to_be_visible()
    manager.keyboard.press("g")
    manager.keyboard.type("客户点名找经理")
    manager.keyboard.press("Enter")
    expect(manager.locator("#reply")).to_be_enabled()
    expect(agent.locator("#reply")).to_be_disabled()
    expect(agent.locator("#toasts")).to_contain_text("接管")
    expect(agent.locator(".said-note").last).to_contain_text("客户点名找经理")
    keep(agent, "taken-from")
