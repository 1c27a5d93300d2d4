"""Calls on bad lines: words said twice, places in pieces, numbers taken back, times that do not suit."""

from __future__ import annotations

import pytest
import yaml
from fake_visits import AFTERNOON, MORNING, Visits
from house import Conversation, House

from bot.actions.escalations import safety
from bot.actions.forms.fields import FORMS
from bot.actions.forms.summary import read_back
from bot.actions.reading import answers, corrections, places
from bot.actions.turn import Turn

PLACE = "佛山顺德大良新桂路8号"
KINDS = sorted(yaml.safe_load(safety.SAFETY.read_text("utf-8"))["spoken"])
NUMBER = "幺三八零零幺三八零零零"
NUMBER_EN = "one three eight zero zero one three eight zero zero zero"
PLACE_EN = "8 Tianhe Road, Tianhe, Guangzhou"


def call(house: House, *lines: str, language: str = "zh", number: str | None = None) -> Conversation:
    caller = house.conversation(language, "voice")
    if number:
        house.backend.known[caller.id] = {"phone": number}
    for line in lines:
        caller.say(line)
    return caller


REPAIR = ("热水器不热", "不知道", "去年", "姓何", NUMBER)
REPAIR_EN = (
    "my heater is not heating",
    "no idea",
    "two years ago",
    "John Smith",
    "one three eight zero zero one three eight zero zero zero",
)


@pytest.mark.parametrize("said", ["说错了", "不对不对", "哎呀我刚才说错了"])
def test_a_number_taken_back_is_asked_for_again_and_not_kept(house: House, said: str) -> None:
    caller = call(house, *REPAIR, said)
    assert caller.expects == "phone"
    assert "没听明白" not in caller.heard
    caller.say("幺三九二二二二零零零幺")
    caller.say(PLACE)
    assert "1 3 9，2 2 2 2，0 0 0 1" in caller.say("尽快")
    assert "8 0 0 0" not in caller.heard


def test_in_english_too(house: House) -> None:
    caller = call(house, *REPAIR_EN, "no no that's wrong", language="en")
    assert caller.expects == "phone"


def test_half_a_number_taken_back_begins_anew(house: House) -> None:
    caller = call(house, "给我回个电话", "幺三九", "说错了", "幺三八零零", "幺三八零零零")
    assert "1 3 8，0 0 1 3，8 0 0 0" in caller.heard


def test_the_beginning_of_a_number_told_twice_counts_once(house: House) -> None:
    caller = call(house, "给我回个电话", "幺三八 幺三八", "零零幺三", "八零零零")
    assert "1 3 8，0 0 1 3，8 0 0 0" in caller.heard


def test_what_was_told_before_something_else_is_not_taken_back(house: House) -> None:
    caller = call(house, *REPAIR, "热水器还漏水", "说错了")
    assert caller.expects == "address"


@pytest.mark.parametrize(
    ("text", "is_all"),
    [
        ("说错了", True),
        ("错了错了 不对", True),
        ("讲错咗", True),
        ("sorry wrong number", True),
        ("i made a mistake", True),
        ("没错", False),
        ("不对，是139", False),
        ("地址错了", False),
        ("不是", False),
    ],
)
def test_which_words_only_take_back(text: str, is_all: bool) -> None:
    assert corrections.only_takes_back(text) is is_all


@pytest.mark.parametrize("said", ["对", "嗯", "好的"])
def test_a_yes_to_two_visits_is_asked_which(house: House, visits: Visits, said: str) -> None:
    caller = call(house, *REPAIR, PLACE, "尽快", "对", said)
    assert caller.heard == "好的，是第一个，还是第二个？"
    caller.say("第一个")
    assert visits.booked[-1][1]["start"] == MORNING["start"]


@pytest.mark.parametrize(("said", "picked"), [("早的那个", MORNING), ("晚的那个吧", AFTERNOON), ("上午那个", MORNING)])
def test_one_of_two_is_pointed_at(house: House, visits: Visits, said: str, picked: dict[str, object]) -> None:
    call(house, *REPAIR, PLACE, "尽快", "对", said)
    assert visits.booked[-1][1]["start"] == picked["start"]


def test_a_yes_to_several_times_for_the_call_is_asked_which(house: House) -> None:
    caller = call(house, *REPAIR, PLACE, "晚上九点", "对")
    assert caller.heard == "好的，是第几个？"
    caller.say("第一个")
    assert caller.expects == "confirm"


@pytest.mark.parametrize(
    ("language", "lines", "then", "call_at"),
    [
        ("zh", (*REPAIR, PLACE, "周三上午我要去医院"), "下午可以", "2026-11-25T12"),
        ("zh", (*REPAIR, PLACE, "明天上午我得接孙子"), "后天上午吧", "2026-11-26T08"),
        (
            "en",
            (*REPAIR_EN, PLACE_EN, "a doctor's visit Wednesday morning"),
            "thursday morning",
            "2026-11-26T08",
        ),
    ],
)
def test_a_time_told_as_taken_does_not_suit(
    house: House, visits: Visits, language: str, lines: tuple[str, ...], then: str, call_at: str
) -> None:
    caller = call(house, *lines, language=language)
    assert caller.expects == "time"
    assert ("避开" if language == "zh" else "not then") in caller.heard
    caller.say(then)
    caller.say("对" if language == "zh" else "yes")
    assert caller.tickets[0]["wanted_time"]["start"].startswith(call_at)
    assert "8点" not in caller.heard
    assert "8 am to noon" not in caller.heard


def test_a_visit_on_a_day_that_is_taken_is_not_offered_again(house: House, visits: Visits) -> None:
    caller = call(house, *REPAIR, PLACE, "尽快", "对", "明天上午我要去医院")
    assert "1点到6点" in caller.heard
    assert "12点" not in caller.heard


def test_a_call_read_back_at_a_time_that_is_taken_is_asked_anew(house: House) -> None:
    caller = call(house, *REPAIR, PLACE, "明天上午", "明天上午我要去看病")
    assert caller.expects == "time"


@pytest.mark.parametrize(
    ("said", "name"), [("我叫王 王建国", "王建国"), ("我姓 呃 姓吕", "吕"), ("李 李秀英", "李秀英")]
)
def test_a_name_begun_twice_is_one(house: House, said: str, name: str) -> None:
    caller = call(house, "给我报修，热水器不热", "不知道", "去年", said, NUMBER, PLACE, "尽快")
    assert f"称呼：{name}；" in caller.heard


@pytest.mark.parametrize("said", ["上午九点行不", "退", "呃"])
def test_what_is_no_name_is_not_taken_for_one(house: House, said: str) -> None:
    assert call(house, "热水器不热", "不知道", "去年", said).expects == "name"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("楼上 三楼 三零二", "新桂路8号三楼302"),
        ("六栋二单元 一零零三", "新桂路8号六栋二单元1003"),
        ("廿三楼 B座", "新桂路8号廿三楼B座"),
    ],
)
def test_pieces_of_a_place_told_later_go_with_it(house: House, said: str, address: str) -> None:
    caller = call(house, *REPAIR, PLACE, said, "尽快")
    assert address in caller.heard.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("就是村口那家", "村口那家"),
        ("门口有棵大榕树", "门口有棵大榕树"),
        ("对面超市后面", "对面超市后面"),
        ("我在门口等", None),
        ("那个热水器后面漏水", None),
        ("明天下午", None),
    ],
)
def test_what_stands_by_the_house(text: str, words: str | None) -> None:
    assert corrections.landmark_alone(text) == words


@pytest.mark.parametrize(
    ("detail", "lacks"),
    [("珞瑜路", True), ("二环路西一段", True), ("珞瑜路152号", False), ("白石村", False), ("", False)],
)
def test_a_street_alone_lacks_its_number(detail: str, lacks: bool) -> None:
    assert places.lacks_number({"detail": detail}) is lacks


def test_a_shout_in_the_middle_is_answered_and_the_question_stays(house: House) -> None:
    caller = call(house, "我要报修", "喂喂 听得到吗")
    assert "请问是要安装" not in caller.heard
    assert caller.heard.startswith("我在")
    assert caller.expects == "symptom"


def test_a_long_story_with_a_word_of_not_knowing_is_a_story(house: House) -> None:
    caller = call(house, "我要投诉", "师傅说好昨天来的 我等一天 鬼影子都没看到一个")
    assert caller.expects == "ticket_no"
    assert answers.only_shrugs("没看到")


def test_who_has_waited_for_days_is_not_told_the_promise(house: House) -> None:
    assert "1小时" not in call(house, "都几天了咋还没人来啊").heard


def test_an_empty_value_is_never_read_out() -> None:
    turn = Turn("c", "m", "", "", 1.0, (), "en", "voice", "")
    assert read_back(FORMS["return_form"], {"name": " , ,", "phone": "+8613800138000"}, turn) == "Phone: 138 0013 8000"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "kind", ["default", "shock", "tingling", "smoke", "burning", "fire", "burst", "scald", "hurt", "protection_light"]
)
def test_a_voice_says_at_once_what_to_do_and_no_more_than_is_approved(kind: str, language: str) -> None:
    said, written = safety.words(kind, language, "voice"), safety.words(kind, language, "web")
    assert len(said) < 0.75 * len(written)
    first = {"zh": ("马上",), "en": ("Stop", "Leave", "Get", "Move", "Cool", "Call")}[language]
    assert said.startswith(first)
    assert all(number in written for number in ("119", "120", "95598") if number in said)
    if "总电闸" in said or "breaker" in said:
        assert "手是干的" in said or "dry hands" in said


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("三百五十八弄十二号 六零一", "莘松路三百五十八弄十二号601"),
        ("一百零三号 维多利广场旁边", "莘松路一百零三号，维多利广场旁边"),
        ("二十八号七楼", "莘松路二十八号七楼"),
        ("8号", "莘松路8号"),
        ("28号上午", None),
    ],
)
def test_a_house_goes_behind_its_street(text: str, address: str | None) -> None:
    assert corrections.with_house_number(text, "莘松路") == address


def test_pieces_are_put_right_and_the_street_stays(house: House) -> None:
    caller = call(house, *REPAIR, "佛山顺德大良新桂路8号B塔", "尽快", "地址不对 是A塔")
    assert "新桂路8号A塔" in caller.heard


def test_a_visit_just_booked_at_a_time_that_is_taken_is_moved(house: House, visits: Visits) -> None:
    caller = call(house, *REPAIR, PLACE, "尽快", "对", "第一个")
    visits.current = {"id": 31, **MORNING}
    caller.say("不行不行 明天上午我要接孙子")
    assert caller.expects == "time"
    assert "下午1点" in caller.heard


def test_a_number_said_wrong_just_before_the_read_back_is_asked_for_again(house: House) -> None:
    caller = call(house, "给我报修，热水器不热", "不知道", "去年", "姓何", PLACE, "尽快", NUMBER, "哎念错了")
    assert caller.expects == "phone"


def test_nothing_more_is_a_yes_to_the_read_back(house: House) -> None:
    caller = call(house, *REPAIR, PLACE, "尽快", "没得了")
    assert len(caller.tickets) == 1
