"""A ticket's page, and the steps an agent takes on it: each is done, told to every console, and shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from backend.appointments import service as appointments
from backend.attachments import service as attachments
from backend.console import queries, views
from backend.console.page import OpenPage, Page, is_pane
from backend.conversations.models import Conversation
from backend.depends import Now, Ref
from backend.followups import service as followups
from backend.reference import Reference
from backend.tickets import merging, service, wording
from backend.tickets.models import Ticket
from backend.tickets.promise_rules import BY_HAND
from backend.tickets.rules import CLOSED, MAY_BECOME, VISITED, Status

TicketNo = Annotated[str, Path(max_length=20)]


@dataclass(frozen=True)
class Step:
    """What a step on a ticket is taken with: the agent's page, the ticket, the time and the policy in force."""

    page: Page
    ticket_no: str
    now: datetime
    reference: Reference
    later: BackgroundTasks

    @property
    def session(self) -> Session:
        """The unit of work the step belongs to."""
        return self.page.session

    @property
    def who(self) -> str:
        """The agent's name, for the timeline."""
        return self.page.agent.name

    @property
    def ticket(self) -> Ticket:
        """The ticket the step is about.

        Raises:
            NotFound: there is none of this number.
        """
        return service.find(self.session, self.ticket_no)

    def done(self, said: str, *, ticket_no: str | None = None) -> Response:
        """The ticket as it stands now, or another's, with what was done; every console is told."""
        self.session.flush()
        shown = ticket_no or self.ticket_no
        self.later.add_task(self.page.house.bus.publish, "desk", ticket=shown)
        return show_ticket(self.page, shown, self.now, self.reference, toast=self.page.say(said))

    def there(self, said: str, *, ticket_no: str | None = None) -> Response:
        """Like `done`, after a form with a page of its own: the ticket's address takes the place of the form's."""
        answer = self.done(said, ticket_no=ticket_no)
        answer.headers["HX-Push-Url"] = f"/console/tickets/{ticket_no or self.ticket_no}"
        return answer


def take_step(page: OpenPage, now: Now, reference: Ref, later: BackgroundTasks, ticket_no: TicketNo) -> Step:
    """A step on the ticket of the address."""
    return Step(page, ticket_no, now, reference, later)


OnTicket = Annotated[Step, Depends(take_step)]


def _has_words(session: Session, ticket: Ticket) -> bool:
    """Whether the conversation a ticket comes from can be read; of a call noted by hand there is nothing to read."""
    conversation = session.get(Conversation, ticket.conversation_id) if ticket.conversation_id else None
    return conversation is not None and conversation.last_seq > 0


def show_ticket(page: Page, ticket_no: str, now: datetime, reference: Reference, toast: str | None = None) -> Response:
    """A ticket's page, or its pane when htmx asks."""
    if page.request.method == "POST" and not is_pane(page.request):
        return RedirectResponse(f"/console/tickets/{ticket_no}", 303)
    ticket = service.find(page.session, ticket_no)
    [view] = views.ticket_views(page.session, [ticket], reference.calendar, now)
    language, kinds = page.words.language, {promise.kind for promise, _ in view.promises}
    return page.show(
        "tickets/ticket.html",
        "tickets/_ticket.html",
        toast=toast,
        view=view,
        stories=views.stories(page.session, view, reference.calendar, language),
        by_hand=[] if ticket.status in CLOSED else [kind for kind in BY_HAND if kind not in kinds],
        ticket=ticket,
        is_open=ticket.status not in CLOSED,
        has_words=_has_words(page.session, ticket),
        danger=wording.danger(ticket.danger).in_language(language) if ticket.danger else "",
        pictures=attachments.of_conversation(page.session, ticket.conversation_id) if ticket.conversation_id else (),
        steps=sorted(MAY_BECOME[ticket.status], key=list(Status).index),
        callbacks=queries.callbacks_of(page.session, [ticket]),
        linked=merging.linked(page.session, ticket),
        merges=merging.merges_of(page.session, ticket),
        same_customer=queries.tickets_of_phone(page.session, ticket),
        agents=queries.agent_names(page.session),
        visit=appointments.latest_of(page.session, [ticket]).get(ticket.id),
        followup=followups.of_ticket(page.session, ticket.id),
        questions=reference.followups.questions_for(ticket.type.value),
        may_visit=ticket.type in VISITED and ticket.status not in CLOSED,
        timeline=[
            (entry, wording.event(entry.code, entry.params).in_language(language))
            for entry in queries.timeline(page.session, ticket.id)
        ],
    )
