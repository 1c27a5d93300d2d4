"""Agents: who may sign in, and for how long."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.agents import people, service
from backend.agents.models import AgentSession
from backend.agents.permissions import Role
from backend.errors import Conflict, NotFound, NotSignedIn, Refused


def test_the_right_password_opens_a_session_and_signing_out_ends_it(session: Session, now: datetime) -> None:
    service.add(session, "Lead", "correct horse", name="组长", now=now)
    agent, token = service.sign_in(session, "lead", "correct horse", now=now)
    assert service.by_token(session, token, now=now).id == agent.id
    service.sign_out(session, token)
    with pytest.raises(NotSignedIn):
        service.by_token(session, token, now=now)


@pytest.mark.parametrize(("username", "password"), [("lead", "wrong password"), ("nobody", "correct horse"), ("", "")])
def test_a_wrong_name_and_a_wrong_password_look_the_same(
    session: Session, now: datetime, username: str, password: str
) -> None:
    service.add(session, "lead", "correct horse", name="", now=now)
    with pytest.raises(NotSignedIn, match="Username or password is wrong"):
        service.sign_in(session, username, password, now=now)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(session: Session, now: datetime) -> None:
    service.add(session, "lead", "correct horse", name="", now=now)
    _, idle = service.sign_in(session, "lead", "correct horse", now=now)
    with pytest.raises(NotSignedIn):
        service.by_token(session, idle, now=now + timedelta(hours=2))
    _, busy = service.sign_in(session, "lead", "correct horse", now=now)
    for hour in range(1, 12):
        service.by_token(session, busy, now=now + timedelta(hours=hour))
    with pytest.raises(NotSignedIn):
        service.by_token(session, busy, now=now + timedelta(hours=12))


def test_neither_password_nor_token_is_stored_readable(session: Session, now: datetime) -> None:
    agent = service.add(session, "lead", "correct horse", name="", now=now)
    _, token = service.sign_in(session, "lead", "correct horse", now=now)
    [stored] = session.scalars(select(AgentSession)).all()
    assert token not in stored.token_hash
    assert "correct horse" not in agent.password_hash


@pytest.mark.parametrize(
    ("username", "password"),
    [("x", "long enough!"), ("a b", "long enough!"), ("lead", "short"), ("lead", "lead-lead-lead")],
)
def test_weak_credentials_are_refused_with_the_reason(
    session: Session, now: datetime, username: str, password: str
) -> None:
    with pytest.raises(Refused, match="username|password"):
        service.add(session, username, password, name="", now=now)


def test_a_username_is_given_once(session: Session, now: datetime) -> None:
    service.add(session, "lead", "correct horse", name="", now=now)
    with pytest.raises(Conflict):
        service.add(session, "LEAD", "battery staple", name="", now=now)


def test_an_empty_house_gets_a_first_agent_whose_login_only_the_owner_reads(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    login = service.ensure_first_agent(session, tmp_path, now=now)
    assert login is not None
    assert service.ensure_first_agent(session, tmp_path, now=now) == login
    assert service.sign_in(session, *login, now=now)
    assert stat.S_IMODE((tmp_path / "first-agent").stat().st_mode) == 0o600


def test_the_first_of_a_house_is_its_admin_and_whoever_follows_an_agent_unless_told_otherwise(
    session: Session, now: datetime
) -> None:
    added = [
        service.add(session, f"desk{number}", "correct horse", name="", role=role, now=now)
        for number, role in enumerate((None, None, Role.PARTS))
    ]
    assert [agent.role for agent in added] == [Role.ADMIN, Role.AGENT, Role.PARTS]


def test_a_role_is_given_and_the_last_admin_stays_one(session: Session, now: datetime) -> None:
    service.add(session, "desk1", "correct horse", name="", now=now)
    service.add(session, "desk2", "correct horse", name="", now=now)
    with pytest.raises(Conflict, match="only admin"):
        people.give_role(session, people.by_username(session, "desk1"), Role.AGENT)
    people.give_role(session, people.by_username(session, "DESK2"), Role.ADMIN)
    people.give_role(session, people.by_username(session, "desk1"), Role.READ_ONLY)
    with pytest.raises(NotFound):
        people.by_username(session, "desk3")


class TestHowAnAgentIsReached:
    def test_numbers_and_addresses_are_checked_kept_and_taken_away(self, session: Session, now: datetime) -> None:
        service.add(session, "lead", "correct horse", name="", now=now)
        agent = service.set_contact(session, "Lead", phone="138 0013 8000", email="lead@example.com")
        assert (agent.phone, agent.email) == ("+8613800138000", "lead@example.com")
        agent = service.set_contact(session, "lead", phone="")
        assert (agent.phone, agent.email) == (None, "lead@example.com")
        agent = service.set_contact(session, "lead", email="")
        assert agent.email is None

    @pytest.mark.parametrize("phone", ["12315", "not a number", "+1 415 555 0100"])
    def test_what_cannot_be_rung_is_refused(self, session: Session, now: datetime, phone: str) -> None:
        service.add(session, "lead", "correct horse", name="", now=now)
        with pytest.raises(Refused):
            service.set_contact(session, "lead", phone=phone)

    @pytest.mark.parametrize(
        "email", ["lead", "lead@", "a@b.c\nBcc: d@e.f", "Lead <lead@example.com>", "x" * 120 + "@a.bc"]
    )
    def test_what_is_no_address_is_refused(self, session: Session, now: datetime, email: str) -> None:
        service.add(session, "lead", "correct horse", name="", now=now)
        with pytest.raises(Refused):
            service.set_contact(session, "lead", email=email)

    def test_nobody_unknown_is_given_a_number(self, session: Session) -> None:
        with pytest.raises(NotFound):
            service.set_contact(session, "nobody", phone="13800138000")

    def test_those_who_may_not_sign_in_any_more_are_not_told(self, session: Session, now: datetime) -> None:
        left = service.add(session, "left", "correct horse", name="", role=Role.LEAD, now=now)
        stays = service.add(session, "stays", "correct horse", name="", role=Role.LEAD, now=now)
        service.add(session, "other", "correct horse", name="", role=Role.AGENT, now=now)
        left.active = False
        session.flush()
        assert list(service.active(session, [Role.LEAD])) == [stays]
