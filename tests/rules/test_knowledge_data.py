"""What the hotline answers from data: complete, short enough, speakable, and never an invitation to open anything."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
import smsutil
import yaml

from backend import reference
from backend.knowledge import matching, service, speaking, wording
from backend.knowledge.service import Question
from backend.tickets.rules import Words
from conftest import at

REFERENCE = reference.load()
KNOWN = REFERENCE.knowledge
NOW = at("2026-11-24 10:05")
NUMBERS = KNOWN.warranty.numbers

TEXTS: dict[str, Words] = {
    **{f"howto {name}": Words(topic.zh, topic.en) for name, topic in KNOWN.howto.topics.items()},
    **{f"fee {name}": Words(topic.zh, topic.en) for name, topic in KNOWN.fees.topics.items()},
    **{f"parts {name}": Words(topic.zh, topic.en) for name, topic in KNOWN.parts.topics.items()},
    **{f"install {name}": Words(check.zh, check.en) for name, check in KNOWN.install.checks.items()},
    **{
        f"warranty {name}": Words(topic.zh.format_map(NUMBERS), topic.en.format_map(NUMBERS))
        for name, topic in KNOWN.warranty.topics.items()
    },
    **{
        f"{kind} {name} on {channel}": wording.aid(trouble.zh, trouble.en, channel)
        for kind, table in (("symptom", KNOWN.diagnosis.symptoms), ("fault", KNOWN.diagnosis.faults))
        for name, trouble in table.items()
        for channel in ("sms", "voice")
    },
}
AID = [name for name in TEXTS if name.startswith(("symptom", "fault"))]


def lexicon(name: str) -> set[str]:
    table = yaml.safe_load((reference.DATA / "lexicon" / f"{name}.yaml").read_text(encoding="utf-8"))
    return set(table[name])


def ask(kind: str, text: str, channel: str = "web", **known: str) -> service.Answer:
    answer: service.Answer = getattr(service, f"answer_{kind}")(Question(text, channel, NOW, **known), REFERENCE)
    return answer


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_answer_fits_two_text_messages_and_can_be_spoken(name: str, language: str) -> None:
    text = getattr(TEXTS[name], language)
    assert len(smsutil.split(text).parts) <= 2
    assert not re.search(r"[/–—~℃≥≤×*#<>|{}]", text)
    assert language == "zh" or text.isascii()


TOPICS = {
    f"{kind} {name}": topic
    for kind, table in (
        ("howto", KNOWN.howto),
        ("fee", KNOWN.fees),
        ("parts", KNOWN.parts),
        ("warranty", KNOWN.warranty),
    )
    for name, topic in table.topics.items()
}
QUESTION_BEHIND = {"zh": 38, "en": 93}  # the room that bot.actions.knowledge.answering asks for


@pytest.mark.parametrize("name", sorted(TOPICS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_answer_by_text_leaves_room_for_a_forms_question_behind_it(name: str, language: str) -> None:
    words = TEXTS[name]
    sentences = (words,) if TOPICS[name].safety else speaking.sentences(words)
    room = QUESTION_BEHIND[language]
    told = getattr(speaking.together([sentences], "sms", room), language)
    assert told
    assert speaking.fits(told, "sms", language, room)


@pytest.mark.parametrize("name", AID)
def test_first_aid_leaves_room_for_the_question_that_follows(name: str) -> None:
    assert len(TEXTS[name].zh) <= 85
    assert len(TEXTS[name].en) <= 210


def test_nobody_is_told_to_open_or_to_take_apart_anything() -> None:
    steps = [step for table in (KNOWN.diagnosis.symptoms, KNOWN.diagnosis.faults) for trouble in table.values()
             for advice in (trouble.zh, trouble.en) for step in advice.steps]  # fmt: skip
    assert steps
    opening = re.compile(r"拆|撬|打开(?:机|外|面)|拧开|螺丝|万用表|电笔|casing|unscrew|\bcover\b|screw")
    assert [step for step in steps if opening.search(step)] == []


def test_where_current_may_flow_nothing_is_tried() -> None:
    grave = {"tingling", "protection_light", "trips_breaker"}
    assert all(KNOWN.diagnosis.symptoms[name].zh.steps == () for name in grave)
    assert KNOWN.diagnosis.faults["leakage_current"].danger
    assert KNOWN.diagnosis.faults["leakage_coil"].zh.steps == ()
    assert set(KNOWN.fault_codes.danger_classes) == {
        name for name, trouble in KNOWN.diagnosis.faults.items() if trouble.danger
    }


def test_every_symptom_fault_and_part_that_is_understood_is_known_here() -> None:
    assert lexicon("symptoms") <= set(KNOWN.diagnosis.symptoms)
    assert {kind for codes in KNOWN.fault_codes.codes.values() for kind in codes.values()} <= set(
        KNOWN.diagnosis.faults
    )
    assert lexicon("parts") <= set(KNOWN.parts.parts)


def test_festivals_of_every_year_are_listed_up_to_where_the_opening_hours_are_known() -> None:
    last = REFERENCE.calendar.hours_last
    for festival in KNOWN.festivals.festivals:
        assert max(festival.days).year == last.year, festival.name.en
        assert all(one < other for one, other in pairwise(festival.days))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("怎么调温度", "temperature"),
        ("新机第一次用要先放满水吗", "first_filling"),
        ("加热的时候泄压阀滴水正常吗", "relief_valve_drips"),
        ("冬天没人住怎么防冻", "antifreeze"),
        ("出差半个月要不要关", "away"),
        ("内胆多久清洗一次", "cleaning"),
        ("鎂棒多久換一次", "rod"),
        ("一直插着电费电吗", "saving"),
        ("洗澡的时候要不要拔插头", "shower_while_heating"),
        ("怎么连手机wifi", "timer_app"),
        ("儿童锁怎么解", "child_lock"),
        ("水垢多怎么办", "scale"),
        ("放出来的水发黄", "coloured_water"),
        ("热水有股臭鸡蛋味", "smell"),
        ("烧水滋滋响正常吗", "noise"),
        ("漏保插头的试验按钮怎么用", "leakage_test"),
        ("没有地线能用吗", "socket_earth"),
        ("空心砖墙能挂吗", "wall_height"),
        ("我自己移机行不行", "move_myself"),
        ("能自己打开机壳看看吗", "open_casing"),
        ("热水出水小怎么办", "low_flow"),
        ("混水阀怎么调", "mixer_valve"),
        ("屏幕上的灯是什么意思", "display"),
        ("停电以后要重新设吗", "power_cut"),
        ("水压要求多少", "water_pressure"),
        ("会不会漏电啊怎么预防", "leakage_hypothetical"),
        ("打雷能洗澡吗", "thunder"),
        ("怎么知道上门师傅是不是你们的，怕是假的", "genuine_technician"),
        ("how do I turn off child lock", "child_lock"),
        ("is it normal that the valve drips while heating", "relief_valve_drips"),
        ("can I open the cover myself", "open_casing"),
        ("how to fill it for the first time", "first_filling"),
        ("what temperature is best in winter", "temperature"),
        ("你会写诗吗", None),
        ("我想买辆车", None),
    ],
)
def test_a_question_about_use_and_care_finds_its_topic(text: str, topic: str | None) -> None:
    assert matching.best(text, KNOWN.howto.topics) == topic


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025年3月买的雅丽诗还在保吗", "2025年3月买的雅丽诗，整机保3年，到2028年3月；现在在保"),
        ("YLS-D60A 2023年11月24日买的还保吗", "到2026年11月24日；现在在保"),
        ("YLS-D60A 2023年11月23日买的还保吗", "到2026年11月就过保了。内胆保8年，还在保"),
        ("2023年买的雅丽诗保不保", "2023年11月24日及以后买的现在还在保"),
        ("我2023年6月买的，坏了算保内吗", "整机保1到3年，到2026年6月就过保了"),
        ("镁棒算不算保修", "镁棒是消耗件"),
        ("2020年买的雅丽诗内胆漏了保吗", "内胆保8年，至少到2028年1月；现在在保"),
        ("2015年买的热水器还保吗", "最好换新"),
        ("修了两次还是坏，2026年3月买的YLS-60", "我要换货"),
        ("2026年11月20日买的YLS-60不热，保修吗", "退货、换货或维修"),
        ("保修卡丢了还能保修吗", "电子发票"),
        ("热水器能用多少年", "不超过8年"),
        ("三包是怎么规定的", "7天内有性能故障，可退、可换、可修；15天内"),
    ],
)
def test_a_warranty_answer_names_its_reason(text: str, said: str) -> None:
    assert said in ask("warranty", text).words.zh


def test_what_is_missing_for_the_warranty_is_asked() -> None:
    nothing = ask("warranty", "保修几年")
    assert nothing.words.zh.startswith("整机保1到3年（看型号），从发票日期算起。内胆保5到8年")
    assert nothing.missing == ("model", "purchase_date")
    assert ask("warranty", "保修几年", model="YLS-60").missing == ("purchase_date",)
    assert ask("warranty", "还保修吗", purchase_date="2024").missing == ("model",)
    assert ask("warranty", "how long is the warranty", model="YLS-60").words.en.startswith(
        "The whole unit is covered for 3 years from the invoice date."
    )


def test_the_makers_name_alone_says_nothing_about_the_series() -> None:
    assert ask("warranty", "2024年买的威雅热水器还保吗").missing == ("model",)


def test_no_price_is_invented_and_nothing_called_free_without_the_warranty() -> None:
    for text in ("上门费多少钱", "移机多少钱", "换个加热管多少钱", "price list please", "打孔收费吗"):
        words = ask("fee", text).words
        assert "报价" in words.zh
        assert "上门码" in words.zh
        assert not re.search(r"\d+元|免费|不收", words.zh)
    covered = ask("fee", "修一次多少钱", model="YLS-60", purchase_date="2026-01")
    assert covered.words.zh.startswith("您的在保（到2029年1月），正常故障不收维修人工费。")
    assert "不收" not in ask("fee", "安装收费吗", model="YLS-60", purchase_date="2026-01").words.zh


def test_a_price_in_the_data_is_quoted() -> None:
    fee = KNOWN.fees.fees["visit"].model_copy(update={"fen": 3050})
    fees = KNOWN.fees.model_copy(update={"fees": {**KNOWN.fees.fees, "visit": fee}})
    priced = reference.Reference(
        **{**vars(REFERENCE), "knowledge": reference.Knowledge(**{**vars(KNOWN), "fees": fees})}
    )
    answer = service.answer_fee(Question("上门费多少钱", "web", NOW), priced)
    assert answer.words.zh.startswith("上门检测费30.50元。")
    assert wording.amount(3000) == Words("30元", "30 yuan")


def test_a_repairer_who_asks_for_too_much_is_not_paid() -> None:
    assert "先别付钱" in ask("fee", "师傅说要收三百合理吗").words.zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("几点上班", "热线每天 8:00–18:00 有人接听。现在在上班，到18:00。"),
        ("明天几点开", "明天11月25日周三，热线 8:00–18:00 有人接听。"),
        ("国庆上班吗", "国庆节（2027年10月1日周五），热线 8:00–18:00 有人接听。"),
        ("周末有人吗", "11月28日周六、11月29日周日，热线 8:00–18:00 有人接听。"),
        ("周日师傅上门不", "师傅上门按工作日安排"),
    ],
)
def test_hours_are_told_for_the_day_that_is_asked_about(text: str, said: str) -> None:
    assert said in ask("hours", text).words.zh


def test_hours_beyond_the_calendar_are_to_be_confirmed() -> None:
    question = Question("国庆上班吗", "web", at("2027-11-01 10:00"))
    assert "要再确认" in service.answer_hours(question, REFERENCE).words.zh
    assert KNOWN.festivals.valid_through <= date(2027, 12, 31)


@pytest.mark.parametrize("kind", ["warranty", "fee", "hours", "howto", "parts"])
@pytest.mark.parametrize(
    "text",
    ["2023年买的雅丽诗，同一毛病修了三次，还保修吗，换加热管和镁棒多少钱", "周末和国庆师傅上门吗", "E1怎么办",
     "bought YLS-60 in 2016, tank leaks, how much is a new tank and bracket", "怎么调温度，会不会漏电"],
)  # fmt: skip
def test_any_answer_by_text_message_fits_two_segments(kind: str, text: str) -> None:
    words = ask(kind, text, "sms").words
    assert len(smsutil.split(words.zh).parts) <= 2
    assert len(smsutil.split(words.en.replace("–", "-")).parts) <= 2


def test_a_part_is_told_with_warranty_and_who_fits_it() -> None:
    rod, element = (
        ask("parts", "有镁棒卖吗").words.zh,
        ask("parts", "买加热管", model="YLS-60", purchase_date="2026-01"),
    )
    assert "消耗件" in rod
    assert "别自己拆机" in rod
    assert "按保修换" in element.words.zh
    assert ask("parts", "配件在哪里买").missing == ("part",)
    assert "型号" in ask("parts", "配件在哪里买", part="hose").words.zh


@pytest.mark.parametrize(
    ("symptom", "code", "model", "danger", "ask_for", "fault_class"),
    [
        ("not_heating", None, None, None, None, None),
        ("水不热了", None, None, None, None, None),
        ("漏水", None, None, None, "leak_where", None),
        ("漏水了，接口那里", None, None, None, None, None),
        ("leaking all over my floor, bottom of the tank", None, None, None, None, None),
        ("leaking at the joint", None, None, None, None, None),
        ("泄压阀滴水", None, None, None, None, None),
        ("不热，水龙头手麻", None, None, "tingling", None, None),
        (None, "E1", "YLS-D60A", "leakage_current", None, "leakage_current"),
        (None, "E1", "雅丽诗60升", "leakage_current", None, "leakage_current"),
        (None, "E2", "YLS-D60A", None, None, "dry_burn"),
        ("不热", "E1", "WY-60", None, None, "dry_burn"),
        (None, "E1", None, None, "code_symptom", None),
        (None, "E9", "YLS-D60A", None, "code_symptom", None),
        ("不热", "E1", None, None, None, None),
        ("不热", "E9", "YLS-D60A", None, None, None),
    ],
)
def test_first_aid_by_symptom_and_code(
    symptom: str | None, code: str | None, model: str | None, danger: str | None, ask_for: str | None,
    fault_class: str | None,
) -> None:  # fmt: skip
    aid = service.first_aid(symptom, code, model, channel="web", reference=REFERENCE)
    assert aid is not None
    assert (aid.danger, aid.ask, aid.fault_class) == (danger, ask_for, fault_class)


def test_a_code_that_may_mean_leakage_is_not_tried_at() -> None:
    aid = service.first_aid("不热", "E1", None, channel="web", reference=REFERENCE)
    assert aid is not None
    assert "复位" not in aid.words.zh
    assert "先别用水" in aid.words.zh


def test_without_symptom_and_code_there_is_no_first_aid() -> None:
    assert service.first_aid("想问一下", None, "YLS-60", channel="web", reference=REFERENCE) is None


@pytest.mark.parametrize(
    ("text", "failed"),
    [
        ("都有", []),
        ("实心墙，16安三孔插座接了地", []),
        ("空心墙，没有地线", ["wall", "earth"]),
        ("只有两孔插座", ["socket"]),
        ("10A插座", ["socket"]),
        ("2.5平方的线", ["wire"]),
        ("水压0.8兆帕", ["pressure"]),
        ("drywall, no earth", ["wall", "earth"]),
        ("还没送到，墙是实心的", ["delivered"]),
    ],
)
def test_what_is_not_ready_becomes_advice(text: str, failed: list[str]) -> None:
    found, words = service.readiness(text, REFERENCE)
    assert found == failed
    assert (words is not None) == bool(failed)


def test_a_bare_no_and_not_sure_get_general_advice_never_a_refusal() -> None:
    for text in ("没有", "都没有", "no", "不知道", "not sure"):
        failed, words = service.readiness(text, REFERENCE)
        assert failed == []
        assert words is not None
    assert service.readiness("好", REFERENCE, is_delivered=False)[0] == ["delivered"]
