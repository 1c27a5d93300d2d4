"""Photos that come with texts: fetched by the tick, shown in the conversation, answered once a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from backend import db
from backend.agents import service as agents
from backend.attachments import fetching, policy, service
from backend.attachments.models import Picture
from backend.conversations import service as conversations
from backend.conversations.models import Conversation, Enclosure, Message
from backend.conversations.rules import Author
from backend.outbox.models import OutboxMessage
from rooms.test_attachments import jpeg, with_position
from rooms.test_inbound_texts import rows, texts_out
from rooms.web import Web, open_web
from telephony.media import Fetch, Fetched, NotNow, Useless

PHOTO = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"


class Source:
    """Hands over what it was given, by the end of the address; else a photo."""

    def __init__(self, **given: Fetch) -> None:
        self.given = given
        self.asked: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def fetch(self, url: str) -> Fetch:
        self.asked.append(url)
        self.meanwhile()
        return self.given.get(url.removeprefix(PHOTO), Fetched(jpeg()))


def media(*names: str, kind: str = "image/jpeg") -> dict[str, str]:
    form = {"NumMedia": str(len(names))}
    for index, name in enumerate(names):
        form |= {f"MediaUrl{index}": PHOTO + name, f"MediaContentType{index}": kind}
    return form


@pytest.fixture
def web(committed: db.Sessions, engine: Engine, now: datetime) -> Iterator[Web]:
    """The application without ticks of its own."""
    with open_web(committed, engine, now, ticking=False) as web:
        yield web


@pytest.fixture
def tick(web: Web, tmp_path: Path) -> Callable[[Source], list[str]]:
    house = web.client.app.state.house  # type: ignore[attr-defined]

    def run(source: Source) -> list[str]:
        means = fetching.Means(source, tmp_path, house.reference)
        return list(fetching.run_due(web.sessions, web.clock.now(), means, clock=web.clock.now))

    return run


Tick = Callable[[Source], list[str]]


def said(web: Web) -> list[tuple[Author, str]]:
    return [(message.author, message.text) for message in rows(web, Message)]


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / service.FOLDER).rglob("*") if path.is_file()]


def test_a_photo_without_words_is_kept_and_thanked_for(web: Web, tick: Tick, tmp_path: Path) -> None:
    assert web.text("", **media("1")).status_code == 200
    assert said(web) == []
    source = Source(**{"1": Fetched(with_position())})
    [conversation_id] = tick(source)
    [photo, thanks] = rows(web, Message)
    assert (photo.author, photo.picture["width"]) == (Author.CUSTOMER, 48)
    assert thanks.author is Author.BOT
    assert [text.text for text in texts_out(web)] == [thanks.text]
    assert web.bot.asked == []
    [file] = kept(tmp_path)
    assert b"SecretPhone" not in file.read_bytes()
    assert rows(web, Enclosure) == []
    assert tick(source) == []
    assert conversation_id == photo.conversation_id


def test_words_are_the_bots_and_their_photos_are_answered_once(web: Web, tick: Tick) -> None:
    web.text("显示E3", **media("1", "2", "3"))
    texts_out(web)
    tick(Source())
    assert [question.text for question in web.bot.asked] == ["显示E3"]
    authors = [author for author, _ in said(web)]
    assert authors.count(Author.CUSTOMER) == 4
    assert len(texts_out(web, 2)) == 2


def test_the_same_text_twice_brings_its_photo_once(web: Web, tick: Tick) -> None:
    for _ in range(2):
        web.text("", sid="MM" + "a" * 32, **media("1"))
    tick(Source())
    web.text("", sid="MM" + "a" * 32, **media("1"))
    tick(Source())
    assert len(rows(web, Picture)) == 1


@pytest.mark.parametrize(
    "useless", [Useless("redirect"), Fetched(b"<html>"), Fetched(b""), Fetched(b"\xff\xd8\xff\xe0 cut off")]
)
def test_a_photo_of_no_use_is_told_kindly(web: Web, tick: Tick, useless: Fetch, tmp_path: Path) -> None:
    web.text("", **media("1", "2"))
    tick(Source(**{"2": useless}))
    [text] = texts_out(web)
    assert "有1个我们没能打开" in text.text
    assert len(rows(web, Picture)) == len(kept(tmp_path)) == 1
    assert rows(web, Enclosure) == []


def test_a_carrier_that_is_away_is_asked_again_and_in_the_end_given_up(web: Web, tick: Tick) -> None:
    web.text("", **media("1"))
    away = Source(**{"1": NotNow("HTTP 503")})
    for pause in policy.current().pauses:
        assert tick(away) == []
        assert tick(away) == []  # not before its time
        web.clock.move(pause)
    assert len(tick(away)) == 1
    assert len(away.asked) == len(policy.current().pauses) + 1
    assert "没能打开" in texts_out(web)[0].text


def test_a_photo_that_comes_at_last_is_kept(web: Web, tick: Tick) -> None:
    web.text("", **media("1"))
    tick(Source(**{"1": NotNow("HTTP 404")}))
    web.clock.move(policy.current().pauses[0])
    tick(Source())
    assert len(rows(web, Picture)) == 1


def test_who_comes_back_late_keeps_nothing(web: Web, tick: Tick, tmp_path: Path) -> None:
    """A process sleeps through its lease; another one fetches the photo meanwhile."""
    web.text("", **media("1"))
    sleepy = Source()

    def overslept() -> None:
        sleepy.meanwhile = lambda: None
        web.clock.move(policy.current().lease)
        tick(Source())

    sleepy.meanwhile = overslept
    tick(sleepy)
    assert len(rows(web, Picture)) == len(kept(tmp_path)) == 1
    assert len(texts_out(web)) == 1


def test_a_photo_nobody_can_handle_holds_up_no_other_and_is_given_up(web: Web, tick: Tick) -> None:
    web.text("", **media("1"))

    def bang() -> None:
        raise RuntimeError

    broken = Source()
    broken.meanwhile = bang
    for _ in range(len(policy.current().pauses) + 1):
        tick(broken)
        web.clock.move(policy.current().lease + timedelta(seconds=1))
    web.text("", "+8613900139000", **media("2"))
    assert len(tick(Source())) == 2
    assert [text.to for text in texts_out(web, 2) if "没能打开" in text.text] == ["+8613800138000"]


def test_what_is_no_photo_is_told_at_once_in_the_language_known(web: Web, tick: Tick) -> None:
    web.text("the heater is leaking")
    texts_out(web)
    web.text("", **media("1", kind="video/mp4"))
    assert "could not open 1" in texts_out(web, 2)[-1].text
    source = Source()
    assert tick(source) == []
    assert source.asked == []


def test_an_agent_who_holds_the_conversation_sees_the_photo_and_the_bot_is_silent(web: Web, tick: Tick) -> None:
    web.text("漏水了")
    texts_out(web)
    with db.session_scope(web.sessions) as session:
        agent = agents.add(session, "chen", "correct horse", name="陈晓", now=web.clock.now())
        conversation_id = session.scalars(select(Conversation.id)).one()
        house = web.client.app.state.house  # type: ignore[attr-defined]
        conversations.take_over(session, conversation_id, agent, reference=house.reference, now=web.clock.now())
        before = session.scalar(select(func.count(OutboxMessage.id)))
    web.text("", **media("1"))
    tick(Source())
    assert said(web)[-1][0] is Author.CUSTOMER
    assert len(rows(web, OutboxMessage)) == before


def test_a_conversation_whose_photo_is_still_on_its_way_can_be_looked_at(web: Web) -> None:
    web.text("", **media("1"))
    with db.session_scope(web.sessions) as session:
        agents.add(session, "chen", "correct horse", name="陈晓", now=web.clock.now())
    web.client.post("/api/session", json={"username": "chen", "password": "correct horse"})
    assert web.client.get("/console/").status_code == 200


def test_a_photo_whose_conversation_is_deleted_meanwhile_leaves_no_file(web: Web, tick: Tick, tmp_path: Path) -> None:
    web.text("", **media("1"))
    source = Source()

    def deleted() -> None:
        with db.session_scope(web.sessions) as session:
            session.delete(session.scalars(select(Conversation)).one())

    source.meanwhile = deleted
    assert tick(source) == []
    assert kept(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
