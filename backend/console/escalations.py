"""The board of escalations: by rung, with who takes care of what; the alarm on every page; mails to staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Path, Query
from starlette.responses import RedirectResponse, Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console import queries
from backend.console.page import ConsoleRoute, OpenPage, Page, ReadPage, is_pane
from backend.console.words import mark
from backend.depends import Now
from backend.errors import Conflict
from backend.escalations import service, telling
from backend.escalations.models import Escalation, EscalationEntry, Notice
from backend.escalations.policy import ladder_of
from backend.escalations.rules import Rung, Trigger
from backend.escalations.service import Story
from backend.reference import Reference

router = APIRouter(prefix="/escalations", route_class=ConsoleRoute)

MAY_HANDLE = needs(Action.HANDLE_ESCALATIONS)
EscalationId = Annotated[int, Path(ge=1, le=2**31 - 1)]
PageNo = Annotated[int, Query(ge=0, le=10_000)]
Words = Annotated[str, Form(max_length=1000)]
ON_THE_BOARD = 400


@dataclass(frozen=True)
class Told:
    """Whom a rung was told of it, and by which means, each once."""

    name: str
    means: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """An escalation on the board."""

    row: Escalation
    comments: Sequence[EscalationEntry]
    told: Sequence[Told]
    for_me: bool

    @property
    def is_free(self) -> bool:
        """Whether nobody takes care of it."""
        return self.row.acknowledged_at is None and self.row.ended_at is None


@dataclass(frozen=True)
class Column:
    """A rung with what has come to it."""

    rung: Rung
    cards: Sequence[Card]


@router.get("")
def board(page: ReadPage) -> Response:
    """What is not over, by rung."""
    return _board(page)


@router.get("/ended")
def ended(page: ReadPage, page_no: PageNo = 0) -> Response:
    """What is over, the last one first."""
    found = service.stories(page.session, over=True, limit=queries.PAGE + 1, offset=page_no * queries.PAGE)
    cards = [_card(each, page) for each in found[: queries.PAGE]]
    return page.show("escalations/ended.html", cards=cards, page_no=page_no, has_more=len(found) > queries.PAGE)


@router.get("/mails")
def mails(page: ReadPage, page_no: PageNo = 0) -> Response:
    """Mails to staff, newest first."""
    found = service.mails(page.session, limit=queries.PAGE + 1, offset=page_no * queries.PAGE)
    return page.show(
        "escalations/mails.html",
        "escalations/_mails.html",
        mails=found[: queries.PAGE],
        page_no=page_no,
        has_more=len(found) > queries.PAGE,
        server=page.house.settings.smtp_host,
    )


@router.get("/alarm")
def alarm(page: ReadPage) -> Response:
    """The danger nobody has acknowledged, for the head of every page."""
    return page.show("escalations/_alarm.html", alarms=service.alarms(page.session))


@router.post("/{escalation_id}/acknowledge", dependencies=[MAY_HANDLE])
def acknowledge(
    page: OpenPage,
    escalation_id: EscalationId,
    now: Now,
    later: BackgroundTasks,
    place: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Take care of it; somebody slower is told who was faster."""
    try:
        service.acknowledge(page.session, escalation_id, page.agent, now=now)
    except Conflict:
        by = service.get(page.session, escalation_id).acknowledged_by
        if by is None:
            raise
        told = page.say(mark("{name} was faster and takes care of it."), name=by)
        raise Conflict(told, code="told") from None
    return _done(page, later, mark("You take care of it. Nobody else is told any more."), place)


@router.post("/{escalation_id}/undo", dependencies=[MAY_HANDLE])
def undo(page: OpenPage, escalation_id: EscalationId, now: Now, later: BackgroundTasks) -> Response:
    """Take the acknowledgement back."""
    service.undo_acknowledgement(page.session, escalation_id, page.agent, now=now)
    return _done(page, later, mark("Taken back. If nobody takes care of it, the next rung is told."))


@router.post("/{escalation_id}/comment", dependencies=[MAY_HANDLE])
def comment(
    page: OpenPage, escalation_id: EscalationId, now: Now, later: BackgroundTasks, text: Words = ""
) -> Response:
    """Write something for colleagues."""
    service.comment(page.session, escalation_id, page.agent, text, now=now)
    return _done(page, later, mark("Noted."))


@router.post("/{escalation_id}/resolve", dependencies=[MAY_HANDLE])
def resolve(
    page: OpenPage, escalation_id: EscalationId, now: Now, later: BackgroundTasks, text: Words = ""
) -> Response:
    """Say that it is settled, and why."""
    service.resolve(page.session, escalation_id, page.agent, text, now=now)
    return _done(page, later, mark("Settled."))


def _done(page: Page, later: BackgroundTasks, said: str, place: str = "") -> Response:
    later.add_task(page.house.bus.publish, "desk", escalations="changed")
    if not is_pane(page.request):
        return RedirectResponse("/console/escalations", 303)
    if place == "alarm":
        return page.show("escalations/_alarm.html", toast=page.say(said), alarms=service.alarms(page.session))
    return _board(page, toast=page.say(said))


def _board(page: Page, toast: str | None = None) -> Response:
    found = service.stories(page.session, limit=ON_THE_BOARD + 1)
    cards = [_card(each, page) for each in found[:ON_THE_BOARD]]
    place = _placed(page.house.reference)
    columns = [Column(rung, sorted((each for each in cards if place(each) is rung), key=_urgency)) for rung in Rung]
    settings = page.house.settings
    return page.show(
        "escalations/escalations.html",
        "escalations/_escalations.html",
        toast=toast,
        columns=columns,
        count=len(cards),
        has_more=len(found) > ON_THE_BOARD,
        lacks_duty_phone=settings.carrier != "console" and not settings.duty_phone,
    )


def _placed(reference: Reference) -> Callable[[Card], Rung]:
    """In which column a card stands; what nobody was told of yet, in the one where it will begin."""
    first = ladder_of(reference.escalations).first

    def place(card: Card) -> Rung:
        return card.row.rung or card.row.floor or first[card.row.trigger]

    return place


def _urgency(card: Card) -> tuple[bool, bool, float, int]:
    """Danger first, then what nobody takes care of, then what climbs next."""
    due = card.row.look_at.timestamp() if card.row.look_at else float("inf")
    return card.row.trigger is not Trigger.DANGER, not card.is_free, due, card.row.id


def _card(story: Story, page: Page) -> Card:
    mine = service.person_of(page.agent)
    return Card(
        row=story.escalation,
        comments=[each for each in story.entries if each.code == "comment"],
        told=_told(story.notices, page),
        for_me=any(each.person == mine for each in story.notices),
    )


def _told(notices: Sequence[Notice], page: Page) -> list[Told]:
    by_name: dict[str, dict[str, Any]] = {}
    for each in notices:
        name = page.say(mark("duty phone")) if each.person == telling.DUTY else each.name
        by_name.setdefault(name, {})[each.means.value] = None
    return [Told(name, tuple(means)) for name, means in by_name.items()]
