"""A desk with work on it: a small house of real rooms on SQLite, seeded with one morning's conversations."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import socket
import threading
import time
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pwdlib import PasswordHash
from pydantic import SecretStr
from sqlalchemy import select

from backend import db, health, limits, problems, reference
from backend.agents.models import Agent, AgentSession
from backend.attachments import routes as attachments
from backend.bus import Bus
from backend.callbacks import service as callbacks
from backend.calls import routes as calls_routes
from backend.console import routes as console
from backend.conversations import routes as chat
from backend.conversations import service
from backend.conversations import socket as chat_socket
from backend.conversations.models import Conversation
from backend.conversations.rules import Author, Mode
from backend.conversations.turn import Turns
from backend.depends import House
from backend.models import Base
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.settings import ROOT, Settings
from backend.tickets import service as tickets
from backend.tickets.rules import Status, TicketType
from backend.web import routes as web
from backend.web import visit_routes
from backend.web_guard import Guard
from telephony.console_carrier import ConsoleCarrier
from tests.conftest import at
from tests.fakes import FakeBot, HandClock

REFERENCE = reference.current()
NOW = at("2026-11-24 10:05")
USERNAME, OTHER_USERNAME, PASSWORD = "chen", "lin", "correct horse battery"


@cache
def hashed() -> str:
    """The agents' password as it is stored."""
    return PasswordHash.recommended().hash(PASSWORD)


def make_house(sessions: db.Sessions, clock: HandClock, data_dir: Path = Path(".hotline")) -> House:
    """The parts, with the console carrier."""
    secret = SecretStr("x" * 32)
    return House(
        settings=Settings(secret_key=secret, bot_token=secret, public_base_url="", data_dir=data_dir),
        sessions=sessions,
        clock=clock,
        reference=REFERENCE,
        carrier=ConsoleCarrier(),
        bus=Bus(),
    )


def make_app(house: House, bot: FakeBot | None = None) -> FastAPI:
    """The console, the chat and the customers' pages, as the composition root wires them; without ticks."""
    app = FastAPI()
    app.state.house = house
    app.state.turns = Turns(house, bot or FakeBot())
    problems.install(app, lost=web.lost)
    app.add_middleware(Guard)
    app.mount("/console/static", console.static_files(ROOT / "backend" / "console" / "static"))
    for router in (
        web.router, visit_routes.router, chat.router, attachments.router, chat_socket.router, console.router,
        calls_routes.router, health.router,
    ):  # fmt: skip
        app.include_router(router)
    return app


class Desk:
    """Puts things on the desk; times are minutes before `NOW`."""

    def __init__(self, house: House) -> None:
        self.house = house

    def agents(self) -> None:
        """Two agents, with the same password."""
        with db.session_scope(self.house.sessions) as session:
            for username, name in ((USERNAME, "陈晓"), (OTHER_USERNAME, "林悦")):
                session.add(Agent(username=username, name=name, password_hash=hashed(), active=True, created_at=NOW))

    def signed_in(self, username: str) -> str:
        """The token of a session that has just begun, without the work of checking a password."""
        token = secrets.token_urlsafe(16)
        with db.session_scope(self.house.sessions) as session:
            agent_id = session.scalars(select(Agent.id).where(Agent.username == username)).one()
            digest = hashlib.sha256(token.encode()).hexdigest()
            session.add(AgentSession(token_hash=digest, agent_id=agent_id, created_at=NOW, seen_at=NOW))
        return token

    def talk(self, *said: tuple[str, str], ago: int = 20, phone: str | None = None, language: str = "zh") -> str:
        """A conversation: pairs of author and text, a minute apart. With a phone it came as a text message."""
        with db.session_scope(self.house.sessions) as session:
            start = NOW - timedelta(minutes=ago)
            if phone:
                conversation = service.text_conversation(session, phone, language=language, now=start)
            else:
                conversation, _token = service.open_web(session, language=language, reference=REFERENCE, now=start)
            for minute, (author, text) in enumerate(said):
                now = start + timedelta(minutes=minute)
                if author == "customer":
                    stored = service.accept(
                        session, conversation, f"{conversation.id}-{minute}", text, reference=REFERENCE, now=now
                    )
                    stored.message.answered_at, stored.message.retry_at = now, None
                else:
                    service.say(session, conversation, Author(author), text, now=now)
            return conversation.id

    def hand_off(self, conversation_id: str, reason: str, summary: str, ago: int) -> None:
        with db.session_scope(self.house.sessions) as session:
            now = NOW - timedelta(minutes=ago)
            service.request_handoff(session, conversation_id, reason, summary, reference=REFERENCE, now=now)

    def ticket(
        self,
        conversation_id: str,
        phone: str,
        name: str,
        ago: int = 15,
        kind: TicketType = TicketType.REPAIR,
        address: str = "广东省佛山市顺德区大良街道锦绣路8号",
        **facts: str,
    ) -> str:
        """A ticket with its promises and its call."""
        with db.session_scope(self.house.sessions) as session:
            now = NOW - timedelta(minutes=ago)
            request = tickets.TicketRequest(
                conversation_id=conversation_id,
                form_id="form-1",
                type=kind,
                phone=phone,
                name=name,
                address=address,
                facts={"model": "VY60-D3", "capacity": "60L", "purchase_date": "2023-10-18", **facts},
            )
            opened = tickets.open_ticket(session, request, reference=REFERENCE, now=now)
            callbacks.book(
                session, phone, reference=REFERENCE, now=now, ticket=opened.ticket, conversation_id=conversation_id
            )
            return opened.ticket.ticket_no

    def take(self, conversation_id: str, username: str, ago: int, words: str) -> None:
        with db.session_scope(self.house.sessions) as session:
            agent = session.scalars(select(Agent).where(Agent.username == username)).one()
            now = NOW - timedelta(minutes=ago)
            service.take_over(session, conversation_id, agent, reference=REFERENCE, now=now)
            service.reply(session, conversation_id, agent, words, now=now + timedelta(minutes=1))

    def morning(self) -> dict[str, str]:
        """One morning: five conversations in every state, their tickets, calls and texts. Ids by name."""
        danger = self.talk(
            ("customer", "洗澡的时候水龙头麻手，好像漏电"),
            ("bot", "请立即停止用水，不要触碰水龙头和热水器，拔掉插头或关闭总电源。"),
            ("bot", "我已经通知人工客服优先联系您。请问您的联系电话是多少？"),
            ("customer", "13800138001，家里有老人，快一点"),
            ago=9,
        )
        self.hand_off(danger, "danger", "洗澡时水龙头麻手，疑似漏电；家里有老人", ago=7)
        self.ticket(danger, "+8613800138001", "张先生", ago=58, symptom="出水麻手，疑似漏电", fault_code="E4")
        cold = self.talk(
            ("customer", "热水器显示E3，不出热水"),
            (
                "bot",
                "收到。E3 通常是温度传感器故障。请断电等 5 分钟再试一次，仍不行的话我为您预约上门。",
            ),
            ("customer", "试过了还是不行，帮我转人工"),
            phone="+8613800138002",
            ago=14,
        )
        self.hand_off(cold, "asked", "E3，断电重启无效，要求人工", ago=12)
        self.ticket(cold, "+8613800138002", "李女士", ago=13, symptom="显示 E3，不出热水", fault_code="E3")
        angry = self.talk(
            ("customer", "师傅约了三次都没来，我要投诉"),
            ("bot", "非常抱歉给您添麻烦了。请告诉我工单号或报修时的手机号。"),
            ("customer", "13800138003"),
            ago=6,
        )
        self.hand_off(angry, "complaint", "三次爽约，要求投诉", ago=4)
        self.ticket(
            angry, "+8613800138003", "王女士", ago=3, kind=TicketType.COMPLAINT, complaint_about="上门师傅三次未到"
        )
        noise = self.talk(
            ("customer", "加热时噪音很大，像烧开水"),
            ("bot", "多半是内胆结垢。请问是哪一年买的？"),
            ("customer", "2019年"),
            ago=30,
        )
        self.take(noise, OTHER_USERNAME, 25, "您好，我是客服林悦。结垢建议上门清洗，我帮您登记。")
        english = self.talk(
            ("customer", "Hi, I'd like to install a new 60 litre heater next week"),
            ("bot", "Of course. May I have the address, please?"),
            ("customer", "Room 1201, 8 Jinxiu Road, Shunde"),
            language="en",
            ago=2,
        )
        with db.session_scope(self.house.sessions) as session:
            for key, (text, kind) in {
                "a": (
                    "【威雅电器】提醒您：回电时间是今天10:30–11:00。退订回复TD",
                    OutboxKind.REMINDER,
                ),
                "b": ("收到。E3 通常是温度传感器故障，请先断电 5 分钟再试。", OutboxKind.REPLY),
            }.items():
                outbox.queue(
                    session,
                    to="+8613800138002",
                    text=text,
                    kind=kind,
                    now=NOW,
                    key=key,
                    language="zh",
                    conversation_id=cold,
                )
            lonely = callbacks.book(
                session, "+8613800138009", reference=REFERENCE, now=NOW - timedelta(days=1), reason="想问以旧换新"
            )
            lonely.callback.window_start = NOW - timedelta(hours=18)
            lonely.callback.window_end = NOW - timedelta(hours=17, minutes=30)
            done = tickets.find(session, "WY261124-0003")
            tickets.move(session, done, Status.IN_PROGRESS, who="林悦", reference=REFERENCE, now=NOW)
        return {"danger": danger, "cold": cold, "angry": angry, "noise": noise, "english": english}


def say(house: House, conversation_id: str, text: str, now: datetime) -> None:
    """The customer writes one more message, and whoever listens is told, as the chat route does."""
    with db.session_scope(house.sessions) as session:
        conversation: Conversation = service.get(session, conversation_id)
        service.accept(session, conversation, f"late-{text}", text, reference=REFERENCE, now=now)
    house.bus.publish(f"conversation:{conversation_id}", type="changed")
    house.bus.publish("desk", conversation=conversation_id)


def mode_of(house: House, conversation_id: str) -> Mode:
    """Who answers in a conversation now."""
    with db.read_scope(house.sessions) as session:
        return service.get(session, conversation_id).mode


class ServedDesk:
    """The console on a free port of the loopback, served from a thread."""

    def __init__(self, folder: Path) -> None:
        limits.forget()
        engine = db.make_engine(f"sqlite:///{folder / 'desk.db'}")
        Base.metadata.create_all(engine)
        self.engine, self.clock = engine, HandClock(NOW)
        self.house = make_house(db.make_sessions(engine), self.clock, folder)
        self.desk = Desk(self.house)
        self.desk.agents()
        self.ids = self.desk.morning()
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(make_app(self.house), log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=asyncio.run, args=[self._server.serve(sockets=[listening])], daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self.engine.dispose()
