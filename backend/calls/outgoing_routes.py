"""The carrier's webhooks of calls to agents who take somebody from the queue."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.calls import taking
from backend.calls.taking import SCRIPT, Ours
from backend.depends import Announce, Db, House, InHouse, Now
from backend.errors import Refused
from backend.outbox.webhook import SignedForm
from telephony import outgoing
from telephony.outgoing import Heard
from telephony.ports import BadForm

router = APIRouter(prefix=f"/telephony/outgoing/{SCRIPT}", tags=["telephony"])

Ref = Annotated[str, Query(max_length=24, pattern=r"^[0-9]+\.[0-9]+$")]


@router.post("", response_class=Response)
def agent_picked_up(form: SignedForm, house: InHouse, session: Db, ref: Ref) -> Response:
    """The telephone of an agent was picked up."""
    return _twiml(taking.agent_picked_up(session, ref, _heard(form), ours=ours(house)))


@router.post("/key", response_class=Response)
def agent_pressed(form: SignedForm, house: InHouse, session: Db, now: Now, announce: Announce, ref: Ref) -> Response:
    """The agent has pressed a key, or none."""
    twiml, conversation_id = taking.agent_pressed(
        session, ref, _heard(form), ours=ours(house), reference=house.reference, now=now
    )
    if conversation_id is not None:
        announce(f"conversation:{conversation_id}", type="changed")
        announce("desk", conversation=conversation_id)
    return _twiml(twiml)


@router.post("/end", response_class=Response)
def talk_is_over(form: SignedForm) -> Response:
    """The two have talked, or the caller had just left."""
    _heard(form)
    return _twiml(outgoing.hang_up())


def ours(house: House) -> Ours:
    """What agents are rung with."""
    base = house.settings.public_base_url.rstrip("/")
    return Ours(house.settings.numbers_of_ours, house.carrier.capabilities, base)


def _heard(form: SignedForm) -> Heard:
    try:
        return outgoing.parse(form)
    except BadForm as error:
        raise Refused(f"The form lacks {error}.", code="bad_form") from None


def _twiml(document: str) -> Response:
    return Response(document, media_type="application/xml")
