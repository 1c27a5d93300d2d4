"""What customers say while they show whose ticket it is."""

from __future__ import annotations

import pytest

from bot.actions.reading import identity as said

INSTALL = {
    "ticket_no": "WY261122-0002",
    "type": "install",
    "phone": "+8613800138000",
    "words": {"zh": "安装，11月22日", "en": "installation, 22 Nov"},
}
REPAIR = {
    "ticket_no": "WY261120-0001",
    "type": "repair",
    "phone": "+8613800138000",
    "words": {"zh": "维修，11月20日", "en": "repair, 20 Nov"},
}
LISTED = [INSTALL, REPAIR]


@pytest.mark.parametrize(
    ("text", "ticket"),
    [
        ("第一个", INSTALL),
        ("第二張", REPAIR),
        ("2", REPAIR),
        ("就第一个吧", INSTALL),
        ("WY261120-0001", REPAIR),
        ("尾号0002那张", INSTALL),
        ("维修那个", REPAIR),
        ("不是安装那个，是维修的", REPAIR),
        ("装热水器的", INSTALL),
        ("20号那个", REPAIR),
        ("11月22日的", INSTALL),
        ("最后一个", REPAIR),
        ("最新的", INSTALL),
        ("下面那个", REPAIR),
        ("the first one", INSTALL),
        ("the repair one please", REPAIR),
        ("number 2", REPAIR),
    ],
)
def test_a_ticket_is_chosen_by_place_number_kind_or_day(text: str, ticket: said.OwnTicket) -> None:
    assert said.chosen(text, LISTED) is ticket


@pytest.mark.parametrize("text", ["两个都查", "不知道", "第三个", "哪个都行", "", "both of them", "9999", "昨天"])
def test_what_names_none_or_several_chooses_nothing(text: str) -> None:
    assert said.chosen(text, LISTED) is None


def test_a_kind_that_two_tickets_have_chooses_neither_and_its_day_decides() -> None:
    second = {**REPAIR, "ticket_no": "WY261118-0007", "words": {"zh": "维修，11月18日", "en": "repair, 18 Nov"}}
    assert said.chosen("维修的", [REPAIR, second]) is None
    assert said.pointed_at("维修的", [REPAIR, second]) == [REPAIR, second]
    assert said.chosen("18号维修的", [REPAIR, second]) is second


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"),
        ("验证码是 482 913", "482913"),
        ("４８２９１３", "482913"),
        ("四八二九幺三", "482913"),
        ("收到一个，看了一下，4-8-2-9-1-3", "482913"),
        ("four eight two nine one three", "482913"),
        ("不是111111，是482913", "482913"),
        ("13800138000", None),
        ("WY261124-0001", None),
        ("48291", None),
        ("没收到", None),
    ],
)
def test_a_code_is_read_typed_and_spoken(text: str, code: str | None) -> None:
    assert said.code_in(text) == code


@pytest.mark.parametrize(
    ("text", "is_like"), [("48291", True), ("4829133", True), ("13800138000", False), ("好", False)]
)
def test_a_code_with_a_digit_too_many_or_too_few_is_seen(text: str, is_like: bool) -> None:
    assert said.looks_like_a_code(text) is is_like


@pytest.mark.parametrize(
    "text",
    [
        "没有工单号", "单号我忘了", "什么工单号？", "短信删了，单号找不到", "冇单号呀", "没得单号", "單號不見了",
        "I lost the ticket number", "what ticket number?", "I don't have a reference number",
    ],
)  # fmt: skip
def test_who_names_the_number_and_lacks_it_is_understood_anywhere(text: str) -> None:
    assert said.has_no_number(text)


@pytest.mark.parametrize(
    "text", ["没有", "忘了", "搞忘求了", "唔记得", "我哪晓得", "I don't have it", "meiyou", "no idea"]
)
def test_any_no_is_an_answer_to_the_question_for_the_number(text: str) -> None:
    assert said.answers_with_nothing(text)
    assert not said.has_no_number(text)


@pytest.mark.parametrize("text", ["我的手机号没变", "师傅没来", "WY261124-0001", "手机号码没错"])
def test_other_things_that_are_missing_are_no_missing_number(text: str) -> None:
    assert not said.has_no_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "没收到", "还没收到短信", "没有", "收唔到", "等半天没动静", "再发一次", "重发", "沒收到驗證碼",
        "didn't get any code", "nothing yet", "not received", "I haven't received it", "resend",
        "can you send it again",
    ],
)  # fmt: skip
def test_no_text_has_come(text: str) -> None:
    assert said.has_not_received(text)


@pytest.mark.parametrize("text", ["收到了，482913", "好的", "482913", "got it, 482913"])
def test_a_text_has_come(text: str) -> None:
    assert not said.has_not_received(text)


@pytest.mark.parametrize(
    "text", ["我手机丢了", "那个号码早就不用了", "我换号了", "我不会看短信", "不是我的手机，收不到", "I lost my phone"]
)
def test_whom_no_text_will_help(text: str) -> None:
    assert said.cannot_receive(text)


@pytest.mark.parametrize(
    ("e164", "is_mobile"), [("+8613800138000", True), ("+8675722331234", False), ("+862066668888", False)]
)
def test_only_a_mobile_gets_texts(e164: str, is_mobile: bool) -> None:
    assert said.is_mobile(e164) is is_mobile


@pytest.mark.parametrize("text", ["没有手机", "我只有座机", "I don't have a mobile"])
def test_who_has_no_mobile_gets_no_text(text: str) -> None:
    assert said.cannot_receive(text)


@pytest.mark.parametrize("text", ["好的", "嗯嗯", "等一下我看看手机", "我去拿手机", "OK", "one moment", "let me check"])
def test_who_is_on_the_way_to_the_text_has_not_answered_yet(text: str) -> None:
    assert said.is_looking(text)
    assert not said.has_not_received(text)


@pytest.mark.parametrize(
    "text", ["你们要验证码干什么", "为啥要这个", "怕是骗子哦", "why do you need that", "is it safe?"]
)
def test_who_asks_what_the_code_is_for(text: str) -> None:
    assert said.asks_why(text)


@pytest.mark.parametrize(
    ("text", "leaves"), [("算了不查了", True), ("不用了", True), ("never mind", True), ("好的", False)]
)
def test_who_wants_no_more_looking_up(text: str, leaves: bool) -> None:
    assert said.leaves_it(text) is leaves


@pytest.mark.parametrize("text", ["算了", "还是别取消了", "先不取消", "keep it", "never mind"])
def test_who_wanted_to_cancel_may_keep_it(text: str) -> None:
    assert said.keeps(text)


@pytest.mark.parametrize("text", ["取消吧", "我要取消", "cancel it"])
def test_who_says_cancel_again_keeps_nothing(text: str) -> None:
    assert not said.keeps(text)


@pytest.mark.parametrize(
    ("text", "wants"), [("哎不对，还是装", True), ("还是要修", True), ("we still need it", True), ("还是取消", False)]
)
def test_what_was_to_be_cancelled_may_be_wanted_after_all(text: str, wants: bool) -> None:
    assert said.still_wants(text) is wants
