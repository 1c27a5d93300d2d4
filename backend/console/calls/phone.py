"""A telephone for demonstrations: an agent rings the house's own line, as a customer. Only with the console carrier.

The call is `telephony.handset`'s, the one `hotline call` plays. Its state travels with the page, signed; the webhooks
are asked inside this process, signed as the simulated phone signs, so that all on their way is as for a real call.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Annotated, Final

import httpx2
from anyio import to_thread
from fastapi import APIRouter, Form
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from backend.agents.permissions import Action
from backend.console.page import ConsoleRoute, Page, ReadPage, opens_for
from backend.depends import House
from backend.errors import NotFound, Refused
from backend.outbox import service as outbox
from telephony import simulator
from telephony.handset import Answer, Call, Cue, Event, Fetch, HangUp, Keys, Listen, Silence, Speech, advance, begin

router = APIRouter(prefix="/phone", route_class=ConsoleRoute)

CALLER: Final = "+8613800138000"
MUSIC_S: Final = 8
"""Seconds of music on hold before the line is asked again."""
PATIENCE_S: Final = 15.0
_CALLS: Final = TypeAdapter(Call)


class Does(StrEnum):
    """What whoever holds the telephone does."""

    RING = "ring"
    SPEAK = "speak"
    PRESS = "press"
    SILENCE = "silence"
    HANG_UP = "hang_up"
    HEARD = "heard"
    """Has heard out what was said; the call goes on by itself."""


@router.get("", dependencies=[opens_for(Action.ANSWER)])
def telephone(page: ReadPage) -> Response:
    """The telephone."""
    _only_simulated(page.house)
    return page.show("calls/phone.html", caller=CALLER)


@router.post("/turn", dependencies=[opens_for(Action.ANSWER)])
async def turn(
    request: Request,
    page: ReadPage,
    does: Annotated[Does, Form()],
    said: Annotated[str, Form(max_length=1000)] = "",
    caller: Annotated[str, Form(max_length=40)] = CALLER,
    state: Annotated[str, Form(max_length=200_000)] = "",
) -> Response:
    """One step of a call: what is heard until the caller must do something, or must have heard it first."""
    house = page.house
    _only_simulated(house)
    base = str(request.base_url).rstrip("/")
    line = _Line(request, house, base)
    if does is Does.RING:
        new = simulator.new_call(caller=outbox.number(caller).e164, now=_now(house), base=base)
        found = begin(new, f"{base}/telephony/voice")
        call, cues = await line.go_on(found.call, list(found.cues))
    else:
        call = _opened(page, state)
        if does is Does.HEARD:
            call, cues = await line.answer(call)
        else:
            call, cues = await line.tell(call, _event(does, said))
    return await to_thread.run_sync(lambda: _show(page, call, cues))


class _Line:
    """The way from the page to the house's webhooks and back."""

    def __init__(self, request: Request, house: House, base: str) -> None:
        self._app, self._house, self._base = request.app, house, base
        self._token = simulator.token(house.settings.secret_key.get_secret_value())

    async def tell(self, call: Call, event: Event) -> tuple[Call, list[Cue]]:
        """What comes of an event."""
        turn = advance(call, event, _now(self._house))
        for errand in turn.errands:
            await self._send(errand)
        return await self.go_on(turn.call, list(turn.cues))

    async def answer(self, call: Call) -> tuple[Call, list[Cue]]:
        """Ask for the document the call waits for."""
        if not isinstance(call.waits_for, Fetch):
            return call, []
        return await self.tell(call, await self._send(call.waits_for))

    async def go_on(self, call: Call, cues: list[Cue]) -> tuple[Call, list[Cue]]:
        """Ask at once while there is nothing to be heard first."""
        if isinstance(call.waits_for, Fetch) and not any(cue.takes_time for cue in cues):
            call, more = await self.answer(call)
            return call, cues + more
        return call, cues

    async def _send(self, fetch: Fetch) -> Answer:
        # A task of its own: the request's log context must not be replaced by that of the webhook.
        return await asyncio.create_task(self._sent(fetch))

    async def _sent(self, fetch: Fetch) -> Answer:
        transport = httpx2.ASGITransport(app=self._app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=self._base) as client:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    headers = simulator.signed(fetch, self._token)
                    answer = await client.request(fetch.method, fetch.url, data=fetch.form or None, headers=headers)
            except TimeoutError:
                return Answer(0, "", f"no answer within {PATIENCE_S:.0f} s")
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)


def _event(does: Does, said: str) -> Event:
    if does is Does.SPEAK and said.strip():
        return Speech(said.strip())
    if does is Does.PRESS and said:
        if set(said) - set("0123456789*#"):
            raise Refused("A telephone has the keys 0 to 9, * and #.", code="malformed")
        return Keys(said)
    return HangUp() if does is Does.HANG_UP else Silence()


def _show(page: Page, call: Call, cues: list[Cue]) -> Response:
    listen = call.waits_for if isinstance(call.waits_for, Listen) else None
    return page.show(
        "calls/_phone_turn.html",
        cues=cues,
        call=call,
        listen=listen,
        state=_sealer(page).dumps(_CALLS.dump_python(call, mode="json")),
        music_s=MUSIC_S,
    )


def _opened(page: Page, state: str) -> Call:
    """The call a page holds.

    Raises:
        Refused: it is not one this agent's page was given.
    """
    try:
        return _CALLS.validate_python(_sealer(page).loads(state))
    except BadSignature as error:
        raise Refused("This call cannot be gone on with.", code="malformed") from error


def _sealer(page: Page) -> URLSafeSerializer:
    return URLSafeSerializer(page.house.settings.secret_key.get_secret_value(), salt=f"console.phone.{page.agent.id}")


def _now(house: House) -> float:
    return house.clock.now().timestamp()


def _only_simulated(house: House) -> None:
    if house.settings.carrier != "console":
        raise NotFound
