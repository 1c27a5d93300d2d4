"""Customers who are asked how it was: some answer by text, others when called; who was let down grades worse."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backend import db
from backend.followups.asking import key_of
from backend.followups.models import FollowUp
from backend.outbox import reference_rules
from backend.outbox.models import OutboxMessage
from backend.simulation import people
from backend.simulation.agenda import Agenda
from backend.simulation.assumptions import Plan
from backend.simulation.customers import Customers
from backend.simulation.record import Case, Record
from backend.simulation.stage import Stage
from backend.tickets.models import Promise

MINUTE = timedelta(minutes=1)
WHY = ("来得太晚，也没人通知", "You came late and nobody told me.")


class Surveys:
    """What customers think of us, and when they say so."""

    def __init__(self, stage: Stage, agenda: Agenda, record: Record, customers: Customers, plan: Plan) -> None:
        self._stage, self._agenda, self._record, self._customers = stage, agenda, record, customers
        self._assumed = plan.assumed.customers
        self._read = 0

    def look(self) -> None:
        """Read what has left the house since the last look: whoever was asked may answer."""
        left = self._stage.carrier.carried[self._read :]
        self._read += len(left)
        ids = [named[0] for each in left if (named := reference_rules.read_reference(each.reference))]
        if not ids:
            return
        with db.read_scope(self._stage.sessions) as session:
            keys = session.scalars(
                select(OutboxMessage.message_key)
                .where(OutboxMessage.id.in_(ids), OutboxMessage.message_key.startswith("followup:"))
                .order_by(OutboxMessage.id)
            )
            asked = [int(key.split(":")[1]) for key in keys if key == key_of(int(key.split(":")[1]))]
            if not asked:
                return
            tickets = dict(session.execute(select(FollowUp.id, FollowUp.ticket_id).where(FollowUp.id.in_(asked))).all())
        for followup_id in asked:
            self._expect(self._record.cases[tickets[followup_id]])

    def _expect(self, case: Case) -> None:
        person = case.person
        if person.survey_after is None or case.phone != person.phone:
            return
        at = self._customers.awake(self._stage.now() + person.survey_after)
        self._agenda.add(at, lambda: self._answer(case))

    def _answer(self, case: Case) -> None:
        grade = self.grade_of(case)
        self._customers.text_back(case, str(grade))
        if grade <= self._stage.reference.escalations.low_grade_at_most and case.person.says_why:
            words = WHY[case.person.language == "en"]
            self._agenda.add(self._stage.now() + MINUTE, lambda: self._customers.text_back(case, words))

    def grade_of(self, case: Case) -> int:
        """The grade a customer gives: by their mood, and worse when a promise to them was broken."""
        with db.read_scope(self._stage.sessions) as session:
            broken = select(Promise.id).where(Promise.ticket_id == case.ticket_id, Promise.missed_at.is_not(None))
            let_down = session.scalar(broken.limit(1)) is not None
        weights = self._assumed.grades_let_down if let_down else self._assumed.grades
        return people.grade(weights, case.person.mood)
