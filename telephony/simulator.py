"""A simulated mobile phone: what `hotline chat --sms` posts to the inbound webhook, shaped as Twilio does it."""

from __future__ import annotations

import hashlib
import hmac

ACCOUNT_SID = "AC" + "0" * 32
OUR_NUMBER = "+8675700000000"


def token(secret: str) -> str:
    """The token a simulated phone signs and asks with, derived from the house's secret key."""
    return hmac.new(secret.encode(), b"telephony.simulator", hashlib.sha256).hexdigest()


def inbound_form(*, sid: str, sender: str, body: str, to: str = OUR_NUMBER) -> dict[str, str]:
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
        "AccountSid": ACCOUNT_SID,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
