"""How simulated phones reach a house: where it is, the address their requests are signed for, and by what token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2

from backend.launcher import embedded
from backend.launcher.bot_env import Obstacle
from backend.settings import Settings
from telephony import simulator


@dataclass(frozen=True)
class Door:
    """`url` is where requests go, `signed_as` the address the house believes to have."""

    url: str
    signed_as: str
    token: str
    account: str = simulator.ACCOUNT_SID


def find(settings: Settings, *, url: str = "", token: str = "", account: str = "") -> Door:
    """The door of the house running from here, or of any deployment whose token one has.

    Args:
        url: the deployment's public address; empty for the house running from here.
        token: its bot token or, where Twilio is the carrier, the auth token; empty: made from the secret key here.
        account: the Twilio account, where Twilio is the carrier.

    Raises:
        Obstacle: there is no token to sign with, or a live carrier would send real answers.
    """
    if not token:
        if settings.carrier != "console":
            raise Obstacle("This house has a live carrier: simulated phones play with HOTLINE_CARRIER=console only.")
        secret = settings.secret_key.get_secret_value()
        if not secret:
            raise Obstacle("There is nothing to sign with: give --token, the deployment's HOTLINE_BOT_TOKEN.")
        token = simulator.token(secret)
    here = (url or embedded.running(settings.data_dir).get("url") or settings.backend_url).rstrip("/")
    signed_as = here if url else settings.public_base_url.rstrip("/") or here
    return Door(here, signed_as, token, account or simulator.ACCOUNT_SID)


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Turn a house that does not answer into a clear message.

    Raises:
        Obstacle: nobody answers there, or not in time.
    """
    try:
        yield
    except httpx2.ConnectError:
        raise Obstacle(f"No Hotline answers at {url}: start one with `uv run hotline up`.") from None
    except httpx2.TimeoutException:
        raise Obstacle(f"The Hotline at {url} took too long to answer.") from None
    except httpx2.TransportError as error:
        raise Obstacle(f"The connection to {url} broke: {error}") from None
