"""A large fictional house for measurements: conversations, messages and tickets by the hundred thousand, in bulk.

Unlike `seed`, rows are written as they would stand after months; no promise of theirs is alive except of the newest.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from backend import db
from backend.agents.models import Agent
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel, Mode
from backend.settings import Settings
from backend.tickets.models import Promise, Ticket
from backend.tickets.rules import Priority, PromiseKind, Status, TicketType

BATCH = 2000
MONTHS = timedelta(days=365)
SAID = (
    "热水器不出热水，显示E3", "洗澡时忽冷忽热", "底部漏水，滴了一地", "想预约安装，地址在大良", "师傅什么时候到",
    "我要投诉，约了三次都没来", "保修还剩多久", "内胆要不要清洗", "打不着火，有煤气味", "好的谢谢",
)  # fmt: skip
ANSWERED = (
    "请问机身铭牌上的型号是什么？",
    "请告诉我安装地址。",
    "已经登记，我们会给您打电话。",
    "请先断电五分钟再试一次。",
)
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


def run(session: Session, *, conversations: int, messages: int, now: datetime, seed: int = 7) -> None:
    """Write so many conversations and messages, one ticket for every third, in the session's transaction."""
    chance = random.Random(seed)  # noqa: S311 (a town that is the same each time)
    agent_id = session.scalar(select(Agent.id).order_by(Agent.id).limit(1))
    each = max(2, messages // conversations)
    left, made = messages, 0
    with _bar() as bar:
        task = bar.add_task("messages", total=messages)
        while made < conversations:
            count = min(BATCH, conversations - made)
            batch = [_conversation(chance, made + place, conversations, each, agent_id, now) for place in range(count)]
            session.execute(insert(Conversation), batch)
            said = [row for conversation in batch for row in _messages(chance, conversation)]
            _write_messages(session, said)
            _tickets(session, chance, batch, made)
            made += count
            left -= len(said)
            bar.update(task, advance=len(said))


def fill(settings: Settings, *, conversations: int, messages: int, now: datetime) -> str:
    """Fill the house's database; a line that says what was made."""
    db.migrate(settings.database)
    engine = db.make_engine(settings.database)
    try:
        with db.session_scope(db.make_sessions(engine)) as session:
            run(session, conversations=conversations, messages=messages, now=now)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")  # the planner must know how many there are
    finally:
        engine.dispose()
    return f"{conversations:,} conversations with about {messages:,} messages are there."


def _write_messages(session: Session, rows: list[dict[str, Any]]) -> None:
    """By COPY on PostgreSQL, where a million inserts would take minutes."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        session.execute(insert(Message), rows)
        return
    columns = list(rows[0])
    raw: Any = connection.connection.driver_connection
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY messages ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([json.dumps(each) if isinstance(each, list) else each for each in row.values()])


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def _conversation(
    chance: random.Random, place: int, of: int, messages: int, agent_id: int | None, now: datetime
) -> dict[str, Any]:
    """The later ones are the newer ones; the last few hundred are alive."""
    started = now - MONTHS * (1 - place / of)
    ago = of - place
    mode = Mode.WAITING if ago <= 40 else Mode.HUMAN if ago <= 60 and agent_id else Mode.BOT if ago <= 2000 else None
    waits = mode in (Mode.WAITING, Mode.HUMAN)
    channel = chance.choice((Channel.WEB, Channel.WEB, Channel.SMS))
    return {
        "id": uuid.UUID(int=chance.getrandbits(128)).hex,
        "channel": channel,
        "language": "zh",
        "mode": mode or (Mode.CLOSED if chance.random() < 0.8 else Mode.BOT),
        "phone": _phone(chance) if channel is Channel.SMS else None,
        "agent_id": agent_id if mode is Mode.HUMAN else None,
        "handoff_requested_at": started if waits else None,
        "handoff_reason": chance.choice(("asked", "complaint", "danger")) if waits else None,
        "last_seq": messages,
        "seen_seq": 0 if waits else messages,
        "created_at": started,
        "last_message_at": started + timedelta(minutes=messages),
    }


def _messages(chance: random.Random, conversation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for seq in range(1, conversation["last_seq"] + 1):
        by_customer = seq % 2 == 0
        sent = conversation["created_at"] + timedelta(minutes=seq)
        yield {
            "conversation_id": conversation["id"],
            "seq": seq,
            "author": Author.CUSTOMER if by_customer else Author.BOT,
            "text": f"{chance.choice(SAID if by_customer else ANSWERED)}（{chance.randrange(10_000)}）",
            "buttons": [],
            "sent_at": sent,
            "answered_at": sent if by_customer else None,
            "failures": 0,
        }


def _tickets(session: Session, chance: random.Random, batch: list[dict[str, Any]], before: int) -> None:
    rows = [
        _ticket(chance, conversation, before + place)
        for place, conversation in enumerate(batch)
        if (before + place) % 3 == 0
    ]
    ids = session.scalars(insert(Ticket).returning(Ticket.id, sort_by_parameter_order=True), rows).all()
    promises = [
        {
            "ticket_id": ticket_id,
            "kind": PromiseKind.REPLY,
            "due_at": row["created_at"] + timedelta(hours=1),
            "met_at": None if row["status"] is Status.NEW else row["created_at"] + timedelta(minutes=30),
            "paused_s": 0,
            "rule": "reply:60min",
            "amount": 60,
            "started_at": row["created_at"],
            "calendar": "big",
            "why_zh": "服务时间内 1 小时内答复",
            "why_en": "answered within one hotline hour",
        }
        for ticket_id, row in zip(ids, rows, strict=True)
    ]
    session.execute(insert(Promise), promises)


def _ticket(chance: random.Random, conversation: Mapping[str, Any], number: int) -> dict[str, Any]:
    is_open = conversation["mode"] in (Mode.WAITING, Mode.HUMAN)
    return {
        "ticket_no": f"BIG{number:08d}",
        "type": chance.choice(list(TicketType)),
        "status": Status.NEW if is_open else Status.DONE,
        "priority": Priority.NORMAL,
        "visit_code": f"{chance.randrange(10_000):04d}",
        "contact_name": f"{chance.choice(NAMES)}{chance.choice(('先生', '女士'))}",
        "contact_phone": conversation["phone"] or _phone(chance),
        "phone_confirmed": False,
        "address": {"city": "佛山市", "district": "顺德区"},
        "address_text": "广东省佛山市顺德区大良街道",
        "place_reason": {},
        "model": "VY60-D3",
        "symptom": chance.choice(SAID),
        "install": {},
        "channel": conversation["channel"].value,
        "language": "zh",
        "conversation_id": conversation["id"],
        "form_id": "big",
        "contacts": 1,
        "created_at": conversation["created_at"],
    }


def _phone(chance: random.Random) -> str:
    return f"+86138{chance.randrange(10**8):08d}"
