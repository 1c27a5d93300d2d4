"""Simulated phones: what `hotline chat --sms` and `hotline call` send to the webhooks, shaped as Twilio does it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.datastructures import ImmutableMultiDict

from telephony import signature
from telephony.handset import Call, Fetch

ACCOUNT_SID = "AC" + "0" * 32
OUR_NUMBER = "+8675700000000"


def token(secret: str) -> str:
    """The token a simulated phone signs and asks with, derived from the house's secret key."""
    return hmac.new(secret.encode(), b"telephony.simulator", hashlib.sha256).hexdigest()


def inbound_form(
    *, sid: str, sender: str, body: str, to: str = OUR_NUMBER, account: str = ACCOUNT_SID
) -> dict[str, str]:
    """The form of an inbound text with the fields Twilio sends, blanks as blanks."""
    return {
        "ToCountry": "CN",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": body,
        "FromCountry": "CN",
        "To": to,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": account,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }


def new_call(*, caller: str, now: float, base: str, account: str = ACCOUNT_SID, to: str = OUR_NUMBER) -> Call:
    """A call that is about to ring at a house.

    Args:
        caller: E.164, or what a carrier says of callers who hide theirs, such as "anonymous".
        now: seconds on the clock its turns will be told by.
        base: the house's address, as its carrier is told.
    """
    return Call(
        sid="CA" + secrets.token_hex(16),
        account=account,
        caller=caller,
        called=to,
        began=now,
        status_url=f"{base}/telephony/voice/status",
        fallback_url=f"{base}/telephony/voice/fallback",
    )


def signed(fetch: Fetch, token: str) -> dict[str, str]:
    """The headers of a request, signed as the carrier signs."""
    form = ImmutableMultiDict(fetch.form)
    return {signature.HEADER: signature.sign(fetch.url, form, token), "User-Agent": "TwilioProxy/1.1"}
