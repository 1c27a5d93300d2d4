"""The live end of a web conversation: new messages, who answers, who types.

The token comes in the subprotocol list (`hotline.v1`, `bearer.<token>`) since a browser's socket can send no header of
its own; it is never part of the address.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from anyio import create_task_group, to_thread
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from backend import db
from backend.bus import next_note
from backend.conversations import queries
from backend.conversations.routes import After, conversation_for
from backend.conversations.schemas import frame
from backend.depends import House, InHouse

router = APIRouter()

LOOK_EVERY_S = 2.0
PROTOCOL = "hotline.v1"
NOT_YOURS = 4404
FOREIGN_ORIGIN = 4403


@router.websocket("/api/chat/conversations/{conversation_id}/socket")
async def live(socket: WebSocket, conversation_id: str, house: InHouse, after: After = 0) -> None:
    """Send what was said after a message, then everything new, until the customer leaves."""
    protocol = PROTOCOL if PROTOCOL in socket.scope["subprotocols"] else None
    await socket.accept(subprotocol=protocol)
    if not _may_embed(socket, house):
        await socket.close(FOREIGN_ORIGIN)
        return
    if await to_thread.run_sync(_news, house, conversation_id, _token(socket), after) is None:
        await socket.close(NOT_YOURS)
        return
    async with create_task_group() as both:
        both.start_soon(_send, socket, house, conversation_id, after)
        await _receive(socket, house, conversation_id)
        both.cancel_scope.cancel()


async def _send(socket: WebSocket, house: House, conversation_id: str, after: int) -> None:
    """Look whenever told, and every two seconds (other processes' news come without a note)."""
    token, mode = _token(socket), None
    with house.bus.listen(f"conversation:{conversation_id}") as notes:
        while socket.application_state is WebSocketState.CONNECTED:
            news = await to_thread.run_sync(_news, house, conversation_id, token, after)
            if news is None:
                await socket.close(NOT_YOURS)
                return
            for each in news["frames"]:
                await _tell(socket, each)
                after = int(each["message"]["id"])
            if news["mode"] != mode:
                mode = news["mode"]
                await _tell(socket, {"type": "mode", "mode": mode})
            note = await next_note(notes, LOOK_EVERY_S)
            if note and note["type"] == "typing" and note["author"] != "customer":
                await _tell(socket, note)


async def _tell(socket: WebSocket, frame_: dict[str, Any]) -> None:
    """Send one frame; nothing to a customer who has left (the receiving end sees that and ends both)."""
    with suppress(WebSocketDisconnect):
        if socket.application_state is WebSocketState.CONNECTED:
            await socket.send_json(frame_)


async def _receive(socket: WebSocket, house: House, conversation_id: str) -> None:
    """Until the customer leaves. A client only tells that somebody types; anything else is ignored."""
    with suppress(WebSocketDisconnect):
        while True:
            received = await socket.receive_text()
            if len(received) < 200 and '"typing"' in received:
                house.bus.publish(f"conversation:{conversation_id}", type="typing", author="customer")


def _news(house: House, conversation_id: str, token: str, after: int) -> dict[str, Any] | None:
    with db.read_scope(house.sessions) as session:
        conversation = conversation_for(session, conversation_id, token)
        if conversation is None:
            return None
        messages = queries.messages_after(session, conversation_id, after)
        return {"frames": [frame(conversation, message) for message in messages], "mode": conversation.mode.value}


def _token(socket: WebSocket) -> str:
    for offered in socket.scope["subprotocols"]:
        if offered.startswith("bearer."):
            return str(offered.removeprefix("bearer."))
    return socket.headers.get("authorization", "").removeprefix("Bearer ")


def _may_embed(socket: WebSocket, house: House) -> bool:
    """Pages of our own and of the allowed origins may open a socket; programs send no Origin."""
    origin = socket.headers.get("origin")
    if origin is None or origin in house.settings.origins:
        return True
    ours = {socket.headers.get("host"), urlsplit(house.settings.public_base_url).netloc}
    return urlsplit(origin).netloc in ours
