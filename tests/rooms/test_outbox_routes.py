"""Carriers' webhooks: only signed ones count, each once; and what a simulated phone sees."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.datastructures import ImmutableMultiDict

from backend import db, problems, reference
from backend.bus import Bus
from backend.depends import House
from backend.outbox import jobs, routes, service, webhook
from backend.outbox.models import OutboxMessage, WebhookReceipt
from backend.outbox.rules import Medium, OutboxKind, Status
from backend.settings import Settings
from conftest import at
from fakes import HandClock
from telephony import signature, simulator
from tests.telephony.fake_carrier import FakeCarrier

NOW = at("2026-11-24 10:05")
PUBLIC = "https://hotline.example"
ACCOUNT, TOKEN, OLD = "AC" + "1" * 32, "t" * 32, "o" * 32
SECRET, BOT = "s" * 32, "b" * 32
SID = "SM" + "5" * 32
PERSON = "+8613800138000"

Client = Callable[..., TestClient]


@pytest.fixture
def client(sessions: db.Sessions) -> Iterator[Client]:
    """A client of the room's routes alone, with the settings given."""
    clients = []

    def make(base_url: str = PUBLIC, sessions: db.Sessions = sessions, **settings: Any) -> TestClient:
        told: dict[str, Any] = {"secret_key": SECRET, "bot_token": BOT, "public_base_url": PUBLIC} | settings
        app = FastAPI()
        app.state.house = House(
            settings=Settings(_env_file=None, **told),
            sessions=sessions,
            clock=HandClock(NOW),
            reference=reference.current(),
            carrier=FakeCarrier(),
            bus=Bus(),
        )
        problems.install(app)
        app.include_router(routes.router)
        clients.append(TestClient(app, base_url=base_url, raise_server_exceptions=False))
        return clients[-1]

    yield make
    for one in clients:
        one.close()


@pytest.fixture
def live(client: Client) -> TestClient:
    return client(
        carrier="twilio",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_auth_token_old=OLD,
        twilio_from="MG" + "2" * 32,
    )


@pytest.fixture
def sent(sessions: db.Sessions) -> OutboxMessage:
    """A text that has left."""
    with db.session_scope(sessions) as session:
        row = service.queue(session, to=PERSON, text="您好", kind=OutboxKind.REPLY, now=NOW, key="k", language="zh")
    jobs.run_due(sessions, NOW, FakeCarrier(), reference.current(), "test")
    return row


def form(status: str = "delivered", **more: str) -> list[tuple[str, str]]:
    fields = {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": status, "ApiVersion": ""} | more
    return list(fields.items())


def post(
    client: TestClient,
    fields: list[tuple[str, str]],
    *,
    path: str = "/telephony/status",
    query: str = "",
    token: str = TOKEN,
    base: str = PUBLIC,
    headers: dict[str, str] | None = None,
) -> int:
    signed = signature.sign(signature.address(base, path, query), ImmutableMultiDict(fields), token)
    told = {"content-type": "application/x-www-form-urlencoded", signature.HEADER: signed} | (headers or {})
    told = {name: value for name, value in told.items() if value}
    answer = client.post(path + (f"?{query}" if query else ""), content=urlencode(fields), headers=told)
    return answer.status_code


def status_of(sessions: db.Sessions) -> Status:
    with sessions() as session:
        return session.scalars(select(OutboxMessage.status)).one()


def receipts(sessions: db.Sessions) -> int:
    with sessions() as session:
        return len(session.scalars(select(WebhookReceipt)).all())


def test_a_signed_status_callback_has_its_effect_once(
    live: TestClient, sessions: db.Sessions, sent: OutboxMessage
) -> None:
    for _ in range(3):
        assert post(live, form(), query=f"ref={sent.id}.1") == 204
    assert status_of(sessions) is Status.DELIVERED
    assert receipts(sessions) == 1


def test_callbacks_may_come_in_any_order(live: TestClient, sessions: db.Sessions, sent: OutboxMessage) -> None:
    for word in ("delivered", "sent", "queued", "something new"):
        assert post(live, form(word), query=f"ref={sent.id}.1") == 204
    assert status_of(sessions) is Status.DELIVERED


def test_both_tokens_and_new_repeated_and_blank_fields_are_accepted(live: TestClient, sent: OutboxMessage) -> None:
    fields = [*form(), ("RawDlrDoneDate", ""), ("Tag", "b"), ("Tag", "a"), ("标签", "修好了")]
    assert post(live, fields, query=f"ref={sent.id}.1") == 204
    assert post(live, form("sent"), query=f"ref={sent.id}.1", token=OLD) == 204


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"token": "x" * 32}, 403),
        ({"token": BOT}, 403),
        ({"token": simulator.token(SECRET)}, 403),
        ({"base": "https://other.example"}, 403),
        ({"headers": {signature.HEADER: ""}}, 403),
        ({"headers": {signature.HEADER: "AAAA"}}, 403),
        ({"fields": form(AccountSid="AC" + "9" * 32)}, 403),
        ({"fields": [*form(), ("AccountSid", "AC" + "9" * 32)]}, 403),
        ({"fields": [item for item in form() if item[0] != "AccountSid"]}, 403),
        ({"headers": {"content-type": "text/plain"}}, 415),
        ({"headers": {"content-type": "application/json"}}, 415),
        ({"headers": {"content-type": "multipart/form-data; boundary=x"}}, 415),
        ({"headers": {"content-type": ""}}, 415),
        ({"headers": {"content-encoding": "gzip"}}, 415),
        ({"fields": [*form(), *[(f"F{n}", "") for n in range(1200)]]}, 413),
        ({"fields": form(Body="水" * 40_000)}, 413),
        ({"fields": form(MessageSid="nonsense")}, 422),
    ],
)
def test_anything_else_changes_nothing(
    live: TestClient, sessions: db.Sessions, sent: OutboxMessage, changed: dict[str, Any], expected: int
) -> None:
    told = {"fields": form(), "query": f"ref={sent.id}.1"} | changed
    assert post(live, told.pop("fields"), **told) == expected
    assert status_of(sessions) is Status.SENT
    assert receipts(sessions) == 0


def test_a_refusal_is_a_problem_document_without_the_form_in_it(live: TestClient) -> None:
    answer = live.post("/telephony/status", data={"From": PERSON})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "bad_signature"
    assert PERSON not in answer.text


def test_a_body_that_is_not_utf8_is_refused(live: TestClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", signature.HEADER: "A" * 28}
    assert live.post("/telephony/status", content=b"Body=%ff\xff&x", headers=headers).status_code == 403


def test_a_body_that_never_ends_is_cut_off(live: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 4096

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert live.post("/telephony/status", content=endless(), headers=headers).status_code == 413


def test_a_callback_about_an_unknown_text_is_accepted_without_effect(live: TestClient, sessions: db.Sessions) -> None:
    for query in ("", "ref=999.1", "ref=nonsense", "ref="):
        assert post(live, form(query or "sent"), query=query) == 204


@pytest.mark.parametrize("token", [simulator.token(SECRET), BOT])
@pytest.mark.parametrize("base", [PUBLIC, "http://127.0.0.1:8000"])
def test_with_the_console_carrier_a_simulated_phone_may_sign(
    client: Client, sessions: db.Sessions, sent: OutboxMessage, token: str, base: str
) -> None:
    house = client(base_url="http://127.0.0.1:8000")
    assert post(house, form(), query=f"ref={sent.id}.1", token=token, base=base) == 204
    assert status_of(sessions) is Status.DELIVERED
    assert post(house, form("read"), query=f"ref={sent.id}.1", token="") == 403


def test_the_same_address_takes_what_becomes_of_calls(live: TestClient, sessions: db.Sessions) -> None:
    with db.session_scope(sessions) as session:
        row = service.queue(
            session, to=PERSON, text="漏电", kind=OutboxKind.ALARM, medium=Medium.CALL, now=NOW, key="a", language="zh"
        )
    jobs.run_due(sessions, NOW, FakeCarrier(), reference.current(), "test")
    for word, expected in (
        ("in-progress", Status.SENT),
        ("completed", Status.DELIVERED),
        ("ringing", Status.DELIVERED),
    ):
        fields = [("AccountSid", ACCOUNT), ("CallSid", "CA" + "5" * 32), ("CallStatus", word)]
        assert post(live, fields, query=f"ref={row.id}.1") == 204
        assert status_of(sessions) is expected
    assert post(live, [("AccountSid", ACCOUNT), ("CallSid", "nonsense"), ("CallStatus", "busy")]) == 422


def test_the_address_is_checked_as_it_came(client: Client) -> None:
    """An escaped path or query must not be normalised before the signature is computed."""
    house = client(carrier="console")
    assert post(house, form(), query="ref=%31.1&x=a+b&empty=", token=BOT) == 204


def test_ten_equal_callbacks_at_once_have_one_effect(committed: db.Sessions) -> None:
    news: list[bool] = []

    def remember() -> None:
        with db.session_scope(committed) as session:
            news.append(webhook.remember(session, "sms", SID, NOW))

    threads = [threading.Thread(target=remember) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 9 + [True]


def ask(client: TestClient, token: str, **body: Any) -> Any:
    answer = client.post("/telephony/simulator/messages", json=body, headers={"Authorization": f"Bearer {token}"})
    return answer.json()["messages"] if answer.status_code == 200 else answer.status_code


def test_a_simulated_phone_sees_its_texts_in_the_order_they_came(
    client: Client, sessions: db.Sessions, sent: OutboxMessage
) -> None:
    house, token = client(), simulator.token(SECRET)
    with db.session_scope(sessions) as session:
        service.queue(session, to=PERSON, text="再见", kind=OutboxKind.REPLY, now=NOW, key="k2", language="zh")
    jobs.run_due(sessions, NOW + timedelta(seconds=1), FakeCarrier(), reference.current(), "test")
    assert [(text["id"], text["text"]) for text in ask(house, token, phone=PERSON)] == [(1, "您好"), (2, "再见")]
    assert [text["text"] for text in ask(house, BOT, to="138 0013 8000", after=1)] == ["再见"]
    assert datetime.fromisoformat(ask(house, token, phone=PERSON)[0]["sent_at"]) == NOW
    assert ask(house, token, phone="Bank") == []


def test_a_simulated_phone_needs_a_token_and_a_house_without_a_live_carrier(client: Client, live: TestClient) -> None:
    house = client()
    assert ask(house, "wrong", phone=PERSON) == 401
    assert house.post("/telephony/simulator/messages", json={"phone": PERSON}).status_code == 401
    assert ask(live, simulator.token(SECRET), phone=PERSON) == 404
    assert ask(house, BOT, phone=PERSON, after=-1) == 422
