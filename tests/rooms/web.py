"""The whole application with a fake bot and a clock moved by hand, and customers who use it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy.engine import Engine

from backend import db, limits
from backend.appointments.answering import Answering
from backend.appointments.links import Links
from backend.conversations.turn import Turns, first_of
from backend.followups.answering import answer as answer_followup
from backend.main import create_app
from backend.settings import Settings
from fakes import FakeBot, HandClock
from telephony import signature

SECRET = "s" * 40
CHAT = "/api/chat/conversations"
_SIDS = itertools.count(1)


class Web:
    """The whole application with a fake bot and a clock moved by hand."""

    def __init__(self, client: TestClient, bot: FakeBot, clock: HandClock, sessions: db.Sessions) -> None:
        self.client, self.bot, self.clock, self.sessions = client, bot, clock, sessions

    def text(self, body: str, sender: str = "+8613800138000", *, sid: str | None = None, **more: str) -> Any:
        """A text message arrives, signed as the carrier signs; returns the answer to the webhook."""
        form = {"MessageSid": sid or f"SM{next(_SIDS):032x}", "From": sender, "To": "+8675788880000", "Body": body}
        form |= {"NumMedia": "0", "AccountSid": "AC" + "0" * 32} | more
        address = "http://testserver/telephony/sms"
        signed = signature.sign(address, form, SECRET)
        return self.client.post("/telephony/sms", data=form, headers={signature.HEADER: signed})

    def open(self, language: str = "zh") -> Talk:
        opened = self.client.post(CHAT, json={"language": language})
        assert opened.status_code == 201
        return Talk(self, opened.json())


class Talk:
    """One customer's conversation."""

    def __init__(self, web: Web, opened: dict[str, Any]) -> None:
        self.web, self.opened = web, opened
        self.path = f"{CHAT}/{opened['conversation_id']}"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}

    def say(self, text: str, client_id: str = "c1") -> Any:
        body = {"client_message_id": client_id, "text": text}
        return self.web.client.post(f"{self.path}/messages", json=body, headers=self.headers)

    def history(self, after: int = 0) -> Any:
        return self.web.client.get(f"{self.path}/messages", params={"after": after}, headers=self.headers).json()


@contextmanager
def open_web(committed: db.Sessions, engine: Engine, now: datetime, *, ticking: bool = True) -> Iterator[Web]:
    """The application, until the block ends; without its ticks, a test makes those itself."""
    limits.forget()
    clock, bot = HandClock(now), FakeBot()
    settings = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key=SecretStr(SECRET),
        bot_token=SecretStr(SECRET),
    )
    app = create_app(settings, clock=clock)
    house = app.state.house
    app.state.turns = Turns(house, bot, answerer=first_of(Answering(Links.of(house)), answer_followup))
    client = TestClient(app, raise_server_exceptions=False)
    with client if ticking else nullcontext():
        yield Web(client, bot, clock, committed)
    if not ticking:  # what the application does by itself at its end
        house.sessions.kw["bind"].dispose()
