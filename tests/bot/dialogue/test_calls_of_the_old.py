"""Calls in danger and in need of a person, as old people make them: fear, refusal, second thoughts, no number."""

from __future__ import annotations

import pytest
from house import Conversation, House

from bot.actions.reading import danger, manner

OWN = "+8613922220001"


def call(
    house: House, *lines: str, language: str = "zh", channel: str = "voice", number: str | None = None
) -> Conversation:
    """Somebody on the line, which shows `number` or none."""
    caller = house.conversation(language, channel)
    if number:
        house.backend.known[caller.id] = {"phone": number}
    for line in lines:
        caller.say(line)
    return caller


def reports(house: House, caller: Conversation) -> list[dict[str, object]]:
    return [body for body in house.backend.called("/hazards") if body["conversation_id"] == caller.id]


DANGER = {"zh": "洗澡的时候水龙头麻手", "en": "the tap tingles when I shower"}


@pytest.mark.parametrize(
    ("language", "said", "heard"),
    [
        ("zh", "点算啊", "别再碰"),
        ("zh", "那我现在怎么办", "别再碰"),
        ("zh", "有没有事啊", "别再碰"),
        ("zh", "啥", "别再碰"),
        ("zh", "我不关电 关了电冰箱里的东西都坏了", "别碰水龙头"),
        ("zh", "够不到 太高了", "别去碰"),
        ("zh", "电闸在哪我都不知道", "别去碰"),
        ("zh", "要不要关电啊", "手是干的"),
        ("zh", "我把插头拔了", "光拔插头不一定够"),
        ("zh", "我儿子拉了电闸了", "别再合闸"),
        ("zh", "冲完再说行不行", "先别用"),
        ("zh", "你们啥时候打给我", "值班同事"),
        ("zh", "我八十二了 我不敢碰那个闸", "别去碰"),
        ("zh", "我害怕", "别怕"),
        ("en", "she doesn't know where the switch is", "keep away"),
        ("en", "what should i do", "do not touch"),
        ("en", "i will not turn off the power i need the fridge", "there is danger"),
        ("en", "cant reach breaker its outside", "keep away"),
        ("en", "ok power off now", "Leave it off"),
        ("en", "how long till u call", "colleague on duty"),
    ],
)
def test_what_is_said_of_the_danger_is_answered_while_facts_are_asked(
    house: House, language: str, said: str, heard: str
) -> None:
    caller = call(house, DANGER[language], language=language)
    assert heard in caller.say(said)
    assert caller.expects == "phone"


@pytest.mark.parametrize(
    ("language", "facts", "said", "heard"),
    [
        ("zh", ("佛山顺德大良新桂路8号", "没有"), "点算啊", "别再碰"),
        ("zh", ("佛山顺德大良新桂路8号", "没有"), "够不到 太高了", "别去碰"),
        ("zh", ("佛山顺德大良新桂路8号", "没有"), "没事了不用来了", "同事还是会联系您"),
        ("zh", ("佛山顺德大良新桂路8号", "没有"), "我刚才说错了，没有漏电，是别人家的", "同事还是会联系您"),
        ("zh", ("佛山顺德大良新桂路8号", "没有"), "救护车叫了", "等他们来"),
        ("en", ("8 Tianhe Road Tianhe Guangzhou", "no"), "forget it its fine now", "still contacts you"),
        ("en", ("8 Tianhe Road Tianhe Guangzhou", "no"), "cancel", "still contacts you"),
    ],
)
def test_and_after_all_has_been_passed_on(
    house: House, language: str, facts: tuple[str, ...], said: str, heard: str
) -> None:
    caller = call(house, DANGER[language], *facts, language=language, number=OWN)
    assert heard in caller.say(said)
    assert caller.expects is None


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "是虚惊一场，没事了"), ("en", "it was nothing really, false alarm")]
)
def test_a_danger_called_nothing_is_not_dropped(house: House, language: str, said: str) -> None:
    caller = call(house, DANGER[language], language=language, number=OWN)
    heard = caller.say(said)
    assert "nothing was sent" not in heard
    assert "同事还是会联系您" in heard or "still contacts you" in heard
    assert caller.expects is None
    assert reports(house, caller)[-1]["text"] == said


def test_who_has_no_number_is_asked_for_any_and_then_for_the_place(house: House) -> None:
    caller = call(house, DANGER["zh"], "我电话不记得")
    assert "座机也行" in caller.heard
    assert caller.expects == "phone"
    caller.say("真没有")
    assert caller.expects == "address"
    caller.say("在村里 张家村")
    assert "没查到" not in caller.heard
    assert caller.expects == "anyone_hurt"
    caller.say("没人受伤")
    assert "有了能打通的号码" in caller.heard


def test_who_will_not_say_where_is_asked_no_more(house: House) -> None:
    caller = call(house, DANGER["zh"], "我不想告诉你地址", number=OWN)
    assert "决定哪个网点" not in caller.heard
    assert caller.expects == "anyone_hurt"


def test_a_request_wanted_first_goes_on_once_somebody_can_be_rung(house: House) -> None:
    caller = call(house, "热水器不热", "不知道", DANGER["zh"], "13922220001", channel="sms")
    assert caller.expects == "address"
    caller.say("不用管这个，先给我登记维修")
    assert "请不要用水" in caller.heard
    assert caller.expects == "purchase_date"


def test_a_danger_goes_on_after_a_person_was_called_in_the_middle(house: House) -> None:
    caller = call(house, "我家老头子洗澡洗着洗着倒了", "你快叫人来啊，转人工", number=OWN)
    caller.say("白石村三队")
    assert "白石村三队" in str(reports(house, caller)[-1]["address"])
    assert "没登记完的" not in caller.heard


def test_who_is_in_hospital_is_not_told_to_be_sent_there(house: House) -> None:
    caller = call(house, "热水器漏电 我爸被电到了", "已经送医院了", number=OWN)
    assert "120" not in caller.heard.replace(" ", "")
    assert reports(house, caller)[-1]["anyone_hurt"] is True


def test_who_asks_after_the_request_that_danger_broke_into_goes_on_with_it(house: House) -> None:
    caller = call(house, "热水器不热", "不知道", DANGER["zh"], "佛山顺德大良新桂路8号", "没有", number=OWN)
    caller.say("那我的登记呢")
    assert caller.expects == "purchase_date"


def test_shouts_in_a_danger_are_no_wish(house: House) -> None:
    caller = call(house, DANGER["zh"], "佛山顺德大良新桂路8号", "没有", "老头子你醒醒", number=OWN)
    assert "没听明白" not in caller.heard


@pytest.mark.parametrize(
    "said", ["没事了不用人工了", "人工不要了，谢谢", "算了不要人工了", "不用找人了", "不等了不等了"]
)
def test_a_person_is_called_off_in_many_words(house: House, said: str) -> None:
    caller = call(house, "转人工", channel="web")
    called = len(house.backend.called("/handoffs"))
    assert caller.say(said).startswith("好的，不")
    assert house.backend.called("/handoffs/withdraw")[-1]["conversation_id"] == caller.id
    assert len(house.backend.called("/handoffs")) == called


@pytest.mark.parametrize(("language", "said"), [("zh", "算了"), ("en", "never mind"), ("en", "forget the agent")])
def test_right_after_the_call_any_no_calls_it_off(house: House, language: str, said: str) -> None:
    wish = {"zh": "转人工", "en": "can I talk to a person"}[language]
    caller = call(house, wish, said, language=language, channel="sms")
    assert house.backend.called("/handoffs/withdraw")[-1]["conversation_id"] == caller.id


def test_a_form_goes_on_when_the_person_is_called_off(house: House) -> None:
    caller = call(house, "热水器不热", "转人工", "没事了不用人工了", channel="web")
    assert caller.heard.count("不转人工") == 1
    assert caller.expects == "model"
    caller.say("不知道")
    assert caller.expects == "purchase_date"
    caller.say("不用人工了谢谢")
    assert "没听明白" not in caller.heard
    assert caller.expects == "purchase_date"


@pytest.mark.parametrize(("said", "heard"), [("在等", "同事"), ("嗯", "同事"), ("等了这么久", "还在帮您叫同事")])
def test_who_waits_is_not_asked_what_they_want(house: House, said: str, heard: str) -> None:
    caller = call(house, "转人工", said)
    assert heard in caller.heard
    assert "报修、安装" not in caller.heard
    assert caller.expects is None


def test_who_asked_what_we_are_waits_for_nobody(house: House) -> None:
    caller = call(house, "你是机器吧", "给我叫个人")
    assert "已经转给同事" in caller.heard


def test_words_to_somebody_else_in_the_room_are_none_of_ours(house: House) -> None:
    caller = call(house, "老头子你把电视关小点")
    assert "帮不上忙" not in caller.heard
    caller.say("热水器不热")
    caller.say("别吵，我在打电话")
    assert "没听明白" not in caller.heard
    assert caller.expects == "model"


def test_what_was_taken_for_thanks_without_a_word_of_them_is_not_understood(house: House) -> None:
    assert "不客气" not in call(house, "我找你们那个姓王的师傅").heard


def test_who_cannot_read_need_not_tell_the_model(house: House) -> None:
    assert call(house, "热水器不热", "什么型号啊我不识字").expects == "purchase_date"
    assert call(house, "热水器不热", "唔知", "唔记得").expects == "name"


def test_who_has_no_mobile_is_told_what_else_will_do(house: House) -> None:
    caller = call(house, "给我回个电话", "我没有手机")
    assert "座机也行" in caller.heard
    assert caller.expects == "phone"


@pytest.mark.parametrize(
    "said",
    [
        "佛山顺德大良新桂路8号",
        "没人受伤",
        "电闸总是跳",
        "现在不麻了但是水还是冷的",
        "断电了还是冒烟",
        "nobody hurt",
        "我家没电了",
    ],
)
def test_what_is_no_talk_of_the_danger_is_left_to_others(said: str) -> None:
    assert danger.answer_to(said) is None


@pytest.mark.parametrize(
    ("said", "is_to_another"),
    [("老伴你快过来", True), ("我在打电话呢", True), ("honey, turn the TV down", True), ("儿子给我买的热水器", False)],
)
def test_whom_words_are_for(said: str, is_to_another: bool) -> None:
    assert manner.talks_to_another(said) is is_to_another


@pytest.mark.parametrize(
    ("language", "danger", "said"), [("zh", "插座冒烟了", "没人受伤"), ("en", "the plug smokes", "nobody")]
)
def test_nobody_is_an_answer_about_people_and_the_place_is_asked_on(
    house: House, language: str, danger: str, said: str
) -> None:
    customer = house.conversation(language)
    for line in (danger, "13800138111", said):
        customer.say(line)
    assert customer.expects == "address"
    customer.say("佛山顺德大良新桂路8号")
    assert customer.expects is None
