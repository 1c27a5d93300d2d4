"""Phones, names, codes, symptoms, languages and normal forms in a customer's words."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import address, lexicon, model, name, phone, pinyin, values
from bot.text.hazard import hazard
from bot.text.language import detect
from bot.text.normal import clean, normal
from bot.text.numerals import cardinal
from bot.text.time import purchase_date, wanted_time

NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
READERS: list[Callable[[str], Any]] = [
    phone.find,
    phone.longest_digits,
    name.find,
    name.bare,
    name.listed,
    model.model,
    model.capacity,
    model.fault_code,
    model.ticket_no,
    model.serial_no,
    lexicon.symptoms,
    lexicon.parts,
    lexicon.concepts,
    address.find,
    partial(address.find, asked=True),
    address.find_all,
    partial(wanted_time, now=NOW),
    partial(purchase_date, now=NOW),
    hazard,
    detect,
    pinyin.sound,
    clean,
]


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "我电话138 0013 8000谢谢",
        "幺三八零零幺三八零零零",
        "一三八，零零一三，八零零零",
        "+86 138 0013 8000",
        "0086-13800138000",
        "１３８００１３８０００",
        "502房13800138000",
        "2024-03-15 13800138000",
        "one three eight double zero one three eight triple zero",
    ],
)
def test_a_mobile_number_is_found_however_it_is_said(text: str) -> None:
    (found,) = phone.find(text)
    assert found.e164 == "+8613800138000"
    assert text[found.start : found.end] == found.text


def test_a_landline_keeps_its_extension() -> None:
    (found,) = phone.find("0757-83331234转802")
    assert (found.e164, found.extension) == ("+8675783331234", "802")


@pytest.mark.parametrize("text", ["1380013800", "138001380001", "WY261124-0001", "我家一共三台五年了"])
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    assert phone.find(text) == []


def test_a_mistyped_number_is_still_available_for_a_helpful_answer() -> None:
    assert phone.longest_digits("我的号是1380013800") == "1380013800"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我姓王", "王"),
        ("我叫李建国电话13800138000", "李建国"),
        ("姓陈 女士", "陈女士"),
        ("我是王阿姨", "王阿姨"),
        ("我叫李明", "李明"),
        ("我叫欧阳娜娜", "欧阳娜娜"),
        ("我叫买买提·吐尔逊", "买买提·吐尔逊"),
        ("我姓高温度不够", "高"),
        ("My name is John Smith and my phone is", "John Smith"),
        ("this is Anna Lee speaking", "Anna Lee"),
        ("Mr Wang", "Mr Wang"),
    ],
)
def test_an_announced_name_is_found(text: str, value: str) -> None:
    found = name.find(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["你们王师傅态度很差", "我是客户", "I'm angry", "I am calling about", "我是修热水器的"]
)
def test_other_people_and_moods_are_no_names(text: str) -> None:
    assert name.find(text) is None


@pytest.mark.parametrize(
    ("text", "value"), [("王芳", "王芳"), ("是陈静", "陈静"), ("陳美玲", "陳美玲"), ("John", "John"), ("张", "张")]
)
def test_a_bare_answer_is_a_name(text: str, value: str) -> None:
    found = name.bare(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["安装", "方便", "高温", "没有", "周五", "江门", "yes", "hot water", "不知道"])
def test_everyday_words_are_no_bare_names(text: str) -> None:
    assert name.bare(text) is None


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (model.model, "型号是YLS-D60A 60升的", "YLS-D60A"),
        (model.model, "yls 60a", "YLS60A"),
        (model.capacity, "六十升", "60L"),
        (model.capacity, "60 litre", "60L"),
        (model.fault_code, "显示e-04", "E4"),
        (model.fault_code, "E三", "E3"),
        (model.ticket_no, "wy2611240001", "WY261124-0001"),
        (model.ticket_no, "WY 二六一一二四 零零零一", "WY261124-0001"),
        (model.serial_no, "条码6901234567890", "6901234567890"),
    ],
)
def test_codes_take_their_normal_form(reader: Callable[[str], model.Code | None], text: str, value: str) -> None:
    found = reader(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text", ["不知道型号", "call me at 138", "room 502", "Nov 28", "三四个人用够吗", "WY261124-0001"]
)
def test_other_codes_are_no_models(text: str) -> None:
    assert model.model(text) is None


def test_symptoms_and_parts_are_named_by_class() -> None:
    assert [term.value for term in lexicon.symptoms("热水器漏水还跳闸")] == ["leak", "trips_breaker"]
    assert [term.value for term in lexicon.symptoms("不漏水，就是没有热水")] == ["not_heating"]
    assert [part.value for part in lexicon.parts("加热管和镁棒")] == ["heating_element", "magnesium_rod"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("热水器坏了", "zh"),
        ("my heater is broken", "en"),
        ("我的heater坏了", "zh"),
        ("reshuiqi huai le", "zh"),
        ("13800138000", None),
        ("ok", None),
    ],
)
def test_the_language_of_a_message_is_told(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("words", "number"),
    [("三十五", 35), ("一百二", 120), ("一百零二", 102), ("二零二四", 2024), ("十", 10), ("x", None)],
)
def test_number_words_are_read(words: str, number: int | None) -> None:
    assert cardinal(words) == number


def test_homophones_and_typed_pinyin_sound_alike() -> None:
    assert pinyin.sound("漏电") == pinyin.sound("楼店") == pinyin.sound("lou dian")


def test_the_normal_form_leads_back_to_the_original() -> None:
    matched = normal("電\u0301話：１３８")
    assert matched.text == "电话:138"
    assert matched.verbatim(3, 6) == "１３８"


def test_clean_text_keeps_words_and_drops_tricks() -> None:
    assert clean("你好\x00\u202e\ud800 e\u0301\u0301\u0301\u0301\n") == "你好 e\u0301\u0301"


HOSTILE = {
    "tomorrow": "明天" * 5_000,
    "zalgo": "e\u0301\u0302\u0303" * 2_500,
    "digits": "1 " * 5_000,
    "letters": "a" * 10_000,
    "oclock": "一点" * 5_000,
    "streets": "路1号" * 3_300,
    "rooms": "room 1, " * 1_250,
    "names": "王小明 " * 2_500,
    "mixed": "a明1天周路号E3 " * 1_000,
}
MOST_READ = 1_500
"""Characters of a message that any reader looks at (`bot.text.normal.MATCH_LIMIT`); what lies behind it is free."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_reader_looks_at_more_than_the_beginning_of_a_long_text(kind: str) -> None:
    readers = [reader for reader in READERS if reader not in (clean, hazard)]
    short, long = HOSTILE[kind][:MOST_READ], HOSTILE[kind]
    assert [reader(long) for reader in readers] == [reader(short) for reader in readers]


@pytest.mark.parametrize("text", ["電話：１３８", "E\u0301３升", "𝟙𝟛𝟠 ＹＬＳ", "我係陳太\u200b"])
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text).text).text == normal(text).text


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("一二三点号路明天后周电话姓王漏+-0123456789 ")), max_size=60
    )
)
def test_any_text_is_read_without_error_and_spans_are_verbatim(text: str) -> None:
    for reader in READERS:
        found = reader(text)
        for each in found if isinstance(found, list) else [found]:
            if hasattr(each, "start"):
                assert text[each.start : each.end] == each.text


@pytest.mark.parametrize(
    ("text", "intent", "is_wish"),
    [
        ("说好周三上午来的，等到现在人影都没有，太不像话了", "complain", False),
        ("昨天下午就该到的，麻烦快点安排一下师傅吧", "chase", False),
        ("明天下午三点", "chase", True),
        ("明天下午三点可以来装吗", "request_install", True),
        ("they promised tomorrow morning and then forgot about me completely", "complain", False),
    ],
)
def test_a_time_in_a_complaint_is_no_wish(text: str, intent: str, is_wish: bool) -> None:
    kept = values.meant(values.read_values(text, NOW), text, intent, 0.9)
    assert any(each["entity"] == "time" for each in kept) == is_wish
