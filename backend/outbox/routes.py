"""Status callbacks of the carrier, and what a simulated phone has received (console carrier only)."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from backend.depends import Db, InHouse, Now, bearer
from backend.errors import BadPhone, NotFound, NotSignedIn, Refused
from backend.outbox import service
from backend.outbox.schemas import TextOut, TextsOut, WhatCame
from backend.outbox.sending import apply_status
from backend.outbox.webhook import SignedForm, remember
from telephony import calls, simulator, sms
from telephony.ports import BadForm

router = APIRouter(prefix="/telephony", tags=["telephony"])


@router.post("/status", status_code=204)
def status_callback(request: Request, form: SignedForm, session: Db, now: Now, house: InHouse) -> Response:
    """How far a text or call has come, in the carrier's words. Repeated and unordered ones do no harm."""
    try:
        status = calls.parse_status(form) if "CallSid" in form else sms.parse_status(form)
    except BadForm as error:
        raise Refused(f"The form lacks {error}.", code="bad_form") from None
    if remember(session, "status", f"{status.sid}:{status.status or 'other'}", now):
        ref = request.query_params.get("ref", "")
        apply_status(session, status, ref=ref, carrier=house.carrier.name, now=now)
    return Response(status_code=204)


@router.post("/simulator/messages")
def simulated_phone(
    wanted: WhatCame, session: Db, house: InHouse, authorization: Annotated[str | None, Header()] = None
) -> TextsOut:
    """Texts a simulated phone has received. The number travels in the body: addresses end up in logs.

    Raises:
        NotFound: a live carrier is configured.
        NotSignedIn: neither the simulator's nor the bot's token.
    """
    if house.settings.carrier != "console":
        raise NotFound
    given = bearer(authorization).encode()
    secret, bot = house.settings.secret_key.get_secret_value(), house.settings.bot_token.get_secret_value()
    if not any(hmac.compare_digest(given, good.encode()) for good in (simulator.token(secret), bot)):
        raise NotSignedIn("The token is wrong.")
    try:
        number = service.number(wanted.phone).e164
    except BadPhone:
        number = wanted.phone
    rows = service.received_by(session, number, after=wanted.after)
    return TextsOut(
        messages=[
            TextOut(id=place, text=row.text, kind=row.kind, sent_at=row.sending_at or row.queued_at)
            for place, row in enumerate(rows, start=wanted.after + 1)
        ]
    )
