"""Texts from customers: signed, stored once, answered through the outbox."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from backend import db
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author
from backend.customers import service as customers
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind
from rooms.web import Web, open_web
from telephony import signature

SENDER = "+8613800138000"


def rows(web: Web, table: type[Any]) -> Sequence[Any]:
    with db.read_scope(web.sessions) as session:
        return session.scalars(select(table).order_by(table.id)).all()


def texts_out(web: Web, count: int = 1) -> Sequence[OutboxMessage]:
    """What is in the outbox, once so many are (the bot answers after the webhook)."""
    deadline = time.monotonic() + 5
    while len(found := rows(web, OutboxMessage)) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_a_text_is_acknowledged_with_an_empty_answer_and_replied_to_through_the_outbox(web: Web) -> None:
    answer = web.text("热水器不热")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    assert answer.text.endswith("<Response></Response>")
    [reply] = texts_out(web)
    assert (reply.to, reply.text, reply.kind) == (SENDER, "收到：热水器不热", OutboxKind.REPLY)


def test_the_same_text_ten_times_at_once_has_one_effect(web: Web) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: web.text("热水器不热", sid="SM" + "a" * 32), range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(texts_out(web)) == 1
    assert [message.author for message in rows(web, Message)] == [Author.CUSTOMER, Author.BOT]
    assert len(web.bot.asked) == 1


def test_two_first_texts_of_one_person_begin_one_conversation(web: Web) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(web.text, ["热水器不热", "还漏水"]))
    texts_out(web, 2)
    assert len(rows(web, Conversation)) == 1


def test_a_text_and_its_answer_cost_few_questions_to_the_database(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    asked: list[str] = []
    with open_web(committed, engine, now, ticking=False) as web:
        house_engine = web.client.app.state.house.sessions.kw["bind"]  # type: ignore[attr-defined]
        event.listen(house_engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
        counts = []
        for body in ("热水器不热", "还漏水"):
            asked.clear()
            web.text(body)
            counts.append(sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in asked))
        assert [row.text for row in texts_out(web, 2)] == ["收到：热水器不热", "收到：还漏水"]
    assert 0 < counts[0] <= 18
    assert 0 < counts[1] <= 19


@pytest.mark.parametrize("forged", [None, "", "AAAA", "x" * 28])
def test_an_unsigned_text_changes_nothing(web: Web, forged: str | None) -> None:
    headers = {} if forged is None else {signature.HEADER: forged}
    form = {"MessageSid": "SM" + "b" * 32, "From": SENDER, "Body": "热水器不热"}
    assert web.client.post("/telephony/sms", data=form, headers=headers).status_code == 403
    assert rows(web, Message) == []
    assert web.bot.asked == []


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_is_refused(web: Web, kind: str) -> None:
    answer = web.client.post("/telephony/sms", content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == 415


def test_a_form_that_is_no_text_message_is_refused_clearly(web: Web) -> None:
    assert web.text("x", sid="nonsense").status_code == 422
    assert rows(web, Message) == []


def test_an_opt_out_works_at_once_and_is_not_answered(web: Web) -> None:
    web.text("热水器不热")
    texts_out(web)
    assert web.text("退订").status_code == 200
    with db.read_scope(web.sessions) as session:
        assert customers.opted_out(session, SENDER)
    assert len(rows(web, OutboxMessage)) == 1
    web.text("恢复")
    assert len(texts_out(web, 2)) == 2
    with db.read_scope(web.sessions) as session:
        assert not customers.opted_out(session, SENDER)


@pytest.mark.parametrize("body", ["取消", "CANCEL", "别退订我"])
def test_words_that_only_sound_like_an_opt_out_are_messages(web: Web, body: str) -> None:
    web.text(body)
    assert [question.text for question in (texts_out(web), web.bot.asked)[1]] == [body]


def test_services_and_empty_texts_get_no_answer(web: Web) -> None:
    assert web.text("您的验证码是 1234", sender="10086").status_code == 200
    assert web.text("").status_code == 200
    assert rows(web, Message) == []


def test_a_web_without_a_bot_still_acknowledges_at_once(web: Web) -> None:
    from backend.conversations.bot_client import BotFailed
    from backend.conversations.rules import Failure

    web.bot.fails = [BotFailed(Failure.AWAY, "starting")]
    assert web.text("热水器不热").status_code == 200
    [told] = texts_out(web)
    assert "启动" in told.text
