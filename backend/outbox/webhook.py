"""What every webhook of a carrier goes through: limits, signature, account, and one effect however often it comes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.datastructures import ImmutableMultiDict

from backend.depends import House, InHouse
from backend.errors import BadSignature, TooLarge, UnsupportedForm
from backend.outbox import queries
from telephony import signature, simulator

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 200
PATIENCE_S = 10

Form = ImmutableMultiDict[str, str]


async def signed_form(request: Request, house: InHouse) -> Form:
    """FastAPI dependency: the form of a carrier's webhook, repeated keys and blanks kept, its signature checked.

    With the console carrier the simulated phone signs (`telephony.simulator.token`), or anyone who has the bot token.

    Raises:
        UnsupportedForm: not a plain url-encoded form, or it did not arrive in time.
        TooLarge: more than 64 KB or 200 fields.
        BadSignature: not signed by the carrier, or for another account.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise UnsupportedForm
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedForm
    form = _parse(await _read(request))
    if not _is_genuine(request, form, house):
        raise BadSignature
    return form


SignedForm = Annotated[Form, Depends(signed_form)]


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced[:12]) > LARGEST_BODY:
        raise TooLarge("The form is too large.")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise TooLarge("The form is too large.")
    except TimeoutError:
        raise UnsupportedForm("The form did not arrive in time.") from None
    return bytes(body)


def _parse(body: bytes) -> Form:
    if body.count(b"&") >= MOST_FIELDS:
        raise TooLarge("The form has too many fields.")
    # What is not UTF-8 is replaced here, and then no signature fits it.
    return ImmutableMultiDict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))


def _is_genuine(request: Request, form: Form, house: House) -> bool:
    settings = house.settings
    bases = [settings.public_base_url] if settings.public_base_url else []
    if settings.carrier == "twilio":
        tokens = [settings.twilio_auth_token.get_secret_value(), settings.twilio_auth_token_old.get_secret_value()]
        if form.getlist("AccountSid") != [settings.twilio_account_sid]:
            return False
    elif settings.carrier != "console":
        return False  # this carrier calls nobody back
    else:
        tokens = [simulator.token(settings.secret_key.get_secret_value()), settings.bot_token.get_secret_value()]
        bases.append(str(request.base_url))
    path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1").partition("?")[0]
    query = request.scope["query_string"].decode("latin-1")
    given = request.headers.get(signature.HEADER)
    return any(signature.verify(base, path, query, form, signature=given, tokens=tokens) for base in bases)


def remember(session: Session, kind: str, key: str, now: datetime) -> bool:
    """Whether a webhook is new. Stored with its effect in one unit of work; the same again waits for that, then is old.

    Args:
        kind: which webhook, such as "sms" or "status".
        key: the carrier's id, with what makes the event unique.
    """
    return queries.remember(session, kind, key, now)
