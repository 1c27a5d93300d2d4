"""A reported danger is never missed, and a denial or the name of a protective device is none."""

import re
import time

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.hazard import TAIL, hazard, only_denied

REPORTS = {
    "shock": [
        "热水器漏电", "熱水器漏電了", "漏 电 了", "水龙头有电", "电了我一下", "有人触电", "跑电了", "会电人",
        "是不是漏电了啊", "没有地线 现在漏电", "不是漏水是漏电", "怕是漏电了", "热水器外壳摸着电手",
        "水龙头把我电得往后一跳", "电笔碰水龙头红灯亮了", "用万用表量了水龙头有九十多伏", "被花洒电了一下",
        "我摸到水管手一下子缩回来了", "我妈洗澡的时候突然大叫一声，说有电", "每次碰都有静电打我", "师傅说水路带电",
        # dialects
        "遭电打了一哈，手杆现在都是木的", "那水龙头老电人了", "漏咗電，隻手痺晒", "頭先沖涼俾水電親",
        "热水器触电哦吓煞人了", "洗澡洗到一半被電到手都麻了", "這水龍頭會電到人",
        # misheard, pinyin, mixed
        "热水器楼电了", "热水器漏店了", "洗澡出电了", "lou dian le", "re shui qi lou4dian4 le", "reshuiqiloudianle",
        "xi zao chudian le", "hua sa dianren", "wo bei dian le yi xia", "louden le kuai lai", "heater 漏电 please come",
        "水 has electricity",
        # English of all kinds
        "heater gives me a shock", "got shocked by the tap", "when i wash i got electric from water", "electrik shok",
        "got zapd in the shower lol not funny", "I touched the tap and it threw me against the wall",
        "the tester lights up when I hold it to the faucet", "my husband measured 90 volts on the pipe",
        "geyser giving current", "electric bite me when i wash", "my plumber says the casing is live",
        "it takes a while to warm up and then the tap gives me a jolt",
    ],
    "tingling": [
        "水龙头有点麻", "洗澡的時候手麻", "冲凉嗰阵隻手痹痹哋", "花洒出来的水像针扎一样",
        "开热水的时候手指头刺挠刺挠的",
        "手刚伸到水底下就像被什么东西咬了一口", "我孙子说奶奶水咬我", "这水管摸着打手", "手碰到外壳被打了一下",
        "水管子麻人得很", "洗个澡浑身麻酥酥", "水里麻嗖嗖的", "龙头一碰就麻首", "shui long tou ma shou", "shou ma le",
        "手上像有蚂蚁在爬，一开热水就这样", "the tap tingles", "I feel pins n needles under the water",
        "the tap bit me",
        "my fingers buzz when I hold the shower head", "prickly feeling in the bath", "hand 麻",
    ],
    "smoke": [
        "不加热 还冒烟", "maoyan le", "热水器毛烟了", "没电了，冒过烟", "墙里头滋啦一声就冒烟了", "厝內熱水器冒煙",
        "浴室里好大的烟", "热水器 冒 黑 烟", "no hot water and smoke coming out", "pls help smok from plug",
        "smoke has stopped but I'm scared",
    ],
    "burning": [
        "没有热水 有股焦味", "插头烫手", "热水器里头有烧胶皮的味道", "厕所里一股子燶味", "热水器焦忒了，一股味道",
        "插座有燒焦的味道", "水一热就有股烧塑料的味儿", "线路烧糊了", "插头跟塑料一块化了", "有jiao味",
        "you yi gu jiaowei",
        "burning smell from heater", "plug melted", "brning smel in bathroom", "smells like melted plastic",
        "plug went brown and smells of burning", "black soot on the wall above the switch",
    ],
    "fire": [
        "著火了", "打火花", "插座啪地一声，一团火", "热水器底下着了", "插頭冒火花", "我家插座冒火了", "发现起火了",
        "火灭了",
        "热水器着货啦", "cha zuo zhaohuo", "you huo hua", "heater is on fire", "sparks fly out of the switch",
        "the unit caught alight", "fire!",
    ],
    "burst": [
        "内胆爆炸了", "打电话给你们内胆爆了没人接", "水箱崩开一条口子，热水乱喷", "插头炸了一下", "热水器炸啦",
        "tank exploded", "hot water burst out of it", "the whole thing went bang",
    ],
    "scald": [
        "我妈被热水烫伤了", "小孩胳膊烫起大水泡", "我爸被热水烫脱一层皮", "滚水淥到手，起晒泡", "蒸汽烫伤脸",
        "water scalded my hand", "I was burned by hot water", "my baby's skin is peeling from the hot water",
    ],
    "hurt": [
        "老人在浴室叫不醒", "我老公洗着洗着倒下了", "老公洗澡晕在里面", "有人倒在浴室里", "she is unconscious",
        "热水器掉下来砸到我妈", "my mother fainted in the shower",
    ],
    "protection_light": [
        "防电墙灯亮了", "防电墙指示灯闪个不停", "防电墙亮红灯", "插头上那个防电墙滴滴叫",
        "fang dian qiang deng liang le",
        "the protection light is on", "the 防电墙 lamp is red", "leakage light is on",
    ],
}  # fmt: skip

NOT_DENIED = [
    # it has stopped, so it was
    "现在不冒烟了，能用吗", "没冒烟了，刚才冒了一大股", "不麻手了? 现在不麻了",
    "no smoke any more but it smelled burnt",
    "not sparking any more",
    # a denial denied
    "没有说不漏电", "不是没漏电，是你们没测出来", "谁说不漏电",
    # a "not" of something else
    "不止漏水还漏电", "不小心被电了一下", "没修好又冒烟", "不知道为啥手麻", "差点没被电死", "没敢再用，怕再被电",
    "not just a leak, it's sparking", "nobody answers and it's on fire", "why not come, it is smoking",
    # suspected now
    "会不会是漏电啊", "该不会漏电了吧", "担心是漏电", "是不是漏电", "if I touch the tap I get a shock",
    "I'm afraid it's on fire",
    # beside a protective device, an idiom, another appliance
    "漏电保护器跳了，手还麻", "漏保跳了以后水还是电人", "气死我了，漏电你们也不来", "等了三天水龙头还麻",
    "洗衣机好好的，热水器漏电", "洗澡有触电般的感觉", "热水器冒黑烟幸福小区3栋",
]  # fmt: skip

HARMLESS = [
    # denied
    "没有漏电", "没漏电就是不热", "没有冒烟也没有糊味", "一点都不麻", "没有人受伤", "冒烟倒没有", "没有触电",
    "测过不漏电", "既不漏电也不冒烟", "没发现漏电", "没被电到", "没有说漏电，说的是漏水", "mei loudian jiushi bu re",
    "there is no burning smell", "no sparks or smoke, it just won't heat", "it doesn't shock", "nothing is burning",
    "there's no tingling or anything", "nobody got hurt",
    # asked, feared or supposed
    "会不会漏电", "热水器会漏电吗", "怎么防止漏电", "怕漏电不敢用", "害怕触电", "万一漏电了怎么办", "要是着火了谁负责",
    "听人讲漏电会麻手，平时该怎么预防", "hui bu hui loudian", "can it catch fire", "could the tank burst",
    "what if it leaks electricity", "how do I avoid burns", "is there a risk of electric shock",
    # it has been mended
    "漏电的问题已经修好了，谢谢",
    # protective devices and their tripping
    "有没有漏电保护", "漏电保护器跳闸", "漏电保护器跳了", "漏保跳闸", "空开跳了", "一开机就跳漏保", "防电墙灯不亮",
    "does it have leakage protection", "earth leakage breaker trips", "smoke detector", "RCD trips",
    # electricity as such
    "热水器没有电", "热水器有电但是不加热", "电费太贵", "打电话给我", "请致电我", "通电没反应", "家里停电了",
    "my current address is 5 Fengxiang Road", "the electric bill is too high", "we have no electricity",
    "live chat please",
    # 麻
    "麻烦你们快点来", "住在麻章区", "我叫麻小军", "我在吃麻辣烫", "手麻是颈椎病吧", "我人都麻了，修三次了",
    "腿都站麻了",
    "等得我腿都麻了", "师傅麻利点", "huishou ma jiu de", "mafan kuai dian lai ren",
    # 烟 and 火
    "火星路1号", "我家住火光新村3栋", "烟雾镇白烟路8号", "火大", "我等得冒火", "师傅冲我发火", "气得七窍冒烟",
    "油烟机坏了",
    "师傅在我家抽烟", "烟囱在哪装", "燃气灶打不着火", "stop burning my money", "fire your technician",
    "your sale is on fire",
    "do you sell spark plugs", "he was smoking in my bathroom",
    # 爆 and 炸
    "气死我了", "气炸了", "我家猫炸毛了", "你们电话打爆了都没人接", "我要曝光你们", "爆炸头", "水管爆了", "轮胎爆了",
    "don't blow up at me", "I exploded at him", "burst into tears",
    # words that sound like danger
    "我住3楼店里", "举报诈骗", "感冒严重来不了", "热水器是二手吗", "似乎未修好", "5楼电话13800138000", "漏垫圈了",
    # other words
    "水太烫怎么调", "120升的多少钱", "我家热水器不加热", "一塌糊涂", "焦作市解放区", "打手机13800138000",
    "tangshan lu 5 hao",
    "I am shocked at the price", "shocked by the bill", "shocking service", "we had a heated argument",
    "he has a hot temper",
    "water is a bit cold", "the number is 13800138000", "my battery is dead", "hospital appointment on Thursday",
    # another appliance
    "电饭锅冒烟了怎么办", "微波炉着火了", "手机充电器漏电", "充电宝爆炸", "My toaster is smoking",
    "the fridge shocks me",
    "there's a burning smell from my car",
]  # fmt: skip

EVERY_REPORT = [text for texts in REPORTS.values() for text in texts] + NOT_DENIED
SENTENCES = [
    "我要报修", "热水器不热了。", "我姓王，电话13800138000", "快点来人！", "你们电话打爆了都没人接。", "水有点小。",
    "师傅明天下午来。", "是去年双十一买的。", "麻烦你们了。", "气死我了。", "no hot water. ", "please come tomorrow. ",
    "My name is Anna. ", "漏电保护器跳了。", "住在火星路1号。", "😡 ",
]  # fmt: skip
reports = st.sampled_from(EVERY_REPORT)
sentences = st.lists(st.sampled_from(SENTENCES), max_size=4).map("".join)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REPORTS.items() for text in texts])
def test_a_report_of_danger_is_heard(kind: str, text: str) -> None:
    found = hazard(text)
    assert found is not None
    assert found.kind == kind
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", NOT_DENIED)
def test_what_only_looks_like_a_denial_denies_nothing(text: str) -> None:
    assert hazard(text) is not None
    assert not only_denied(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_message_raises_no_alarm(text: str) -> None:
    assert hazard(text) is None


def test_no_line_stands_on_both_sides() -> None:
    assert len(set(EVERY_REPORT)) == len(EVERY_REPORT)
    assert not set(EVERY_REPORT) & set(HARMLESS)


@given(before=sentences, report=reports, after=sentences)
@settings(deadline=None)
def test_harmless_words_around_a_report_never_silence_it(before: str, report: str, after: str) -> None:
    assert hazard(f"{before}{report}。{after}") is not None


@given(text=st.text(max_size=60) | st.lists(reports | st.text(max_size=5), max_size=4).map("".join))
@settings(deadline=None)
def test_a_danger_is_quoted_from_the_customers_own_text(text: str) -> None:
    found = hazard(text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("converter", ["s2t", "s2tw", "s2hk"])
def test_traditional_characters_read_like_simplified_ones(converter: str) -> None:
    convert = opencc.OpenCC(converter).convert
    assert [text for text in EVERY_REPORT if hazard(convert(text)) is None] == []
    assert [text for text in HARMLESS if hazard(convert(text)) is not None] == []


@pytest.mark.parametrize("gap", [" ", "  ", "\u3000", ".", "·", "\u200b"])
def test_gaps_between_chinese_characters_change_nothing(gap: str) -> None:
    def spaced(text: str) -> str:
        return re.sub(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])", gap, text)

    assert [text for text in EVERY_REPORT if hazard(spaced(text)) is None] == []
    assert [text for text in HARMLESS if hazard(spaced(text)) is not None] == []


@pytest.mark.parametrize("text", ["reshuiqi loudian", "xizao chudian", "cha tou mao yan", "huo hua", "shou ma le"])
def test_pinyin_reads_alike_with_and_without_blanks(text: str) -> None:
    assert hazard(text) is not None
    assert hazard(text.replace(" ", "")) is not None


@pytest.mark.parametrize("word", ["shock", "smoke", "sparks", "burning smell", "exploded", "tingling", "scalded"])
def test_one_slip_of_the_pen_hides_no_danger(word: str) -> None:
    for at in range(1, 4):
        lost = word[:at] + word[at + 1 :]
        if lost not in ("sock", "spars", "soke"):  # words of their own
            assert hazard(f"the heater, {lost}") is not None, lost


def test_a_danger_at_the_end_of_a_very_long_message_is_heard() -> None:
    for length in (5_000, 9_990, 50_000):
        text = "好" * length + "热水器漏电了"
        found = hazard(text)
        assert found is not None
        assert text[found.start : found.end] == found.text == "漏电"
    assert hazard("热水器漏电了" + "好" * 10 * TAIL) is not None


def test_a_denied_danger_does_not_hide_a_real_one() -> None:
    found = hazard("插座没冒烟，但是一摸龙头手就麻")
    assert found is not None
    assert found.kind == "tingling"


def test_the_gravest_danger_is_named() -> None:
    found = hazard("水龙头有点麻，插座有焦味，后来着火了")
    assert found is not None
    assert found.kind == "fire"


def test_only_a_denial_counts_as_denied() -> None:
    assert only_denied("没有漏电")
    assert not only_denied("没有漏电，但是冒烟")
    assert not only_denied("不加热")


@pytest.mark.parametrize(
    "piece",
    ["漏", "麻", "没有漏电", "没有", "人", "水有点", "防电墙", "a", " ", "a ", "a\u0301\u0302", "not ", "no smoke ",
     "feel ", "could it ", "lou ", "meiloudian", "漏电没有不麻烟 火a b，shock cur味水手洗的"],
)  # fmt: skip
def test_twenty_thousand_hostile_characters_are_searched_in_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    hazard(text)
    started = time.process_time()
    hazard(text)
    only_denied(text)
    assert time.process_time() - started < 0.25  # about 40 ms; a pattern that explodes takes seconds


def test_invisible_characters_hide_no_danger() -> None:
    assert hazard("\x00\ud800漏\u200b电") is not None
