"""What the card of follow-ups shows an agent: the one in hand, the one just noted, or how many wait for spare time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.callbacks.call_rules import NoCall
from backend.console.calls.card import Card
from backend.console.page import Page
from backend.followups import rules, service
from backend.followups.models import FollowUp
from backend.reference import Reference
from backend.reference.followups import Question


@dataclass(frozen=True)
class FollowUpCard:
    """The follow-up in an agent's hand with what to ask; the one just noted; how many could be made now."""

    in_hand: FollowUp | None
    questions: Sequence[Question]
    noted: FollowUp | None
    waiting: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.in_hand or self.noted or self.waiting)


def card(page: Page, calls: Card, reference: Reference, now: datetime) -> FollowUpCard:
    """The card at this moment: promised calls come first."""
    session, agent = page.session, page.agent
    held = service.in_hand(session, agent, now=now) if calls.in_hand is None else None
    may = calls.in_hand is None and calls.why is NoCall.NONE
    spare = may and rules.has_time_to_spare(calls.due, calls.next_at, service.policy_of(reference), now)
    return FollowUpCard(
        in_hand=held,
        questions=reference.followups.questions_for(held.ticket.type.value) if held else (),
        noted=None if held else service.just_noted(session, agent, reference=reference, now=now),
        waiting=service.count_to_call(session, agent, now) if spare and held is None else 0,
    )
