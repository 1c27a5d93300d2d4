"""Find people, add them, remember whether they want automatic messages."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from backend.customers import rules
from backend.customers.models import Customer


def find(session: Session, phone: str) -> Customer | None:
    """The customer with a number (E.164), or None."""
    return session.scalar(_FIND, {"phone": phone})


_HAS_NUMBER = Customer.phone == bindparam("phone")
_FIND = select(Customer).where(_HAS_NUMBER)


def find_or_add(
    session: Session, phone: str, *, now: datetime, name: str | None = None, language: str | None = None
) -> Customer:
    """The customer with a number, added at the first contact. A name or language told now replaces the one on file."""
    customer = find(session, phone) or _add(session, phone, now)
    customer.name = rules.name_to_keep(customer.name, name)
    customer.language = language or customer.language
    session.flush()
    return customer


def has_texted(session: Session, phone: str, *, language: str | None, otherwise: str, now: datetime) -> Customer:
    """The customer a text has come from, added at the first; nobody else changes the row until the end of the unit of
    work. The number takes texts, whatever its carrier has said before.

    Args:
        language: that of the text, which replaces the one on file; None if it has none, as of a photo.
        otherwise: the language of somebody of whom none is known.
    """
    statement = _has_texted(session.get_bind().dialect.name)
    values = {"phone": phone, "told": language, "language": language or otherwise, "created_at": now}
    return session.scalars(statement, values, execution_options={"populate_existing": True}).one()


@cache
def _has_texted(dialect: str) -> ReturningInsert[Customer]:
    """Look, add and lock in one statement, built once: a carrier waits for it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    names = ("phone", "language", "created_at")
    row = insert(Customer).values({name: bindparam(name) for name in names})
    told = bindparam("told", type_=Customer.language.type)
    kept = func.coalesce(told, Customer.language, row.excluded.language)
    return row.on_conflict_do_update(
        index_elements=[Customer.phone], set_={"language": kept, "no_texts_since": None}
    ).returning(Customer)


def set_opt_out(session: Session, phone: str, now: datetime | None) -> None:
    """Stop automatic messages to a number from `now` on, or allow them again with None.

    A second opt-out keeps the time of the first. Whoever wants messages again has the number: it is no wrong one.
    """
    if now is None:
        if customer := find(session, phone):
            customer.opted_out_at = customer.wrong_since = None
    else:
        customer = find_or_add(session, phone, now=now)
        customer.opted_out_at = customer.opted_out_at or now
    session.flush()


def set_wrong(session: Session, phone: str, since: datetime | None) -> None:
    """Note that a number belongs to somebody else than who gave it, or with None that it is right after all."""
    if since is None:
        if customer := find(session, phone):
            customer.wrong_since = None
    else:
        customer = find_or_add(session, phone, now=since)
        customer.wrong_since = customer.wrong_since or since
    session.flush()


def set_no_texts(session: Session, phone: str, since: datetime | None) -> None:
    """Note that a number takes no texts, as its carrier says, or with None that it does: a text has come from it."""
    if since is None:
        if customer := find(session, phone):
            customer.no_texts_since = None
    else:
        customer = find_or_add(session, phone, now=since)
        customer.no_texts_since = customer.no_texts_since or since
    session.flush()


def takes_texts(session: Session, phone: str) -> bool:
    """Whether nothing is known against texting a number."""
    return session.scalar(_NO_TEXTS_SINCE, {"phone": phone}) is None


def opted_out(session: Session, phone: str) -> bool:
    """Whether a number wants no automatic messages."""
    return opted_out_at(session, phone) is not None


def opted_out_at(session: Session, phone: str) -> datetime | None:
    """Since when a number wants no automatic messages, or None. Neither does one that was given by mistake."""
    known = session.execute(_UNWANTED_SINCE, {"phone": phone}).one_or_none()
    return min((since for since in known or () if since), default=None)


_NO_TEXTS_SINCE = select(Customer.no_texts_since).where(_HAS_NUMBER)
_UNWANTED_SINCE = select(Customer.opted_out_at, Customer.wrong_since).where(_HAS_NUMBER)


def _add(session: Session, phone: str, now: datetime) -> Customer:
    """Add a customer, or find the one another process has added in this instant."""
    customer = Customer(phone=phone, created_at=now)
    try:
        with session.begin_nested():
            session.add(customer)
    except IntegrityError:
        return session.scalars(select(Customer).where(Customer.phone == phone)).one()
    return customer
