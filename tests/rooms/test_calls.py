"""Calls that come in: from the greeting to a person, a callback or the end."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend import db
from backend.callbacks import cases
from backend.callbacks.models import Callback
from backend.calls import jobs
from backend.calls.models import Call, CallAnswer, VoiceMessage
from backend.conversations.bot_client import BotAnswer, BotFailed, BotMessage, Question
from backend.conversations.models import Conversation, Message
from backend.conversations.rules import Author, Channel, Failure, Mode
from backend.conversations.schemas import Button
from backend.outbox.models import OutboxMessage
from backend.tickets import intake
from backend.tickets.rules import TicketType
from backend.tickets.service import TicketRequest
from conftest import at
from rooms.calls import CALLER, Phone
from rooms.web import Web
from telephony import signature

EVENING = at("2026-11-24 20:30")


def rows(web: Web, table: type[Any]) -> Sequence[Any]:
    with db.read_scope(web.sessions) as session:
        return session.scalars(select(table).order_by(*table.__table__.primary_key)).all()


def talk(web: Web) -> Conversation:
    [conversation] = rows(web, Conversation)
    return conversation


def transcript(web: Web) -> list[tuple[str, str]]:
    said = [(each.author.value, each.text) for each in rows(web, Message)]
    assert said[0] == ("system", "〔来电接通〕")
    return said[1:]


def quick(web: Web) -> None:
    """The bot is waited for a tenth of a second only."""
    house = web.client.app.state.house  # type: ignore[attr-defined]
    house.reference = replace(house.reference, voice=house.reference.voice.model_copy(update={"answer_within": 0.1}))


def says(text: str, **more: Any) -> BotAnswer:
    return BotAnswer(messages=[BotMessage(text=text, buttons=more.pop("buttons", []))], **more)


def opened(web: Web, question: Question) -> str:
    """The number of a ticket that the bot opens for a conversation."""
    house = web.client.app.state.house  # type: ignore[attr-defined]
    request = TicketRequest(
        question.conversation_id, "f1", TicketType.REPAIR, CALLER, name="王芳", facts={"symptom": "水不热"}
    )
    with db.session_scope(web.sessions) as session:
        case = cases.open_with_callback(session, request, None, reference=house.reference, now=web.clock.now())
        return case.ticket.ticket_no


def test_a_caller_is_greeted_and_what_they_say_is_answered_by_the_bot(web: Web) -> None:
    phone = Phone(web).ring()
    assert "威雅电器售后热线" in phone.heard
    assert "保存" in phone.heard
    assert phone.say("热水器不热了").heard == "收到：热水器不热了"
    [question] = web.bot.asked
    assert (question.text, question.channel, question.language) == ("热水器不热了", "voice", "zh")
    conversation = talk(web)
    assert (conversation.channel, conversation.phone) == (Channel.VOICE, CALLER)


def test_a_key_chooses_english_and_it_is_kept(web: Web) -> None:
    phone = Phone(web).ring().press("2")
    assert "press 0 for a person" in phone.heard
    gather = phone.xml.find("Gather")
    assert gather is not None
    assert gather.get("language") == "en-US"
    assert phone.say("no hot water").heard == "收到：no hot water"
    assert web.bot.asked[0].language == "en"


def test_cantonese_is_a_voice_that_says_what_it_understands(web: Web) -> None:
    phone = Phone(web).ring().press("3")
    assert {say.get("voice") for say in phone.xml.iter("Say")} == {"Polly.Hiujin-Neural"}
    assert "普通话" in phone.heard
    gather = phone.xml.find("Gather")
    assert gather is not None
    assert gather.get("language") == "cmn-Hans-CN"


@pytest.mark.parametrize("forged", [None, "", "AAAA"])
def test_an_unsigned_call_changes_nothing(web: Web, forged: str | None) -> None:
    headers = {} if forged is None else {signature.HEADER: forged}
    for path in ("", "/turn?turn=1", "/queue?round=0", "/recording", "/status"):
        answer = web.client.post(f"/telephony/voice{path}", data={"CallSid": "CA" + "1" * 32}, headers=headers)
        assert answer.status_code == 403
    assert rows(web, Call) == []


def test_ten_times_the_same_at_once_has_one_effect_and_one_answer(web: Web) -> None:
    phone = Phone(web)
    with ThreadPoolExecutor(10) as pool:
        greetings = {answer.text for answer in pool.map(lambda _: phone.post("/telephony/voice"), range(10))}
    assert len(greetings) == 1
    phone.ring()
    turn = phone.gather()
    with ThreadPoolExecutor(10) as pool:
        posts = pool.map(lambda _: phone.post(turn, SpeechResult="热水器不热了", Confidence="0.9"), range(10))
        answers = {answer.text for answer in posts}
    assert len(answers) == 1
    assert len(web.bot.asked) == 1
    assert transcript(web) == [("customer", "热水器不热了"), ("bot", "收到：热水器不热了")]
    assert len(rows(web, Call)) == 1
    assert len(rows(web, CallAnswer)) == 2


def test_a_turn_that_is_posted_late_again_gets_its_old_words(web: Web) -> None:
    phone = Phone(web).ring()
    turn = phone.gather()
    first = phone.say("热水器不热了").heard
    phone.say("在吗")
    assert phone.follow(turn, SpeechResult="热水器不热了").heard == first
    assert len(web.bot.asked) == 2


def test_two_calls_of_one_number_at_once_are_two_conversations(web: Web) -> None:
    one, other = Phone(web).ring(), Phone(web).ring()
    assert one.say("漏水").heard == "收到：漏水"
    assert other.say("要安装").heard == "收到：要安装"
    assert len(rows(web, Conversation)) == 2
    assert {len([m for m in rows(web, Message) if m.conversation_id == c.id]) for c in rows(web, Conversation)} == {3}


def test_a_slow_bot_makes_the_caller_wait_kindly(web: Web) -> None:
    quick(web)
    ask = web.bot.ask

    may_answer = threading.Event()

    async def slowly(question: Question) -> BotAnswer:
        while not may_answer.is_set():
            await asyncio.sleep(0.01)
        return await ask(question)

    web.bot.ask = slowly  # type: ignore[method-assign]
    phone = Phone(web).ring()
    phone.follow(phone.gather(), SpeechResult="热水器不热了")
    assert (phone.heard, phone.verbs) == ("请稍等。", ["Say", "Pause", "Redirect"])
    may_answer.set()
    assert phone.through_polls().heard == "收到：热水器不热了"
    assert len(web.bot.asked) == 1


def test_a_dead_bot_gives_way_to_a_person_after_four_polls(web: Web) -> None:
    quick(web)
    web.bot.fails = [BotFailed(Failure.AWAY, "gone")] * 50
    phone = Phone(web).ring()
    heard = []
    phone.follow(phone.gather(), SpeechResult="热水器不热了")
    while phone.xml.find("Redirect") is not None:
        heard.append(phone.heard)
        phone.follow(phone.xml.findtext("Redirect") or "")
    assert heard == ["请稍等。"] * 4
    assert phone.verbs == ["Say", "Enqueue"]
    conversation = talk(web)
    assert (conversation.mode, conversation.handoff_reason) == (Mode.WAITING, "bot_down")
    assert [author for author, _ in transcript(web)] == ["customer"]


@pytest.mark.parametrize("press", ["0", ""])
def test_zero_or_the_word_is_a_person_at_every_turn(web: Web, press: str) -> None:
    for turns in range(3):
        phone = Phone(web).ring()
        for _ in range(turns):
            phone.say("热水器不热了")
        phone = phone.press("0") if press else phone.say("转人工。")
        assert phone.verbs == ["Say", "Enqueue"]
        assert "转接" in phone.heard
    assert {each.mode for each in rows(web, Conversation)} == {Mode.WAITING}
    assert {each.line for each in rows(web, Call)} == {1, 2, 3}


def queued(web: Web, caller: str = CALLER) -> Phone:
    phone = Phone(web, caller).ring().press("0")
    enqueue = phone.xml.find("Enqueue")
    assert enqueue is not None
    return phone


def listen(phone: Phone) -> Phone:
    """What is played in the queue."""
    enqueue = phone.xml.find("Enqueue")
    assert enqueue is not None
    return phone.follow(enqueue.get("waitUrl") or "", QueuePosition="1")


def test_whoever_waits_hears_their_place_and_music(web: Web) -> None:
    first, second = queued(web), queued(web)
    web.clock.move(timedelta(seconds=5))
    assert "第1位" in listen(first).heard
    assert "第2位" in listen(second).heard
    assert second.xml.find("Gather/Play") is not None
    assert web.client.get("/telephony/voice/hold.wav").content[:4] == b"RIFF"
    first.hang_up()
    assert "第1位" in second.follow(second.xml.findtext("Redirect") or "").heard


def test_danger_is_served_before_those_who_wait_longer(web: Web) -> None:
    first = queued(web)
    web.clock.move(timedelta(seconds=5))
    second = Phone(web).ring().say("我家水龙头麻手")
    assert "第1位" in listen(second).heard
    assert "第2位" in listen(first).heard


def test_more_callers_than_lines_are_called_back_but_danger_always_waits_for_a_person(web: Web) -> None:
    house = web.client.app.state.house  # type: ignore[attr-defined]
    house.reference = replace(house.reference, voice=house.reference.voice.model_copy(update={"waiting_lines": 1}))
    queued(web)
    assert "打回来" in Phone(web, "+8613900139000").ring().press("0").heard
    assert Phone(web).ring().say("我家水龙头麻手").verbs[-1] == "Enqueue"


def test_one_in_the_queue_books_a_callback_and_ends_kindly(web: Web) -> None:
    phone = queued(web)
    action = phone.xml.find("Enqueue").get("action")  # type: ignore[union-attr]
    listen(phone)
    phone.press("1")
    assert phone.verbs == ["Leave"]
    phone.follow(action or "", QueueResult="leave")
    [callback] = rows(web, Callback)
    assert callback.phone == CALLER
    assert "打回来" in phone.heard
    assert phone.verbs[-1] == "Hangup"
    phone.hang_up()
    assert talk(web).mode is Mode.CLOSED
    assert [each.line for each in rows(web, Call)] == [None]


def test_at_closing_time_the_queue_becomes_callbacks(web: Web) -> None:
    web.clock.set(at("2026-11-24 17:58"))
    phone = queued(web)
    action = phone.xml.find("Enqueue").get("action")  # type: ignore[union-attr]
    listen(phone)
    web.clock.set(at("2026-11-24 18:00:30"))
    phone.follow(phone.xml.findtext("Redirect") or "")
    assert phone.verbs == ["Leave"]
    phone.follow(action or "", QueueResult="leave")
    assert "明天" in phone.heard
    assert "打回来" in phone.heard
    [callback] = rows(web, Callback)
    assert callback.window_start == at("2026-11-25 08:00")


def test_an_anonymous_caller_in_the_queue_is_asked_for_a_number_by_keys(web: Web) -> None:
    phone = queued(web, "anonymous")
    action = phone.xml.find("Enqueue").get("action")  # type: ignore[union-attr]
    listen(phone)
    phone.press("1")
    phone.follow(action or "", QueueResult="leave")
    assert "按出您的电话号码" in phone.heard
    gather = phone.xml.find("Gather")
    assert gather is not None
    assert gather.get("finishOnKey") == "#"
    assert "打不通" in phone.press("1234").heard
    assert "打回来" in phone.press("13900139000").heard
    assert [each.phone for each in rows(web, Callback)] == ["+8613900139000"]


def test_after_hours_the_hours_are_told_and_a_callback_is_booked(web: Web) -> None:
    web.clock.set(EVENING)
    phone = Phone(web).ring()
    assert "明天11月25日" in phone.heard
    assert "8点到18点" in phone.press("0").heard
    assert "打回来" in phone.press("1").heard
    [callback] = rows(web, Callback)
    assert callback.window_start == at("2026-11-25 08:00")


def test_after_hours_the_bot_goes_on_after_a_person_was_asked_for(web: Web) -> None:
    web.clock.set(EVENING)
    phone = Phone(web).ring().press("0")
    assert phone.say("那先帮我登记报修").heard == "收到：那先帮我登记报修"


def test_a_message_left_after_hours_waits_at_the_desk(web: Web) -> None:
    web.clock.set(EVENING)
    phone = Phone(web).ring().press("0").press("2")
    record = phone.xml.find("Record")
    assert record is not None
    message = {"RecordingSid": "RE" + "a" * 32, "RecordingDuration": "12", "RecordingUrl": "https://evil.example/x"}
    for _ in range(2):
        phone.follow(record.get("action") or "", **message)
        assert "收到了" in phone.heard
    [kept] = rows(web, VoiceMessage)
    assert (kept.sid, kept.seconds) == ("RE" + "a" * 32, 12)
    phone.hang_up()
    conversation = talk(web)
    assert (conversation.mode, conversation.handoff_reason) == (Mode.WAITING, "voice_message")
    assert ("customer", "〔语音留言，12秒〕") in transcript(web)


def test_nothing_recorded_is_said_and_keeps_nothing(web: Web) -> None:
    web.clock.set(EVENING)
    phone = Phone(web).ring().press("0").press("2")
    phone.follow(phone.xml.findtext("Redirect") or "")
    assert "没有录到" in phone.heard
    assert rows(web, VoiceMessage) == []


def test_a_silent_caller_is_asked_again_and_then_let_go(web: Web) -> None:
    phone = Phone(web).ring()
    for _ in range(2):
        phone.silence()
        assert "没有听到" in phone.heard
    assert phone.silence().verbs == ["Say", "Hangup"]
    assert transcript(web) == []


def test_a_caller_who_falls_silent_after_speaking_gets_a_person(web: Web) -> None:
    phone = Phone(web).ring().say("热水器不热了")
    assert phone.silence().silence().silence().verbs == ["Say", "Enqueue"]


def test_three_misunderstandings_bring_a_person(web: Web) -> None:
    web.bot.answer = lambda question: says("没听明白。", intent="out_of_scope")
    phone = Phone(web).ring().say("吧啦").say("吧啦吧啦")
    assert phone.verbs == ["Gather"]
    assert phone.say("吧啦吧啦吧啦").verbs == ["Say", "Enqueue"]
    assert talk(web).handoff_reason == "confused"


def test_words_the_carrier_is_unsure_of_are_asked_for_again(web: Web) -> None:
    phone = Phone(web).ring().say("嗯啊", confidence="0.05")
    assert "没听清" in phone.heard
    assert web.bot.asked == []


def test_danger_is_answered_at_once_and_a_person_is_rung_bot_or_no_bot(web: Web) -> None:
    web.bot.fails = [BotFailed(Failure.AWAY, "gone")] * 50
    phone = Phone(web).ring().say("我家水龙头麻手")
    assert "马上停止用水" in phone.heard
    assert phone.verbs[-1] == "Enqueue"
    conversation = talk(web)
    assert (conversation.mode, conversation.handoff_reason) == (Mode.WAITING, "danger")
    assert web.bot.asked == []
    phone.hang_up()
    assert talk(web).mode is Mode.WAITING
    assert transcript(web)[0] == ("customer", "我家水龙头麻手")


def test_danger_after_hours_is_answered_while_the_bot_is_away(web: Web) -> None:
    quick(web)
    web.clock.set(EVENING)
    web.bot.fails = [BotFailed(Failure.AWAY, "gone")] * 50
    phone = Phone(web).ring()
    phone.follow(phone.gather(), SpeechResult="我家水龙头麻手")
    assert "马上停止用水" in phone.heard
    phone.through_polls()
    assert "值班同事" in phone.heard
    assert talk(web).handoff_reason == "danger"


def test_hanging_up_half_way_is_told_to_the_conversation_once(web: Web) -> None:
    phone = Phone(web).ring().say("热水器不热了")
    phone.hang_up()
    phone.hang_up()
    assert transcript(web)[-1] == ("system", "〔来电者已挂机〕")
    assert [author for author, _ in transcript(web)].count("system") == 1
    assert talk(web).mode is Mode.CLOSED
    assert phone.follow(phone.last[0], SpeechResult="热水器不热了").verbs  # the carrier's late repeat
    assert len(web.bot.asked) == 1


def test_statuses_only_move_forward(web: Web) -> None:
    phone = Phone(web).ring()
    phone.hang_up()
    phone.post("/telephony/voice/status", CallStatus="ringing")
    [call] = rows(web, Call)
    assert call.status.value == "completed"


def test_a_status_of_a_call_nobody_knows_does_no_harm(web: Web) -> None:
    Phone(web).hang_up()
    assert rows(web, Call) == []


def test_numbers_are_keyed_in_and_read_back(web: Web) -> None:
    web.bot.answer = lambda question: says("请报电话号码。", intent="request_repair", expects="phone")
    phone = Phone(web).ring().say("热水器坏了")
    assert "井号" in phone.heard
    web.bot.answer = lambda question: says("地址在哪里？", intent="inform", expects="address")
    assert "1 3 9, 0 0 1 3, 9 0 0 0" in phone.press("13900139000").heard
    assert web.bot.asked[-1].text == "13900139000"


def test_quick_replies_are_spoken_as_choices_and_chosen_by_key(web: Web) -> None:
    buttons = [Button(title="不热", payload="水不热"), Button(title="漏水", payload="一直漏水")]
    web.bot.answer = lambda question: says("是哪种情况？", buttons=buttons, intent="request_repair")
    phone = Phone(web).ring().say("坏了")
    assert "漏水，按2" in phone.heard
    phone.press("2")
    assert web.bot.asked[-1].text == "一直漏水"


def test_a_caller_can_have_it_again_and_slower(web: Web) -> None:
    phone = Phone(web).ring().say("热水器不热了")
    heard = phone.heard
    assert phone.press("9").heard == heard
    assert phone.say("慢一点").heard == heard
    assert {prosody.get("rate") for prosody in phone.xml.iter("prosody")} == {"slow"}
    assert len(web.bot.asked) == 1


def test_an_address_that_is_not_understood_is_asked_for_by_text(web: Web) -> None:
    web.bot.answer = lambda question: says("在哪里？", intent="inform", expects="address", form="repair_form")
    phone = Phone(web).ring()
    for words in ("报修", "那个那个", "就那边", "老地方"):
        phone.say(words)
    assert "短信" in phone.heard
    [text] = rows(web, OutboxMessage)
    assert text.to == CALLER
    assert "安装地址" in text.text


def test_a_ticket_opened_in_a_call_is_spoken_slowly_and_texted_once(web: Web) -> None:
    web.bot.answer = lambda question: says(f"登记好了，工单号 {opened(web, question)}。还有别的事吗？")
    phone = Phone(web).ring().say("热水器不热了，我姓王")
    assert "短信" in phone.heard
    assert "W Y" in "".join(part.text or "" for part in phone.xml.iter("prosody"))
    [text] = rows(web, OutboxMessage)
    assert (text.to, text.message_key.startswith("ticket:")) == (CALLER, True)
    assert re.search(r"WY\d{6}-\d{4}", text.text)
    web.bot.answer = lambda question: says("好的。")
    assert "短信" not in phone.say("没有了").heard
    assert len(rows(web, OutboxMessage)) == 1


def test_what_fails_unforeseen_is_an_apology_and_no_error_of_the_carriers(web: Web) -> None:
    phone = Phone(web).ring()
    house = web.client.app.state.house  # type: ignore[attr-defined]
    house.reference = replace(house.reference, voice=None)
    phone.follow(phone.gather(), SpeechResult="热水器不热了")
    assert "Sorry" in phone.heard
    assert phone.verbs[-1] == "Hangup"


def test_the_callers_number_alone_opens_nothing(web: Web) -> None:
    Phone(web).ring().say("查一下我的工单")
    assert not intake.is_confirmed(talk(web), CALLER)
    assert talk(web).verified_phone is None


def test_calls_whose_end_was_never_told_are_ended_by_the_tick(web: Web) -> None:
    queued(web)
    house = web.client.app.state.house  # type: ignore[attr-defined]
    assert jobs.run_due(house, web.clock.now()) == 0
    web.clock.move(timedelta(minutes=6))
    assert jobs.run_due(house, web.clock.now()) == 1
    assert [each.line for each in rows(web, Call)] == [None]


def test_a_conversation_an_agent_takes_while_the_caller_talks_leads_to_the_queue(web: Web) -> None:
    phone = Phone(web).ring().say("热水器不热了")
    with db.session_scope(web.sessions) as session:
        session.get_one(Conversation, talk(web).id).mode = Mode.HUMAN
    assert phone.say("在吗").verbs == ["Say", "Enqueue"]


def test_the_fallback_is_static_and_speaks_both_languages(web: Web) -> None:
    for answer in (web.client.post("/telephony/voice/fallback"), web.client.get("/telephony/voice/fallback")):
        assert "119" in answer.text
        assert "Sorry" in answer.text
    assert [each for each in rows(web, Message) if each.author is Author.BOT] == []
