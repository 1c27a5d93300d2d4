"""Follow-up calls: take one when there is time to spare, note what came of it, take that back."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Form, Path
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.auth import needs
from backend.console.calls import card as calls
from backend.console.calls.callbacks import Version, done
from backend.console.page import ConsoleRoute, OpenPage
from backend.console.words import mark
from backend.depends import Now, Ref
from backend.errors import Conflict
from backend.followups import rules, service
from backend.followups.rules import Outcome

router = APIRouter(prefix="/followups", route_class=ConsoleRoute)

FollowUpId = Annotated[int, Path(ge=1, le=2**31)]
CALLS = needs(Action.BOOK_CALLBACKS)


class Result(StrEnum):
    """What a button of the form says: a grade, or why there is none."""

    VERY_GOOD = "5"
    GOOD = "4"
    FAIR = "3"
    POOR = "2"
    VERY_POOR = "1"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    WRONG_NUMBER = "wrong_number"


@router.post("/next", dependencies=[CALLS])
def take_next(page: OpenPage, now: Now, reference: Ref, later: BackgroundTasks) -> Response:
    """Take the next follow-up, if no promised call is due."""
    card = calls.card(page, reference, now)
    policy = service.policy_of(reference)
    spare = card.in_hand is None and rules.has_time_to_spare(card.due, card.next_at, policy, now)
    if not spare:
        return done(page, now, reference, None, later, page.say(mark("A promised call comes first.")))
    own_numbers = page.house.settings.numbers_of_ours
    taken = service.take_next(page.session, page.agent, own_numbers=own_numbers, reference=reference, now=now)
    said = None if taken else page.say(mark("Nobody is left to be asked now."))
    return done(page, now, reference, None, later, said)


@router.post("/{followup_id}/hold", dependencies=[CALLS])
def hold(page: OpenPage, followup_id: FollowUpId, now: Now, reference: Ref) -> Response:
    """A sign that the page with this call is still open."""
    if not service.hold(page.session, followup_id, page.agent, reference=reference, now=now):
        raise Conflict
    return Response(status_code=204)


@router.post("/{followup_id}/give-back", dependencies=[CALLS])
def give_back(page: OpenPage, followup_id: FollowUpId, now: Now, reference: Ref, later: BackgroundTasks) -> Response:
    """Not call after all."""
    service.give_back(page.session, followup_id, page.agent)
    return done(page, now, reference, None, later, page.say(mark("Given back.")))


@router.post("/{followup_id}/result", dependencies=[CALLS])
def result(
    page: OpenPage,
    followup_id: FollowUpId,
    now: Now,
    reference: Ref,
    later: BackgroundTasks,
    result: Annotated[Result, Form()],
    version: Version,
    words: Annotated[str, Form(max_length=1000)] = "",
    answers: Annotated[list[str] | None, Form(max_length=40)] = None,
    reopen: Annotated[bool, Form()] = False,
) -> Response:
    """Note what came of it. Each of `answers` is the key of a question and what was said: `on_time:yes`."""
    grade = int(result.value) if result.value.isdigit() else None
    service.record(
        page.session,
        followup_id,
        Outcome.GRADED if grade else Outcome(result.value),
        page.agent,
        grade=grade,
        words=words,
        answers={key: said == "yes" for key, _, said in (each.partition(":") for each in answers or ()) if said},
        reopen=reopen,
        reference=reference,
        now=now,
        version=version,
    )
    return done(page, now, reference, None, later, page.say(mark("Recorded.")))


@router.post("/{followup_id}/take-back", dependencies=[CALLS])
def take_back(
    page: OpenPage, followup_id: FollowUpId, now: Now, reference: Ref, later: BackgroundTasks, version: Version
) -> Response:
    """Take a wrongly noted result back; the follow-up is in this agent's hand again."""
    service.take_back(page.session, followup_id, page.agent, version=version, reference=reference, now=now)
    return done(page, now, reference, None, later, page.say(mark("Taken back.")))
