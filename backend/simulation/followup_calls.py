"""Agents with time to spare ask by telephone how it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from backend import db
from backend.agents.models import Agent
from backend.errors import Conflict
from backend.followups import rules
from backend.followups import service as followups
from backend.followups.models import FollowUp
from backend.followups.rules import Outcome
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.record import Case, Record, Work
from backend.simulation.stage import Stage
from backend.simulation.timetable import Ahead

SIGN_EVERY = timedelta(minutes=2)
"""How often the console of an agent who is calling says so."""


@dataclass
class Seat:
    """One agent and until when they are busy."""

    number: int
    agent: Agent
    free_at: datetime


class Occupy(Protocol):
    """Keeps a seat busy; returns when the work itself ends."""

    def __call__(self, seat: Seat, work: Work, minutes: float, *, wrap_up: float) -> datetime: ...


class FollowUpCalls:
    """What agents do when no promised call is due."""

    def __init__(
        self,
        stage: Stage,
        agenda: Agenda,
        record: Record,
        plan: Plan,
        occupy: Occupy,
        grade_of: Callable[[Case], int],
    ) -> None:
        self._stage, self._agenda, self._record = stage, agenda, record
        self._ways, self._occupy, self._grade_of = plan.assumed.agents, occupy, grade_of

    def take_up(self, seat: Seat, ahead: Ahead) -> bool:
        """Call somebody, if there is time to spare; whether there was and anybody to be called."""
        now, reference = self._stage.now(), self._stage.reference
        policy = followups.policy_of(reference)
        if ahead.desk.get("followup", now + policy.give_up) > now:
            return False
        if not rules.has_time_to_spare(0, ahead.desk.get("later_call"), policy, now):
            return False
        with db.session_scope(self._stage.sessions) as session:
            taken = followups.take_next(session, seat.agent, reference=reference, now=now)
        if taken is None:
            return False
        self._call(seat, self._record.cases[taken.ticket_id], taken)
        return True

    def _call(self, seat: Seat, case: Case, taken: FollowUp) -> None:
        self._record.followup_calls += 1
        outcome = self._outcome(case, taken)
        minutes = self._ways.unanswered_minutes
        if outcome is Outcome.GRADED:
            minutes = self._ways.followup_minutes * case.person.pace
        ends = self._occupy(seat, Work.FOLLOW_UP, minutes, wrap_up=0)
        at = self._stage.now() + SIGN_EVERY
        while at < ends:
            self._agenda.add(at, lambda: self._sign(seat, taken.id), quiet=True)
            at += SIGN_EVERY
        self._agenda.add(ends, lambda: self._hang_up(seat, case, taken.id, outcome))

    def _sign(self, seat: Seat, followup_id: int) -> None:
        """The console keeps saying that the agent is on the line."""
        with db.session_scope(self._stage.sessions) as session:
            followups.hold(session, followup_id, seat.agent, reference=self._stage.reference, now=self._stage.now())

    def _outcome(self, case: Case, taken: FollowUp) -> Outcome:
        person = case.person
        if case.phone != person.phone:
            return Outcome.WRONG_NUMBER
        if not person.picks_up(len(case.tries) + taken.calls + 1):
            return Outcome.NO_ANSWER
        return Outcome.DECLINED if person.declines_survey else Outcome.GRADED

    def _hang_up(self, seat: Seat, case: Case, followup_id: int, outcome: Outcome) -> None:
        grade = self._grade_of(case) if outcome is Outcome.GRADED else None
        try:
            with db.session_scope(self._stage.sessions) as session:
                followups.record(
                    session,
                    followup_id,
                    outcome,
                    seat.agent,
                    grade=grade,
                    reference=self._stage.reference,
                    now=self._stage.now(),
                )
        except Conflict:
            return  # the customer has answered by text meanwhile
