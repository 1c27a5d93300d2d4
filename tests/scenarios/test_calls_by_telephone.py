"""Whole calls, from ringing to hanging up, through a telephone that plays TwiML as strictly as Twilio does.

The bot is a fake that asks and answers as told; what the real one does on the telephone is in tests/browser.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.engine import Engine

from backend import db
from backend.callbacks.models import Callback
from backend.calls.models import Call as CallRow
from backend.calls.models import VoiceMessage
from backend.conversations.bot_client import BotAnswer, BotFailed, BotMessage, Question
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Failure, Mode
from backend.outbox.models import OutboxMessage
from conftest import at
from rooms.web import SECRET, Web, open_web
from telephony import simulator
from telephony.handset import (
    Answer,
    Cue,
    Event,
    Fetch,
    HangUp,
    Keys,
    Kind,
    Listen,
    Silence,
    Speech,
    Turn,
    advance,
    begin,
)

BASE = "http://testserver"
CALLER = "+8613800138000"


class Caller:
    """Somebody with a telephone. Time passes as they hear it: a second a sentence, pauses and music as long as said."""

    def __init__(self, web: Web, number: str = CALLER) -> None:
        self.web = web
        self.cues: list[Cue] = []
        self.call = simulator.new_call(caller=number, now=self._now(), base=BASE)
        self._take(begin(self.call, f"{BASE}/telephony/voice"))

    def does(self, event: Event) -> Caller:
        self.cues = []
        self._take(advance(self.call, event, self._now()))
        return self

    def says(self, words: str) -> Caller:
        return self.does(Speech(words))

    def presses(self, keys: str) -> Caller:
        return self.does(Keys(keys))

    def hangs_up(self) -> Caller:
        return self.does(HangUp())

    def waits(self, rounds: int = 1) -> Caller:
        """Stay silent for as long as the line listens, some rounds long."""
        for _ in range(rounds):
            if isinstance(self.call.waits_for, Listen):
                self.web.clock.move(timedelta(seconds=self.call.waits_for.timeout_s or 10))
                self.does(Silence())
        return self

    @property
    def heard(self) -> str:
        return " ".join(cue.text for cue in self.cues if cue.kind is Kind.SAY)

    @property
    def is_over(self) -> bool:
        return self.call.is_over

    def _take(self, turn: Turn) -> None:
        self.call = turn.call
        self.cues += turn.cues
        troubles = [cue.text for cue in turn.cues if cue.kind in (Kind.TROUBLE, Kind.IGNORED)]
        assert troubles == []
        self.web.clock.move(timedelta(seconds=sum(cue.seconds or 1 for cue in turn.cues if cue.takes_time)))
        for errand in turn.errands:
            assert self._send(errand).status in (200, 204)
        if isinstance(turn.call.waits_for, Fetch):
            self._take(advance(turn.call, self._send(turn.call.waits_for), self._now()))

    def _send(self, fetch: Fetch) -> Answer:
        headers = simulator.signed(fetch, SECRET)
        client: TestClient = self.web.client
        answer = client.request(fetch.method, fetch.url.removeprefix(BASE), data=dict(fetch.form), headers=headers)
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)

    def _now(self) -> float:
        return self.web.clock.now().timestamp()


def rows(web: Web, table: type[Any]) -> Sequence[Any]:
    with db.read_scope(web.sessions) as session:
        return session.scalars(select(table)).all()


@pytest.fixture
def web(committed: db.Sessions, engine: Engine, now: datetime) -> Iterator[Web]:
    with open_web(committed, engine, now) as web:
        yield web


@pytest.fixture
def evening(committed: db.Sessions, engine: Engine) -> Iterator[Web]:
    with open_web(committed, engine, at("2026-11-24 20:30")) as web:
        yield web


@pytest.fixture
def closing(committed: db.Sessions, engine: Engine) -> Iterator[Web]:
    with open_web(committed, engine, at("2026-11-24 17:58")) as web:
        yield web


LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
KEY = {"zh": "1", "en": "2"}
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "install": ("我要装热水器", [("装在哪里？", "顺德大良新桂路8号"), ("哪天方便？", "明天下午")], "登记好了。"),
        "repair": ("热水器不热", [("什么型号？", "不知道"), ("装在哪里？", "顺德大良新桂路8号")], "登记好了。"),
        "complaint": ("我要投诉", [("哪里不满意？", "师傅没来")], "记下了，客服会联系您。"),
        "danger": "水龙头麻手",
        "script": ("停止用水", "电闸"),
        "person": "转人工",
        "silent": "没有听到",
        "back": "打回来",
        "next": "明天11月25日",
        "place": "第1位",
    },
    "en": {
        "install": ("please install my heater", [("Where?", "8 Xingui Road"), ("When?", "tomorrow")], "Booked."),
        "repair": ("no hot water", [("Which model?", "I don't know"), ("Where?", "8 Xingui Road")], "Booked."),
        "complaint": ("I want to complain", [("What went wrong?", "nobody came")], "Noted."),
        "danger": "I get a shock from the tap",
        "script": ("water", "breaker"),
        "person": "let me talk to a person",
        "silent": "did not hear",
        "back": "call you",
        "next": "tomorrow",
        "place": "number 1",
    },
}


def rung(web: Web, language: str, number: str = CALLER) -> Caller:
    caller = Caller(web, number)
    assert not caller.is_over
    return caller.presses(KEY[language])


@LANGUAGES
@pytest.mark.parametrize("wanted", ["install", "repair", "complaint"])
def test_what_the_caller_wants_is_asked_about_and_settled(web: Web, language: str, wanted: str) -> None:
    opening, asked, settled = WORDS[language][wanted]
    answers = iter([*(question for question, _ in asked), settled])

    def bot(question: Question) -> BotAnswer:
        return BotAnswer(messages=[BotMessage(text=next(answers))], language=question.language)

    web.bot.answer = bot
    caller = rung(web, language).says(opening)
    for question, answer in asked:
        assert question in caller.heard
        caller.says(answer)
    assert settled in caller.heard
    assert not caller.is_over
    caller.hangs_up()
    assert [question.text for question in web.bot.asked] == [opening, *(answer for _, answer in asked)]
    assert {question.language for question in web.bot.asked} == {language}
    assert {question.channel for question in web.bot.asked} == {"voice"}
    [conversation] = rows(web, Conversation)
    assert conversation.channel == "voice"
    assert [row.ended_at is not None for row in rows(web, CallRow)] == [True]


@LANGUAGES
@pytest.mark.parametrize("is_bot_there", [True, False])
def test_danger_is_answered_before_anything_else_and_a_person_follows(
    web: Web, language: str, is_bot_there: bool
) -> None:
    if not is_bot_there:
        web.bot.fails = [BotFailed(Failure.AWAY, "down")] * 20
    caller = rung(web, language).says(WORDS[language]["danger"])
    for word in WORDS[language]["script"]:
        assert word in caller.heard
    assert caller.call.queue is not None
    [conversation] = rows(web, Conversation)
    assert (conversation.mode, conversation.handoff_reason) == (Mode.WAITING, "danger")


def test_whoever_never_makes_a_sound_is_asked_again_and_let_go(web: Web) -> None:
    caller = Caller(web)
    for _ in range(2):
        assert WORDS["zh"]["silent"] in caller.waits().heard
        assert not caller.is_over
    assert caller.waits().is_over
    assert web.bot.asked == []
    assert {row.mode for row in rows(web, Conversation)} == {Mode.CLOSED}


@LANGUAGES
def test_whoever_falls_silent_gets_a_person(web: Web, language: str) -> None:
    caller = rung(web, language)
    for _ in range(2):
        assert WORDS[language]["silent"] in caller.waits().heard
    assert caller.waits().call.queue is not None
    assert WORDS[language]["place"] in caller.heard


@LANGUAGES
def test_hanging_up_half_way_keeps_what_was_said(web: Web, language: str) -> None:
    opening = WORDS[language]["repair"][0]
    rung(web, language).says(opening).hangs_up()
    assert opening in [row.text for row in rows(web, Message)]
    [call] = rows(web, CallRow)
    assert call.ended_at is not None
    assert call.line is None


@LANGUAGES
def test_at_closing_time_those_who_wait_are_told_and_called_back_next_morning(closing: Web, language: str) -> None:
    caller = rung(closing, language).presses("0")
    assert caller.call.queue is not None
    assert WORDS[language]["place"] in caller.heard
    for _ in range(40):
        if not caller.is_over and closing.clock.now() < at("2026-11-24 18:10"):
            caller.waits()
    assert caller.is_over
    assert closing.clock.now() < at("2026-11-24 18:05")
    assert WORDS[language]["back"] in caller.heard
    [callback] = rows(closing, Callback)
    assert (callback.phone, callback.window_start) == (CALLER, at("2026-11-25 08:00"))


@LANGUAGES
def test_after_hours_the_hours_are_told_and_a_callback_is_booked(evening: Web, language: str) -> None:
    caller = rung(evening, language).says(WORDS[language]["person"])
    assert WORDS[language]["next"] in caller.heard
    assert WORDS[language]["back"] in caller.presses("1").heard
    [callback] = rows(evening, Callback)
    assert callback.window_start == at("2026-11-25 08:00")
    assert [row for row in rows(evening, OutboxMessage) if row.medium.value == "call"] == []


@LANGUAGES
def test_a_message_left_after_hours_is_kept_even_when_the_caller_just_hangs_up(evening: Web, language: str) -> None:
    caller = rung(evening, language).presses("0").presses("2")
    assert caller.cues[-1].kind is Kind.BEEP
    caller.says("请尽快回电").hangs_up()
    assert len(rows(evening, VoiceMessage)) == 1


@LANGUAGES
def test_a_dead_bot_brings_a_person_within_a_few_polls(web: Web, language: str) -> None:
    web.bot.fails = [BotFailed(Failure.AWAY, "down")] * 20
    began = web.clock.now()
    caller = rung(web, language).says(WORDS[language]["repair"][0])
    assert caller.call.queue is not None
    assert web.clock.now() - began < timedelta(seconds=60)


def test_a_hundred_things_a_caller_may_do_are_all_answered_with_twiml_twilio_takes(web: Web, now: datetime) -> None:
    """Callers who do anything at all, at random but always the same, over some calls; `_take` refuses any trouble."""
    import random

    dice = random.Random(7)  # the same every time
    pieces = [
        "热水器漏水",
        "喂",
        "no hot water",
        "<Hangup/>",
        "\x00\ufffe&",
        "转人工",
        "9",
        "再说一遍",
        "明天" * 200,
        "🛁",
    ]
    done = 0
    while done < 100:
        caller = Caller(web, dice.choice([CALLER, "anonymous", "+266696687", "+8613900139000"]))
        for _ in range(dice.randint(1, 25)):
            listening = caller.call.waits_for
            if not isinstance(listening, Listen):
                break
            choices: list[Event] = [Silence()]
            if listening.speech:
                choices += [Speech(dice.choice(pieces), dice.random())] * 3
            if listening.keys:
                choices += [Keys(dice.choice(["0", "1", "2", "9", "#", "*", "13800138000#"]))]
            event = dice.choice(choices)
            if isinstance(event, Keys) and listening.num_digits:
                event = Keys(event.keys[: listening.num_digits])
            caller.does(event)
            done += 1
            web.clock.set(now)  # it stays open, whatever time the callers take
        caller.hangs_up()
