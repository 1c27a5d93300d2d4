"""Is a webhook signed by the carrier? Twilio's scheme (HMAC-SHA1 over address and sorted form), never raising.

The address is the one the carrier called: a configured base, then path and query exactly as they came, because
frameworks normalise both. Replays verify too: de-duplication is the defence against those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


class Multidict(Protocol):
    """A form that keeps repeated keys, such as Starlette's `FormData`."""

    def __iter__(self) -> Iterator[str]: ...

    def __len__(self) -> int: ...

    def getlist(self, key: str, /) -> list[str]: ...


def address(base: str, path: str, query: str) -> str:
    """The address as the carrier called it: base (no slash at its end), raw path, raw query."""
    return base.rstrip("/") + path + (f"?{query}" if query else "")


def sign(url: str, form: Multidict, token: str) -> str:
    """The signature for a form posted to an address; simulators and tests sign with it."""
    signature: str = RequestValidator(token).compute_signature(url, form)
    return signature


def verify(
    base: str, path: str, query: str, form: Multidict | str, *, signature: str | None, tokens: Iterable[str]
) -> bool:
    """Whether one of the tokens (two while they are rotated) made this signature.

    Args:
        base: the public address of this service.
        path: raw path of the request.
        query: raw query string, without the question mark.
        form: the form with repeated and blank fields kept, or the text of a JSON body, whose digest must then stand
            in the query as `bodySHA256`.
        signature: the header's value, None when it is missing.
        tokens: secrets to try; empty ones are passed over.
    """
    if not signature or not signature.isascii() or (isinstance(form, str) and "bodySHA256=" not in query):
        return False
    url = address(base, path, query)
    return any(_matches(url, form, signature, token) for token in tokens if token)


def _matches(url: str, form: Multidict | str, signature: str, token: str) -> bool:
    try:
        return bool(RequestValidator(token).validate(url, form, signature))
    except (ValueError, TypeError):  # an address or form no carrier would sign: a bad port, a lone surrogate
        return False
