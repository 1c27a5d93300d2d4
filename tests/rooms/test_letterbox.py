"""A carrier that does not call back is asked; what it hands out is stored at once, and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from backend import db
from backend.conversations import letterbox
from backend.conversations.models import Message
from backend.customers import service as customers
from backend.db import make_engine
from backend.outbox import jobs as outbox_jobs
from backend.outbox import service as outbox
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status
from rooms.visits import PHONE, REFERENCE
from telephony import sms
from telephony.ports import CarrierAway, CarrierStatus, DeliveryStatus, InboundText, Media, Report
from telephony.templates import Template
from telephony.tencent_carrier import TencentCarrier
from tests.telephony.fake_carrier import FakeCarrier
from tests.telephony.fake_tencent import APP, KEY, KEY_ID, FakeTencent, serving

SERIAL = "5000:" + "1" * 28


class Box:
    """Hands out what it holds, once; then it may be away."""

    def __init__(self) -> None:
        self.held: list[Report] = []
        self.came: list[InboundText] = []
        self.is_away = False

    def reports(self) -> Sequence[Report]:
        if self.is_away:
            raise CarrierAway
        found, self.held = self.held, []
        return found

    def texts(self) -> Sequence[InboundText]:
        found, self.came = self.came, []
        return found


def text(words: str, sid: str = "TC" + "a" * 32) -> InboundText:
    return InboundText(sid, PHONE, "", words, (), 0, sms.classify(words), answerable=True)


def empty(sessions: db.Sessions, box: Box, now: datetime, held: letterbox.Held | None = None) -> letterbox.Emptied:
    return letterbox.run_due(sessions, now, box, "tencent", REFERENCE, held or letterbox.Held())


def rows(sessions: db.Sessions) -> Sequence[OutboxMessage]:
    with db.read_scope(sessions) as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def queue(sessions: db.Sessions, now: datetime, words: str = "明天上午到。") -> None:
    with db.session_scope(sessions) as session:
        outbox.queue(session, to=PHONE, text=words, kind=OutboxKind.NOTICE, key=words, language="zh", now=now)


@pytest.mark.parametrize(
    ("word", "status"),
    [(CarrierStatus.DELIVERED, Status.DELIVERED), (CarrierStatus.UNDELIVERED, Status.REFUSED), (None, Status.SENT)],
)
def test_reports_move_texts_forward(
    committed: db.Sessions, now: datetime, word: CarrierStatus | None, status: Status
) -> None:
    queue(committed, now)
    outbox_jobs.run_due(committed, now, FakeCarrier(), REFERENCE, "test")
    [row] = rows(committed)
    box = Box()
    box.held = [Report(DeliveryStatus(row.sid or "", word, None), "")]
    assert empty(committed, box, now).handled == 1
    assert rows(committed)[0].status is status


def test_an_opt_out_that_comes_in_takes_back_what_waits(committed: db.Sessions, now: datetime) -> None:
    queue(committed, now)
    box = Box()
    box.came = [text("退订")]
    assert empty(committed, box, now).answer == []
    with db.read_scope(committed) as session:
        assert customers.opted_out(session, PHONE)
    assert rows(committed)[0].status is Status.SUPPRESSED


def test_what_customers_write_is_a_message_once(committed: db.Sessions, now: datetime) -> None:
    box = Box()
    box.came = [text("几点来"), text("几点来")]
    [conversation_id] = empty(committed, box, now).answer
    box.came = [text("几点来")]
    assert empty(committed, box, now).answer == []
    with db.read_scope(committed) as session:
        assert session.scalars(select(Message.text)).all() == ["几点来"]
        assert session.scalars(select(Message.conversation_id)).one() == conversation_id


def test_a_carrier_that_is_away_is_asked_again_later(committed: db.Sessions, now: datetime) -> None:
    box = Box()
    box.is_away = True
    box.came = [text("几点来")]
    assert empty(committed, box, now) == letterbox.Emptied(0, [])
    box.is_away = False
    assert len(empty(committed, box, now).answer) == 1


def test_what_nobody_can_store_does_not_take_the_others_along(committed: db.Sessions, now: datetime) -> None:
    unusable = replace(text("看图", "TC" + "b" * 32), media=(Media(None, "image/png"),))  # type: ignore[arg-type]
    box = Box()
    box.came = [text("几点来"), unusable, text("快点", "TC" + "c" * 32)]
    empty(committed, box, now)
    with db.read_scope(committed) as session:
        assert session.scalars(select(Message.text).order_by(Message.id)).all() == ["几点来", "快点"]


def test_what_was_handed_out_waits_while_the_database_is_away(committed: db.Sessions, now: datetime) -> None:
    queue(committed, now)
    outbox_jobs.run_due(committed, now, FakeCarrier(), REFERENCE, "test")
    away: db.Sessions = sessionmaker(make_engine("sqlite:////nowhere/at/all.db"))
    held, box = letterbox.Held(), Box()
    box.held = [Report(DeliveryStatus(rows(committed)[0].sid or "", CarrierStatus.DELIVERED, None), "")]
    box.came = [text("退订")]
    assert empty(away, box, now, held) == letterbox.Emptied(0, [])
    assert box.came, "nothing more is asked for while what was handed out waits"
    empty(committed, box, now, held)
    assert rows(committed)[0].status is Status.DELIVERED
    with db.read_scope(committed) as session:
        assert customers.opted_out(session, PHONE)


@pytest.mark.parametrize("sender", ["10690", "WEIYA", "+86１３８００１３８０００", "+86" + "1" * 30, "+٨٦١٣٨٠٠١٣٨٠"])
def test_who_is_no_number_is_no_customer(sender: str) -> None:
    assert not sms.is_number(sender)


def test_through_the_gateway_approved_words_leave_and_others_are_shown_to_an_agent(
    committed: db.Sessions, now: datetime
) -> None:
    with serving(FakeTencent()) as fake:
        carrier = TencentCarrier(
            secret_id=KEY_ID,
            secret_key=KEY,
            app_id=APP,
            signature="威雅电器",
            approved=[Template("1", "师傅{window}上门。")],
            api_url=fake.base_url,
        )
        queue(committed, now, "【威雅电器】师傅明天上门。")
        queue(committed, now, "自由的话")
        outbox_jobs.run_due(committed, now, carrier, REFERENCE, "test")
        approved, free = rows(committed)
        assert approved.status is Status.SENT
        assert (free.status, free.reason) == (Status.REFUSED, "needs_template")
        fake.report()
        fake.reply("TD", PHONE)
        letterbox.run_due(committed, now, carrier, carrier.name, REFERENCE, letterbox.Held())
    with db.read_scope(committed) as session:
        assert customers.opted_out(session, PHONE)
        assert [row.id for row in outbox.attention(session, now=now)] == [free.id]
    assert rows(committed)[0].status is Status.DELIVERED
