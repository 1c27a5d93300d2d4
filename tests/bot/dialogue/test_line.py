"""On the line: numbers in pieces, "this number", a call cut off or missed, texts cut in two, replies to our texts."""

from __future__ import annotations

import pytest
from house import Conversation, House

from bot.actions.reading import corrections, people

OWN = "+8613922220001"


def caller(
    house: House, *lines: str, number: str | None = OWN, channel: str = "voice", language: str = "zh"
) -> Conversation:
    """Somebody whose line shows a number, or (None) does not."""
    customer = house.conversation(language, channel)
    if number:
        house.backend.known[customer.id] = {"phone": number}
    for line in lines:
        customer.say(line)
    return customer


@pytest.mark.parametrize(
    ("pieces", "number"),
    [
        (("幺三九", "二二二二", "零零零幺"), "1 3 9，2 2 2 2，0 0 0 1"),
        (("幺三九", "二二二二", "零一零零 不对 是零一幺零"), "1 3 9，2 2 2 2，0 1 1 0"),
        (("幺三九二二", "然后 二二零零", "零 一"), "1 3 9，2 2 2 2，0 0 0 1"),
        (("幺三九二二二二", "不对 尾号是零一二一"), "1 3 9，2 2 2 2，0 1 2 1"),
        (("一 三 九 二 二 二 二 不对 二 二 二 三 零 一 二 零",), "1 3 9，2 2 2 3，0 1 2 0"),
    ],
)
def test_a_number_is_put_together_from_its_pieces(house: House, pieces: tuple[str, ...], number: str) -> None:
    customer = caller(house, "给我回个电话", number=None)
    for piece in pieces[:-1]:
        heard = customer.say(piece)
        assert "没听明白" not in heard
        assert customer.expects == "phone"
    assert number in customer.say(pieces[-1])
    assert customer.expects == "time"


def test_a_number_begun_where_the_place_was_asked_is_taken_to_its_end(house: House) -> None:
    customer = caller(house, "热水器不热", "不知道", "不知道", "我姓孙", "幺三九", number=None)
    assert customer.expects == "phone"
    customer.say("二二二二")
    assert "1 3 9，2 2 2 2，0 0 0 5" in customer.say("零零零五")
    assert customer.expects == "address"


@pytest.mark.parametrize("words", ["就这个电话", "打我现在这个号码就行", "就是这个号", "啱啱呢个電話"])
def test_this_number_is_understood_whatever_was_asked(house: House, words: str) -> None:
    customer = caller(house, "热水器不热", "不知道", "不知道", "我姓周")
    assert "就打这个号码" in customer.say(words)
    assert customer.expects == "address"


@pytest.mark.parametrize("words", ["Yes, this number", "same number", "the number I'm calling from"])
def test_this_number_in_english(house: House, words: str) -> None:
    customer = caller(house, "my heater is not heating", "no idea", "no idea", "Tom Lee", language="en")
    assert "use this number" in customer.say(words)
    assert customer.expects == "address"


@pytest.mark.parametrize("words", ["就打我现在这个电话", "你们看不到号码吗"])
def test_who_withholds_the_number_is_told_so(house: House, words: str) -> None:
    customer = caller(house, "我要装热水器", "到了", "佛山顺德大良新桂路8号", number=None)
    assert "看不到您的号码" in customer.say(words)
    assert customer.expects == "phone"


@pytest.mark.parametrize("words", ["我刚才打过电话 断线了", "刚才电话断了", "刚刚说到一半掉线了"])
def test_a_talk_that_broke_off_is_taken_up_and_no_call_booked(house: House, words: str) -> None:
    customer = caller(house, words)
    assert "接着来" in customer.heard
    assert customer.expects is None
    customer.say("报修，热水器不热")
    assert customer.expects == "model"


@pytest.mark.parametrize("words", ["刚才手机没电了", "我刚才发短信报修发到一半", "不好意思，信号不好"])
def test_an_excuse_in_the_middle_is_no_answer(house: House, words: str) -> None:
    customer = caller(house, "热水器不热", "不知道", channel="sms")
    assert "没听明白" not in customer.say(words)
    assert customer.expects == "purchase_date"


@pytest.mark.parametrize("words", ["刚才你们给我打电话我没接到", "喂 刚才这个号码打给我的", "有个未接来电"])
def test_a_call_that_was_missed_is_made_again(house: House, words: str) -> None:
    customer = caller(house, words)
    assert "再打给您" in customer.heard
    assert customer.expects == "time"
    assert "定上门时间" in customer.say("什么事啊")
    assert customer.expects == "time"


def test_what_is_told_of_the_person_while_a_call_is_booked_is_kept(house: House) -> None:
    customer = caller(house, "给我回个电话", "我姓何")
    assert customer.heard.startswith("记下了")
    assert customer.expects == "time"


@pytest.mark.parametrize("words", ["师傅电话多少", "师傅叫什么 电话多少", "怎么联系师傅"])
def test_the_technicians_number_is_not_taken_for_the_customers(house: House, words: str) -> None:
    customer = caller(house, "给我回个电话", "明天下午三点")
    assert customer.expects == "confirm"
    assert "师傅的电话" in customer.say(words)
    assert customer.expects == "confirm"
    assert "师傅的电话" in caller(house, words, channel="sms").heard


def test_a_ticket_number_alone_asks_how_the_ticket_stands(house: House) -> None:
    repair = ("热水器不热", "不知道", "不知道", "我姓林", "佛山顺德大良新桂路8号", "尽快", "确认")
    number = caller(house, *repair, channel="sms").tickets[0]["ticket_no"]
    assert "已受理" in caller(house, number, channel="sms").heard


def test_a_house_behind_a_street_is_no_day() -> None:
    held = "广东省佛山市顺德区新桂路"
    assert corrections.with_house_number("8号", held) == f"{held}8号"
    assert corrections.with_house_number("门牌是十五号", held) == f"{held}十五号"
    assert corrections.with_house_number("8号下午", held) is None
    assert corrections.with_house_number("8号", f"{held}15号") is None


def test_an_address_cut_in_two_by_the_network_loses_no_character(house: House) -> None:
    first = "热水器漏水，我姓林，13922220015，地址是佛山市顺德区大良街道凤"
    customer = caller(house, first, "翔路15号3座602，型号不知道，2021年买的", channel="sms")
    customer.say("内胆漏水不是阀")
    customer.say("尽快")
    assert "凤翔路15号3座602" in customer.heard


def test_who_speaks_for_another_is_noted(house: House) -> None:
    customer = caller(house, "热水器不热，找王芳", "不知道", "不知道", "佛山顺德大良新桂路8号", channel="sms")
    assert customer.expects == "time"
    assert customer.say("我是她女儿").startswith("记下了")


def test_what_is_spelt_is_no_part_of_the_name(house: House) -> None:
    customer = caller(
        house, "my heater is not heating", "no idea", "no idea", "my name is Smyth S M Y T H", language="en"
    )
    assert customer.expects == "address"
    customer.say("8 Tianhe Road, Tianhe, Guangzhou")
    customer.say("tomorrow afternoon at three")
    assert "Smyth;" in customer.heard


def test_who_has_no_number_at_hand_is_not_asked_for_it_by_the_complaint(house: House) -> None:
    customer = caller(house, "我早上报的修怎么还没人来", "没记单号", "你们就是骗人的，我要投诉")
    assert customer.expects == "wanted"


def test_a_call_is_for_who_asks_whosever_ticket_was_looked_for(house: House) -> None:
    customer = caller(house, "查一下我爸的单子，他电话13922220006", "没有单号", "那你给我打电话吧", channel="sms")
    assert "139 2222 0001" in customer.say("明天下午三点")


@pytest.mark.parametrize(
    ("said", "name"),
    [("Smith S M I T H", "Smith"), ("鄙姓欧阳", "欧阳"), ("免贵姓孙", "孙"), ("Jo A Miller", "Jo A Miller")],
)
def test_a_name_is_taken_without_its_letters_and_courtesies(said: str, name: str) -> None:
    assert people.whole_name(said) == name


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_a_fault_told_while_a_call_is_settled_becomes_a_repair(house: House, channel: str) -> None:
    customer = caller(house, "刚才你们给我打电话没接到", channel=channel)
    customer.say("热水器不热，张伟，广州市天河区体育西路5号，雅丽诗40升，去年买的，明天下午在家")
    heard = customer.say(OWN) if customer.expects == "phone" else customer.heard
    assert all(told in heard for told in ("不热", "张伟", "体育西路5号")), heard
    customer.say("对")
    assert [each["type"] for each in customer.tickets] == ["repair"]
