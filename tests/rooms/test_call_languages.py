"""The language of a call: the voice follows the caller, whether or not a key was pressed for it."""

from __future__ import annotations

from backend.conversations.bot_client import BotAnswer, BotFailed, BotMessage
from backend.conversations.rules import Failure
from rooms.calls import Phone
from rooms.web import Web


def listens_in(phone: Phone) -> str | None:
    gather = phone.xml.find("Gather")
    assert gather is not None
    return gather.get("language")


def test_who_speaks_english_without_pressing_a_key_is_answered_and_listened_to_in_english(web: Web) -> None:
    web.bot.answer = lambda question: BotAnswer(
        messages=[BotMessage(text="Which model is it?", buttons=[])], language="en", expects="model"
    )
    phone = Phone(web).ring().say("my water heater is cold")
    assert listens_in(phone) == "en-US"
    assert {say.get("language") for say in phone.xml.iter("Say")} == {"en-US"}
    phone.say("I do not know")
    assert [question.language for question in web.bot.asked] == ["zh", "en"]


def test_danger_told_in_english_is_answered_in_english_before_the_bot_says_a_word(web: Web) -> None:
    web.bot.fails = [BotFailed(Failure.AWAY, "gone")] * 50
    phone = Phone(web).ring().say("there is smoke coming out of the heater")
    assert "Leave the room now" in phone.heard
    assert phone.verbs[-1] == "Enqueue"
    assert "putting you through" in phone.heard
    assert {say.get("language") for say in phone.xml.iter("Say")} == {"en-US"}
