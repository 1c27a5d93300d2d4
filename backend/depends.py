"""What routes ask for: the house's parts, a session that commits before the answer leaves, the time, the caller."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Header
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from backend import db
from backend.bus import Bus
from backend.clock import Clock
from backend.errors import NotSignedIn
from backend.reference import Reference
from backend.settings import Settings
from telephony.ports import Carrier
from telephony.recordings import NoRecordings, Recordings


@dataclass
class House:
    """The parts every room may ask for; built once in `main`.

    `reference` alone is replaced, as a whole, when other policy takes force: ask for it at each use and keep no copy.
    """

    settings: Settings
    sessions: db.Sessions
    clock: Clock
    reference: Reference
    carrier: Carrier
    bus: Bus
    recordings: Recordings = field(default_factory=NoRecordings)


def get_house(connection: HTTPConnection) -> House:
    house: House = connection.app.state.house
    return house


InHouse = Annotated[House, Depends(get_house)]


def get_session(house: InHouse) -> Iterator[Session]:
    with db.session_scope(house.sessions) as session:
        yield session


def get_reading_session(house: InHouse) -> Iterator[Session]:
    with db.read_scope(house.sessions) as session:
        yield session


def get_now(house: InHouse) -> datetime:
    return house.clock.now()


def get_reference(house: InHouse) -> Reference:
    return house.reference


def get_announce(house: InHouse, tasks: BackgroundTasks) -> Callable[..., None]:
    """Publishes on the bus once the answer has left, which is after the commit: who is told then finds the news."""

    def announce(topic: str, **note: object) -> None:
        tasks.add_task(house.bus.publish, topic, **note)

    return announce


Announce = Annotated[Callable[..., None], Depends(get_announce)]
Db = Annotated[Session, Depends(get_session, scope="function")]
ReadDb = Annotated[Session, Depends(get_reading_session, scope="function")]  # takes no write lock
Now = Annotated[datetime, Depends(get_now)]
Ref = Annotated[Reference, Depends(get_reference)]


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header.

    Raises:
        NotSignedIn: there is none.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send `Authorization: Bearer <token>`.")
    return token.strip()


def bot_only(house: InHouse, authorization: Annotated[str | None, Header()] = None) -> None:
    """Let only the bot's actions pass.

    Raises:
        NotSignedIn: the service token is missing or wrong.
    """
    expected = house.settings.bot_token.get_secret_value()
    if not hmac.compare_digest(bearer(authorization).encode(), expected.encode()):
        raise NotSignedIn("The service token is wrong.")


BotOnly = Depends(bot_only)
