"""What a message asks: routed by its words, two questions at once, and as long as the channel bears."""

from __future__ import annotations

import pytest
import smsutil

from backend import reference
from backend.knowledge import asking, service, speaking
from backend.knowledge.service import Answer, Question
from backend.reference.base import Table
from backend.tickets.rules import Words
from conftest import at

REFERENCE = reference.load()
KNOWN = REFERENCE.knowledge
NOW = at("2026-11-24 10:05")
TOPICS = {
    f"{table} {name}": Words(*(text.format_map(KNOWN.warranty.numbers) for text in (topic.zh, topic.en)))
    for table, topics in (
        ("howto", KNOWN.howto.topics),
        ("fee", KNOWN.fees.topics),
        ("parts", KNOWN.parts.topics),
        ("warranty", KNOWN.warranty.topics),
    )
    for name, topic in topics.items()
}


def ask(kind: str, text: str, channel: str = "web") -> Answer:
    return service.answer(kind, Question(text, channel, NOW), REFERENCE)


@pytest.mark.parametrize(
    ("taken_for", "text", "said"),
    [
        ("warranty", "保修期内修不修都不收上门费吧", "在保的正常故障不收上门检测费"),
        ("fee", "师傅上门看一下要不要钱啊，我的还在保修期", "在保的正常故障不收上门检测费"),
        ("fee", "退货的运费谁出", "运输费由商家承担"),
        ("hours", "过年回老家没人会不会冻坏", "会结冰就请师傅放空"),
        ("hours", "24小时通电安全吗", "接好地线"),
        ("parts", "遥控器丢了面板能操作吗", "面板上的按键一样能用"),
        ("howto", "退货要准备什么东西", "发票或订单"),
        ("fee", "雷劈了能不能保修", "天灾"),
        ("warranty", "延保怎么买", "延保有没有"),
    ],
)
def test_a_question_taken_for_another_kind_is_answered_all_the_same(taken_for: str, text: str, said: str) -> None:
    assert said in ask(taken_for, text).words.zh


@pytest.mark.parametrize(
    ("taken_for", "text", "said"),
    [
        ("parts", "We live in a remote village, is there a surcharge?", "travel to a remote area"),
        ("warranty", "Is there a call-out charge if it's still under guarantee?", "Under warranty there is no charge"),
        ("fee", "Who pays for shipping if I send it back?", "the seller bears the transport"),
        ("warranty", "I installed it later. When does the warranty start?", "from the date on the invoice"),
        ("howto", "Should I unplug it before showering?", "unplug with dry hands"),
    ],
)
def test_the_same_in_english(taken_for: str, text: str, said: str) -> None:
    assert said in ask(taken_for, text).words.en


@pytest.mark.parametrize(
    ("taken_for", "text", "kinds"),
    [
        ("howto", "镁棒多久换一次，多少钱", ("howto", "fee")),
        ("warranty", "内胆漏了保修吗，换一个多少钱", ("warranty", "fee")),
        ("fee", "上门费多少，周末能来吗", ("fee", "hours")),
        ("fee", "移机多少钱，多久能来", ("fee", "visit")),
        ("fee", "清洗多少钱 多久洗一次", ("fee", "howto")),
        ("fee", "How much is a new tank and is it covered?", ("fee", "warranty")),
        ("parts", "镁棒多少钱一根，哪里买", ("parts",)),
        ("fee", "上门费多少钱", ("fee",)),
        ("warranty", "我去年在网上买的，还保修吗", ("warranty",)),
        ("hours", "几点上班", ("hours",)),
        ("fee", "师傅什么时候来多少钱", ("fee", "visit")),
        ("fee", "上门要多少钱？还在保吗？最快什么时候来？", ("fee", "warranty", "visit")),
        ("fee", "内胆多少钱？还在保吗？哪里买？", ("parts", "warranty")),
        ("warranty", "没有发票，不知道哪里买的，还能保修吗", ("warranty",)),
    ],
)
def test_all_questions_of_one_message_are_found(taken_for: str, text: str, kinds: tuple[str, ...]) -> None:
    signs = service.signs(REFERENCE)
    named = service.names_something(taken_for, Question(text, "web", NOW), REFERENCE)
    assert asking.kinds(taken_for, text, signs, is_named=named) == kinds


def test_two_questions_about_use_are_both_answered() -> None:
    words = ask("howto", "怎么调温度，怎么定时").words.zh
    assert "50到60度" in words
    assert "长按预约键" in words
    assert asking.topics_asked("热水发黄，还能用吗", KNOWN.howto.topics) == ["coloured_water"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("买了三天不想要了能退吗", "无理由退"),
        ("已经拆箱装上了还能不能退", "照三包办"),
        ("退货多久能退钱到账", "7天内退款"),
        ("送来的机器外壳有磕碰怎么处理", "先别装"),
        ("刚买十天就不热了能换新的不", "15天内可换"),
        ("以旧换新国家补贴怎么领", "没有资料"),
        ("搬家以后保修还有效吗", "搬家不影响保修期"),
        ("我是自己找人装的还能保修吗", "看坏在哪里"),
        ("电压不稳烧坏了算保内吗", "不乱说"),
        ("师傅让我扫他个人微信付款可以吗", "请先别付"),
        ("离地要多高", "师傅看现场定"),
        ("安装前我要准备什么", "实心砖墙"),
        ("周末上门加钱吗", "没有定数"),
        ("淘宝上买的配件你们给装吗", "核对型号"),
        ("发票丢了能补一份吗", "我这里没有资料"),
        ("能给我一份发票复印件吗", "我这里没有资料"),
        ("电子发票哪里下载", "我这里没有资料"),
        ("购买凭证丢了怎么办", "机身条码"),
        ("没有发票还能保修吗", "机身条码"),
        ("上次的发票没给我", "开不了也查不到"),
        ("师傅没给发票", "开不了也查不到"),
        ("给个最低价嘛", "没有定数"),
        ("一口价80行不行", "没有定数"),
        ("别人家上门都不要钱", "没有定数"),
        ("为什么不能告诉我价格", "不敢乱报"),
        ("1000以内吗", "不敢乱报"),
        ("几天能修好", "没有定数"),
    ],
)
def test_what_customers_ask_is_known_even_when_it_was_taken_for_no_question(text: str, said: str) -> None:
    answer = service.answer_any(Question(text, "web", NOW), REFERENCE)
    assert answer.is_found
    assert said in answer.words.zh


@pytest.mark.parametrize("text", ["今天天气怎么样", "我想买辆车，你们有吗", "book me a flight", "你们公司在哪里"])
def test_what_is_none_of_our_business_is_not_answered_by_chance(text: str) -> None:
    assert not service.answer_any(Question(text, "web", NOW), REFERENCE).is_found


def test_an_accessory_without_a_term_gets_no_term_of_the_whole_unit() -> None:
    assert "没有写明" in ask("warranty", "花洒软管坏了保修吗").words.zh
    assert "消耗件" in ask("warranty", "密封圈坏了保修吗").words.zh
    assert ask("warranty", "遥控器坏了保修吗").words.zh.startswith("遥控器随整机保1到3年")


def test_after_the_warranty_nothing_is_said_about_it_and_under_it_what_falls_away() -> None:
    assert "保修期内" not in ask("fee", "过了保修期上门检查要收费吗").words.zh
    assert "不在保的" in ask("fee", "还没过保，上门收费吗").words.zh
    assert "不收" not in ask("fee", "在保修期内，安装收费吗").words.zh


def test_who_asks_for_the_night_hears_what_happens_then() -> None:
    words = ask("hours", "晚上十点发短信有人回吗", "sms").words
    assert words.zh.startswith("晚上可以留言、发短信")
    assert "值班同事" in words.zh
    assert "take it up from 8:00" in ask("hours", "anyone there at night?").words.en


def test_who_may_fit_a_part_is_told_first() -> None:
    assert ask("parts", "加热管我自己换行不").words.zh.startswith("装要请师傅")
    assert ask("parts", "花洒自己能换吗").words.zh.startswith("这个您自己能换")


@pytest.mark.parametrize(
    ("symptom", "said"),
    [
        ("遥控没反应", "电池"),
        ("屏幕锁住了按不动", "童锁"),
        ("水温忽冷忽热", "水压不稳"),
        ("热水出来特别小", "开冷水看看"),
        ("泄压阀一直流水停不下来", "关进水阀"),
    ],
)
def test_first_aid_is_for_the_part_that_is_told(symptom: str, said: str) -> None:
    aid = service.first_aid(symptom, None, None, channel="web", reference=REFERENCE)
    assert aid is not None
    assert said in aid.words.zh


@pytest.mark.parametrize("name", sorted(TOPICS))
def test_a_topic_is_heard_in_one_breath_and_read_in_two_segments(name: str) -> None:
    told = speaking.sentences(TOPICS[name])
    heard = speaking.said(told, "voice")
    assert heard.zh
    assert len(heard.zh) <= 50
    assert len(heard.en.split()) <= 30
    read = speaking.said(told, "sms")
    assert read == TOPICS[name]
    assert max(len(smsutil.split(text).parts) for text in (read.zh, read.en)) <= 2


def test_of_two_answers_each_is_begun_before_one_is_completed() -> None:
    one, other = [Words("一" * 70, ""), Words("二" * 40, "")], [Words("三" * 50, "")]
    assert speaking.together([one, other], "sms").zh == "一" * 70 + "三" * 50
    assert speaking.together([one, other], "web").zh == "一" * 70 + "二" * 40 + "三" * 50


def test_words_added_to_a_table_reach_one_that_was_changed_at_the_desk_before() -> None:
    for name, field in (("fees.yaml", "asks"), ("warranty.yaml", "inside"), ("festivals.yaml", "night")):
        table: Table = REFERENCE.tables[name]
        older = {key: value for key, value in table.model_dump().items() if key not in table.outliving}
        changed = reference.overlay(REFERENCE, {name: reference.Overlay(1, older)})
        assert getattr(changed.tables[name], field) == getattr(table, field)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("师傅有资质吗", "工作证"),
        ("are your technicians certified?", "work permit"),
        ("拆和装是一个师傅吗", "由网点安排"),
        ("is it the same guy who takes it down and puts it up?", "service point arranges"),
        ("来几个人", "由网点安排"),
        ("师傅上门穿鞋套吗", "鞋套"),
        ("does the technician wear shoe covers", "shoe covers"),
        ("我的上门码是多少", "短信里也有"),
        ("where is my visit code", "also by text"),
        ("换一个要多久", "没有定数"),
        ("how long does a repair take", "depends on the job"),
        ("网点在哪里，我想直接送过去修", "师傅上门"),
        ("do you have a service centre in Shenzhen", "comes to you"),
        ("你们热线电话是多少", "就是我们的售后热线"),
        ("what is your hotline number", "You have reached"),
        ("能刷信用卡吗", "用什么方式付"),
        ("can i pay by visa card", "How you pay"),
        ("能便宜点吗", "没有定数"),
        ("is there any discount for seniors", "not mine to give"),
        ("我想买个新的热水器", "经销网点"),
        ("I want to buy a new heater", "dealers"),
    ],
)
def test_what_nobody_has_settled_is_said_so_and_whatever_it_was_taken_for(text: str, said: str) -> None:
    for kind in ("hours", "fee", "howto", "parts"):
        words = service.answer(kind, Question(text, "web", NOW), REFERENCE).words
        assert said in words.zh + words.en
    assert service.answer_any(Question(text, "web", NOW), REFERENCE).is_found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("热水器上红灯一直闪是什么意思", "灯的颜色和闪法各型号不一样"),
        ("那个灯怎么是橙色的", "灯的颜色和闪法各型号不一样"),
        ("there's a red light blinking on the heater, what does it mean", "Colours and blinking"),
        ("there is a lightning symbol on the display", "Colours and blinking"),
        ("插头的红灯一直亮正常吗", "插头上的灯亮着，就是有电"),
        ("the green light on the plug is off", "light on the plug"),
        ("加热灯灭了是烧好了吗", "灭了或变保温就是烧好了"),
        ("热水器一直滴滴响怎么回事", "滴滴声各型号意思不一样"),
        ("my heater is beeping, why", "Beeps differ by model"),
        ("is it ok to use in a thunderstorm", "thunderstorm"),
    ],
)
def test_lights_and_beeps_are_not_guessed_at(text: str, said: str) -> None:
    words = service.answer("howto", Question(text, "web", NOW), REFERENCE).words
    assert said in words.zh + words.en


@pytest.mark.parametrize(
    ("text", "said"),
    [("过保了的话呢", "过了保也照样修"), ("what if it is out of warranty", "after the warranty")],
)
def test_who_says_that_the_warranty_is_over_hears_what_happens_then(text: str, said: str) -> None:
    answer = service.answer("warranty", Question(text, "web", NOW), REFERENCE)
    assert said in answer.words.zh + answer.words.en
    assert answer.ask is None


@pytest.mark.parametrize("text", ["过保了没", "我的过保了吗", "is it out of warranty"])
def test_who_asks_whether_the_warranty_is_over_is_asked_for_model_and_date(text: str) -> None:
    assert service.answer("warranty", Question(text, "web", NOW), REFERENCE).ask is not None


def test_a_part_that_is_to_be_bought_new_is_no_new_heater() -> None:
    assert "加热管" in service.answer("parts", Question("买个新的加热管", "web", NOW), REFERENCE).words.zh


def test_the_first_word_of_a_question_is_no_series() -> None:
    asked = "Which parts of the heater are covered? I bought mine on 15/08/2022"
    assert "WHICH" not in service.answer("warranty", Question(asked, "web", NOW), REFERENCE).words.en


def test_a_series_is_known_in_small_letters_before_a_chinese_word() -> None:
    words = service.answer("warranty", Question("yls的，2023年5月买的，保多久", "web", NOW), REFERENCE).words
    assert "雅丽诗" in words.zh
