"""A small stand-in for the house: the real page and widget, and a chat API whose answers and faults tests decide."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Response, WebSocket, WebSocketDisconnect
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from backend.web.routes import router

Message = dict[str, Any]
GREETING = {
    "zh": (
        "您好，这里是威雅电器售后热线。请问有什么可以帮您？",
        [("报修", "我要报修"), ("安装", "我要安装"), ("查进度", "查询工单进度")],
    ),
    "en": ("Hello, this is the Weiya after-sales hotline. How can we help?", [("Repair", "I need a repair")]),
}


class Opening(BaseModel):
    """Body of a new conversation."""

    language: str = "zh"


class Said(BaseModel):
    """Body of a customer's message."""

    client_message_id: str
    text: str


@dataclass
class Talk:
    """One conversation and everybody who listens to it."""

    token: str
    messages: list[Message] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    sockets: set[WebSocket] = field(default_factory=set)
    mode: str = "bot"


class FakeHouse:
    """Serves on a free port of the loopback from a thread. All knobs are plain attributes."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.bot = "ready"
        self.replies: dict[str, Message] = {}
        self.posts: list[Said] = []
        self.failures: list[int] = []
        self.retry_after_s = 0
        self.lost_answers = 0
        self.delay_s = 0.0
        self.sockets_allowed = True
        self.echo_in_answer = False
        self.typing_frames = 0
        self.loop: asyncio.AbstractEventLoop
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._app(), log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        """End the server and wait for it."""
        self._server.should_exit = True
        self._thread.join(timeout=5)

    @property
    def talk(self) -> Talk:
        """The newest conversation."""
        return list(self.talks.values())[-1]

    def say(self, author: str, text: str, *, mode: str | None = None, **more: Any) -> Message:
        """Let the house speak in the newest conversation, live."""
        talk = self.talk
        talk.mode = mode or talk.mode
        message = self._store(talk, author, text, **more)
        self._wait(self._publish(talk, {"type": "message", "message": message, "mode": talk.mode}))
        return message

    def frame(self, frame: dict[str, Any]) -> None:
        """Send any frame to the newest conversation's sockets, once it has one."""
        deadline = time.monotonic() + 5
        while not self.talk.sockets and time.monotonic() < deadline:
            time.sleep(0.01)
        self._wait(self._publish(self.talk, frame))

    def drop_sockets(self) -> None:
        """Cut every live connection, as a restart does."""

        async def drop() -> None:
            for talk in self.talks.values():
                for live in list(talk.sockets):
                    await live.close(1012)

        self._wait(drop())

    def forget(self) -> None:
        """Lose every conversation, as a deletion does; ids are not used again."""
        self.talks = {f"forgotten {key}": talk for key, talk in self.talks.items()}

    def _wait(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(5)

    async def _publish(self, talk: Talk, frame: dict[str, Any]) -> None:
        for live in list(talk.sockets):
            await live.send_json(frame)

    def _store(self, talk: Talk, author: str, text: str, **more: Any) -> Message:
        number = sum(len(each.messages) for each in self.talks.values()) * 3 + 7
        now = datetime.now(UTC).isoformat()
        message = {
            "id": str(number),
            "author": author,
            "text": text,
            "buttons": [],
            "expects": None,
            "sent_at": now,
        } | more
        talk.messages.append(message)
        return message

    def _known(self, key: str, token: str) -> Talk:
        talk = self.talks.get(key)
        if talk is None:
            raise HTTPException(404)
        if token != f"Bearer {talk.token}":
            raise HTTPException(401)
        return talk

    def _app(self) -> FastAPI:
        app = FastAPI()
        shop = self.url.replace("127.0.0.1", "localhost")
        app.add_middleware(CORSMiddleware, allow_origins=[shop], allow_methods=["*"], allow_headers=["*"])
        app.include_router(router)

        @app.get("/shop", response_class=HTMLResponse)
        def foreign_page() -> str:
            tag = f'<script src="{self.url}/widget.js" defer></script>'
            style = "<style>* { color: red; font-size: 40px; display: block }</style>"
            return f'<!doctype html><html lang="en"><head>{tag}{style}</head><p>Shop</p></html>'

        @app.get("/readyz")
        def readyz(response: Response) -> dict[str, Any]:
            return {"database": "ready", "bot": self.bot, "scheduler": {}}

        @app.post("/api/chat/conversations", status_code=201)
        async def begin(opening: Opening) -> dict[str, Any]:
            self.loop = asyncio.get_running_loop()
            key = f"c{len(self.talks) + 1}"
            talk = self.talks[key] = Talk(token=f"token-{len(self.talks) + 1}.x_y-z")
            text, choices = GREETING[opening.language]
            buttons = [{"title": title, "payload": payload} for title, payload in choices]
            return {
                "conversation_id": key,
                "token": talk.token,
                "messages": [self._store(talk, "bot", text, buttons=buttons)],
            }

        @app.get("/api/chat/conversations/{key}/messages")
        async def history(key: str, after: int = 0, authorization: str = Header("")) -> dict[str, Any]:
            talk = self._known(key, authorization)
            return {"messages": [m for m in talk.messages if int(m["id"]) > after], "mode": talk.mode}

        @app.post("/api/chat/conversations/{key}/messages")
        async def post(key: str, said: Said, authorization: str = Header("")) -> dict[str, Any]:
            return await self._answer(self._known(key, authorization), said)

        @app.websocket("/api/chat/conversations/{key}/socket")
        async def live(websocket: WebSocket, key: str) -> None:
            talk, offered = self.talks.get(key), websocket.scope["subprotocols"]
            if not self.sockets_allowed or talk is None or offered != ["hotline.v1", f"bearer.{talk.token}"]:
                await websocket.close()
                return
            await websocket.accept("hotline.v1")
            talk.sockets.add(websocket)
            try:
                while True:
                    self.typing_frames += (await websocket.receive_json())["type"] == "typing"
            except WebSocketDisconnect:
                talk.sockets.discard(websocket)

        return app

    async def _answer(self, talk: Talk, said: Said) -> dict[str, Any]:
        self.posts.append(said)
        await asyncio.sleep(self.delay_s)
        if self.failures:
            headers = {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else None
            raise HTTPException(self.failures.pop(0), headers=headers)
        if said.client_message_id not in talk.answers:
            own = self._store(talk, "customer", said.text)
            await self._publish(talk, {"type": "message", "message": own, "mode": talk.mode})
            replies = [own] if self.echo_in_answer else []
            if talk.mode == "bot":
                more = self.replies.get(said.text, {"text": f"收到：{said.text}"})
                replies.append(self._store(talk, **({"author": "bot"} | more)))
                await self._publish(talk, {"type": "message", "message": replies[-1], "mode": talk.mode})
            talk.answers[said.client_message_id] = {"messages": replies, "mode": talk.mode}
        if self.lost_answers:
            self.lost_answers -= 1
            raise HTTPException(503)
        return talk.answers[said.client_message_id]
