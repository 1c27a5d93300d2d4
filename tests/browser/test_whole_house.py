"""The whole house, in a real Chromium and by telephone: a customer books a repair, an agent takes over and answers.

Starts `hotline up` with an empty data directory: web, bot and action server as a newcomer gets them. The model is
trained unless HOTLINE_TEST_MODEL names one that is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from backend.launcher import training
from backend.launcher.door import Door
from backend.launcher.suites import clean_environment
from backend.launcher.telephone import Telephone
from telephony import simulator
from telephony.handset import Event, HangUp, Keys, Kind, Speech, Turn
from tests.browser.windows import ARTIFACTS

pytestmark = pytest.mark.chromium

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 600  # a first start installs the bot's environment and trains
STOPPED_WITHIN_S = 40


class House:
    """A running `hotline up` and what one needs to visit it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        if given := os.environ.get("HOTLINE_TEST_MODEL"):
            models = folder / "models"
            models.mkdir(parents=True)
            shutil.copy(given, models / f"{training.fingerprint()}.tar.gz")
        environment = {
            **clean_environment(),
            "HOTLINE_DATA_DIR": str(folder),
            "HOTLINE_NOW": "2026-11-24T10:05:00+08:00",
        }
        self.log = (folder.parent / "up.log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "up", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    @property
    def password(self) -> str:
        """The first agent's."""
        return (self.folder / "first-agent").read_text().strip()

    def said(self) -> str:
        """What the house has printed so far."""
        return Path(self.log.name).read_text()

    def wait_until_the_bot_is_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while self._bot() != "ready":
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.5)

    def _bot(self) -> str:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=3) as answer:
                return str(json.load(answer)["bot"])
        except OSError:
            return "not open yet"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(STOPPED_WITHIN_S)
        self.log.close()
        return code


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    running = House(tmp_path_factory.mktemp("house") / "data")
    try:
        running.wait_until_the_bot_is_ready()
        yield running
    finally:
        running.stop()


def keep(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=ARTIFACTS / f"house-{name}.png")


class Customer:
    """Somebody who chats in the widget."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.goto("/")
        page.get_by_role("button", name="在线客服").click()
        expect(self.heard("bot").first).to_contain_text("威雅电器")

    def heard(self, author: str) -> Locator:
        return self.page.locator(f"hotline-chat .row.{author} bdi")

    def say(self, text: str) -> str:
        """Say something; the bot's next words."""
        bot = self.heard("bot")
        before = bot.count()
        self.page.get_by_label("输入消息").fill(text)
        self.page.get_by_label("输入消息").press("Enter")
        expect(bot.nth(before)).to_be_visible(timeout=20_000)
        self.page.wait_for_timeout(300)
        return "\n".join(bot.all_inner_texts()[before:])


def test_a_repair_is_booked_by_chat_and_an_agent_answers_in_the_same_window(house: House, browser: Browser) -> None:
    street = browser.new_context(base_url=house.url, viewport={"width": 900, "height": 720}, locale="zh-CN")
    customer = Customer(street.new_page())
    customer.say("我要报修，热水器不加热，我叫李雷，电话13800138000，地址广州市天河区体育西路5号")
    customer.say("不清楚")
    customer.say("2023年")
    read_back = customer.say("尽快")
    assert "李雷" in read_back
    booked = customer.say("确认")
    found = re.search(r"WY\d{6}-\d{4}", booked)
    assert found, booked
    ticket_no = found[0]
    assert "11月25日（周三）18:00" in booked
    keep(customer.page, "1-booked")

    office = browser.new_context(base_url=house.url, viewport={"width": 1440, "height": 900})
    agent = office.new_page()
    agent.goto("/console/")
    agent.fill("#username", "agent")
    agent.fill("#password", house.password)
    agent.press("#password", "Enter")
    agent.get_by_role("link", name="工单", exact=True).click()
    expect(agent.locator(f"#t-{ticket_no}")).to_contain_text("李雷")
    keep(agent, "2-ticket-in-the-console")
    agent.goto("/console/callbacks")
    expect(agent.locator(".call", has_text=ticket_no)).to_be_visible()

    agent.goto("/console/?tab=bot")
    agent.locator(".row-link").first.click()
    expect(agent.locator("#beside")).to_contain_text(ticket_no)
    agent.click("#take")
    expect(agent.locator("#hand-back")).to_be_visible()
    keep(agent, "3-taken-over")
    agent.fill("#reply", "您好，我是值班客服，师傅明天上午联系您。")
    agent.press("#reply", "Enter")

    theirs = customer.heard("agent")
    expect(theirs.last).to_have_text("您好，我是值班客服，师傅明天上午联系您。")
    keep(customer.page, "4-the-agents-words-in-the-widget")
    customer.page.get_by_label("输入消息").fill("好的，谢谢")
    customer.page.get_by_label("输入消息").press("Enter")
    expect(agent.locator(".said-customer .bubble").last).to_have_text("好的，谢谢")
    expect(agent.locator("#beside .countdown-met").first).to_be_visible()
    street.close()
    office.close()


# What a caller who answers plainly says to each question; the first that fits counts.
ANSWERS: dict[str, list[tuple[str, Event]]] = {
    "zh": [
        ("都对吗", Speech("对")),
        ("哪个方便", Keys("1")),
        ("什么型号", Speech("不清楚")),
        ("哪年买", Speech("记不清了")),
        ("装在哪里", Speech("广东佛山顺德大良新桂路8号")),
        ("几点接电话", Speech("明天下午三点后")),
        ("称呼", Speech("我姓王")),
        ("直接说您的问题", Speech("热水器不热了")),
    ],
    "en": [
        ("all correct", Speech("yes")),
        ("Which suits you", Keys("1")),
        ("Which model", Speech("I do not know")),
        ("was it bought", Speech("I do not remember")),
        ("Where is the heater", Speech("8 Xingui Road, Daliang, Shunde, Foshan")),
        ("your name", Speech("my name is Li")),
        ("what the problem is", Speech("my water heater gives no hot water")),
        ("call", Speech("tomorrow after 3 pm")),
    ],
}


@pytest.mark.parametrize(
    ("language", "caller", "booked"),
    [("zh", "+8613800138111", r"约好了.*验证码"), ("en", "+8613800138222", r"Booked.*visit code")],
)
def test_a_repair_is_booked_by_telephone_within_twelve_turns(
    house: House, language: str, caller: str, booked: str
) -> None:
    token = simulator.token((house.folder / "secret-key").read_text().strip())
    call = simulator.new_call(caller=caller, now=time.monotonic(), base=house.url)
    with httpx2.Client(timeout=20, trust_env=False) as client:
        telephone = Telephone(client, Door(house.url, house.url, token), call)

        def heard(turns: Iterator[Turn]) -> str:
            said = []
            for turn in turns:
                assert [cue.text for cue in turn.cues if cue.kind is Kind.TROUBLE] == []
                said += [cue.text for cue in turn.cues if cue.kind is Kind.SAY]
                time.sleep(sum(cue.seconds for cue in turn.cues))
            return " ".join(said)

        words, taken = heard(telephone.ring()), [f"{language}: its key"]
        words = heard(telephone.tell(Keys("1" if language == "zh" else "2")))
        while not re.search(booked, words):
            answer = next((event for asked, event in ANSWERS[language] if asked in words), None)
            assert answer is not None, (words, taken)
            taken.append(words)
            assert len(taken) <= 12, taken
            words = heard(telephone.tell(answer))
        heard(telephone.tell(HangUp()))
    assert max(telephone.waits_s) < 15  # a carrier gives up then


def test_one_signal_stops_the_house_although_a_console_is_open(house: House, browser: Browser) -> None:
    office = browser.new_context(base_url=house.url)
    agent = office.new_page()
    agent.goto("/console/")
    agent.fill("#username", "agent")
    agent.fill("#password", house.password)
    agent.press("#password", "Enter")
    expect(agent.locator("#live")).to_be_visible()
    agent.wait_for_timeout(1000)
    began = time.monotonic()
    assert house.stop() == 0
    assert time.monotonic() - began < 15
    office.close()
