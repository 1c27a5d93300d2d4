"""What a broken connection of `requests` proves: only one that was never made has carried nothing."""

from __future__ import annotations

import ssl

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from telephony.ports import NotProcessed, Unknown


def outcome(error: requests.RequestException) -> NotProcessed | Unknown:
    """Whether a text or call may be tried again after this."""
    if isinstance(error, requests.ConnectTimeout):
        return NotProcessed("connect timeout")
    reasons = _causes(error)
    if any(isinstance(reason, NewConnectionError | ssl.SSLCertVerificationError) for reason in reasons):
        return NotProcessed("no connection")
    return Unknown(type(error).__name__)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and what it wraps: requests hides urllib3's reason in its arguments."""
    found: list[BaseException] = []
    open_: list[object] = [error]
    while open_ and len(found) < 20:
        one = open_.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            open_.extend(one.args)
            open_.extend((one.__cause__, one.reason if isinstance(one, MaxRetryError) else None))
    return found
