"""What the backend makes of a bot that answers well, badly, late or not at all."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from backend.conversations.bot_client import BotAnswer, BotFailed, BotState, Question, RasaBot
from backend.conversations.rules import Failure
from conftest import at

GOOD = {"messages": [{"text": "您好", "buttons": [{"title": "报修", "payload": "我要报修"}]}], "expects": None}


class Server:
    """A bot that answers every question the same way."""

    def __init__(self) -> None:
        self.status, self.body, self.delay_s = 200, json.dumps(GOOD).encode(), 0.0
        self.heard: list[tuple[str, str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.heard.append((self.path, self.headers["Authorization"], asked))
                time.sleep(outer.delay_s)
                self.answer()

            def do_GET(self) -> None:
                self.answer()

            def answer(self) -> None:
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: Any) -> None:
                """Tests are quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def ask(url: str, timeout_s: float = 5) -> BotAnswer:
    async def once() -> BotAnswer:
        bot = RasaBot(url, SecretStr("t" * 32), timeout_s)
        try:
            return await bot.ask(Question("c1", "c1:2", "你好", "web", "zh", at("2026-11-24 10:05")))
        finally:
            await bot.close()

    return asyncio.run(once())


def look(url: str) -> BotState:
    async def once() -> BotState:
        bot = RasaBot(url, SecretStr("t" * 32), 5)
        try:
            return await bot.look()
        finally:
            await bot.close()

    return asyncio.run(once())


def test_a_question_carries_all_the_bot_needs_and_the_token(server: Server) -> None:
    answer = ask(server.url)
    assert [message.text for message in answer.messages] == ["您好"]
    [(path, token, asked)] = server.heard
    assert path == "/webhooks/hotline/webhook"
    assert token == f"Bearer {'t' * 32}"
    assert asked == {
        "conversation_id": "c1",
        "message_id": "c1:2",
        "text": "你好",
        "channel": "web",
        "language": "zh",
        "now": "2026-11-24T10:05:00+08:00",
    }


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (503, b"", Failure.AWAY),
        (500, b"oops", Failure.BROKEN),
        (401, b"{}", Failure.BROKEN),
        (200, b"<html>busy</html>", Failure.BROKEN),
        (200, b'{"messages": []}', Failure.BROKEN),
        (200, b'{"messages": [{"text": ""}]}', Failure.BROKEN),
        (200, b"[]", Failure.BROKEN),
        (200, b'{"messages": [{"text": "' + b"x" * 1_000_000 + b'"}]}', Failure.BROKEN),
    ],
)
def test_a_bad_answer_is_a_failure_of_its_kind(server: Server, status: int, body: bytes, failure: Failure) -> None:
    server.status, server.body = status, body
    with pytest.raises(BotFailed) as failed:
        ask(server.url)
    assert failed.value.failure is failure


def test_a_script_in_an_answer_is_only_text(server: Server) -> None:
    server.body = json.dumps({"messages": [{"text": "<script>alert(1)</script>"}]}).encode()
    assert ask(server.url).messages[0].text == "<script>alert(1)</script>"


def test_a_bot_that_is_too_slow_is_not_waited_for(server: Server) -> None:
    server.delay_s = 1.0
    with pytest.raises(BotFailed) as failed:
        ask(server.url, timeout_s=0.2)
    assert failed.value.failure is Failure.BROKEN


def test_nobody_at_the_address_is_a_bot_that_is_away() -> None:
    with pytest.raises(BotFailed) as failed:
        ask("http://127.0.0.1:9")
    assert failed.value.failure is Failure.AWAY


def test_readiness_is_what_the_bot_says(server: Server) -> None:
    assert look(server.url) is BotState.READY
    server.status = 503
    assert look(server.url) is BotState.WARMING
    assert look("http://127.0.0.1:9") is BotState.WARMING


def test_forgetting_is_asked_for_with_the_token_and_anything_but_yes_is_a_failure(server: Server) -> None:
    async def forget() -> None:
        bot = RasaBot(server.url, SecretStr("t" * 32), 2.0)
        try:
            await bot.forget("c1")
        finally:
            await bot.close()

    asyncio.run(forget())
    assert server.heard == [("/webhooks/hotline/erase", f"Bearer {'t' * 32}", {"conversation_id": "c1"})]
    for status in (401, 404, 500, 503):
        server.status = status
        with pytest.raises(BotFailed):
            asyncio.run(forget())
