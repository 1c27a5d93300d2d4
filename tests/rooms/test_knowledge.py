"""Questions over HTTP, and faults that were mended by telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import db, problems, reference
from backend.bus import Bus
from backend.conversations import service as conversations
from backend.depends import House
from backend.knowledge import routes as knowledge
from backend.settings import Settings
from backend.tickets import queries
from backend.tickets import routes as tickets
from backend.tickets import service as tickets_service
from backend.tickets.models import Ticket
from backend.tickets.rules import Status
from fakes import HandClock
from telephony.console_carrier import ConsoleCarrier

TOKEN = "t" * 32
PHONE = "+8613800138000"
Body = dict[str, Any]


class Bot:
    """The bot in front of a small house."""

    def __init__(self, sessions: db.Sessions, now: datetime) -> None:
        secret = SecretStr(TOKEN)
        app = FastAPI()
        app.state.house = House(
            settings=Settings(secret_key=secret, bot_token=secret),
            sessions=sessions,
            clock=HandClock(now),
            reference=reference.current(),
            carrier=ConsoleCarrier(),
            bus=Bus(),
        )
        problems.install(app)
        app.include_router(tickets.router)
        app.include_router(knowledge.router)
        self.http = TestClient(app, raise_server_exceptions=False)
        self.headers = {"Authorization": f"Bearer {TOKEN}"}
        with db.session_scope(sessions) as session:
            opened = conversations.open_web(session, language="zh", reference=reference.current(), now=now)
            self.conversation = opened[0].id

    def post(self, path: str, body: Body, status: int = 200) -> Body:
        answer = self.http.post(f"/api/bot{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def solved(self, **more: Any) -> Body:
        body = {"conversation_id": self.conversation, "form_id": "f1", "symptom": "不加热", "model": "YLS-D60A"}
        return self.post("/tickets/solved", body | more, 201)


@pytest.fixture
def bot(sessions: db.Sessions, now: datetime) -> Iterator[Bot]:
    bot = Bot(sessions, now)
    with bot.http:
        yield bot


@pytest.mark.parametrize("path", ["warranty", "fee", "hours", "howto", "parts", "first-aid", "readiness"])
def test_only_the_bot_may_ask(bot: Bot, path: str) -> None:
    assert bot.http.post(f"/api/bot/knowledge/{path}", json={"text": "?"}).status_code == 401


def test_a_warranty_question_is_answered_in_both_languages_with_what_is_missing(bot: Bot) -> None:
    known = bot.post("/knowledge/warranty", {"text": "还保修吗", "model": "YLS-D60A", "purchase_date": "2025-03"})
    assert known["words"]["zh"].startswith("2025年3月买的雅丽诗，整机保3年，到2028年3月；现在在保")
    assert "until Mar 2028; it is under warranty now" in known["words"]["en"]
    assert (known["ask"], known["expects"], known["found"]) == (None, [], True)
    unknown = bot.post("/knowledge/warranty", {"text": "保修几年"})
    assert unknown["expects"] == ["model", "purchase_date"]
    assert unknown["ask"]["en"].endswith("when did you buy it?")


@pytest.mark.parametrize("kind", ["warranty", "fee", "hours", "howto", "parts"])
@pytest.mark.parametrize(
    "text", ["", "😀" * 300, "/restart", "a" * 3000, "\x00\x01", "{0.__class__}", "2025-99-99 E99 0L"]
)
def test_whatever_is_written_gets_an_answer(bot: Bot, kind: str, text: str) -> None:
    answer = bot.post(f"/knowledge/{kind}", {"text": text, "channel": "sms", "purchase_date": text, "model": text})
    assert answer["words"]["zh"]
    assert answer["words"]["en"]


def test_what_nobody_knows_is_said_to_be_unknown(bot: Bot) -> None:
    assert bot.post("/knowledge/howto", {"text": "你喜欢什么颜色"})["found"] is False
    assert bot.post("/knowledge/howto", {"text": "怎么解童锁"})["found"] is True


def test_a_code_that_means_danger_says_so(bot: Bot) -> None:
    assert bot.post("/knowledge/howto", {"text": "YLS-D60A显示E1什么意思"})["danger"] == "leakage_current"
    asked = bot.post("/knowledge/howto", {"text": "E1什么意思"})
    assert (asked["danger"], asked["expects"]) == (None, ["model"])


def test_first_aid_names_danger_question_and_class(bot: Bot) -> None:
    grave = bot.post("/knowledge/first-aid", {"symptom": "不热", "fault_code": "E1", "model": "YLS-D60A"})
    assert (grave["danger"], grave["fault_class"]) == ("leakage_current", "leakage_current")
    assert bot.post("/knowledge/first-aid", {"symptom": "漏水"})["ask"] == "leak_where"
    assert bot.post("/knowledge/first-aid", {"symptom": "only lukewarm, and it leaks a bit"})["ask"] == "leak_where"
    assert bot.post("/knowledge/first-aid", {"symptom": "你好"}, 404)["code"] == "no_first_aid"


def test_what_is_not_ready_for_an_installation_is_told(bot: Bot) -> None:
    told = bot.post("/knowledge/readiness", {"text": "空心墙，没有地线", "delivered": False})
    assert told["failed"] == ["delivered", "wall", "earth"]
    assert "24厘米实心砖墙" in told["words"]["zh"]
    assert bot.post("/knowledge/readiness", {"text": "都有"}) == {"failed": [], "words": None}


def test_opening_hours_are_told_as_words_for_the_channel(bot: Bot) -> None:
    web, voice = (
        bot.http.get("/api/bot/knowledge/hours", params={"channel": channel}, headers=bot.headers).json()
        for channel in ("web", "voice")
    )
    assert web["open"] is True
    assert web["here"]["zh"] == "我们每天 8:00–18:00 都在。"
    assert voice["here"]["en"] == "We are here from 8 am to 6 pm every day."


def test_a_fault_mended_by_telephone_is_a_closed_repair_that_promises_nothing(bot: Bot, session: Session) -> None:
    number = bot.solved(phone="138 0013 8000")["ticket_no"]
    assert bot.solved(phone="138 0013 8000")["ticket_no"] == number
    [ticket] = session.scalars(select(Ticket)).all()
    assert (ticket.status, ticket.contact_phone, ticket.symptom) == (Status.DONE, PHONE, "不加热")
    assert ticket.closed_at is not None
    shown = tickets_service.shape(session, ticket, reference.current())
    assert shown.promises == []
    assert [entry.code for entry in shown.timeline] == ["solved_by_phone"]
    assert queries.by_no(session, number) is ticket


def test_without_a_number_the_conversation_keeps_a_note(bot: Bot, session: Session) -> None:
    assert bot.solved()["ticket_no"] is None
    assert session.scalars(select(Ticket)).all() == []
    assert conversations.get(session, bot.conversation).handoff_summary == "solved_by_phone: 不加热"


def test_a_bad_number_is_refused_and_an_unknown_conversation_is_not_found(bot: Bot) -> None:
    body = {"conversation_id": bot.conversation, "form_id": "f1", "symptom": "不加热", "phone": "12"}
    assert bot.post("/tickets/solved", body, 422)["code"] == "too_short"
    bot.post("/tickets/solved", body | {"conversation_id": "nobody", "phone": PHONE}, 404)
