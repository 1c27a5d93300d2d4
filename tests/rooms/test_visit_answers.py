"""Answers by text: 1, 2, 3 and the number of a window, and nothing else."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db
from backend.appointments import jobs, service, settling
from backend.appointments.answering import Answering
from backend.appointments.models import Appointment
from backend.appointments.replies import Answer, read_answer, read_choice
from backend.appointments.rules import Status
from backend.conversations import service as conversations
from backend.conversations.models import Message
from backend.conversations.rules import Author
from backend.outbox import jobs as outbox_jobs
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.tickets.models import Ticket
from backend.tickets.rules import Status as TicketStatus
from conftest import at
from rooms.visits import AFTERNOON, LINKS, MORNING, NEXT_MORNING, PHONE, REFERENCE, book, open_case, queued, window
from rooms.web import Web
from telephony import sms
from telephony.console_carrier import ConsoleCarrier

_IDS = itertools.count(1)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1", Answer.CONFIRM),
        ("１", Answer.CONFIRM),
        ("1.", Answer.CONFIRM),
        (" 1 ", Answer.CONFIRM),
        ("1。", Answer.CONFIRM),
        ("①", Answer.CONFIRM),
        ("一", Answer.CONFIRM),
        ("回复1", Answer.CONFIRM),
        ("1 确认", Answer.CONFIRM),
        ("确认", Answer.CONFIRM),
        ("確認！", Answer.CONFIRM),
        ("好的", Answer.CONFIRM),
        ("OK", Answer.CONFIRM),
        ("Yes.", Answer.CONFIRM),
        ("1 OK", Answer.CONFIRM),
        ("2", Answer.OTHER_TIME),
        ("２。", Answer.OTHER_TIME),
        ("二", Answer.OTHER_TIME),
        ("改时间", Answer.OTHER_TIME),
        ("改時間", Answer.OTHER_TIME),
        ("换个时间", Answer.OTHER_TIME),
        ("Other time", Answer.OTHER_TIME),
        ("2 other time", Answer.OTHER_TIME),
        ("reschedule", Answer.OTHER_TIME),
        ("3", Answer.CANCEL),
        ("三", Answer.CANCEL),
        ("3、取消", Answer.CANCEL),
        ("取消", Answer.CANCEL),
        ("取消上门", Answer.CANCEL),
        ("CANCEL", Answer.CANCEL),
        ("4", None),
        ("12", None),
        ("别取消", None),
        ("取消订单退款", None),
        ("不是1", None),
        ("1楼", None),
        ("我家在1号楼", None),
        ("你好", None),
        ("热水器漏电了", None),
        ("13800138000", None),
        ("", None),
        ("1" * 4000, None),
    ],
)
def test_only_a_whole_message_answers(said: str, meant: Answer | None) -> None:
    assert read_answer(said) is meant


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1", 1), ("２", 2), ("3.", 3), ("第二个", 2), ("选3", 3), ("回1", 1), ("2号", 2), ("option 2", 2), ("三", 3),
        ("0", 0), ("都不行", 0), ("不改了", 0), ("none", 0), ("4", None), ("明天", None), ("11月25日", None),
    ],
)  # fmt: skip
def test_a_window_is_chosen_by_its_number(said: str, number: int | None) -> None:
    chosen = read_choice(said, 3)
    assert (chosen.number if chosen else None) == number


class Texting:
    """A customer with an agreed visit who has had our text and texts back."""

    def __init__(self, session: Session, sessions: db.Sessions, now: datetime, language: str = "zh") -> None:
        self.session, self.sessions, self.now = session, sessions, now
        self.ticket: Ticket = open_case(session, now, language=language).ticket
        self.visit_id = book(session, self.ticket, MORNING, now).id
        self.answer = Answering(LINKS)
        self.deliver()

    @property
    def visit(self) -> Appointment:
        return service.get(self.session, self.visit_id)

    def deliver(self) -> None:
        """Whatever waits in the outbox leaves."""
        self.session.commit()
        carrier = ConsoleCarrier(say=lambda _: None)
        outbox_jobs.run_due(self.sessions, self.now, carrier, REFERENCE, "test")
        self.session.expire_all()

    def says(self, text: str, phone: str = PHONE) -> bool:
        """Whether the text was answered at once."""
        conversation = conversations.text_conversation(self.session, phone, language="zh", now=self.now)
        message = conversations.accept(
            self.session, conversation, f"m{next(_IDS)}", text, reference=REFERENCE, now=self.now
        ).message
        is_answered = self.answer(self.session, conversation, message, reference=REFERENCE, now=self.now)
        message.answered_at = self.now
        self.deliver()
        return is_answered

    @property
    def heard(self) -> str:
        """The last thing we texted."""
        last = outbox.last_left_to(self.session, PHONE)
        assert last is not None
        return last.text


@pytest.fixture
def texting(session: Session, sessions: db.Sessions, now: datetime) -> Texting:
    return Texting(session, sessions, now)


def test_one_confirms(texting: Texting) -> None:
    assert texting.says("１")
    assert texting.visit.customer_confirmed_at == texting.now
    assert "请留人在家" in texting.heard


def test_two_offers_windows_and_a_number_takes_one(texting: Texting) -> None:
    assert texting.says("2")
    assert texting.heard.startswith("可以改到：1 11月24日（周二）13:00-18:00；2 11月25日（周三）13:00-18:00")
    assert "08:00-12:00；" not in texting.heard.split("；")[1]
    assert sms.segments(texting.heard) <= 2
    assert texting.says("2")
    assert (texting.visit.status, texting.visit.window_start) == (Status.MOVED, AFTERNOON.start)
    assert "改好了" in texting.heard
    assert texting.ticket.visit_code in texting.heard
    kinds = [each.kind for each in queued(texting.session)]
    assert kinds == [OutboxKind.NOTICE, OutboxKind.REPLY, OutboxKind.REPLY]  # nothing is told twice


def test_after_two_a_day_in_words_takes_a_window(texting: Texting) -> None:
    texting.says("改时间")
    assert texting.says("后天上午吧")
    assert texting.visit.window_start == NEXT_MORNING.start


def test_after_two_a_whole_day_asks_which(texting: Texting) -> None:
    texting.says("2")
    assert texting.says("后天")
    assert "11月26日（周四）08:00-12:00；2 11月26日（周四）13:00-18:00" in texting.heard
    assert texting.says("1")
    assert texting.visit.window_start == NEXT_MORNING.start


def test_zero_keeps_the_time(texting: Texting) -> None:
    texting.says("2")
    assert texting.says("都不行")
    assert (texting.visit.status, texting.visit.window_start) == (Status.CONFIRMED, MORNING.start)
    assert "还是11月25日" in texting.heard


def test_three_cancels(texting: Texting) -> None:
    assert texting.says("取消")
    assert texting.visit.status is Status.CANCELLED
    assert texting.ticket.status is TicketStatus.WAITING
    assert "已取消" in texting.heard


def test_a_window_taken_meanwhile_brings_the_next_offers(texting: Texting) -> None:
    texting.says("2")
    for number in range(4):
        other = open_case(texting.session, texting.now, phone=f"+861390013900{number}").ticket
        book(texting.session, other, AFTERNOON, texting.now)
    assert texting.says("2")
    assert texting.heard.startswith("那个时段刚被约走")
    assert "11月25日（周三）13:00" not in texting.heard
    assert texting.visit.window_start == MORNING.start
    assert texting.says("1")
    assert texting.visit.status is Status.MOVED


def test_in_english(session: Session, sessions: db.Sessions, now: datetime) -> None:
    texting = Texting(session, sessions, now, "en")
    assert "Reply 1 OK" in texting.heard
    assert texting.says("2")
    assert texting.heard.startswith("You can have: 1: Tue 24 Nov, 13:00-18:00; 2: Wed 25 Nov")
    assert sms.segments(texting.heard) <= 2
    assert texting.says("2")
    code = texting.ticket.visit_code
    assert texting.heard == f"Done: the technician comes Wed 25 Nov, 13:00-18:00. The visit code is {code}."


@pytest.mark.parametrize("said", ["热水器漏水了", "4", "师傅几点来", "转人工", "我要投诉"])
def test_everything_else_is_the_bots(texting: Texting, said: str) -> None:
    before = texting.visit.version
    assert not texting.says(said)
    assert texting.visit.version == before


def test_a_number_is_no_answer_once_something_else_was_said_to_them(texting: Texting) -> None:
    conversation = conversations.text_conversation(texting.session, PHONE, language="zh", now=texting.now)
    said = conversations.say(texting.session, conversation, Author.BOT, "热水器是什么型号？", now=texting.now)
    conversations.send_out(
        texting.session, conversation, said, OutboxKind.REPLY, answering=texting.now, now=texting.now
    )
    texting.deliver()
    assert not texting.says("1")
    assert texting.visit.customer_confirmed_at is None


def test_a_number_is_no_answer_days_later(texting: Texting) -> None:
    texting.now += timedelta(hours=49)
    assert not texting.says("3")
    assert texting.visit.status is Status.CONFIRMED


def test_somebody_elses_number_changes_nothing(texting: Texting) -> None:
    assert not texting.says("3", phone="+8613900139009")
    assert texting.visit.status is Status.CONFIRMED


def test_a_number_that_was_corrected_is_theirs_no_more(texting: Texting) -> None:
    texting.ticket.contact_phone = "+8613900139009"
    assert not texting.says("3")


def test_an_answer_to_a_visit_that_is_over_says_so(texting: Texting) -> None:
    settling.done(
        texting.session, texting.visit_id, solved=False, who="x", reference=REFERENCE, now=at("2026-11-25 09:00")
    )
    texting.now = at("2026-11-25 09:30")
    assert texting.says("1")
    assert "已经结束或取消" in texting.heard


def test_who_was_not_at_home_gets_new_windows(texting: Texting) -> None:
    texting.now = at("2026-11-25 09:00")
    settling.customer_absent(
        texting.session, texting.visit_id, who="x", reference=REFERENCE, links=LINKS, now=texting.now
    )
    texting.deliver()
    assert texting.says("2")
    assert texting.heard.startswith("可以另约：1 ")
    assert texting.says("1")
    opened = service.agreed(texting.session, texting.ticket)
    assert opened is not None
    assert opened.id != texting.visit_id
    assert texting.ticket.status is TicketStatus.SCHEDULED


def test_a_reminder_asks_again(texting: Texting) -> None:
    texting.now = at("2026-11-24 17:00")
    texting.session.commit()
    jobs.run_due(texting.sessions, texting.now, REFERENCE, LINKS)
    texting.deliver()
    assert "提醒" in texting.heard
    assert texting.says("1")
    assert texting.visit.customer_confirmed_at == texting.now


def test_opted_out_customers_get_no_reminder(texting: Texting) -> None:
    outbox.opt_out(texting.session, PHONE, texting.now)
    texting.now = at("2026-11-24 17:00")
    texting.session.commit()
    jobs.run_due(texting.sessions, texting.now, REFERENCE, LINKS)
    texting.deliver()
    assert [each.status.value for each in queued(texting.session)] == ["sent", "suppressed"]


def test_the_turn_asks_here_before_the_bot(web: Web) -> None:
    now = web.clock.now()
    with db.session_scope(web.sessions) as session:
        visit_id = book(session, open_case(session, now).ticket, window("2026-11-25 08:00", "12:00"), now).id
    outbox_jobs.run_due(web.sessions, now, ConsoleCarrier(say=lambda _: None), REFERENCE, "test")
    assert web.text("1", PHONE).status_code == 200
    assert web.text("我还想问个问题", PHONE).status_code == 200
    with db.session_scope(web.sessions) as session:
        assert service.get(session, visit_id).customer_confirmed_at is not None
        said = session.scalars(select(Message).where(Message.author == Author.BOT)).all()
        assert any("请留人在家" in message.text for message in said)
    assert [question.text for question in web.bot.asked] == ["我还想问个问题"]
