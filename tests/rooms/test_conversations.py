"""Conversations: stored once, answered in order, taken over and handed back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend import reference
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.conversations import queries, service
from backend.conversations.models import Conversation
from backend.conversations.rules import Author, Channel, Mode
from backend.errors import Conflict, NotFound, Refused, TooLarge
from conftest import at

REFERENCE = reference.current()


@pytest.fixture
def conversation(session: Session, now: datetime) -> Conversation:
    opened, _token = service.open_web(session, language="zh", reference=REFERENCE, now=now)
    return opened


@pytest.fixture
def agent(session: Session, now: datetime) -> Agent:
    return agents.add(session, "first", "correct horse", name="值班客服", now=now)


def say(session: Session, conversation: Conversation, client_id: str, text: str, now: datetime) -> service.Accepted:
    return service.accept(session, conversation, client_id, text, reference=REFERENCE, now=now)


def test_a_new_conversation_greets_with_quick_replies_in_the_customers_language(
    session: Session, now: datetime
) -> None:
    for language in ("zh", "en"):
        opened, _token = service.open_web(session, language=language, reference=REFERENCE, now=now)
        [greeting] = queries.messages_after(session, opened.id, 0)
        assert greeting.author is Author.BOT
        assert greeting.buttons
        assert any("一" <= letter <= "鿿" for letter in greeting.text) is (language == "zh")


def test_only_the_holder_of_the_token_finds_a_conversation(session: Session, now: datetime) -> None:
    opened, token = service.open_web(session, language="zh", reference=REFERENCE, now=now)
    assert service.for_customer(session, opened.id, token) is opened
    for conversation_id, wrong in ((opened.id, token + "x"), ("f" * 32, token), (opened.id, "")):
        with pytest.raises(NotFound):
            service.for_customer(session, conversation_id, wrong)


def test_a_text_conversation_cannot_be_opened_with_any_token(session: Session, now: datetime) -> None:
    texting = service.text_conversation(session, "+8613800138000", language="zh", now=now)
    for token in ("", "0" * 64):
        with pytest.raises(NotFound):
            service.for_customer(session, texting.id, token)


def test_the_same_client_id_is_stored_once(session: Session, conversation: Conversation, now: datetime) -> None:
    first = say(session, conversation, "a", "热水器不热", now)
    again = say(session, conversation, "a", "热水器不热", now)
    assert first.is_new
    assert not again.is_new
    assert again.message.id == first.message.id


def test_what_cannot_be_stored_is_refused_kindly(session: Session, conversation: Conversation, now: datetime) -> None:
    with pytest.raises(Refused, match="[一-鿿]"):
        say(session, conversation, "a", " \x00\u200b\n".replace("\u200b", ""), now)
    with pytest.raises(TooLarge, match="[一-鿿]"):
        say(session, conversation, "b", "热" * 10_000, now)
    stored = say(session, conversation, "c", "<b>x</b> {0.__class__}\x00\ud800 ok 👩‍🔧", now).message
    assert stored.text == "<b>x</b> {0.__class__} ok 👩‍🔧"


def test_a_text_the_next_day_goes_on_and_two_days_later_begins_anew(session: Session, now: datetime) -> None:
    first = service.text_conversation(session, "+8613800138000", language="zh", now=now)
    assert service.text_conversation(session, "+8613800138000", language="zh", now=now + timedelta(hours=20)) is first
    later = service.text_conversation(session, "+8613800138000", language="zh", now=now + timedelta(days=2))
    assert later.id != first.id
    assert later.channel is Channel.SMS


def test_from_the_take_over_on_the_bot_is_silent(
    session: Session, conversation: Conversation, agent: Agent, now: datetime
) -> None:
    unanswered = say(session, conversation, "a", "有人吗", now).message
    service.take_over(session, conversation.id, agent, reference=REFERENCE, now=now)
    session.refresh(unanswered)
    assert unanswered.answered_at == now
    assert say(session, conversation, "b", "你好", now).message.answered_at == now
    assert queries.waiting_for_the_bot(session, now) == []


def test_two_agents_take_one_conversation_and_one_is_told(
    session: Session, conversation: Conversation, agent: Agent, now: datetime
) -> None:
    second = agents.add(session, "second", "battery staple", name="乙", now=now)
    service.take_over(session, conversation.id, agent, reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        service.take_over(session, conversation.id, second, reference=REFERENCE, now=now)
    with pytest.raises(Conflict):
        service.reply(session, conversation.id, second, "您好", now=now)
    assert service.take_over(session, conversation.id, agent, reference=REFERENCE, now=now).agent_id == agent.id


def test_handing_back_lets_the_bot_speak_again(
    session: Session, conversation: Conversation, agent: Agent, now: datetime
) -> None:
    service.take_over(session, conversation.id, agent, reference=REFERENCE, now=now)
    service.reply(session, conversation.id, agent, "已为您处理", now=now)
    service.hand_back(session, conversation.id, agent, reference=REFERENCE, now=now)
    assert conversation.mode is Mode.BOT
    assert say(session, conversation, "z", "谢谢", now).message.answered_at is None
    assert list(queries.waiting_for_the_bot(session, now)) == [conversation.id]


def test_an_agents_reply_to_a_texting_customer_leaves_through_the_outbox(
    session: Session, agent: Agent, now: datetime
) -> None:
    from sqlalchemy import select

    from backend.outbox.models import OutboxMessage

    texting = service.text_conversation(session, "+8613800138000", language="zh", now=now)
    service.take_over(session, texting.id, agent, reference=REFERENCE, now=now)
    service.reply(session, texting.id, agent, "师傅下午到", now=now)
    [row] = session.scalars(select(OutboxMessage)).all()
    assert row.text == "师傅下午到"


def test_asking_for_a_person_tells_when_one_is_there(
    session: Session, conversation: Conversation, now: datetime
) -> None:
    in_hours = service.request_handoff(session, conversation.id, "asked", "想找人工", reference=REFERENCE, now=now)
    assert in_hours.open
    assert conversation.mode is Mode.WAITING
    evening = service.request_handoff(
        session, conversation.id, "asked", "", reference=REFERENCE, now=at("2026-11-24 18:00")
    )
    assert not evening.open
    assert "08:00" in evening.words["zh"]
    assert conversation.handoff_requested_at == now


def test_danger_stays_the_reason_whatever_is_asked_later(
    session: Session, conversation: Conversation, now: datetime
) -> None:
    service.request_handoff(session, conversation.id, "danger", "漏电", reference=REFERENCE, now=now)
    service.request_handoff(session, conversation.id, "asked", "转人工", reference=REFERENCE, now=now)
    assert conversation.handoff_reason == "danger"
