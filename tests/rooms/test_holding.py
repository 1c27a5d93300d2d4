"""Who holds a conversation: leases, passing on, putting aside, wrapping up, and notes among agents."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import reference
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.conversations import holding, notes, queries, service
from backend.conversations.models import Conversation, Mention, Note
from backend.conversations.rules import Author, Mode, NoteKind
from backend.errors import Conflict, NotFound, Refused

REFERENCE = reference.current()
LEASE = REFERENCE.desk.lease


@pytest.fixture
def agents(session: Session, now: datetime) -> list[Agent]:
    made = [
        Agent(username=username, name=name, password_hash="x", role=role, active=True, created_at=now)
        for username, name, role in (
            ("chen", "陈晓", Role.AGENT),
            ("lin", "林悦", Role.AGENT),
            ("part", "配件小周", Role.PARTS),
        )
    ]
    session.add_all(made)
    session.flush()
    return made


@pytest.fixture
def talk(session: Session, agents: list[Agent], now: datetime) -> Conversation:
    """A conversation the first agent has just taken over; the bot was asking for the telephone number."""
    conversation, _ = service.open_web(session, language="zh", reference=REFERENCE, now=now)
    service.hear(session, conversation, "漏水了", now=now, answered_at=now)
    service.say(session, conversation, Author.BOT, "您的电话是多少？", now=now, expects="phone")
    service.request_handoff(session, conversation.id, "asked", "漏水", reference=REFERENCE, now=now)
    return service.take_over(session, conversation.id, agents[0], reference=REFERENCE, now=now)


def last_words(session: Session, talk: Conversation, count: int) -> list[tuple[Author, str]]:
    said = queries.messages_after(session, talk.id, talk.last_seq - count)
    return [(each.author, each.text) for each in said]


class TestLease:
    def test_a_dead_browser_returns_the_conversation_after_the_lease(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        assert list(holding.return_due(session, now + LEASE - timedelta(seconds=1))) == []
        assert list(holding.return_due(session, now + LEASE)) == [talk.id]
        session.refresh(talk)
        assert (talk.mode, talk.agent_id, talk.wanted_agent_id) == (Mode.WAITING, None, agents[0].id)
        assert list(holding.return_due(session, now + LEASE)) == []

    def test_a_living_console_keeps_it(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        assert holding.prolong(session, agents[0].id, reference=REFERENCE, now=now) == 0  # prolonged a moment ago
        later = now + LEASE - timedelta(seconds=1)
        assert holding.prolong(session, agents[0].id, reference=REFERENCE, now=later) == 1
        assert holding.prolong(session, agents[1].id, reference=REFERENCE, now=later) == 0
        assert list(holding.return_due(session, now + LEASE)) == []

    def test_a_colleague_is_refused_within_the_lease_and_let_in_after_it(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        with pytest.raises(Conflict):
            service.take_over(session, talk.id, agents[1], reference=REFERENCE, now=now)
        taken = service.take_over(session, talk.id, agents[1], reference=REFERENCE, now=now + LEASE)
        assert taken.agent_id == agents[1].id
        with pytest.raises(Conflict):
            service.reply(session, talk.id, agents[0], "还在吗", now=now + LEASE)

    def test_taking_it_again_is_not_told_twice(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        before = talk.last_seq
        service.take_over(session, talk.id, agents[0], reference=REFERENCE, now=now)
        assert talk.last_seq == before


class TestHandBack:
    def test_the_bot_goes_on_with_its_last_question(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        holding.hand_back(session, talk.id, agents[0], reference=REFERENCE, now=now)
        assert last_words(session, talk, 1) == [(Author.BOT, "您的电话是多少？")]
        again = queries.last_of(session, talk.id, Author.BOT)
        assert again is not None
        assert again.expects == "phone"
        assert (talk.mode, talk.lease_until) == (Mode.BOT, None)

    def test_what_the_agent_has_entered_is_not_asked_again(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        holding.hand_back(session, talk.id, agents[0], reference=REFERENCE, settled=True, now=now)
        assert [author for author, _ in last_words(session, talk, 1)] == [Author.SYSTEM]

    def test_only_who_holds_it_may_give_it_away(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        other = agents[1]
        for act in (
            lambda: holding.hand_back(session, talk.id, other, reference=REFERENCE, now=now),
            lambda: holding.pass_on(session, talk.id, other, queue="parts", reference=REFERENCE, now=now),
            lambda: holding.snooze(session, talk.id, other, now + timedelta(hours=1), now=now),
            lambda: holding.close(session, talk.id, other, "solved", reference=REFERENCE, now=now),
        ):
            with pytest.raises(Conflict):
                act()
        with pytest.raises(NotFound):
            holding.held(session, "f" * 32, other)


class TestPassingOn:
    def test_to_a_colleague_who_is_told_with_a_note(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        told = holding.pass_on(session, talk.id, agents[0], to=agents[1], note="客户很急", reference=REFERENCE, now=now)
        assert told == {agents[1].id}
        assert (talk.mode, talk.wanted_agent_id, talk.agent_id) == (Mode.WAITING, agents[1].id, None)
        assert notes.has_unread(session, talk.id, agents[1])
        assert "客户很急" in notes.of(session, talk.id)[-1].text
        assert all("客户很急" not in words for _, words in last_words(session, talk, 3))

    def test_to_a_group_whose_people_are_told(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        told = holding.pass_on(session, talk.id, agents[0], queue="parts", reference=REFERENCE, now=now)
        assert told == {agents[2].id}
        assert (talk.queue, talk.wanted_agent_id) == ("parts", None)

    @pytest.mark.parametrize("queue", [None, "", "nowhere"])
    def test_to_nobody_is_refused(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime, queue: str | None
    ) -> None:
        with pytest.raises(Refused):
            holding.pass_on(session, talk.id, agents[0], queue=queue, reference=REFERENCE, now=now)
        with pytest.raises(Refused):
            holding.pass_on(session, talk.id, agents[0], to=agents[0], reference=REFERENCE, now=now)


class TestSnoozing:
    def test_it_comes_back_at_its_time_for_its_agent_first(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        until = now + timedelta(hours=2)
        holding.snooze(session, talk.id, agents[0], until, now=now)
        assert list(holding.return_due(session, now + LEASE * 2)) == []  # no lease runs while it is put aside
        assert list(holding.return_due(session, until)) == [talk.id]
        session.refresh(talk)
        assert (talk.mode, talk.wanted_agent_id, talk.snoozed_until) == (Mode.WAITING, agents[0].id, None)

    def test_it_comes_back_when_the_customer_writes_and_the_bot_does_not_answer_that(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        holding.snooze(session, talk.id, agents[0], now + timedelta(hours=2), now=now)
        heard = service.hear(session, talk, "我到家了", now=now, retry_at=now)
        assert heard.answered_at == now
        assert (talk.mode, talk.wanted_agent_id, talk.snoozed_until) == (Mode.WAITING, agents[0].id, None)

    def test_not_into_the_past_nor_for_months_nor_with_people_in_danger(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        for until, why in ((now, "past"), (now + timedelta(days=31), "too_far")):
            with pytest.raises(Refused) as refused:
                holding.snooze(session, talk.id, agents[0], until, now=now)
            assert refused.value.reason == why
        talk.handoff_reason = "danger"
        with pytest.raises(Refused) as refused:
            holding.snooze(session, talk.id, agents[0], now + timedelta(hours=1), now=now)
        assert refused.value.reason == "danger"


class TestWrappingUp:
    def test_closed_with_how_it_ended_and_opened_again(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        with pytest.raises(Refused):
            holding.close(session, talk.id, agents[0], "whatever", reference=REFERENCE, now=now)
        holding.close(session, talk.id, agents[0], "solved", "换了密封圈", reference=REFERENCE, now=now)
        assert (talk.mode, talk.wrap_up, talk.closed_at) == (Mode.CLOSED, "solved", now)
        holding.reopen(session, talk.id, agents[1], reference=REFERENCE, now=now)
        assert (talk.mode, talk.wrap_up, talk.agent_id) == (Mode.HUMAN, None, agents[1].id)
        kinds = [each.kind for each in notes.of(session, talk.id)]
        assert kinds == [NoteKind.WRAP_UP, NoteKind.REOPEN]

    def test_the_customer_who_writes_again_is_answered_by_the_bot(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        holding.close(session, talk.id, agents[0], "solved", reference=REFERENCE, now=now)
        heard = service.hear(session, talk, "又漏了", now=now, retry_at=now)
        assert (talk.mode, talk.agent_id, talk.wrap_up, heard.answered_at) == (Mode.BOT, None, None, None)


class TestNotes:
    def test_a_note_tells_whom_it_names_until_they_have_seen_it(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        named = notes.add(session, talk.id, agents[0], "@林悦 和 @part 看一下，@谁", now=now)
        assert named == {agents[1].id, agents[2].id}
        assert notes.mark_read(session, talk.id, agents[1], now)
        assert not notes.has_unread(session, talk.id, agents[1])
        assert not notes.mark_read(session, talk.id, agents[1], now)
        assert session.scalars(select(Mention.agent_id).where(Mention.seen_at.is_(None))).all() == [agents[2].id]

    def test_no_note_is_ever_among_what_the_customer_reads(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        before = [each.id for each in queries.messages_after(session, talk.id, 0)]
        notes.add(session, talk.id, agents[0], "客户态度差", now=now)
        assert [each.id for each in queries.messages_after(session, talk.id, 0)] == before
        assert session.scalars(select(Note.text)).all() == ["客户态度差"]

    def test_an_empty_note_is_refused(
        self, session: Session, talk: Conversation, agents: list[Agent], now: datetime
    ) -> None:
        with pytest.raises(Refused):
            notes.add(session, talk.id, agents[0], " \x00 ", now=now)


class TestWithdrawing:
    def test_who_waits_and_needs_nobody_goes_on_with_the_bot(self, session: Session, now: datetime) -> None:
        conversation, _ = service.open_web(session, language="zh", reference=REFERENCE, now=now)
        service.request_handoff(session, conversation.id, "asked", "漏水", reference=REFERENCE, now=now)
        assert holding.withdraw_handoff(session, conversation.id)
        assert (conversation.mode, conversation.handoff_reason, conversation.handoff_requested_at) == (
            Mode.BOT,
            None,
            None,
        )
        assert not holding.withdraw_handoff(session, conversation.id)

    def test_danger_waits_on(self, session: Session, now: datetime) -> None:
        conversation, _ = service.open_web(session, language="zh", reference=REFERENCE, now=now)
        service.request_handoff(session, conversation.id, "danger", "麻手", reference=REFERENCE, now=now)
        assert not holding.withdraw_handoff(session, conversation.id)
        assert conversation.mode is Mode.WAITING

    def test_an_agent_who_is_there_stays(self, session: Session, talk: Conversation) -> None:
        assert not holding.withdraw_handoff(session, talk.id)
        assert talk.mode is Mode.HUMAN
