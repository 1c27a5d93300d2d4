"""Who carries mails to staff: a port, its console twin, and SMTP."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from backend.agents.rules import is_email

TIMEOUT_S = 10


@dataclass(frozen=True)
class Mail:
    """One mail to one person; `reference` is our name for it and becomes its Message-ID."""

    to: str
    subject: str
    body: str
    reference: str


@dataclass(frozen=True)
class Accepted:
    """The server has taken it."""


@dataclass(frozen=True)
class NotSent:
    """It provably did not leave; `for_good` when trying again is of no use."""

    why: str
    for_good: bool = False


@dataclass(frozen=True)
class MaybeSent:
    """The connection broke while the server had the mail: it may or may not have left."""

    why: str


Outcome = Accepted | NotSent | MaybeSent
BAD_ADDRESS = NotSent("bad_address", for_good=True)


class Mailer(Protocol):
    """Someone who carries mails. Blocks for at most some seconds; every failure is an outcome, nothing is raised."""

    @property
    def name(self) -> str:
        """A word for logs and pages."""
        ...

    def send(self, mail: Mail) -> Outcome:
        """Try once."""
        ...


class ConsoleMailer:
    """The default: a mail is its row, shown on the console's page of mails; nothing leaves the house."""

    name = "console"

    def send(self, mail: Mail) -> Outcome:
        """Accept whatever could be sent."""
        return Accepted() if is_email(mail.to) else BAD_ADDRESS


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True)
class SmtpMailer:
    """A mail server that takes mails by SMTP. `none` is for a server on this very machine."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    security: Security = Security.STARTTLS
    timeout_s: float = TIMEOUT_S

    name = "smtp"

    def send(self, mail: Mail) -> Outcome:
        """Try once. Until the server has been given the text, nothing can have left."""
        if not is_email(mail.to):
            return BAD_ADDRESS
        message = self._message(mail)
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError:
            return NotSent("login_refused")
        except (smtplib.SMTPException, OSError) as error:
            return NotSent(type(error).__name__)
        try:
            return _envelope(server, self.sender, mail.to) or _hand_over(server, message)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # the outcome is known; a failing farewell changes nothing
                server.quit()
            server.close()

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(addr_spec=self.sender)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = " ".join(mail.subject.split())
        message["Message-ID"] = f"<{mail.reference}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.body, cte="base64")
        return message

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            if self.security is Security.STARTTLS:
                server.starttls(context=context)
            if self.username:
                server.login(self.username, self.password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server


def _envelope(server: smtplib.SMTP, sender: str, to: str) -> NotSent | None:
    """Announce the mail; None when the server wants it."""
    try:
        for code, _words in (server.mail(sender), server.rcpt(to)):
            if code >= 400:
                return NotSent(f"refused_{code}", for_good=code >= 500)
    except (smtplib.SMTPException, OSError) as error:
        return NotSent(type(error).__name__)
    return None


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> Outcome:
    """Give the text over; from here on a broken connection leaves it open whether the server has it."""
    try:
        code, _words = server.data(message.as_bytes(policy=policy.SMTP))
    except smtplib.SMTPDataError as error:
        return NotSent(f"refused_{error.smtp_code}", for_good=error.smtp_code >= 500)
    except (smtplib.SMTPException, OSError) as error:
        return MaybeSent(type(error).__name__)
    return Accepted() if code < 400 else NotSent(f"refused_{code}", for_good=code >= 500)
