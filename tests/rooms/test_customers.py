"""Customers: found again by their number, left alone when they want to be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db
from backend.customers import rules, service
from backend.customers.models import Customer

PHONE = "+8613800138000"


def test_a_customer_is_added_once_and_found_again(session: Session, now: datetime) -> None:
    first = service.find_or_add(session, PHONE, now=now, name="李梅", language="zh")
    again = service.find_or_add(session, PHONE, now=now + timedelta(days=1))
    assert again is first
    assert (again.name, again.language, again.created_at) == ("李梅", "zh", now)


def test_the_name_told_last_is_kept_and_cut_to_its_length(session: Session, now: datetime) -> None:
    service.find_or_add(session, PHONE, now=now, name="李梅")
    assert service.find_or_add(session, PHONE, now=now, name=" 李小梅 ").name == "李小梅"
    assert service.find_or_add(session, PHONE, now=now, name="  ").name == "李小梅"
    assert service.find_or_add(session, PHONE, now=now, name="长" * 10_000).name == "长" * rules.LONGEST_NAME


def test_an_opt_out_holds_from_its_first_time_until_it_is_taken_back(session: Session, now: datetime) -> None:
    assert not service.opted_out(session, PHONE)
    service.set_opt_out(session, PHONE, now)
    service.set_opt_out(session, PHONE, now + timedelta(days=1))
    assert service.opted_out(session, PHONE)
    assert service.opted_out_at(session, PHONE) == now
    service.set_opt_out(session, PHONE, None)
    assert not service.opted_out(session, PHONE)


def test_taking_back_an_opt_out_of_a_stranger_adds_nobody(session: Session) -> None:
    service.set_opt_out(session, PHONE, None)
    assert service.find(session, PHONE) is None


def test_one_number_is_one_person_and_no_number_is_nobody() -> None:
    assert rules.same_person(PHONE, PHONE)
    assert not rules.same_person(PHONE, "+8613900139000")
    assert not rules.same_person(None, None)


def test_two_processes_that_add_one_number_together_add_one_customer(committed: db.Sessions, now: datetime) -> None:
    def add(_: int) -> int:
        with db.session_scope(committed) as session:
            return service.find_or_add(session, PHONE, now=now).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(add, range(12)))) == 1
    with db.read_scope(committed) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1


def test_whoever_texts_is_known_from_then_on_in_the_language_they_write(session: Session, now: datetime) -> None:
    first = service.has_texted(session, PHONE, language=None, otherwise="zh", now=now)
    assert (first.language, first.created_at) == ("zh", now)
    later = service.has_texted(session, PHONE, language="en", otherwise="zh", now=now + timedelta(days=1))
    assert (later.id, later.language, later.created_at) == (first.id, "en", now)
    assert service.has_texted(session, PHONE, language=None, otherwise="zh", now=now).language == "en"


def test_a_text_shows_that_its_number_takes_texts_and_changes_nothing_else(session: Session, now: datetime) -> None:
    service.find_or_add(session, PHONE, now=now, name="李梅")
    service.set_no_texts(session, PHONE, now)
    service.set_opt_out(session, PHONE, now)
    known = service.has_texted(session, PHONE, language="zh", otherwise="zh", now=now)
    assert (known.no_texts_since, known.opted_out_at, known.name) == (None, now, "李梅")
    assert service.takes_texts(session, PHONE)
