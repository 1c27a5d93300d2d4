"""The chat API and the rails around it, over HTTP with a fake bot."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

import pytest
from starlette.websockets import WebSocketDisconnect

from backend import db
from backend.agents import service as agents
from backend.conversations.bot_client import BotFailed
from backend.conversations.rules import Failure
from rooms.web import CHAT, Web


def test_a_turn_answers_with_the_bots_words_and_keeps_the_history(web: Web) -> None:
    talk = web.open()
    answer = talk.say("热水器不热").json()
    assert [message["text"] for message in answer["messages"]] == ["收到：热水器不热"]
    assert answer["mode"] == "bot"
    history = talk.history()["messages"]
    assert [message["author"] for message in history] == ["bot", "customer", "bot"]
    assert [int(message["id"]) for message in history] == [1, 2, 3]
    assert talk.history(after=2)["messages"] == [history[2]]
    assert history[1]["client_message_id"] == "c1"


def test_the_same_client_message_id_gives_the_same_answer_and_asks_the_bot_once(web: Web) -> None:
    talk = web.open()
    assert talk.say("你好").json() == talk.say("你好").json()
    assert len(web.bot.asked) == 1


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), ("   \n", 422), ("\x00\x01", 422), ("热" * 10_000, 413), ("x" * 200_000, 422)],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(web: Web, text: str, status: int) -> None:
    answer = web.open().say(text)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert web.bot.asked == []


@pytest.mark.parametrize(
    "text", ["👩‍🔧🔥", "<script>alert(1)</script>", "/restart", '/inform{"phone":"1"}', "{{7*7}}", "\ud83d"]
)
def test_odd_texts_are_texts_like_any_other(web: Web, text: str) -> None:
    talk = web.open()
    body = json.dumps({"client_message_id": "c1", "text": f"a{text}"})
    headers = talk.headers | {"Content-Type": "application/json"}
    assert web.client.post(f"{talk.path}/messages", content=body, headers=headers).status_code == 200


def test_a_number_beyond_all_messages_is_malformed(web: Web) -> None:
    talk = web.open()
    for after in ("-1", "9" * 30, "x"):
        answer = web.client.get(f"{talk.path}/messages", params={"after": after}, headers=talk.headers)
        assert answer.status_code == 422


def test_a_body_of_megabytes_is_refused_early(web: Web) -> None:
    talk = web.open()
    answer = web.client.post(f"{talk.path}/messages", content=b"x" * 2_000_000, headers=talk.headers)
    assert answer.status_code == 413


def test_nobody_reads_or_writes_in_another_persons_conversation(web: Web) -> None:
    mine, yours = web.open(), web.open()
    yours.say("我的电话 13800138000")
    for headers in (mine.headers, {"Authorization": "Bearer nonsense"}):
        assert web.client.get(f"{yours.path}/messages", headers=headers).status_code == 404
        body = {"client_message_id": "x", "text": "x"}
        assert web.client.post(f"{yours.path}/messages", json=body, headers=headers).status_code == 404
    assert web.client.get(f"{yours.path}/messages").status_code == 401
    assert web.client.get(f"{CHAT}/{'0' * 32}/messages", headers=mine.headers).status_code == 404


def test_a_customers_token_opens_nothing_at_the_desk_nor_for_the_bot(web: Web) -> None:
    headers = web.open().headers
    for path in ("/api/tickets", "/api/callbacks", "/api/tickets/WY261124-0001"):
        assert web.client.get(path, headers=headers).status_code == 401
    assert web.client.post("/api/bot/phones/check", json={"text": "1"}, headers=headers).status_code == 401


def test_the_socket_tells_history_new_messages_and_the_mode(web: Web) -> None:
    talk = web.open()
    protocols = ["hotline.v1", f"bearer.{talk.opened['token']}"]
    with web.client.websocket_connect(f"{talk.path}/socket", subprotocols=protocols) as socket:
        assert socket.accepted_subprotocol == "hotline.v1"
        assert socket.receive_json()["message"]["author"] == "bot"
        assert socket.receive_json() == {"type": "mode", "mode": "bot"}
        talk.say("你好")
        frames = [socket.receive_json() for _ in range(3)]
    assert {"type": "typing", "author": "bot"} in frames
    assert [frame["message"]["author"] for frame in frames if frame["type"] == "message"] == ["customer", "bot"]


@pytest.mark.parametrize(
    ("protocols", "headers"),
    [(["hotline.v1"], {}), (["hotline.v1", "bearer.wrong"], {}), (None, {"Origin": "https://evil.example"})],
)
def test_a_socket_without_token_or_from_a_foreign_page_is_closed(
    web: Web, protocols: list[str] | None, headers: dict[str, str]
) -> None:
    talk = web.open()
    offered = protocols or ["hotline.v1", f"bearer.{talk.opened['token']}"]
    with (
        web.client.websocket_connect(f"{talk.path}/socket", subprotocols=offered, headers=headers) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_json()
    assert closed.value.code in (4403, 4404)


def test_while_the_bot_is_away_the_answer_says_so_and_comes_later(web: Web) -> None:
    web.bot.fails = [BotFailed(Failure.AWAY, "starting")]
    talk = web.open()
    answer = talk.say("热水器不热").json()
    assert [message["author"] for message in answer["messages"]] == ["system"]
    web.clock.move(timedelta(seconds=5))
    again = talk.say("热水器不热").json()
    assert [message["author"] for message in again["messages"]] == ["system", "bot"]


def sign_in(web: Web, now: datetime) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "lead", "correct horse", name="组长", now=now)
    answer = web.client.post("/api/session", json={"username": "lead", "password": "correct horse"})
    assert answer.status_code == 200
    assert "httponly" in answer.headers["set-cookie"].lower()


def test_signing_in_opens_the_desk_and_signing_out_closes_it(web: Web, now: datetime) -> None:
    assert web.client.get("/api/tickets").status_code == 401
    sign_in(web, now)
    assert web.client.get("/api/tickets").status_code == 200
    assert web.client.delete("/api/session").status_code == 204
    assert web.client.get("/api/tickets").status_code == 401


def test_another_sites_page_cannot_act_for_a_signed_in_agent(web: Web, now: datetime) -> None:
    sign_in(web, now)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = web.client.post("/api/callbacks", json={"phone": "13800138000"}, headers=headers)
        assert answer.status_code == 403


def test_guessing_passwords_is_slowed_down(web: Web) -> None:
    tries = [web.client.post("/api/session", json={"username": "lead", "password": "x"}).status_code for _ in range(12)]
    assert tries[0] == 401
    assert tries[-1] == 429


def test_health_readiness_metrics_and_the_description_are_there(web: Web) -> None:
    assert web.client.get("/healthz").json() == {"status": "ok"}
    ready = web.client.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.json()) == {"database", "bot", "scheduler"}
    assert "hotline_requests_total" in web.client.get("/metrics").text
    paths = web.client.get("/openapi.json").json()["paths"]
    assert {f"{CHAT}/{{conversation_id}}/messages", "/telephony/sms", "/api/tickets", "/api/callbacks"} <= set(paths)


def test_every_page_carries_the_security_headers(web: Web) -> None:
    for path in ("/", "/console/", "/healthz"):
        headers = web.client.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_an_unknown_address_is_a_problem_too(web: Web) -> None:
    answer = web.client.get("/api/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_neither_logs_nor_metrics_know_who_wrote_what(
    web: Web, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(web, now)
    with caplog.at_level(logging.DEBUG):
        talk = web.open()
        talk.say("我叫欧阳锋，电话 13912345678")
        web.client.get("/api/tickets", params={"phone": "13912345678", "q": "欧阳锋"})
        web.client.post("/api/session", json={"username": "lead", "password": "欧阳锋 13912345678"})
    seen = caplog.text + web.client.get("/metrics").text
    for secret in ("13912345678", "欧阳锋", talk.opened["token"], talk.opened["conversation_id"]):
        assert secret not in seen
