"""Messages callers have left: their sound lies with the carrier, is fetched for who listens, and deleted there."""

from __future__ import annotations

from typing import Final, Protocol

import httpx2

from telephony.media import Fetch, MediaSource, Useless
from telephony.voice import RECORDING_SID

API: Final = "https://api.twilio.com/2010-04-01/Accounts"


class Recordings(Protocol):
    """Where the sound of recordings lies. Nothing is raised."""

    @property
    def has_sound(self) -> bool:
        """Whether there is anything to listen to at all."""
        ...

    def fetch(self, sid: str) -> Fetch:
        """The sound of a recording, as MP3."""
        ...

    def delete(self, sid: str) -> bool:
        """Delete it for good; whether it is gone now, or was before."""
        ...


class NoRecordings:
    """The twin of carriers that record nothing, such as the simulated telephone."""

    has_sound = False

    def fetch(self, sid: str) -> Fetch:  # noqa: ARG002  the port's shape
        return Useless("no sound")

    def delete(self, sid: str) -> bool:  # noqa: ARG002
        return True


class TwilioRecordings:
    """Twilio's recordings. Addresses are made from ids, never taken from a form."""

    has_sound = True

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        source: MediaSource,
        timeout_s: float = 5.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Args:
        source: fetches from the carrier's own hosts, within limits of size and time.
        timeout_s: longest silence of the other side.
        transport: another way to the host (tests, proxies).
        """
        self._account, self._login = account_sid, httpx2.BasicAuth(account_sid, auth_token)
        self._source, self._timeout_s, self._transport = source, timeout_s, transport

    def fetch(self, sid: str) -> Fetch:
        if not RECORDING_SID.fullmatch(sid):
            return Useless("no id")
        return self._source.fetch(f"{API}/{self._account}/Recordings/{sid}.mp3")

    def delete(self, sid: str) -> bool:
        if not RECORDING_SID.fullmatch(sid):
            return True
        url = f"{API}/{self._account}/Recordings/{sid}.json"
        try:
            with httpx2.Client(
                timeout=self._timeout_s, follow_redirects=False, transport=self._transport, auth=self._login
            ) as client:
                return client.delete(url).status_code in (204, 404)
        except httpx2.HTTPError:
            return False
