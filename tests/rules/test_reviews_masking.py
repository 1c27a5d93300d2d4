"""What is taken out of a line before it is kept for review, and what stays because it teaches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reviews.masking import LONGEST, mask
from backend.reviews.patterns import PUBLIC_NUMBERS
from bot.text.normal import normal

CHINESE = {
    "我姓王，电话13800138000，住在佛山顺德大良新桂路8号": "我姓⟨name⟩，电话⟨phone⟩，住在⟨address⟩",
    "幺三八零零幺三八零零零 打这个": "⟨phone⟩ 打这个",
    "一三八 零零 幺三八": "⟨number⟩",
    "138 0013 800 少一位": "⟨number⟩ 少一位",
    "138\u200b0013\u200b8000": "⟨phone⟩",
    "１３８００１３８０００帮我查": "⟨phone⟩帮我查",
    "①③⑧⓪⓪①③⑧⓪⓪⓪是我": "⟨phone⟩是我",
    "座机0757-83331234转802": "座机⟨phone⟩",
    "尾号不是8001，是8010": "尾号不是⟨number⟩，是⟨number⟩",
    "工单WY261124-0001什么时候来": "工单⟨ticket⟩什么时候来",
    "单号 WY 2026 1124 0001": "单号 ⟨ticket⟩",
    "序列号是 YLS60D3A2211000123": "序列号是 ⟨serial⟩",
    "身份证440681199001011234": "身份证⟨number⟩",
    "车牌粤B12345停楼下": "车牌⟨plate⟩停楼下",
    "邮箱 wang.fang@example.com": "邮箱 ⟨email⟩",
    "加我微信wxid_ab12cd": "加我微信⟨account⟩",
    "https://item.example.com/100012.html 这款": "⟨link⟩ 这款",
    "验证码是4821": "验证码是⟨code⟩",
    "上门验证码 1663：师傅报对了再开门": "上门验证码 ⟨code⟩：师傅报对了再开门",
    "王芳": "⟨name⟩",
    "我叫欧阳静": "我叫⟨name⟩",
    "王强,13912345678,容桂朝阳路3号": "⟨name⟩,⟨phone⟩,⟨address⟩",
    "张师傅上次没修好": "⟨name⟩上次没修好",
    "王建国师傅来过": "⟨name⟩来过",
    "师傅叫李刚，说好今天来": "师傅叫⟨name⟩，说好今天来",
    "客服小王说可以退": "客服⟨name⟩说可以退",
    "你们那个姓李的师傅态度很差": "你们那个姓⟨name⟩的师傅态度很差",
    "我妈张桂兰在家": "我妈⟨name⟩在家",
    "应该是刘丽不是刘莉": "应该是⟨name⟩不是⟨name⟩",
    "找前台Amy": "找前台⟨name⟩",
    "锦绣花园3栋502漏水": "⟨address⟩漏水",
    "五楼502": "⟨address⟩",
    "我家在河东村": "我家在⟨address⟩",
    "門牌應該是16號": "門牌應該是⟨address⟩",
    "姓名：王女士 电话：139 0013 9000 地址：广东省佛山市顺德区大良街道新桂路8号": (
        "姓名：⟨name⟩ 电话：⟨phone⟩ 地址：⟨address⟩"
    ),
}
ENGLISH = {
    "This is John Smith from Shunde": "This is ⟨name⟩ from ⟨address⟩",
    "this is mike from shunde, heater broken": "this is ⟨name⟩ from ⟨address⟩, heater broken",
    "technician Mike was rude to my wife Anna Lee": "technician ⟨name⟩ was rude to my wife ⟨name⟩",
    "The engineer was Li Wei, very rude": "The engineer was ⟨name⟩, very rude",
    "Regards, Tom Smith": "Regards, ⟨name⟩",
    "Room 1201, 8 Jinxiu Road, Shunde": "⟨address⟩",
    "I live in Tianhe, Guangzhou": "I live in ⟨address⟩",
    "guest in room 1210 got a shock": "guest in ⟨address⟩ got a shock",
    "call 138-0013-8000 pls": "call ⟨phone⟩ pls",
    "my number is one three eight double zero one three eight zero zero zero": "my number is ⟨phone⟩",
    "one three eight double zero one": "⟨number⟩",
    "yao san ba ling ling yao san ba": "⟨number⟩",
    "wo jiao li lei": "wo jiao ⟨name⟩",
    "li lei": "⟨name⟩",
    "email me at john at gmail dot com": "email me at ⟨email⟩",
    "status of WY261124007 pls": "status of ⟨ticket⟩ pls",
    "order 1234567890 please": "order ⟨ticket⟩ please",
    "my code is 482913": "my code is ⟨code⟩",
    "the last four digits are 4455": "the last four digits are ⟨number⟩",
}
UNTOUCHED = [
    "热水器不加热了怎么办",
    "E4 报警 型号 VY60-D3",
    "去年双十一买的60升",
    "买了2024-10-18的",
    "想问问明天下午三点能来吗",
    "麻烦师傅快点来",
    "谢谢师傅",
    "哪位师傅给我装",
    "老是跳闸",
    "老毛病又犯了",
    "老房子能装吗",
    "已超24小时，请加急",
    "我们小区停电",
    "明天小区停水，改期吧",
    "刚才小区停了电",
    "农村能装吗",
    "一楼二楼都没热水",
    "我要投诉到12315",
    "12345我已经打了",
    "😡😡你们到底来不来",
    "bu jia re",
    "I am furious, nobody came",
    "Please call me back after six",
    "my name is spelled wrong",
    "the address is wrong",
    "my heater DSZF-60 leaks since Monday",
    "the display shows E4 what does it mean",
]


@pytest.mark.parametrize(("said", "kept"), [*CHINESE.items(), *ENGLISH.items()])
def test_persons_places_and_numbers_are_masked(said: str, kept: str) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize("said", UNTOUCHED)
def test_what_points_to_nobody_stays(said: str) -> None:
    assert mask(said) == said


def test_a_customer_cannot_write_a_mask() -> None:
    assert mask("我⟨phone⟩了") == "我<phone>了"


def test_a_long_line_is_cut_at_a_pause_so_that_all_of_it_has_been_read() -> None:
    kept = mask("热水器不热，" * 70 + "电话13800138000")
    assert len(kept) <= LONGEST + 1
    assert kept.endswith("热水器不热…")


def test_line_breaks_and_controls_become_blanks() -> None:
    assert mask("不热\n\n\x07怎么办\u2028啊") == "不热 怎么办 啊"


digits = st.text(st.sampled_from("0123456789０１２一二三 -a热,"), min_size=1, max_size=40)


@given(st.one_of(digits, st.text(max_size=80)))
def test_no_run_of_five_digits_is_left_in_any_line(said: str) -> None:
    runs = re.findall(r"\d{5,}", normal(mask(said)).text)
    assert set(runs) <= PUBLIC_NUMBERS


@given(st.integers(0, 99_999_999), st.sampled_from(["我的手机号是{}，快点", "my mobile {} thanks", "{}", "打{}找我姐"]))
def test_no_mobile_number_survives(rest: int, frame: str) -> None:
    number = f"138{rest:08}"
    assert number[3:] not in mask(frame.format(number))
