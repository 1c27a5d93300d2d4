"""Mails to staff: one conformance test over both mailers, SMTP against a small real server; each mail once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from backend import db
from backend.escalations import mails
from backend.escalations.mailer import (
    Accepted,
    ConsoleMailer,
    Mail,
    Mailer,
    MaybeSent,
    NotSent,
    Outcome,
    Security,
    SmtpMailer,
)
from backend.escalations.models import MailStatus, StaffMail
from conftest import at
from fakes import HandClock

NOW = at("2026-11-24 10:05")
MAIL = Mail("chen@example.com", "工单WY261124-0001 · 报告危险：触电", "请登录客服台确认。\n.\n谢谢\n", "7.agent.1")


class Postbox:
    """A mail server's memory, and how it answers."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.rcpt, self.data = "250 OK", "250 OK"
        self.hangs_up = False

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if self.data.startswith("250"):
            self.received.append(message)
        if self.hangs_up:
            server.transport.close()
        return self.data


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def smtp(postbox: Postbox) -> Iterator[SmtpMailer]:
    port = free_port()
    server = Controller(postbox, hostname="127.0.0.1", port=port)
    server.start()
    yield SmtpMailer("127.0.0.1", port, "hotline@example.com", security=Security.NONE, timeout_s=5)
    server.stop()


@pytest.fixture(params=["console", "smtp"])
def mailer(request: pytest.FixtureRequest) -> Mailer:
    if request.param == "console":
        return ConsoleMailer()
    found: Mailer = request.getfixturevalue("smtp")
    return found


class TestBothMailers:
    def test_accept_a_mail(self, mailer: Mailer) -> None:
        assert mailer.send(MAIL) == Accepted()

    @pytest.mark.parametrize("to", ["nobody", "", "a@example.com\nBcc: b@example.com"])
    def test_refuse_what_is_no_address_for_good(self, mailer: Mailer, to: str) -> None:
        assert mailer.send(Mail(to, "x", "y", "1")) == NotSent("bad_address", for_good=True)

    def test_have_a_name(self, mailer: Mailer) -> None:
        assert mailer.name in ("console", "smtp")


class TestSmtp:
    def test_carries_subject_text_and_our_name_for_it(self, smtp: SmtpMailer, postbox: Postbox) -> None:
        smtp.send(MAIL)
        [message] = postbox.received
        assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)
        assert message["Message-ID"] == "<7.agent.1@example.com>"
        assert message.get_content().replace("\r\n", "\n") == MAIL.body

    @pytest.mark.parametrize(
        ("rcpt", "data", "outcome"),
        [
            ("550 unknown", "250 OK", NotSent("refused_550", for_good=True)),
            ("451 later", "250 OK", NotSent("refused_451")),
            ("250 OK", "554 no", NotSent("refused_554", for_good=True)),
            ("250 OK", "452 full", NotSent("refused_452")),
        ],
    )
    def test_tells_a_refusal_from_a_delay(
        self, smtp: SmtpMailer, postbox: Postbox, rcpt: str, data: str, outcome: Outcome
    ) -> None:
        postbox.rcpt, postbox.data = rcpt, data
        assert smtp.send(MAIL) == outcome

    def test_that_breaks_off_with_the_text_in_hand_may_have_taken_it(self, smtp: SmtpMailer, postbox: Postbox) -> None:
        postbox.hangs_up = True
        assert isinstance(smtp.send(MAIL), MaybeSent)

    def test_without_a_server_has_not_sent(self) -> None:
        outcome = SmtpMailer("127.0.0.1", free_port(), "hotline@example.com", security=Security.NONE).send(MAIL)
        assert outcome == NotSent("ConnectionRefusedError")

    def test_gives_nothing_to_a_server_that_does_not_encrypt_as_told(self, smtp: SmtpMailer, postbox: Postbox) -> None:
        told = SmtpMailer(smtp.host, smtp.port, smtp.sender, username="u", password="p", timeout_s=5)
        assert told.send(MAIL) == NotSent("SMTPNotSupportedError")
        assert postbox.received == []


class Telling:
    """A mailer that answers as told, and remembers what it was given."""

    name = "telling"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes, self.given = list(outcomes), [MAIL][:0]

    def send(self, mail: Mail) -> Outcome:
        self.given.append(mail)
        return self.outcomes.pop(0)


@pytest.fixture
def queue(sessions: db.Sessions) -> Callable[..., None]:
    def add(key: str = "1:agent:1:agent:1:email", **more: object) -> None:
        with db.session_scope(sessions) as session:
            mails.queue(session, to=MAIL.to, subject="s", body="b", key=key, now=NOW, **more)  # type: ignore[arg-type]

    return add


def row(sessions: db.Sessions) -> StaffMail:
    with db.read_scope(sessions) as session:
        return session.scalars(select(StaffMail)).one()


class TestAMailOnItsWay:
    def test_leaves_once(self, sessions: db.Sessions, queue: Callable[..., None]) -> None:
        queue()
        mailer = Telling(Accepted())
        assert mails.send_due(sessions, mailer, NOW) == 1
        assert mails.send_due(sessions, mailer, NOW + timedelta(hours=1)) == 0
        assert (row(sessions).status, row(sessions).sent_at, len(mailer.given)) == (MailStatus.SENT, NOW, 1)

    def test_that_did_not_leave_is_tried_again_later_and_in_the_end_given_up(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        queue()
        mailer = Telling(*[NotSent("ConnectionRefusedError")] * 5)
        assert mails.send_due(sessions, mailer, NOW) == 1
        assert mails.send_due(sessions, mailer, NOW + timedelta(seconds=9)) == 0
        for _ in range(4):
            assert mails.send_due(sessions, mailer, row(sessions).send_after) == 1
        assert (row(sessions).status, row(sessions).reason) == (MailStatus.FAILED, "ConnectionRefusedError")

    def test_that_may_have_left_is_not_sent_again(self, sessions: db.Sessions, queue: Callable[..., None]) -> None:
        queue()
        mails.send_due(sessions, Telling(MaybeSent("SMTPServerDisconnected")), NOW)
        assert mails.send_due(sessions, Telling(), NOW + timedelta(days=1)) == 0
        assert row(sessions).status is MailStatus.UNKNOWN

    def test_whose_process_died_while_it_called_the_server_is_unknown_and_not_sent_again(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        queue()

        class Dies:
            name = "dies"

            def send(self, mail: Mail) -> Outcome:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            mails.send_due(sessions, Dies(), NOW)
        assert row(sessions).status is MailStatus.SENDING
        assert mails.send_due(sessions, Telling(), NOW + timedelta(seconds=59)) == 0
        assert mails.send_due(sessions, Telling(), NOW + timedelta(seconds=60)) == 0
        assert (row(sessions).status, row(sessions).reason) == (MailStatus.UNKNOWN, "abandoned")

    def test_that_is_worthless_by_now_does_not_leave(self, sessions: db.Sessions, queue: Callable[..., None]) -> None:
        queue(valid_until=NOW + timedelta(minutes=5))
        assert mails.send_due(sessions, Telling(), NOW + timedelta(minutes=5)) == 0
        assert row(sessions).status is MailStatus.FAILED

    def test_one_bad_address_does_not_hold_up_the_others(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        queue("a")
        queue("b")
        mailer = Telling(NotSent("bad_address", for_good=True), Accepted())
        assert mails.send_due(sessions, mailer, NOW) == 2
        with db.read_scope(sessions) as session:
            statuses = session.scalars(select(StaffMail.status).order_by(StaffMail.id)).all()
        assert list(statuses) == [MailStatus.FAILED, MailStatus.SENT]

    def test_a_server_that_takes_no_mail_now_is_left_alone_until_the_next_tick(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        for key in "abc":
            queue(key)
        mailer = Telling(NotSent("TimeoutError"), MaybeSent("TimeoutError"), Accepted())
        assert [mails.send_due(sessions, mailer, NOW) for _ in range(4)] == [1, 1, 1, 0]

    def test_that_has_left_after_its_lease_is_sent_whatever_others_took_it_for(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        queue()
        clock = HandClock(NOW)

        class Slow:
            name = "slow"

            def send(self, mail: Mail) -> Outcome:
                clock.move(timedelta(seconds=61))
                mails.send_due(sessions, Telling(), clock.now())
                assert row(sessions).status is MailStatus.UNKNOWN
                return Accepted()

        mails.send_due(sessions, Slow(), NOW, clock=clock.now)
        assert (row(sessions).status, row(sessions).reason) == (MailStatus.SENT, None)

    def test_the_lease_of_a_later_mail_begins_when_it_is_given_to_the_server(
        self, sessions: db.Sessions, queue: Callable[..., None]
    ) -> None:
        queue("a")
        queue("b")
        clock = HandClock(NOW)

        class Slow:
            name = "slow"

            def send(self, mail: Mail) -> Outcome:
                clock.move(timedelta(seconds=40))
                if mail.reference == "b":
                    assert mails.send_due(sessions, Telling(), clock.now()) == 0
                return Accepted()

        assert mails.send_due(sessions, Slow(), NOW, clock=clock.now) == 2
        with db.read_scope(sessions) as session:
            assert set(session.scalars(select(StaffMail.status))) == {MailStatus.SENT}
