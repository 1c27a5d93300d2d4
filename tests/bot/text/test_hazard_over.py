"""A danger that is settled, taken back, another's or a figure is no report; whatever leaves it open is one."""

import pytest

from bot.text.hazard import hazard, is_cleared, is_of_the_phone
from bot.text.suspicion import Suspicion, is_raised

SETTLED = [
    # long ago, and a matter of paper by now
    "触电那个事故鉴定书出来没有，我要拿去走保险", "爆胆那台的退款怎么还没到账", "我爸去年被烫的事你们保险公司一直拖着",
    "where is my refund for the unit that caught fire in May",
    "you charged me twice for the burst tank replacement",
    # mended, taken away, made safe
    "上个月漏电的事你们处理好了，我来给个好评", "it sparked in 2019, got replaced, I just want the invoice",
    "cancel it please, the electrician already fixed the current leak",
    # thanked for, called off
    "给你们送锦旗，上次漏电抢修的师傅太赞了", "谢谢你们救命，师傅帮我把漏电修好了",
    "Thanks to the lovely engineer who stopped the shocks, five stars",
    # taken back
    "刚才说的冒烟是水蒸气，看错了", "the smoke was just steam, sorry", '不是"漏电"，是没电',
    # only to know
    "热水器为什么会漏电，能科普一下吗", "请问漏电和触电有什么区别",
    "the manual says to unplug if I smell burning, which plug is that", "do i risk electrocution without RCD",
]  # fmt: skip

OPEN = [
    "去年买的热水器漏电了，你们赔钱", "去年买的，漏电，换了插座也没用", "前年装的机器插头冒烟，发票还在",
    "上个月修过，水龙头还是麻，我要投诉", "上周换了加热管，今天一开就冒火花", "谢谢师傅，麻烦看一下，我家插座烧黑了",
    "别派上次那个师傅，热水器冒烟了换个人来", "不用安排周末，现在就来，着火了", "取消保养预约，先处理漏电，摸着手麻",
    "热水器炸了 没夸张 真炸了", "保修几年？主要是我爸刚才被电了一下", "测电笔插在出水里亮，不会看错，人都赶出来了",
    "热水器爆炸了，我要投诉要赔偿", "插头烧了能退款吗", "机器炸了，发票在，赔不赔", "热水器漏电，谢谢",
    "Thanks for coming last week, but the tap shocks me",
    "the heater I bought last year shocks us, I want a refund",
    "cancel the cleaning, the socket is burning", "last month you fixed it and it sparks",
    "the manual is lost and the plug is melting", "claim: my heater burst and flooded the flat",
]  # fmt: skip

ANOTHERS = [
    "史密斯的热水器内胆爆了，能帮忙鉴定吗", "别的牌子热水器漏电，我想换你们家的", "路灯漏电咋举报",
    "are you licensed, we had bad shocks with another company's heater", "my vape exploded",
]  # fmt: skip

OURS_AS_WELL = [
    "以前用海尔从来没事，换了你们的洗澡就麻手", "美的那台没事，你们的热水器电人", "燃气灶没事，热水器冒烟",
    "my Midea never did this, your heater gives me shocks",
]  # fmt: skip

FIGURES = [
    "这天热得要冒烟了", "客服声音好听得我都酥麻了", "你们双十一优惠力度爆炸", "气得我浑身发麻", "我姓焦，焦味的焦",
    "my bill exploded", "your after-sales is a dumpster fire", "I got burned by your company",
]  # fmt: skip


@pytest.mark.parametrize("text", SETTLED + ANOTHERS + FIGURES)
def test_a_danger_that_is_none_any_more_raises_no_alarm(text: str) -> None:
    assert hazard(text) is None
    assert is_cleared(text)


@pytest.mark.parametrize("text", OPEN + OURS_AS_WELL)
def test_a_danger_that_may_last_is_a_report_whatever_was_mended_thanked_for_or_claimed(text: str) -> None:
    assert hazard(text) is not None
    assert not is_cleared(text)


@pytest.mark.parametrize("text", ["热水器不热", "水龙头那里有股劲", "no hot water"])
def test_a_message_without_a_word_of_danger_is_not_cleared(text: str) -> None:
    assert not is_cleared(text)


@pytest.mark.parametrize("text", ["刚才手机没电了", "不好意思，手机自动关机了", "sorry, my phone died", "电话没信号"])
def test_a_telephone_that_went_out_is_no_danger(text: str) -> None:
    assert is_of_the_phone(text)
    assert not is_raised(text, None, Suspicion(0.99))


@pytest.mark.parametrize(
    "text",
    ["手机没电了，热水器冒烟了", "手机放热水器上就没电了，人也麻了", "my phone died and the water heater is smoking"],
)
def test_a_telephone_that_went_out_clears_nothing_else(text: str) -> None:
    assert not is_of_the_phone(text)
