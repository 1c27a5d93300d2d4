"""The whole house with Twilio as its carrier, through Twilio's own client, against a fake that misbehaves."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.engine import Engine

from backend import db, limits
from backend.appointments.answering import Answering
from backend.appointments.links import Links
from backend.conversations.models import Message
from backend.conversations.turn import Turns
from backend.main import create_app
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import Status
from backend.settings import Settings
from fakes import FakeBot, HandClock
from tests.telephony.fake_twilio import ACCOUNT, NUMBER, TOKEN, Callbacks, FakeTwilio, Manner, serving

BASE = "https://hotline.example"
SMS = f"{BASE}/telephony/sms"
CUSTOMER = "+8613800138000"


class House:
    """The application and its carrier's fake."""

    def __init__(self, twilio: FakeTwilio, callbacks: Callbacks, bot: FakeBot, clock: HandClock, db_: db.Sessions):
        self.twilio, self.callbacks, self.bot, self.clock, self.sessions = twilio, callbacks, bot, clock, db_

    def rows(self) -> Sequence[OutboxMessage]:
        with db.read_scope(self.sessions) as session:
            return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()

    def until(self, what: Callable[[Sequence[OutboxMessage]], bool]) -> Sequence[OutboxMessage]:
        """The rows, once they are as wanted; the house's clock runs meanwhile."""
        deadline = time.monotonic() + 30
        while not what(rows := self.rows()):
            assert time.monotonic() < deadline, [(row.status, row.reason) for row in rows]
            time.sleep(0.05)
            self.clock.move(timedelta(seconds=1))
        return rows


@contextmanager
def opened(committed: db.Sessions, engine: Engine, now: datetime, manner: Callable[[], Manner]) -> Iterator[House]:
    clock, bot = HandClock(now), FakeBot()
    limits.forget()

    def deliver(url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return int(client.post(path, data=dict(form), headers=dict(headers)).status_code)

    callbacks = Callbacks(manner, deliver, late_s=0.5)
    with serving(FakeTwilio(clock.now, callbacks=callbacks)) as twilio:
        settings = Settings(
            database_url=engine.url.render_as_string(hide_password=False),
            secret_key=SecretStr("s" * 40),
            bot_token=SecretStr("s" * 40),
            carrier="twilio",
            public_base_url=BASE,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=SecretStr(TOKEN),
            twilio_from=NUMBER,
            twilio_api_url=twilio.base_url,
        )
        app = create_app(settings, clock=clock)
        app.state.turns = Turns(app.state.house, bot, answerer=Answering(Links.of(app.state.house)))
        with TestClient(app, raise_server_exceptions=False) as client:
            yield House(twilio, callbacks, bot, clock, committed)
            callbacks.close()


def all_delivered(rows: Sequence[OutboxMessage]) -> bool:
    return bool(rows) and all(row.status is Status.DELIVERED for row in rows)


@pytest.mark.parametrize("manner", [Manner.PROMPT, Manner.LATE, Manner.DOUBLED, Manner.REVERSED])
def test_however_the_callbacks_come_an_answer_ends_as_delivered(
    manner: Manner, committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: manner) as house:
        assert house.callbacks.text_in(SMS, "热水器不热", CUSTOMER) == [200]
        [row] = house.until(all_delivered)
        house.callbacks.wait()
        assert [message["body"] for message in house.twilio.messages] == [row.text] == ["收到：热水器不热"]
        told = [status for word, status in house.callbacks.answered if word in ("queued", "sent", "delivered")]
        assert set(told) == {204}
        assert len(told) == (6 if manner is Manner.DOUBLED else 3)
        assert house.rows()[0].status is Status.DELIVERED


@pytest.mark.parametrize("word", ["taken, 503", "taken, connection lost", "taken, empty object", "taken, page"])
def test_a_spoiled_answer_is_settled_by_the_callback_and_nobody_is_texted_twice(
    word: str, committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: Manner.LATE) as house:
        house.twilio.script.append(word)
        house.callbacks.text_in(SMS, "热水器不热", CUSTOMER)
        house.until(all_delivered)
        assert len(house.twilio.messages) == 1


def test_without_a_callback_what_is_unknown_is_found_at_twilio(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: Manner.NEVER) as house:
        house.twilio.script.append("taken, 503")
        house.callbacks.text_in(SMS, "热水器不热", CUSTOMER)
        [row] = house.until(lambda rows: bool(rows) and rows[0].status in (Status.SENT, Status.DELIVERED))
        assert len(house.twilio.messages) == 1
        assert row.sid == house.twilio.messages[0]["sid"]


def test_what_was_not_processed_is_sent_again_and_arrives_once(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: Manner.PROMPT) as house:
        house.twilio.script.extend([20429, 20429])
        house.callbacks.text_in(SMS, "热水器不热", CUSTOMER)
        house.until(all_delivered)
        assert len(house.twilio.messages) == 1
        assert len(house.twilio.requests) == 3


def test_the_same_text_ten_times_at_once_is_answered_once(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: Manner.PROMPT) as house:
        assert house.callbacks.text_in(SMS, "热水器不热", CUSTOMER, times=10) == [200] * 10
        house.until(all_delivered)
        assert len(house.bot.asked) == 1
        assert len(house.twilio.messages) == 1


def test_ten_people_whose_callbacks_come_in_every_manner_are_each_answered_once(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    manners = itertools.cycle([Manner.PROMPT, Manner.LATE, Manner.DOUBLED, Manner.REVERSED])
    words = itertools.cycle(["ok", "taken, 503", 20429, "taken, connection lost"])
    with opened(committed, engine, now, lambda: next(manners)) as house:
        house.twilio.luck = lambda: next(words)
        for number in range(10):
            house.callbacks.text_in(SMS, "热水器不热", f"+86138001380{number:02}")
        house.until(lambda rows: len(rows) == 10 and all_delivered(rows))
        assert len({message["to"] for message in house.twilio.messages}) == len(house.twilio.messages) == 10


def test_a_text_signed_for_another_account_changes_nothing(
    committed: db.Sessions, engine: Engine, now: datetime
) -> None:
    with opened(committed, engine, now, lambda: Manner.NEVER) as house:
        assert house.callbacks.text_in(f"{BASE}/telephony/sms?x=1", "喂", CUSTOMER) == [200]  # signed with its query
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("tests.telephony.fake_twilio.callbacks.ACCOUNT", "AC" + "2" * 32)
            assert house.callbacks.text_in(SMS, "热水器不热", CUSTOMER) == [403]
        with db.read_scope(house.sessions) as session:
            assert [row.text for row in session.scalars(select(Message)) if row.author.value == "customer"] == ["喂"]
