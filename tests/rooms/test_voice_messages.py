"""Messages callers leave: heard at the desk by who is signed in, recorded, and gone when their time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from backend import db
from backend.agents import service as agents
from backend.agents.permissions import Role
from backend.audit.models import AuditEntry
from backend.calls import jobs
from backend.calls.models import Sound, VoiceMessage
from backend.conversations.models import Conversation
from conftest import at
from rooms.calls import Phone
from rooms.web import Web
from telephony.media import Fetch, Fetched, NotNow

SID = "RE" + "a" * 32


class Tape:
    """Recordings in memory; `is_away` makes it unreachable."""

    has_sound = True

    def __init__(self) -> None:
        self.is_away = False
        self.sounds = {SID: b"ID3 sound"}

    def fetch(self, sid: str) -> Fetch:
        return NotNow("away") if self.is_away else Fetched(self.sounds[sid])

    def delete(self, sid: str) -> bool:
        if not self.is_away:
            self.sounds.pop(sid, None)
        return not self.is_away


@pytest.fixture
def tape(web: Web) -> Tape:
    tape = Tape()
    web.client.app.state.house.recordings = tape  # type: ignore[attr-defined]
    web.clock.set(at("2026-11-24 20:30"))
    phone = Phone(web).ring().press("0").press("2")
    record = phone.xml.find("Record")
    assert record is not None
    phone.follow(record.get("action") or "", RecordingSid=SID, RecordingDuration="12")
    phone.hang_up()
    return tape


def sign_in(web: Web) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "chen", "correct horse battery", name="陈晓", role=Role.AGENT, now=web.clock.now())
    form = {"username": "chen", "password": "correct horse battery"}
    headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    assert web.client.post("/api/session", json=form, headers=headers).status_code < 300


def address(web: Web) -> str:
    with db.read_scope(web.sessions) as session:
        [conversation_id] = session.scalars(select(Conversation.id)).all()
    return f"/console/conversations/{conversation_id}/recordings/{SID}"


def test_a_message_is_played_to_whoever_is_signed_in_and_that_is_recorded_once(web: Web, tape: Tape) -> None:
    assert web.client.get(address(web)).status_code == 401
    sign_in(web)
    for _ in range(2):
        answer = web.client.get(address(web))
        assert (answer.status_code, answer.content) == (200, b"ID3 sound")
        assert answer.headers["content-type"] == "audio/mpeg"
        assert "no-store" in answer.headers["cache-control"]
    with db.read_scope(web.sessions) as session:
        heard = [each.what for each in session.scalars(select(AuditEntry)) if each.what == "listened"]
    assert len(heard) == 1


def test_a_message_of_another_conversation_is_not_played(web: Web, tape: Tape) -> None:
    sign_in(web)
    Phone(web).ring()
    with db.read_scope(web.sessions) as session:
        with_one = select(VoiceMessage.conversation_id)
        other = session.scalar(select(Conversation.id).where(Conversation.id.not_in(with_one)))
    assert web.client.get(f"/console/conversations/{other}/recordings/{SID}").status_code == 404
    assert web.client.get(f"/console/conversations/{other}/recordings/RE..%2Fx").status_code in (404, 422)


def test_a_carrier_that_is_away_is_said_to_be(web: Web, tape: Tape) -> None:
    sign_in(web)
    tape.is_away = True
    assert web.client.get(address(web)).status_code == 503


def test_the_pane_shows_a_player(web: Web, tape: Tape) -> None:
    sign_in(web)
    page = web.client.get(address(web).partition("/recordings")[0]).text
    assert f'src="{address(web)}"' in page
    assert "语音留言，12秒" in page
    assert "通话已结束" in page


def test_when_its_time_is_over_or_its_customer_deleted_the_sound_is_deleted_at_the_carrier(
    web: Web, tape: Tape
) -> None:
    house = web.client.app.state.house  # type: ignore[attr-defined]
    now = web.clock.now()
    assert jobs.run_due(house, now) == 0
    tape.is_away = True
    with db.session_scope(web.sessions) as session:
        session.execute(delete(VoiceMessage))
    jobs.run_due(house, now)
    assert tape.sounds
    tape.is_away = False
    assert jobs.run_due(house, now) == 1
    assert tape.sounds == {}
    with db.read_scope(web.sessions) as session:
        assert session.scalars(select(Sound)).all() == []


def test_old_messages_are_forgotten(web: Web, tape: Tape) -> None:
    house = web.client.app.state.house  # type: ignore[attr-defined]
    house.reference = replace(
        house.reference, voice=house.reference.voice.model_copy(update={"keep_messages_days": 30})
    )
    assert jobs.run_due(house, web.clock.now() + timedelta(days=29)) == 0
    assert jobs.run_due(house, web.clock.now() + timedelta(days=31)) == 1
    assert tape.sounds == {}
