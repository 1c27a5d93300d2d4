"""The next call is handed out once, to somebody who may make it, also when several ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.callbacks import cases, jobs, queries, service
from backend.callbacks.call_rules import NoCall, Turn
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.conversations.models import Conversation
from backend.errors import BadPhone, Conflict, Refused
from backend.kernel.shifts import Roster, Shift
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
    lin_fixture,
    settle,
    take,
    take_next,
)


class TestMyNextCall:
    def test_the_call_that_is_due_is_handed_out_once(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        early = take_next(session, chen, at("2026-11-24 10:29"))
        assert (early.callback, early.no_call, early.next_at) == (None, NoCall.NONE, at("2026-11-24 10:30"))
        due = at("2026-11-24 10:30")
        mine = take_next(session, chen, due)
        assert mine.callback is not None
        assert (mine.callback.id, mine.callback.caller_id, mine.turn) == (call_of(case).id, chen.id, Turn.DUE)
        assert take_next(session, lin, due).callback is None

    def test_asked_again_the_agent_gets_the_same_call(self, session: Session, case: cases.Case, chen: Agent) -> None:
        book(session, OTHER, at("2026-11-24 10:06"))
        first = take_next(session, chen, at("2026-11-24 10:31")).callback
        again = take_next(session, chen, at("2026-11-24 10:33")).callback
        assert first is not None
        assert again is not None
        assert again.id == first.id
        assert again.lease_until == at("2026-11-24 10:38")

    def test_danger_does_not_wait_for_a_time_chosen_before_it(
        self, session: Session, conversation: Conversation, now: datetime, chen: Agent
    ) -> None:
        book(session, PHONE, now, "2026-11-26 09:00")
        cases.report_hazard(
            session,
            conversation_id=conversation.id,
            message_id="m1",
            text="冒烟",
            kind="smoke",
            phone=PHONE,
            reference=REFERENCE,
            now=now,
        )
        assert take_next(session, chen, now).turn is Turn.DANGER

    def test_oldest_first(self, session: Session, now: datetime, chen: Agent, lin: Agent) -> None:
        for minute, phone in enumerate(("+8613800138003", "+8613800138001", "+8613800138002")):
            book(session, phone, now + timedelta(minutes=minute))
        moment = at("2026-11-24 10:31")
        handed = [take_next(session, who, moment).callback for who in (chen, lin, agent(session, "wu", now))]
        assert [each and each.phone[-1] for each in handed] == ["3", "1", "2"]

    def test_danger_is_rung_at_once(
        self, session: Session, conversation: Conversation, now: datetime, chen: Agent
    ) -> None:
        cases.report_hazard(
            session,
            conversation_id=conversation.id,
            message_id="m1",
            text="冒烟",
            kind="smoke",
            phone=PHONE,
            reference=REFERENCE,
            now=now,
        )
        handed = take_next(session, chen, now)
        assert handed.callback is not None
        assert handed.turn is Turn.DANGER

    def test_a_dead_browsers_call_comes_back_after_the_lease_and_its_agent_is_too_late(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        mine = take_next(session, chen, at("2026-11-24 10:30")).callback
        assert mine is not None
        seen = mine.version
        assert take_next(session, lin, at("2026-11-24 10:34:59")).callback is None
        theirs = take_next(session, lin, at("2026-11-24 10:35")).callback
        assert theirs is not None
        assert theirs.id == mine.id
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, at("2026-11-24 10:36"), by=chen.id, version=seen)
        assert not service.hold(session, mine.id, chen, reference=REFERENCE, now=at("2026-11-24 10:36"))

    def test_a_living_browser_keeps_its_call(self, session: Session, case: cases.Case, chen: Agent, lin: Agent) -> None:
        moment = at("2026-11-24 10:30")
        take_next(session, chen, moment)
        for _ in range(10):
            moment += timedelta(minutes=1)
            assert service.hold(session, call_of(case).id, chen, reference=REFERENCE, now=moment)
        assert take_next(session, lin, moment).callback is None

    def test_nobody_moves_cancels_or_settles_what_somebody_else_is_calling(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, now, by=lin.id)
        with pytest.raises(Conflict):
            service.cancel(session, mine.id, who=lin.name, by=lin.id, reference=REFERENCE, now=now)
        with pytest.raises(Conflict):
            service.move(
                session, mine.id, at("2026-11-25 09:00"), None, who="l", by=lin.id, reference=REFERENCE, now=now
            )
        with pytest.raises(Conflict):
            take(session, mine, lin, now)
        assert settle(session, mine, Status.DONE, now, by=chen.id).status is Status.DONE

    def test_a_customer_who_books_anew_while_being_rung_leaves_the_call_as_it_is(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        take(session, call_of(case), chen, now)
        again = service.book(session, PHONE, wanted=(at("2026-11-25 15:00"), None), reference=REFERENCE, now=now)
        assert not again.moved
        assert again.callback.window_start == at("2026-11-24 10:30")

    def test_a_customer_who_cancels_while_being_rung_is_heard_and_the_agent_told(
        self, session: Session, case: cases.Case, chen: Agent
    ) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        cases.cancel(session, case.ticket.ticket_no, PHONE, reference=REFERENCE, now=now)
        with pytest.raises(Conflict):
            settle(session, mine, Status.DONE, now, by=chen.id)

    def test_a_call_given_back_is_anybodys(self, session: Session, case: cases.Case, chen: Agent, lin: Agent) -> None:
        now = at("2026-11-24 10:31")
        mine = take(session, call_of(case), chen, now)
        with pytest.raises(Conflict):
            service.give_back(session, mine.id, lin)
        service.give_back(session, mine.id, chen)
        assert take_next(session, lin, now).callback is not None

    def test_an_agent_has_one_call_in_hand(self, session: Session, case: cases.Case, chen: Agent) -> None:
        now = at("2026-11-24 10:31")
        other = book(session, OTHER, at("2026-11-24 10:06"))
        take(session, call_of(case), chen, now)
        take(session, other, chen, now)
        assert service.get(session, call_of(case).id).caller_id is None
        held = service.in_hand(session, chen, now=now)
        assert held is not None
        assert held.id == other.id

    @pytest.mark.parametrize(
        "number",
        ["+8695588", "+864008888888", "+85298765432", "+12025550123", "+861349123456", "+8675788880000", "110"],
    )
    def test_a_number_that_must_not_be_called_is_refused_before_dialling(
        self, session: Session, case: cases.Case, chen: Agent, number: str
    ) -> None:
        """However it got there: the row is written as no door would let it in."""
        own = frozenset({"+8675788880000"})
        bad = call_of(case)
        bad.phone = number
        good = book(session, OTHER, at("2026-11-24 10:06"))
        session.flush()
        now = at("2026-11-24 10:31")
        with pytest.raises(BadPhone):
            service.take(session, bad.id, chen, own_numbers=own, reference=REFERENCE, now=now)
        handed = take_next(session, chen, now, own=own)
        assert handed.callback is not None
        assert handed.callback.id == good.id
        assert service.get(session, bad.id).status is Status.WRONG_NUMBER
        assert codes(session, case.ticket)[-1] == "callback_uncallable"

    def test_a_fixed_line_is_called(self, session: Session, now: datetime, chen: Agent) -> None:
        book(session, "+8675788886666", now)
        assert take_next(session, chen, at("2026-11-24 10:31")).callback is not None

    def test_nobody_is_called_out_of_hours(self, session: Session, case: cases.Case, chen: Agent) -> None:
        night = at("2026-11-24 18:00")
        assert take_next(session, chen, night).no_call is NoCall.CLOSED
        with pytest.raises(Refused) as refused:
            take(session, call_of(case), chen, night)
        assert refused.value.reason == "closed"

    def test_who_is_not_on_shift_is_handed_nothing_but_may_choose_a_call(
        self, session: Session, case: cases.Case, chen: Agent, lin: Agent
    ) -> None:
        only_chen = Shift(time(8), time(18), people=1, who=frozenset({"chen"}))
        named = replace(REFERENCE, rosters={"general": Roster(REFERENCE.calendar.zone, {1: (only_chen,)})})
        now = at("2026-11-24 10:31")
        assert take_next(session, lin, now, policy=named).no_call is NoCall.OFF_SHIFT
        assert (
            service.take(session, call_of(case).id, lin, own_numbers=(), reference=named, now=now).caller_id == lin.id
        )
        assert take_next(session, chen, now, policy=named).no_call is NoCall.NONE


class TestTwoAtOnce:
    def people(self, sessions: db.Sessions, count: int, now: datetime) -> list[int]:
        with db.session_scope(sessions) as session:
            return [agent(session, f"agent{number}", now).id for number in range(count)]

    def test_agents_who_press_at_once_never_ring_one_customer(self, committed: db.Sessions, now: datetime) -> None:
        people = self.people(committed, 8, now)
        with db.session_scope(committed) as session:
            for index in range(5):
                book(session, f"+86138001380{index:02d}", now)

        def press(person: int) -> int | None:
            with db.session_scope(committed) as session:
                handed = take_next(session, session.get_one(Agent, person), at("2026-11-24 10:31"))
                return handed.callback.id if handed.callback else None

        with ThreadPoolExecutor(8) as pool:
            got = [each for each in pool.map(press, people) if each is not None]
        assert len(got) == len(set(got)) == 5

    def test_of_several_who_take_one_call_one_gets_it(self, committed: db.Sessions, now: datetime) -> None:
        people = self.people(committed, 4, now)
        with db.session_scope(committed) as session:
            call_id = book(session, PHONE, now).id

        def grab(person: int) -> bool:
            try:
                with db.session_scope(committed) as session:
                    call = service.get(session, call_id)
                    take(session, call, session.get_one(Agent, person), at("2026-11-24 10:31"))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(grab, people)) == [False, False, False, True]

    def test_an_outcome_recorded_twice_at_once_makes_one_further_call(
        self, committed: db.Sessions, now: datetime
    ) -> None:
        with db.session_scope(committed) as session:
            call_id, version = book(session, PHONE, now).id, 1

        def record(_: int) -> bool:
            try:
                with db.session_scope(committed) as session:
                    call = service.get(session, call_id)
                    settle(session, call, Status.NO_ANSWER, at("2026-11-24 10:31"), version=version)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(record, range(4))) == [False, False, False, True]
        with db.read_scope(committed) as session:
            assert session.scalar(select(func.count()).select_from(Callback)) == 2

    def test_ticks_at_once_rebook_each_late_call_once_and_overfill_nothing(
        self, committed: db.Sessions, now: datetime
    ) -> None:
        with db.session_scope(committed) as session:
            for index in range(14):
                book(session, f"+86138001380{index:02d}", at("2026-11-24 16:20"))
        with ThreadPoolExecutor(4) as pool:
            handled = list(pool.map(lambda _: jobs.run_due(committed, at("2026-11-24 18:00"), REFERENCE), range(4)))
        assert sum(handled) == 14
        with db.read_scope(committed) as session:
            taken = queries.taken(session, since=now, besides=None)
        assert sorted(taken.values()) == [2, 6, 6]
