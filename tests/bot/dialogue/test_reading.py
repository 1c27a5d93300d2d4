"""Short answers: what a yes, a no or "I don't know" looks like. Pure, no bot running."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.actions.reading import answers, corrections, heater, manner, people, places, questions, story, times
from bot.actions.turn import Turn
from bot.components.features import masked
from bot.text.values import ZONE, read_values

MOMENT = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)


@pytest.mark.parametrize(
    "text", ["确认", "对", "对的", "嗯嗯", "好的，没问题", "是的！", "OK", "Yes.", "that's right", "ｙｅｓ"]
)
def test_a_yes_is_a_yes(text: str) -> None:
    assert answers.is_yes(text)


@pytest.mark.parametrize(
    "text", ["不对", "不是", "对不起", "电话不对", "yesterday", "right now the phone is wrong", ""]
)
def test_what_only_begins_like_a_yes_is_none(text: str) -> None:
    assert not answers.is_yes(text)


@pytest.mark.parametrize("text", ["没有没有", "不不不", "不用不用", "还没还没", "no no no", "nope, no"])
def test_a_no_said_twice_is_a_no(text: str) -> None:
    assert answers.is_no(text)


@pytest.mark.parametrize("text", ["嗯", "嗯嗯", "哦哦好的", "知道了", "ok ok", "I see", "收到收到"])
def test_a_particle_only_shows_that_somebody_listens(text: str) -> None:
    assert answers.is_particle(text)


@pytest.mark.parametrize("text", ["", "好人", "嗯不热", "ok but when", "是安装"])
def test_a_particle_beside_words_is_more(text: str) -> None:
    assert not answers.is_particle(text)


@pytest.mark.parametrize(
    "text", ["不知道", "记不清了", "I don't know", "not sure", "dunno", "忘记了", "不知", "勿晓得"]
)
def test_not_knowing_is_an_answer(text: str) -> None:
    assert answers.is_unknown(text)


@pytest.mark.parametrize(
    ("text", "arrived"),
    [
        ("已经到了", True),
        ("送到家了", True),
        ("还没到", False),
        ("没有送到", False),
        ("Not yet", False),
        ("it has arrived", True),
        ("明天到", False),
        ("昨天送到的", True),
        ("签收了", True),
        ("后天才能送", False),
        ("俺家热水器才到货，没人装", True),
        ("热水器到货，约安装", True),
        ("货明天才到", False),
        ("下个月才到货", None),
        ("什么时候到家", None),
        ("嗯", True),
        ("热水器", None),
    ],
)
def test_whether_a_heater_has_arrived(text: str, arrived: bool | None) -> None:
    assert heater.delivered(text) is arrived


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王小明", "王小明"),
        ("免贵姓陈", "陈"),
        ("王女士", "王女士"),
        ("My name is Jane Doe", "Jane Doe"),
        ("Jean-Luc O'Neil", "Jean-Luc O'Neil"),
        ("不知道", None),
        ("好的", None),
        ("我的热水器什么时候修好", None),
        ("<script>", None),
    ],
)
def test_a_name_as_the_whole_answer(text: str, name: str | None) -> None:
    assert people.whole_name(text) == name


@pytest.mark.parametrize(
    "text", ["算了，不修了", "不装了", "取消", "never mind", "Cancel it please", "那算了吧", "算了不搬了", "不办了"]
)
def test_dropping_a_request(text: str) -> None:
    assert answers.gives_up(text)


@pytest.mark.parametrize("text", ["取消订单你们还扣我钱", "不修了就赔我钱", "the display says cancel"])
def test_talking_about_a_cancellation_drops_nothing(text: str) -> None:
    assert not answers.gives_up(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("电话错了", "phone"),
        ("改地址", "address"),
        ("change the time", "wanted_time"),
        ("型号不对", "model"),
        ("嗯", None),
    ],
)
def test_the_field_a_customer_names(text: str, field: str | None) -> None:
    assert corrections.field_named(text, ("phone", "address", "wanted_time", "model")) == field


@pytest.mark.parametrize(
    ("text", "told"), [("我要投诉", False), ("I want to make a complaint", False), ("我要投诉，师傅没来", True)]
)
def test_whether_a_complaint_is_already_told(text: str, told: bool) -> None:
    assert (story.complaint_in(text) is not None) is told


def test_a_fault_is_kept_without_the_address_told_in_the_same_breath() -> None:
    text = "热水器显示E3，插头也跳闸，我住顺德大良"
    assert story.clauses_with(text, [(5, 7), (11, 13)], []) == "热水器显示E3，插头也跳闸"
    assert story.clauses_with("你好", [], []) is None


def test_hostile_text_is_read_in_no_time() -> None:
    for text in (
        "明天" * 5_000,
        "对的" * 5_000 + "x",
        "不" * 10_000,
        "cancel " * 2_000,
        "嗯" * 5_000 + "x",
        "\u0301" * 10_000,
    ):
        answers.is_yes(text)
        answers.is_no(text)
        answers.gives_up(text)
        answers.is_unknown(text)
        people.whole_name(text)


def test_a_fault_told_in_one_breath_with_everything_else_stands_alone() -> None:
    text = "报修DSZF-60不加热13822223333张生"
    assert story.clauses_with(text, [(9, 12)], [(12, 23), (23, 25)]) == "报修DSZF-60不加热"


@pytest.mark.parametrize(
    "text", ["对头", "要得", "啱", "冇问题", "好的谢谢", "可以的麻烦了", "得嘞", "yes thanks", "中"]
)
def test_a_yes_of_any_region_and_with_thanks_is_a_yes(text: str) -> None:
    assert answers.is_yes(text)


@pytest.mark.parametrize("text", ["唔係", "冇", "唔使", "莫得"])
def test_a_no_of_any_region_is_a_no(text: str) -> None:
    assert answers.is_no(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("哪天都可以", True),
        ("啥时候都得行", True),
        ("any day works", True),
        ("什么时候都不热", False),
        ("哪天来", False),
    ],
)
def test_that_any_time_will_do_is_told_unasked(text: str, told: bool) -> None:
    assert times.says_any_time(text) is told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("转人工", True),
        ("给我找个真人", True),
        ("can I talk to a real person", True),
        ("不用转人工", False),
        ("师傅是真人吗", False),
        ("someone should clean this up", False),
    ],
)
def test_who_asks_for_a_person(text: str, wanted: bool) -> None:
    assert manner.wants_person(text) is wanted


@pytest.mark.parametrize(
    ("text", "hurt"), [("没有", False), ("有", True), ("确认", None), ("没问题", None), ("nobody is hurt", False)]
)
def test_whether_anybody_is_hurt(text: str, hurt: bool | None) -> None:
    assert people.anyone_hurt(text) is hurt


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (" 老电影院后头", "老电影院后头"),
        ("，小学对面", "小学对面"),
        (", next to the bank", "next to the bank"),
        ("，明天下午来", None),
        ("，你们快点来", None),
    ],
)
def test_what_helps_to_find_the_house(text: str, rest: str | None) -> None:
    assert places.landmark(text) == rest


@pytest.mark.parametrize("text", ["DSZF-60B", "60升的", "威雅的那种圆桶", "a white Weiya"])
def test_words_that_may_name_a_model(text: str) -> None:
    assert heater.may_name_a_model(text)


@pytest.mark.parametrize("text", ["有发票", "赵敏", "你们快来"])
def test_words_that_name_no_model(text: str) -> None:
    assert not heater.may_name_a_model(text)


@pytest.mark.parametrize(
    ("text", "broken"), [("坏了", True), ("热水器出毛病了", True), ("it is broken", True), ("不加热", False)]
)
def test_that_something_is_broken_says_not_what(text: str, broken: bool) -> None:
    assert story.says_it_is_broken(text) is broken


@pytest.mark.parametrize(
    ("text", "start", "held"),
    [
        ("改成下午吧", "2026-11-26T10:00:00+08:00", "2026-11-26T12:00"),
        ("下午三点", "2026-11-26T02:00:00+00:00", "2026-11-26T15:00"),
        ("后天下午", "2026-11-26T10:00:00+08:00", None),
        ("好的", "2026-11-26T10:00:00+08:00", None),
        ("下午", None, None),
    ],
)
def test_a_time_of_day_on_the_agreed_day(text: str, start: str | None, held: str | None) -> None:
    window = corrections.on_the_held_day(text, start)
    assert (window["start"][:16] if window else None) == held


HELD = "佛山市顺德区大良街道凤翔路15号3栋602"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("不是3栋，是5栋", HELD.replace("3栋", "5栋")),
        ("是5栋不是3栋", HELD.replace("3栋", "5栋")),
        ("房号反了，206不是602", HELD.replace("602", "206")),
        ("15号改成25号", HELD.replace("15号", "25号")),
        ("是5栋不是8栋", None),
        ("不是60升，是80升", None),
    ],
)
def test_a_piece_that_is_put_right_is_replaced_in_what_is_held(text: str, right: str | None) -> None:
    assert corrections.replaced_in(text, HELD) == right


@pytest.mark.parametrize(
    ("text", "held", "right"),
    [
        ("门牌是302不对，是203", HELD[:-3] + "302", HELD[:-3] + "203"),
        ("602写错了，应该是603", HELD, HELD[:-3] + "603"),
        ("地址错了，是203", HELD, HELD[:-3] + "203"),
        ("我要改地址，是16號", "佛山市順德區鳳翔路15號", "佛山市順德區鳳翔路16號"),
        ("6单元不对，是7单元", HELD, None),
    ],
)
def test_a_wrong_piece_of_an_address_is_replaced_where_it_stands(text: str, held: str, right: str | None) -> None:
    assert corrections.replaced_in(text, held) == right


@pytest.mark.parametrize(
    ("text", "pieces"), [("哦对 7单元 501", "7单元 501"), ("忘了说，3栋502室", "3栋502室"), ("7个人", None)]
)
def test_what_was_left_out_of_an_address_is_known_by_its_units(text: str, pieces: str | None) -> None:
    assert corrections.piece_alone(text) == pieces


@pytest.mark.parametrize(
    ("piece", "right"), [("五栋", HELD.replace("3栋", "五栋")), ("九楼", HELD + "九楼"), ("2单元", HELD + " 2单元")]
)
def test_a_piece_told_alone_takes_its_place_or_stands_at_the_end(piece: str, right: str) -> None:
    assert corrections.is_piece(piece)
    assert corrections.with_piece(piece, HELD) == right


def test_a_street_is_more_than_a_piece() -> None:
    assert not corrections.is_piece("凤翔路15号3栋")


@pytest.mark.parametrize(
    "text",
    [
        "为什么要问型号",
        "你问这个干嘛",
        "要我电话做什么",
        "点解要问呢个",
        "问地址有什么用",
        "why do you need the model",
        "What do you need my phone for?",
    ],
)
def test_who_asks_why_we_ask_is_understood(text: str) -> None:
    assert questions.asks_why_asked(text)


@pytest.mark.parametrize(
    "text", ["为什么不热", "热水器要做什么保养", "why is it cold", "what does E3 mean", "要三千瓦的"]
)
def test_who_asks_about_the_heater_does_not_ask_why_we_ask(text: str) -> None:
    assert not questions.asks_why_asked(text)


@pytest.mark.parametrize(
    "text", ["没事了不用人工了", "不要转人工了", "别叫客服了", "I don't need an agent", "no need for a person"]
)
def test_who_needs_no_person_says_so(text: str) -> None:
    assert manner.wants_no_person(text)


@pytest.mark.parametrize("text", ["我不要客服机器人，我要人工", "怎么还不转人工", "no agent has called me", "转人工"])
def test_who_misses_a_person_wants_one(text: str) -> None:
    assert not manner.wants_no_person(text)


def test_of_two_windows_that_suit_the_first_is_the_one_that_is_meant() -> None:
    told = tuple(each for each in read_values("周三、周五下午都行", MOMENT) if each["entity"] == "time")
    turn = Turn("c1", "m1", "周三、周五下午都行", "inform", 0.9, told, "zh", "web", MOMENT.isoformat())
    assert [each.get("role") for each in told] == [None, "also"]
    assert turn.value("time") == told[0]["value"]


def test_a_time_that_is_given_up_is_not_the_one_that_is_meant() -> None:
    told = tuple(read_values("周五来吧，别周三", MOMENT))
    turn = Turn("c1", "m1", "周五来吧，别周三", "reschedule", 0.9, told, "zh", "web", MOMENT.isoformat())
    assert [each.get("role") for each in told] == [None, "given_up"]
    assert turn.value("time") == told[0]["value"]
    assert masked(turn.text, told) == "T来吧,别周三"


@pytest.mark.parametrize(
    ("text", "places"),
    [("漏水了，接口那里，张伟", ["接口那里"]), ("漏水，底下", ["底下"]), ("楼下都漏了", []), ("漏水", [])],
)
def test_where_it_leaks_may_stand_behind_the_fault(text: str, places: list[str]) -> None:
    assert [text[start:end] for start, end in story.where_it_leaks(text)] == places
