"""Calls that come in: from the greeting to a person, a callback or the end."""

from __future__ import annotations

from rooms.calls import Phone
from rooms.web import Web


def test_a_caller_is_greeted_and_what_they_say_is_answered_by_the_bot(web: Web) -> None:
    phone = Phone(web).ring()
    assert "威雅电器售后热线" in phone.heard
    assert "保存" in phone.heard
    assert phone.say("热水器不热了").heard == "收到：热水器不热了"
    [question] = web.bot.asked
    assert (question.text, question.channel, question.language) == ("热水器不热了", "voice", "zh")


def test_a_key_chooses_english_and_it_is_kept(web: Web) -> None:
    phone = Phone(web).ring().press("2")
    assert "press 0 for a person" in phone.heard
    gather = phone.xml.find("Gather")
    assert gather is not None
    assert gather.get("language") == "en-US"
    assert phone.say("no hot water").heard == "收到：no hot water"
    assert web.bot.asked[0].language == "en"
