"""What tests of agreed visits share: a ticket to visit for, and who makes its links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import reference
from backend.appointments import service
from backend.appointments.links import Links
from backend.appointments.models import Appointment
from backend.callbacks import cases
from backend.conversations import service as conversations
from backend.kernel.window import Window
from backend.outbox.models import OutboxMessage
from backend.tickets import service as tickets
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import PromiseKind, TicketType
from backend.tickets.service import TicketRequest
from conftest import at
from telephony.ports import Capabilities, Feature

REFERENCE = reference.current()
PHONE = "+8613800138000"
LINKS = Links(
    secret="s" * 40,
    public_url="https://hotline.example.com",
    here="http://127.0.0.1:8000",
    capabilities=Capabilities(frozenset({Feature.TWO_WAY_SMS, Feature.URLS})),
)
NO_LINKS = Links("s" * 40, "", "http://127.0.0.1:8000", Capabilities(frozenset({Feature.TWO_WAY_SMS})))


def window(start: str, end: str) -> Window:
    """window("2026-11-25 08:00", "12:00"): both local."""
    return Window(at(start), at(f"{start[:10]} {end}"))


MORNING = window("2026-11-25 08:00", "12:00")
AFTERNOON = window("2026-11-25 13:00", "18:00")
NEXT_MORNING = window("2026-11-26 08:00", "12:00")


def open_case(
    session: Session,
    now: datetime,
    *,
    phone: str = PHONE,
    address: str | None = "",
    kind: TicketType = TicketType.REPAIR,
    language: str = "zh",
    form: str = "f1",
) -> cases.Case:
    """A ticket with its callback, opened on the web; by default in Shunde, each number in a house of its own."""
    if address == "":
        address = f"佛山市顺德区大良街道新宁路{int(phone[-3:]) + 1}号302房"
    conversation, _token = conversations.open_web(session, language=language, reference=REFERENCE, now=now)
    request = TicketRequest(
        conversation.id, form, kind, phone, name="李梅", address=address, language=language, facts={"symptom": "不加热"}
    )
    return cases.open_with_callback(session, request, None, reference=REFERENCE, now=now)


def book(
    session: Session,
    ticket: Ticket,
    wanted: Window,
    now: datetime,
    *,
    who: str = service.CUSTOMER,
    customer_asked: bool = True,
    links: Links = LINKS,
) -> Appointment:
    return service.book(
        session, ticket, wanted, who=who, customer_asked=customer_asked, reference=REFERENCE, links=links, now=now
    )


def queued(session: Session) -> Sequence[OutboxMessage]:
    """All texts in the outbox, in the order they were queued."""
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def promise_of(session: Session, ticket: Ticket, kind: PromiseKind) -> Promise:
    found = tickets.promise_of(session, ticket, kind)
    assert found is not None
    return found


def codes(session: Session, ticket: Ticket) -> list[str]:
    [shown] = cases.show(session, [ticket], REFERENCE)
    return [entry.code for entry in shown.timeline]


def move(session: Session, visit: Appointment, wanted: object, now: datetime, **more: object) -> Appointment:
    return service.move(
        session,
        visit.id,
        wanted,  # type: ignore[arg-type]
        who="customer",
        reference=REFERENCE,
        links=LINKS,
        now=now,
        **more,  # type: ignore[arg-type]
    )
