"""The customer in the terminal, against a house of a few lines."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import httpx2
import pytest
from rich.console import Console

from backend.launcher import terminal
from backend.launcher.bot_env import Obstacle
from backend.launcher.terminal import Heard, Screen, WebLine

CONFIRM = Heard("bot", "对吗？", [("确认", "确认"), ("改地址", "修改地址")])


class ScriptedLine:
    """Answers from a list: at once, or only at the next look (`late`)."""

    def __init__(self, answers: Sequence[Heard], *, late: bool = False) -> None:
        self.is_with_bot = True
        self.said: list[str] = []
        self._answers, self._late = list(answers), late
        self._waiting: list[Heard] = []

    def open(self) -> list[Heard]:
        return []

    def send(self, text: str) -> list[Heard]:
        self.said.append(text)
        answer = [self._answers.pop(0)] if self._answers else []
        if self._late:
            self._waiting, answer = answer, []
        return answer

    def news(self) -> list[Heard]:
        arrived, self._waiting = self._waiting, []
        return arrived


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "QUIET_S", 0.02)
    monkeypatch.setattr(terminal, "POLL_S", 0.01)


def screen(language: str = "zh") -> tuple[Screen, io.StringIO]:
    paper = io.StringIO()
    return Screen(language, Console(file=paper, soft_wrap=True)), paper


def test_a_number_chooses_the_quick_reply_on_offer() -> None:
    shown, paper = screen()
    shown.show([CONFIRM])
    assert "1 确认   2 改地址" in paper.getvalue()
    assert shown.meant("2") == "修改地址"
    assert shown.meant("3") == "3"
    assert shown.meant("好的") == "好的"


def test_without_quick_replies_a_number_is_a_number() -> None:
    shown, _ = screen()
    shown.show([CONFIRM, Heard("bot", "多大容量？")])
    assert shown.meant("2") == "2"


def test_what_looks_like_markup_is_shown_as_it_is() -> None:
    shown, paper = screen("en")
    shown.show([Heard("agent", "[red]hello[/red]")])
    assert "Agent> [red]hello[/red]" in paper.getvalue()


@pytest.mark.parametrize("late", [False, True])
def test_a_script_hears_each_answer_before_it_goes_on(late: bool) -> None:
    line, (shown, paper) = ScriptedLine([CONFIRM, Heard("bot", "工单已建立")], late=late), screen()
    terminal.recite(line, shown, ["报修", "1"], patience_s=2)
    assert line.said == ["报修", "确认"]
    assert paper.getvalue().index("对吗") < paper.getvalue().index("您> 确认") < paper.getvalue().index("工单已建立")


def test_a_script_fails_when_no_answer_comes() -> None:
    with pytest.raises(Obstacle, match="No answer"):
        terminal.recite(ScriptedLine([]), screen()[0], ["你好"], patience_s=0.1)


def test_a_notice_of_the_system_is_not_yet_an_answer() -> None:
    with pytest.raises(Obstacle, match="No answer"):
        terminal.recite(ScriptedLine([Heard("system", "机器人正在启动")]), screen()[0], ["你好"], patience_s=0.1)


def test_once_a_person_has_taken_over_nobody_waits_for_the_bot() -> None:
    line = ScriptedLine([])
    line.is_with_bot = False
    terminal.recite(line, screen()[0], ["在吗"], patience_s=2)
    assert line.said == ["在吗"]


def house(request: httpx2.Request) -> httpx2.Response:
    """Knows one conversation; the second message makes it wait for a person."""
    if request.url.path == "/api/chat/conversations":
        greeting = {"id": "1", "author": "bot", "text": "您好", "buttons": [{"title": "报修", "payload": "我要报修"}]}
        return httpx2.Response(201, json={"conversation_id": "c1", "token": "secret", "messages": [greeting]})
    assert request.headers["authorization"] == "Bearer secret"
    if request.method == "POST":
        assert json.loads(request.content)["text"] == "转人工"
        return httpx2.Response(200, json={"messages": [], "mode": "waiting"})
    messages = [
        {"id": "2", "author": "customer", "text": "转人工", "buttons": []},
        {"id": "3", "author": "agent", "text": "您好，我是客服", "buttons": []},
    ]
    after = int(request.url.params["after"])
    return httpx2.Response(200, json={"messages": [m for m in messages if int(m["id"]) > after], "mode": "human"})


def test_the_web_line_hears_everything_once_and_not_itself() -> None:
    with httpx2.Client(transport=httpx2.MockTransport(house), base_url="http://house") as client:
        line = WebLine(client, "zh")
        assert line.open() == [Heard("bot", "您好", [("报修", "我要报修")])]
        assert line.send("转人工") == [Heard("agent", "您好，我是客服", [])]
        assert line.news() == []
        assert not line.is_with_bot


def test_a_refusal_is_told_in_the_houses_words() -> None:
    problem = httpx2.Response(413, json={"detail": "太长了"}, headers={"content-type": "application/problem+json"})
    client = httpx2.Client(transport=httpx2.MockTransport(lambda _: problem), base_url="http://house")
    with client, pytest.raises(Obstacle, match="太长了"):
        WebLine(client, "zh").open()
