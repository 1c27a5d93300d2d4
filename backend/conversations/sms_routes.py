"""Twilio's webhook for inbound texts: store, commit, answer an empty TwiML; the bot's reply leaves by the outbox."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from backend import db
from backend.conversations import texts
from backend.conversations.routes import turns_of
from backend.depends import House, InHouse
from backend.errors import Refused
from backend.outbox.webhook import SignedForm
from bot.text.hazard import hazard
from telephony import sms
from telephony.ports import BadForm, InboundText

router = APIRouter(prefix="/telephony", tags=["telephony"])


@router.post("/sms", response_class=Response)
async def inbound_text(request: Request, form: SignedForm, house: InHouse) -> Response:
    """An inbound text (form as Twilio sends it, signed). Repeats have no further effect."""
    try:
        text = sms.parse_inbound(form)
    except BadForm as error:
        raise Refused(f"The form cannot be used: {error}.") from error
    turns = turns_of(request)
    conversation_id, in_danger = await turns.way.first(lambda: _receive(house, text))
    answer = None
    if conversation_id is not None:
        house.bus.publish("desk", conversation=conversation_id)
        answer = BackgroundTask(turns.answer, conversation_id, goes_first=in_danger)
    return Response(sms.empty_twiml(), media_type="application/xml", background=answer)


def _receive(house: House, text: InboundText) -> tuple[str | None, bool]:
    """Store a text: the conversation to answer in, and whether it tells of danger."""
    conversation_id = db.done_in_unit(
        house.sessions,
        lambda session: texts.receive(session, text, reference=house.reference, now=house.clock.now()),
    )
    return conversation_id, hazard(text.body) is not None
