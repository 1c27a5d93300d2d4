"""Looking for words: what is found, and that the index follows the tables, also where something is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend import db, reference
from backend.agents.models import Agent
from backend.conversations import service as conversations
from backend.conversations.models import MESSAGE_WORDS, Conversation, Message
from backend.conversations.rules import Author
from backend.customers import service as customers
from backend.kernel import pairs
from backend.privacy import jobs
from backend.privacy import service as privacy
from backend.tickets.models import TICKET_WORDS
from tests.browser.console_fixtures import NOW, Desk, make_house
from tests.fakes import HandClock

SAID = (
    "打不着火，有煤气味",
    "底部漏水，滴了一地",
    "显示Ｅ３，换过电池",
    "The heater LEAKS badly",
    "50% off? a_b “quoted” 'x' NEAR(a b)",
    "热水 水器",
)


@pytest.fixture
def talk(session: Session) -> Conversation:
    conversation = conversations.open_web(session, language="zh", reference=reference.current(), now=NOW)[0]
    for text in SAID:
        conversations.hear(session, conversation, text, now=NOW, client_message_id=text[:40])
    session.flush()
    return conversation


def found(session: Session, text: str, newest: int | None = None) -> list[str]:
    wanted = MESSAGE_WORDS.ids(session, text, newest)
    return list(session.scalars(select(Message.text).where(Message.id.in_(wanted)).order_by(Message.id)))


class TestWhatIsFound:
    @pytest.mark.parametrize(
        ("text", "places"),
        [
            ("煤气", [0]),
            ("煤气味", [0]),
            ("气味煤", []),
            ("漏水", [1]),
            ("e3", [2]),
            ("Ｅ3", [2]),
            ("leaks", [3]),
            ("eak", [3]),
            ("leaks heater", [3]),
            ("leaks 漏水", []),
            ("漏水 滴", [1]),
            ("50%", [4]),
            ("a_b", [4]),
            ("“quoted”", [4]),
            ("'x'", [4]),
            ("NEAR(a", [4]),
            ("热水器", []),
            ("，有", [0]),
        ],
    )
    def test_any_part_of_a_word_in_any_width_and_case(
        self, session: Session, talk: Conversation, text: str, places: Sequence[int]
    ) -> None:
        assert found(session, text) == [SAID[place] for place in places]

    @pytest.mark.parametrize("text", ['"', '""', '" OR "x', "*", "漏水*", "-漏水", "pairs:漏水", "%%", "\\_", "漏' --"])
    def test_nothing_in_a_search_is_an_order_to_the_database(
        self, session: Session, talk: Conversation, text: str
    ) -> None:
        assert session.scalars(select(Message.text).where(MESSAGE_WORDS.says(session, text))).all() == []

    def test_what_the_bot_says_to_everybody_finds_nobody(self, session: Session, talk: Conversation) -> None:
        said = select(Message.text).where(Message.conversation_id == talk.id, Message.author == Author.BOT)
        greeting = session.scalars(said).first()
        assert greeting
        assert found(session, greeting.split("。")[0]) == []

    def test_the_newest_are_found_first_when_only_some_are_wanted(self, session: Session, talk: Conversation) -> None:
        for number in range(5):
            conversations.hear(session, talk, f"漏水 {number}", now=NOW, client_message_id=f"n{number}")
        assert found(session, "漏水", newest=2) == ["漏水 3", "漏水 4"]

    @given(text=st.text(max_size=40), start=st.integers(0, 40), length=st.integers(2, 12))
    def test_every_part_of_a_text_is_among_its_pairs(self, text: str, start: int, length: int) -> None:
        normal = " ".join(pairs.words(text))
        for part in pairs.sought(normal[start : start + length]):
            assert " ".join(pairs.pairs(part)) in pairs.pairs_of(text)


class TestItFollowsTheTable:
    def test_what_is_reworded_is_found_by_its_new_words_alone(self, session: Session, talk: Conversation) -> None:
        session.execute(update(Message).where(Message.text == SAID[1]).values(text="内胆结垢"))
        assert found(session, "漏水") == []
        assert found(session, "结垢") == ["内胆结垢"]

    def test_what_a_cascade_deletes_is_gone(self, session: Session, talk: Conversation) -> None:
        session.execute(delete(Conversation).where(Conversation.id == talk.id))
        for text in ("煤气", "漏水", "leaks"):
            assert session.scalars(MESSAGE_WORDS.ids(session, text)).all() == []

    def test_what_is_rolled_back_was_never_there(self, session: Session, talk: Conversation) -> None:
        with session.begin_nested() as inner:
            conversations.hear(session, talk, "压力阀响", now=NOW, client_message_id="valve")
            inner.rollback()
        assert session.scalars(MESSAGE_WORDS.ids(session, "压力阀")).all() == []

    def test_a_customer_who_is_deleted_leaves_no_words(self, sessions: db.Sessions) -> None:
        house = make_house(sessions, HandClock(NOW))
        desk = Desk(house)
        desk.agents()
        web = desk.talk(("customer", "阳台的热水器渗水"), ("bot", "好的"), ago=3)
        desk.ticket(web, "+8613800138002", "欧阳女士", ago=2, symptom="阀门渗水")
        with db.session_scope(sessions) as session:
            assert session.scalars(MESSAGE_WORDS.ids(session, "阳台")).all()
            assert session.scalars(TICKET_WORDS.ids(session, "欧阳女士")).all()
            customer = customers.find(session, "+8613800138002")
            assert customer
            agent = session.scalars(select(Agent)).first()
            assert agent
            privacy.ask_deletion(session, customer.id, agent, "asked by telephone", now=NOW)
        jobs.run_due(sessions, NOW + timedelta(days=30), key=b"k" * 32, forget=lambda _id: None)
        with db.read_scope(sessions) as session:
            assert session.scalars(MESSAGE_WORDS.ids(session, "阳台")).all() == []
            assert session.scalars(TICKET_WORDS.ids(session, "欧阳女士")).all() == []
            assert session.scalars(TICKET_WORDS.ids(session, "阀门")).all() == []
