"""A call nobody made is never forgotten: recorded, moved on, brought forward."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.callbacks import cases, jobs, queries, service
from backend.callbacks.rules import Status
from backend.conversations.models import Conversation
from backend.errors import Conflict
from backend.reference import Reference
from conftest import at
from tests.rooms.calling_bench import (  # noqa: F401  asked for by name
    OTHER,
    PHONE,
    REFERENCE,
    agent,
    book,
    call_of,
    case_fixture,
    chen_fixture,
    codes,
    conversation_fixture,
    open_case,
    settle,
    take,
    take_next,
    texts,
)


class TestNothingIsForgotten:
    def tick(self, sessions: db.Sessions, now: str, policy: Reference = REFERENCE) -> int:
        return jobs.run_due(sessions, at(now), policy)

    def test_a_window_nobody_called_in_is_recorded_once_and_the_call_stays_first(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        fresh = book(session, OTHER, at("2026-11-24 10:40"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        call = service.get(session, call_of(case).id)
        assert call.overdue_at == at("2026-11-24 11:00")
        assert (call.window_start, call.dial_at) == (at("2026-11-24 11:00"), at("2026-11-24 11:00"))
        assert call.first_start == at("2026-11-24 10:30")
        for moment in ("11:30", "12:00", "17:30", "18:00"):
            self.tick(sessions, f"2026-11-24 {moment}")
        assert codes(session, case.ticket).count("callback_overdue") == 1
        call = service.get(session, call.id)
        assert call.window_start == at("2026-11-25 08:00")
        assert call.remind_at == at("2026-11-25 08:00")
        handed = take_next(session, chen, at("2026-11-25 08:00")).callback
        assert handed is not None
        assert handed.id == call.id
        assert fresh.id != call.id

    def test_a_call_nobody_makes_for_days_is_announced_anew_once(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        session.commit()
        for day in ("24", "25", "26", "27"):
            for moment in ("08:00", "10:20", "11:00", "14:00", "18:00"):
                self.tick(sessions, f"2026-11-{day} {moment}")
        assert len(texts(session)) == 2
        assert service.get(session, call_of(case).id).window_start == at("2026-11-28 08:00")

    def test_an_agent_who_is_just_noting_the_outcome_is_not_disturbed(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        seen = call_of(case).version
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        session.expire_all()
        settle(session, service.get(session, call_of(case).id), Status.DONE, at("2026-11-24 11:01"), version=seen)

    def test_a_call_that_lasts_beyond_its_window_is_not_overdue(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        take(session, call_of(case), chen, at("2026-11-24 10:58"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        assert service.get(session, call_of(case).id).overdue_at is None

    def test_a_step_of_the_ladder_that_slips_breaks_no_word(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        second = settle(session, call_of(case), Status.NO_ANSWER, at("2026-11-24 10:31"))
        session.commit()
        self.tick(sessions, "2026-11-24 11:00")
        second = service.get(session, second.id)
        assert second.overdue_at is None
        assert (second.window_start, second.dial_at) == (at("2026-11-24 11:00"), at("2026-11-24 10:41"))

    def test_a_days_backlog_is_spread_over_the_next_morning_oldest_first(
        self, session: Session, sessions: db.Sessions
    ) -> None:
        calls = [book(session, f"+86138001390{index:02d}", at("2026-11-24 17:20")) for index in range(6)]
        calls += [book(session, f"+86138001391{index:02d}", at("2026-11-24 16:20")) for index in range(6)]
        session.commit()
        self.tick(sessions, "2026-11-24 18:00")
        session.expire_all()
        taken = queries.taken(session, since=at("2026-11-24 18:00"), besides=None)
        assert taken == {at("2026-11-25 08:00"): 6, at("2026-11-25 08:30"): 6}
        older = {
            service.get(session, each.id).window_start for each in calls if each.first_start == at("2026-11-24 16:30")
        }
        assert older == {at("2026-11-25 08:00")}

    def test_over_closed_days_the_backlog_waits_for_the_next_opening(
        self, session: Session, sessions: db.Sessions
    ) -> None:
        closed = dict.fromkeys((date(2026, 2, day) for day in range(14, 24)), None)
        festival = replace(REFERENCE, calendar=replace(REFERENCE.calendar, exceptional_hours=closed))
        call = service.book(session, PHONE, reference=festival, now=at("2026-02-13 17:20")).callback
        session.commit()
        self.tick(sessions, "2026-02-13 18:00", festival)
        moved = service.get(session, call.id)
        assert (moved.window_start, moved.dial_at) == (at("2026-02-24 08:00"), at("2026-02-24 08:00"))

    def test_a_call_at_risk_is_brought_into_a_hand_that_has_become_free(
        self, session: Session, sessions: db.Sessions, conversation: Conversation
    ) -> None:
        night = at("2026-11-23 22:00")
        calls = [book(session, f"+86138001390{index:02d}", night) for index in range(12)]
        first, second = (call_of(open_case(session, conversation, phone, night)) for phone in (PHONE, OTHER))
        assert (first.over_capacity, second.over_capacity) == (True, True)
        assert (first.window_start, second.window_start) == (at("2026-11-24 08:00"), at("2026-11-24 08:30"))
        session.commit()
        assert self.tick(sessions, "2026-11-24 07:50") == 0
        for early in calls[:2]:
            service.cancel(session, early.id, who="a", reference=REFERENCE, now=at("2026-11-24 07:51"))
        session.commit()
        assert self.tick(sessions, "2026-11-24 07:52") == 1
        assert service.get(session, second.id).window_start == at("2026-11-24 08:00")
        assert not service.get(session, first.id).over_capacity
        taken = queries.taken(session, since=night, besides=None)
        assert taken == {at("2026-11-24 08:00"): 6, at("2026-11-24 08:30"): 6}

    def test_a_call_whose_promise_would_be_missed_is_hurried_and_announced_anew(
        self, session: Session, sessions: db.Sessions, case: cases.Case
    ) -> None:
        call = call_of(case)
        late = at("2026-11-24 15:00")
        call.window_start, call.window_end, call.dial_at = late, late + timedelta(minutes=30), late
        call.remind_at = late - timedelta(minutes=15)
        session.commit()
        self.tick(sessions, "2026-11-24 10:10")
        moved = service.get(session, call.id)
        assert moved.window_start == at("2026-11-24 10:30")
        assert moved.remind_at == at("2026-11-24 10:15")
        assert codes(session, case.ticket)[-1] == "callback_forward"
        assert self.tick(sessions, "2026-11-24 10:11") == 0

    @pytest.mark.parametrize("fact", ["chosen", "by_hand", "reminded_at"])
    def test_what_was_chosen_set_by_hand_or_told_is_not_hurried(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent, fact: str
    ) -> None:
        call = call_of(case)
        late = at("2026-11-24 15:00")
        call.window_start, call.window_end, call.dial_at = late, late + timedelta(minutes=30), late
        call.remind_at = None
        setattr(call, fact, at("2026-11-24 10:06") if fact == "reminded_at" else True)
        session.commit()
        self.tick(sessions, "2026-11-24 10:10")
        assert service.get(session, call.id).window_start == late
        assert take_next(session, chen, at("2026-11-24 10:40")).callback is None

    def test_whatever_the_clock_does_nothing_is_doubled(
        self, session: Session, sessions: db.Sessions, case: cases.Case, chen: Agent
    ) -> None:
        session.commit()
        for moment in ("10:20", "12:20", "10:20", "08:20", "10:20", "12:20"):
            self.tick(sessions, f"2026-11-24 {moment}")
        assert len(texts(session)) == 1
        assert codes(session, case.ticket).count("callback_overdue") == 1
        take(session, call_of(case), chen, at("2026-11-24 12:21"))
        with pytest.raises(Conflict):  # the clock went back: the lease is longer, the call still theirs
            take(session, call_of(case), agent(session, "wu", at("2026-11-24 10:00")), at("2026-11-24 10:21"))
