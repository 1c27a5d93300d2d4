"""First aid by telephone, as the forms call it, against the fake backend."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from fake_backend import NOW, FakeBackend

from bot.actions import backend_client
from bot.actions.knowledge import answering, diagnosis
from bot.actions.knowledge.diagnosis import FirstAid
from bot.actions.turn import Turn

TOKEN = "a-token-for-the-tests-of-the-bot-only"


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeBackend]:
    fake = FakeBackend(TOKEN)
    monkeypatch.setenv("HOTLINE_BACKEND_URL", fake.url)
    monkeypatch.setenv("HOTLINE_BOT_TOKEN", TOKEN)
    yield fake
    fake.close()


def turn(text: str = "", language: str = "zh", channel: str = "web") -> Turn:
    return Turn("c1", "m1", text, "inform", 0.9, (), language, channel, NOW.isoformat())


def run(call: Any) -> Any:
    """A call in a loop of its own, with a client of its own."""

    async def inside() -> Any:
        try:
            return await call
        finally:
            await backend_client.backend().close()

    return asyncio.run(inside())


def aid(told: Turn, **facts: str | None) -> FirstAid | None:
    return run(diagnosis.first_aid(told, **{"symptom": None, "fault_code": None, "model": None, **facts}))


def test_a_symptom_gets_first_aid_in_the_language_of_the_turn(backend: FakeBackend) -> None:
    assert aid(turn(), symptom="不热") == FirstAid("不热，先看插头上的灯亮不亮。")
    said = aid(turn(language="en", channel="sms"), symptom="water is not hot 热")
    assert said is not None
    assert said.response_text.startswith("No hot water")
    assert backend.called("/knowledge/first-aid")[-1]["channel"] == "sms"


def test_a_leak_is_asked_where(backend: FakeBackend) -> None:
    said = aid(turn(), symptom="漏水")
    assert said is not None
    assert said.ask == "leak_where"


def test_a_leakage_code_of_its_model_is_danger_and_an_unknown_one_is_asked_about(backend: FakeBackend) -> None:
    grave, unknown = aid(turn(), fault_code="E1", model="YLS-D60A"), aid(turn(), fault_code="E1", model="unknown")
    assert grave is not None
    assert grave.danger_kind == "leakage_current"
    assert unknown is not None
    assert (unknown.danger_kind, unknown.ask) == (None, "code_symptom")
    assert backend.called("/knowledge/first-aid")[-1]["model"] is None


def test_nothing_known_and_a_backend_away_give_no_first_aid(backend: FakeBackend) -> None:
    assert aid(turn(), symptom="奇怪") is None
    backend.down = True
    assert aid(turn(), symptom="不热") is None


@pytest.mark.parametrize(
    "text",
    [
        "现在好了", "热了热了，谢谢啊", "诶，可以用了", "按了复位键就有热水了", "灯亮了，能用了", "不跳了",
        "it works now", "hot water is back, thanks", "that worked", "it's fixed",
    ],
)  # fmt: skip
def test_who_says_that_it_works_again_is_understood(text: str) -> None:
    assert diagnosis.works_again(text)


@pytest.mark.parametrize("text", ["好了", "诶，可以了", "好咗喇", "好了好了，谢谢"])
def test_all_is_well_may_mean_the_heater_or_only_a_goodbye(text: str) -> None:
    assert diagnosis.is_all_right(text)
    assert not diagnosis.works_again(text)


@pytest.mark.parametrize("text", ["插头拔了重插过了 还是不行", "试过了没用", "按了复位还是一样", "still no hot water"])
def test_first_aid_in_vain_is_understood(text: str) -> None:
    assert diagnosis.did_not_help(text)
    assert not diagnosis.is_all_right(text)


@pytest.mark.parametrize(
    "text",
    [
        "还是不热", "没热了", "不好了", "好了一会儿又不热了", "热了吗", "亮了，但是不热",
        "好了你们再打给我", "明天修好了吗",
        "it still does not work", "is it fixed?", "works now but cold again", "when it works again call me", "no",
        "不行",
    ],
)  # fmt: skip
def test_who_does_not_say_so_is_not(text: str) -> None:
    assert not diagnosis.works_again(text)


def test_what_was_solved_on_the_telephone_is_recorded_with_the_facts_of_the_form(backend: FakeBackend) -> None:
    slots = {"form_id": "f1", "symptom": "不热", "phone": "+8613800138000", "model": "unknown"}
    assert run(diagnosis.record_solved(turn("好了"), slots)) == "utter_solved_by_phone"
    recorded = backend.called("/tickets/solved")[-1]
    assert (recorded["form_id"], recorded["phone"], recorded["model"]) == ("f1", "+8613800138000", None)
    backend.down = True
    assert run(diagnosis.record_solved(turn("好了"), slots)) is None


def test_what_an_installation_lacks_becomes_advice(backend: FakeBackend) -> None:
    assert run(diagnosis.readiness_advice("空心墙，有插座", "zh")) == "空心墙挂不住，请备一面实心墙。"
    assert run(diagnosis.readiness_advice("实心墙，有插座", "zh")) is None


def test_the_opening_hours_are_offered_as_a_sentence(backend: FakeBackend) -> None:
    assert run(answering.opening_hours(turn())) == "我们每天 8:00–18:00 都在。"
    backend.down = True
    assert run(answering.opening_hours(turn(language="en"))) == ""
