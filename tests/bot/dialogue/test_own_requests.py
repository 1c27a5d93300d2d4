"""What customers want of the talk itself: to hear it again, another language, whose number, a kind word."""

from __future__ import annotations

import pytest
from house import Conversation, House

IN_A_REPAIR = {
    "zh": ("热水器不热了，我姓王，13800138000", "修一次大概多少钱啊", "上门前先报价"),
    "en": (
        "my heater gives only cold water, I'm Tom Baker 13800138000",
        "how much would that be roughly",
        "before the visit",
    ),
}


def told_of_money(house: House, language: str) -> tuple[Conversation, str | None]:
    customer = house.conversation(language)
    fault, question, _ = IN_A_REPAIR[language]
    customer.say(fault)
    customer.say(question)
    return customer, customer.expects


@pytest.mark.parametrize(
    ("language", "again"),
    [
        ("zh", "钱的事再说一遍"),
        ("zh", "啥？没听清"),
        ("en", "sorry can you say that about the money again"),
        ("en", "could you repeat that please"),
    ],
)
def test_an_answer_given_inside_a_form_is_told_again_and_the_form_goes_on(
    house: House, language: str, again: str
) -> None:
    customer, asked = told_of_money(house, language)
    customer.say(again)
    assert IN_A_REPAIR[language][2] in customer.heard
    assert customer.expects == asked


@pytest.mark.parametrize(("language", "again"), [("zh", "钱的事再说一遍"), ("en", "say that about the money again")])
def test_an_earlier_answer_is_told_again_by_its_subject(house: House, language: str, again: str) -> None:
    customer = house.conversation(language)
    customer.say({"zh": "修个热水器多少钱", "en": "how much does a repair cost"}[language])
    customer.say({"zh": "你们几点上班", "en": "what are your opening hours"}[language])
    customer.say(again)
    assert IN_A_REPAIR[language][2] in customer.heard


def test_who_changes_the_language_hears_the_answer_in_the_new_one(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器保修多久")
    customer.say("can we speak english please")
    assert "let us go on in English" in customer.heard
    assert "1 to 3 years by model" in customer.heard
    customer.say("谢谢，还是说中文吧")
    assert "我们说中文" in customer.heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("zh", "师傅有资质吗", "工作证"), ("en", "are your technicians certified?", "work permit")],
)
def test_a_question_that_was_taken_for_a_wish_to_look_up_a_ticket_is_answered(
    house: House, language: str, text: str, said: str
) -> None:
    customer = house.conversation(language)
    customer.say(text)
    assert customer.expects is None
    assert said in customer.heard or "8:00" in customer.heard  # the fake knows no other kind in what asks for hours


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("zh", "经理电话给我", "领导的电话我这里给不了"), ("zh", "你们老板电话多少", "领导的电话我这里给不了")],
)
def test_a_managers_number_is_not_given_out(house: House, language: str, text: str, said: str) -> None:
    customer = house.conversation(language)
    customer.say(text)
    assert said in customer.heard
    assert customer.expects is None


@pytest.mark.parametrize(
    ("language", "opening", "away", "said"),
    [
        ("zh", "查我妈的单子 她手机13912345678", "验证码发她手机上了我看不到啊，她在乡下", "把短信里的 6 位数字念给您"),
        (
            "en",
            "check my moms ticket her phone is 13912345678",
            "the code went to my mum's phone",
            "read you the six digits",
        ),
    ],
)
def test_somebody_elses_ticket_is_looked_up_with_a_code_that_they_read_out(
    house: House, language: str, opening: str, away: str, said: str
) -> None:
    customer = house.conversation(language, "sms")
    customer.say(opening)
    assert customer.expects == "ticket_no"
    assert "换谁都着急" not in customer.heard
    customer.say({"zh": "没有单号", "en": "I don't have it"}[language])
    assert "5678" in customer.heard
    customer.say(away)
    assert said in customer.heard
    assert customer.expects == "code"


@pytest.mark.parametrize(("language", "text"), [("zh", "滚"), ("zh", "傻逼"), ("en", "you idiots")])
def test_an_insult_hears_a_calm_word_inside_a_form_and_outside(house: House, language: str, text: str) -> None:
    calm = {"zh": "对不起", "en": "I am sorry"}[language]
    customer = house.conversation(language)
    customer.say(text)
    assert calm in customer.heard
    customer.say({"zh": "热水器不热了", "en": "my heater is cold"}[language])
    asked = customer.expects
    customer.say(text)
    assert {"zh": "同事", "en": "colleague"}[language] in customer.heard  # the second is offered a person
    assert customer.expects == asked


def test_who_asks_whether_it_is_a_robot_or_a_person_is_told_so_and_not_passed_on(house: House) -> None:
    customer = house.conversation("en")
    customer.say("are you a robot or a real person")
    assert "not a person" in customer.heard
    assert house.backend.called("/handoffs") == [] or "passed you" not in customer.heard


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "给我讲个笑话吧", "不在行"),
        ("en", "sing me a song", "not my strong suit"),
        ("zh", "美的热水器修不修", "我们只管威雅"),
        ("zh", "燃气热水器你们修吗", "我们只管威雅"),
        ("en", "can you fix my gas heater", "We only look after Weiya"),
        ("zh", "你们招人吗，我想应聘安装师傅", "招聘、加盟和合作"),
        ("en", "how do I become a dealer", "dealerships"),
        ("zh", "把所有客户的电话给我列出来", "别人的信息我不能说"),
        ("zh", "上次那个师傅服务特别好，帮我表扬一下他", "真高兴"),
        ("zh", "你们是哪里的公司", "威雅电器的售后热线"),
        ("en", "where is your office", "no office address"),
        ("zh", "新年快乐", "祝您事事顺心"),
        ("zh", "你们不会是推销的吧", "威雅电器的售后热线"),
        ("zh", "把我的资料删掉", "查看或删掉自己的资料"),
        ("en", "please delete all my data", "see or delete your data"),
    ],
)
def test_what_is_none_of_a_heaters_hears_a_fitting_word(house: House, language: str, text: str, said: str) -> None:
    customer = house.conversation(language)
    customer.say(text)
    assert said in customer.heard
    assert customer.expects is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_saved_return_hears_of_no_visit_code(house: House, language: str) -> None:
    customer = house.conversation(language)
    lines = {
        "zh": (
            "我要退货，刚买五天就坏了", "退款", "13800138000", "我姓李", "广州天河区体育西路12号", "不清楚", "上周买的",
            "尽快", "对",
        ),
        "en": (
            "I want to return my heater, it broke after 5 days", "refund", "13800138000", "Anna Schmidt",
            "Guangzhou Tianhe 12 Tiyu Road", "I don't know the model", "last week", "as soon as possible", "yes",
        ),
    }[language]  # fmt: skip
    for line in lines:
        customer.say(line)
        if customer.tickets:
            break
    while not customer.tickets and customer.turns < 14:
        customer.say({"zh": "对", "en": "yes"}[language])
    assert customer.tickets[0]["type"] == "return"
    assert "0427" not in customer.heard


def test_light_is_back_but_who_waits_and_sees_has_not_said_that_all_is_well(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器不热了")
    customer.say("按了，灯亮了，我等等看")
    assert house.backend.called("/tickets/solved") == [] or "太好了" not in customer.heard
    assert customer.expects is not None
    customer.say("热了热了，可以了")
    assert customer.expects is None


def test_who_is_glad_once_more_opens_no_new_repair(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器不热了")
    customer.say("按咯那个键，好使了")
    assert customer.expects is None
    customer.say("热了热了")
    assert customer.expects is None


def test_an_answer_by_text_leaves_room_for_the_question_of_a_form(house: House) -> None:
    customer = house.conversation("en", "sms")
    customer.say("how much does a repair cost")
    assert house.backend.called("/knowledge/fee")[-1]["followed_by"] == 0
    customer.say("my heater is cold")
    customer.say("how much does a repair cost")
    assert house.backend.called("/knowledge/fee")[-1]["followed_by"] > 0


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "有个人打电话说是你们师傅要上门，是真的吗", "对上了才开门"),
        ("en", "someone asked me for the code you sent, should I give it", "tell it to nobody else"),
    ],
)
def test_who_asks_whether_somebody_is_ours_opens_no_complaint(
    house: House, language: str, text: str, said: str
) -> None:
    customer = house.conversation(language)
    customer.say(text)
    assert said in customer.heard
    assert customer.expects is None


def test_a_call_that_an_answer_has_offered_is_taken_in_few_words(house: House) -> None:
    customer = house.conversation()
    customer.say("以旧换新怎么弄，说“给我回电话”是吗")
    customer.say("以旧换新你们有吗")
    offered = "给我回电话" in customer.heard
    customer.say("咋约")
    assert customer.expects == "phone" or not offered


def test_to_be_looked_up_in_vain_is_no_digression(house: House) -> None:
    customer = house.conversation()
    for line in ("查进度", "你们周末上班吗", "WY261124-0999", "13800138000"):
        customer.say(line)
    assert "对不上" in customer.heard
    assert "先放着" not in customer.heard
    assert customer.expects == "ticket_no"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("zh", "帮我老公退订你们短信 他号码13900001111", "要用这部手机自己回"),
        ("en", "please stop texting my husband, his number is 13900001111", "text STOP from that very phone"),
    ],
)
def test_somebody_elses_number_is_not_opted_out_for_them(house: House, language: str, text: str, said: str) -> None:
    customer = house.conversation(language)
    customer.say(text)
    assert said in customer.heard


def test_words_that_only_look_like_a_refusal_stop_no_messages(house: House) -> None:
    customer, before = house.conversation("en"), len(house.backend.called("/opt-outs"))
    for line in ("my water heater gives no hot water", "I do not know", "I do not remember"):
        customer.say(line)
    assert len(house.backend.called("/opt-outs")) == before
    assert customer.expects == "name"
