"""What the card of "my next call" shows, gathered: the call in hand, the one just settled, or what is waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.callbacks import call_rules, service, wording
from backend.callbacks import queries as bookings
from backend.callbacks.call_rules import NoCall, Retry
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.console import queries, views
from backend.console.calls import bridges
from backend.console.calls.bridges import BridgeView
from backend.console.page import Page
from backend.console.rules import Seen
from backend.console.views import TicketView
from backend.console.words import mark
from backend.conversations.models import Message
from backend.customers import service as customers
from backend.errors import BadPhone
from backend.kernel import phone as phones
from backend.outbox import service as outbox
from backend.reference import Reference
from backend.tickets.models import Ticket


@dataclass(frozen=True)
class InHand:
    """The call an agent is making.

    Attributes:
        turn: why it is its turn, or None when the agent chose it.
        view: the ticket with its promises, or None.
        said: the customer's last words.
        earlier: the calls made before for the same promise.
        warnings: what to know of the number before dialling it.
        retry: when it is made again if nobody answers; None: it was the last try.
        bridge: whether the house may ring agent and customer, and how that stands.
    """

    call: Callback
    turn: str | None
    view: TicketView | None
    said: Message | None
    earlier: Sequence[Callback]
    warnings: list[str]
    retry: Retry | None
    bridge: BridgeView

    @property
    def ticket(self) -> Ticket | None:
        """The ticket it is about."""
        return self.view.ticket if self.view else None

    @property
    def reply(self) -> Seen | None:
        """How the reply promise stands."""
        seen = (each for promise, each in self.view.promises if promise.kind == "reply") if self.view else ()
        return next(iter(seen), None)


@dataclass(frozen=True)
class Settled:
    """The call an agent has just settled: it can be taken back, or leads on."""

    call: Callback
    ticket: Ticket | None
    following: Callback | None
    may_take_back: bool


@dataclass(frozen=True)
class Card:
    """What "my next call" shows.

    Attributes:
        due: how many calls may be made now.
        overdue: how many of them should have been made before.
        why, no_call: why there is none to take, and that in the agent's language; or None.
        next_at: when the next one is due, if none is.
    """

    in_hand: InHand | None
    settled: Settled | None
    due: int
    overdue: int
    no_call: str | None
    next_at: datetime | None
    why: NoCall | None


def card(page: Page, reference: Reference, now: datetime) -> Card:
    """The card of an agent at this moment."""
    session, language = page.session, page.words.language
    held = service.in_hand(session, page.agent, now=now)
    waiting = {each.id: each for each in bookings.waiting(session, page.agent.id, now=now)}
    due = bookings.reply_due(session, {each.phone for each in waiting.values()})
    as_waiting = [service.as_waiting(each, due.get(each.phone)) for each in waiting.values()]
    turns = [call for call, _ in call_rules.in_turn(as_waiting, now) if held is None or call.id != held.id]
    why = call_rules.may_call(reference.calendar, service.roster_of(reference), page.agent.username, now)
    if why is None and not turns:
        why = NoCall.NONE
    return Card(
        in_hand=_in_hand(page, held, reference, now) if held else None,
        settled=None if held else _settled(page, reference, now),
        due=len(turns),
        overdue=sum(waiting[call.id].overdue_at is not None for call in turns),
        no_call=wording.NO_CALL[why].in_language(language) if why else None,
        next_at=bookings.next_dial_at(session, now) if why is NoCall.NONE else None,
        why=why,
    )


def _in_hand(page: Page, call: Callback, reference: Reference, now: datetime) -> InHand:
    session = page.session
    turn = service.turn_now(session, call, now)
    conversation_id = call.conversation_id or (call.ticket.conversation_id if call.ticket else None)
    due = bookings.reply_due(session, [call.phone]).get(call.phone)
    decision = call_rules.again(service.desk_at(session, reference, now, besides=call), call.unanswered + 1, due)
    views_of = views.ticket_views(session, [call.ticket], reference.calendar, now) if call.ticket else []
    return InHand(
        call=call,
        turn=wording.TURNS[turn].in_language(page.words.language) if turn else None,
        view=views_of[0] if views_of else None,
        said=queries.last_said(session, conversation_id) if conversation_id else None,
        earlier=[each for each in service.chain(session, call) if each.id < call.id],
        warnings=_warnings(page, call),
        retry=decision if isinstance(decision, Retry) else None,
        bridge=bridges.view(page, call, now),
    )


def _warnings(page: Page, call: Callback) -> list[str]:
    """What to know of a number before it is dialled."""
    customer = customers.find(page.session, call.phone)
    known = []
    try:
        line = outbox.number(call.phone, own_numbers=page.house.settings.numbers_of_ours).kind
    except BadPhone:
        known.append(mark("This number must not be called. Ask for another one."))
    else:
        if line is not phones.Kind.MOBILE:
            known.append(mark("A fixed line: it gets no texts."))
    if customer is not None and customer.wrong_since is not None:
        known.append(mark("This number was somebody else’s before."))
    if customer is not None and customer.no_texts_since is not None:
        known.append(mark("The number takes no texts."))
    if customer is not None and customer.opted_out_at is not None:
        known.append(mark("Wants no texts from us."))
    return known


def _settled(page: Page, reference: Reference, now: datetime) -> Settled | None:
    since = now - service.policy_of(reference).undo
    call = queries.settled_by(page.session, page.agent.name, since)
    if call is None:
        return None
    following = service.chain(page.session, call)[-1]
    return Settled(
        call=call,
        ticket=call.ticket,
        following=following if following.id != call.id and following.status is Status.BOOKED else None,
        may_take_back=service.may_take_back(call, reference=reference, now=now),
    )
