"""Slows guessing at passwords down, and lets nobody be locked out by it.

A browser in which an agent has signed in keeps a signed mark for that agent. With the mark only the tries from this
browser count. Without it tries count by address, and wrong ones by name and for the whole house too: whoever guesses
from many addresses at many names soon waits, while agents go on signing in where they always do. Counted in this
process's memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from itsdangerous import BadSignature, URLSafeSerializer
from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import Response

from backend import limits
from backend.depends import House
from backend.errors import NotSignedIn, TooMany

log = structlog.get_logger(__name__)
WRONG = Counter("hotline_wrong_sign_ins", "Sign-ins with a wrong name or password", ["device"])
REFUSED = Counter("hotline_refused_sign_ins", "Sign-ins refused because there were too many")
ALARMS = Counter("hotline_sign_in_alarms", "Times at which guessing at many names or from many places was noticed")
HALF_A_YEAR = 180 * 24 * 3600


@contextmanager
def slowed(request: Request, house: House, username: str) -> Iterator[None]:
    """Around one try to sign in, which raises NotSignedIn when it fails.

    Raises:
        TooMany: there were too many tries; the password was not looked at.
    """
    name = username.strip().lower()
    device = _device_of(request, house, name)
    try:
        _admit(request, name, device)
    except TooMany:
        REFUSED.inc()
        raise
    try:
        yield
    except NotSignedIn:
        _count_wrong(name, is_known=device is not None)
        raise


def is_alarmed() -> bool:
    """Whether there have lately been so many wrong sign-ins that unknown devices must wait."""
    return limits.is_used_up(limits.WRONG_SIGN_INS, "sign-in")


def mark(response: Response, house: House, username: str) -> None:
    """Let the browser be known as one in which this agent signs in."""
    name = _cookie_name(house)
    response.set_cookie(
        name,
        _signer(house).dumps([username, secrets.token_urlsafe(8)]),
        max_age=HALF_A_YEAR,
        httponly=True,
        samesite="lax",
        secure=name.startswith("__Host-"),
        path="/",
    )


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


def _admit(request: Request, name: str, device: str | None) -> None:
    if device is not None:
        limits.hit(limits.SIGN_IN_BY_DEVICE, "sign-in", name, device)
        return
    address = address_of(request)
    limits.hit(limits.SIGN_IN_BY_ADDRESS, "sign-in", address)
    limits.hit(limits.SIGN_IN_BY_NAME, "sign-in", address, name)
    if is_alarmed() or limits.is_used_up(limits.WRONG_SIGN_INS_BY_NAME, "sign-in", name):
        raise TooMany


def _count_wrong(name: str, *, is_known: bool) -> None:
    WRONG.labels("known" if is_known else "unknown").inc()
    if is_known:
        return
    limits.count(limits.WRONG_SIGN_INS_BY_NAME, "sign-in", name)
    limits.count(limits.WRONG_SIGN_INS, "sign-in")
    if is_alarmed() and limits.count(limits.SIGN_IN_ALARMS, "sign-in"):
        ALARMS.inc()
        # Neither names nor addresses: people type passwords into the wrong field.
        log.error("somebody guesses at passwords: unknown devices must wait", limit=str(limits.WRONG_SIGN_INS))


def _device_of(request: Request, house: House, name: str) -> str | None:
    """The browser's mark for this name, or None: no mark, a forged one, or somebody else's."""
    try:
        username, device = _signer(house).loads(request.cookies.get(_cookie_name(house), ""))
    except BadSignature:
        return None
    return str(device) if username == name else None


def _cookie_name(house: House) -> str:
    return "__Host-hotline-device" if house.settings.is_https else "hotline-device"


def _signer(house: House) -> URLSafeSerializer:
    return URLSafeSerializer(house.settings.secret_key.get_secret_value(), salt="known device")
