"""Photos people text to us: fetched from the carrier's own hosts and from nowhere else, within limits."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

import httpx2

API_HOSTS: Final = frozenset({"api.twilio.com"})
STORE_HOSTS: Final = frozenset({"media.twiliocdn.com", "mms.twiliocdn.com"})
MEDIA_HOSTS: Final = API_HOSTS | STORE_HOSTS
AS_IT_IS: Final = {"accept-encoding": "identity"}  # a photo is packed already, and nothing shall swell on its way
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN: Final = frozenset({404, 408, 425, 429})  # 404: a photo may be announced before it is stored


@dataclass(frozen=True)
class Fetched:
    """What was sent, as it came; nothing about it has been checked but its size."""

    content: bytes


@dataclass(frozen=True)
class Useless:
    """It cannot be had, now or later."""

    why: str


@dataclass(frozen=True)
class NotNow:
    """It could not be had this time."""

    why: str


Fetch = Fetched | Useless | NotNow


class MediaSource(Protocol):
    """Where photos of texts come from. Nothing is raised."""

    def fetch(self, url: str) -> Fetch:
        """What lies at an address a carrier has named."""
        ...


class NoMedia:
    """The twin of carriers that bring no photos."""

    def fetch(self, url: str) -> Fetch:  # noqa: ARG002  the port's shape
        return Useless("no media")


class TwilioMedia:
    """Twilio's media. Its API sends whoever signs in on to its store, with an address that is good for hours.

    No redirect is followed by itself: one step from the API to the store is taken by hand, and the store is told no
    password.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        most_bytes: int,
        timeout_s: float = 5.0,
        whole_s: float = 20.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Args:
        most_bytes: what is larger is not read to its end.
        timeout_s: longest silence of the other side.
        whole_s: longest time for one photo, however fast it drips.
        transport: another way to the hosts (tests, proxies).
        """
        self._login = httpx2.BasicAuth(account_sid, auth_token)
        self._most_bytes, self._timeout_s, self._whole_s = most_bytes, timeout_s, whole_s
        self._transport = transport

    def fetch(self, url: str) -> Fetch:
        if not is_at(url, MEDIA_HOSTS):
            return Useless("foreign host")
        ends = time.monotonic() + self._whole_s
        try:
            with httpx2.Client(timeout=self._timeout_s, follow_redirects=False, transport=self._transport) as client:
                found = self._get(client, url, ends)
                if isinstance(found, str):
                    found = self._get(client, found, ends)
                return Useless("redirect") if isinstance(found, str) else found
        except httpx2.InvalidURL:
            return Useless("no address")
        except httpx2.HTTPError as error:
            return NotNow(type(error).__name__)

    def _get(self, client: httpx2.Client, url: str, ends: float) -> Fetch | str:
        """What lies there, or the address in the store that the API names instead."""
        at_api = is_at(url, API_HOSTS)
        with client.stream("GET", url, auth=self._login if at_api else None, headers=AS_IT_IS) as answer:
            status = answer.status_code
            if status in _MOVED:
                target = urljoin(url, answer.headers.get("location", ""))
                goes_on = at_api and is_at(target, STORE_HOSTS)
                return target if goes_on else Useless("redirect")
            if status != 200:
                return NotNow(f"HTTP {status}") if status >= 500 or status in _TRY_AGAIN else Useless(f"HTTP {status}")
            return self._read(answer, ends)

    def _read(self, answer: httpx2.Response, ends: float) -> Fetch:
        content = bytearray()
        for chunk in answer.iter_raw():  # as they come: waiting for a full piece would wait for one that drips
            content += chunk
            if len(content) > self._most_bytes:
                return Useless("too large")
            if time.monotonic() > ends:
                return NotNow("too slow")
        return Fetched(bytes(content))


def is_at(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is https, on its usual port, at one of these hosts: what a form names could lead anywhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_plain = not parts.username and not parts.password
    return parts.scheme == "https" and parts.hostname in hosts and port in (None, 443) and is_plain
