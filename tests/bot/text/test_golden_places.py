"""Places told in pieces: a floor or a room alone, a house by what stands beside it, a bare city as one of many data."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.address import parse
from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

PIECES = [
    ("一楼，没电梯", "一楼"),
    ("七樓，冇電梯", "七樓"),
    ("老小区五楼步梯，箱子放门厅了", "五楼"),
    ("住九楼", "九楼"),
    ("我家是顶楼", "顶楼"),
    ("60L，竖装，楼层8", "楼层8"),
    ("单元记错了，四单元", "四单元"),
    ("搞错咗，系七楼唔系十七楼", "七楼"),
    ("更正：C座，非D座", "C座"),
    ("5栋不是15栋，别跑错", "5栋"),
    ("407，不是704", "407"),
    ("二单元靠右手那户", "二单元靠右手那户"),
    ("出租屋405跳闸", "出租屋405"),
    ("608房的热水器显示E3", "608房"),
    ("405租客说水不热", "405"),
    ("物业报修：6栋1102热水器漏水", "6栋1102"),
    ("我刚才说八楼那是我姐家，我现在住三楼", "三楼"),
    ("it's flat 6B, sorry", "flat 6B"),
    ("apt 903 sry", "apt 903"),
    ("I'll be in room 14.", "room 14"),
    ("5th floor no lift", "5th floor"),
    ("I live third floor", "third floor"),
    ("zhu zai wu lou", "wu lou"),
    ("不对，是Tower 2", "Tower 2"),
]
BY_THE_WAY = [
    ("供销社对面第三家", "供销社对面第三家"),
    ("就搁粮站道对过那个白楼", "粮站道对过那个白楼"),
    ("过了水泥桥往右，第二家，门口种着两棵柿子树", "过了水泥桥往右，第二家，门口种着两棵柿子树"),
    ("蓝铁门那家就是", "蓝铁门那家"),
    ("门口有棵老槐树的那家", "门口有棵老槐树的那家"),
    ("祠堂旁边，问老村长家", "祠堂旁边"),
    ("阜宁县陈集镇，门口有个修车铺", "阜宁县陈集镇，门口有个修车铺"),
    ("惠安崇武镇，妈祖庙隔篱嗰间", "惠安崇武镇，妈祖庙隔篱嗰间"),
    ("解放路66号，楼下有家药店", "解放路66号，楼下有家药店"),
]
PUT_RIGHT = [
    ("房号1502", "1502"),
    ("门牌号是7-301", "7-301"),
    ("86号，不是68号", "86号"),
    ("是幸福街不是兴福街", "幸福街"),
    ("我讲的是“月亮湖”，不是“明亮湖”", "月亮湖"),
    ("刚刚说错了，应该是翠湖小区", "翠湖小区"),
    ("my flat is 1203", "1203"),
    ("Orchard Road not Orchid Road", "Orchard Road"),
    ("It should read Hangzhou Road", "Hangzhou Road"),
]
BARE_AS_DATA = [
    ("住城关镇", "城关镇"),
    ("棉纺厂家属院", "棉纺厂家属院"),
    ("人民路和解放路交叉口", "人民路和解放路交叉口"),
    ("Ningbo, third week without hot water", "Ningbo"),
    ("I'm in Ninghai, Xidian town", "Ninghai, Xidian town"),
    ("Above the post office, 18 Yongding Rd, flat 603", "Above the post office, 18 Yongding Rd, flat 603"),
    ("Opposite the old mill, blue gate", "Opposite the old mill, blue gate"),
    ("镁棒一根，自用，洛阳，可自提", "洛阳"),
    ("能寄到呼和浩特不", "呼和浩特"),
    ("进水阀寄兰州要几天", "兰州"),
    ("搁和平区住，电话打不通就发短信", "和平区"),
    ("我是渝北不是渝中", "渝北"),
    ("阿拉要搬到松江去", "松江"),
    ("我家是昆明的官渡区", "昆明的官渡区"),
    ("not Suzhou but Wuxi", "Wuxi"),
    ("fitted, in Wuxi, roughly how much?", "Wuxi"),
    ("温州，工单2218，三天没人来", "温州"),
    ("阳光路云锦小区漏水", "阳光路云锦小区"),
]
NO_ADDRESS = [
    "我说的是西门不是东门",
    "大雪封路，师傅来不了",
    "at the Gome shop in Jinan",
    "the puddle is behind the heater",
    "phone me when it's past four",
    "从三楼搬到一楼的卫生间",
    "女儿在杭州，不常回来",
    "我人在三亚，家里没人",
    "从非洲到哈尔滨，冷热两重天",
    "we're off to Sanya next week",
    "the boss put me on a plane to Chengdu",
    "三楼三间客房水都不热",
    "隔壁那家就是你们修的",
    "问我是哪个村哪个镇",
    "孩子发烧去医院了",
    "我说的是26号",
]


def addresses(text: str) -> list[str]:
    return [each["text"] for each in read_values(text, NOW) if each["entity"] == "address"]


@pytest.mark.parametrize(("text", "span"), PIECES + BY_THE_WAY + PUT_RIGHT + BARE_AS_DATA)
def test_a_piece_of_a_place_is_read_by_itself(text: str, span: str) -> None:
    assert addresses(text) == [span]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_a_place_in_passing_is_no_address(text: str) -> None:
    assert addresses(text) == []


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("三楼", "city"),
        ("洛阳", "district"),
        ("广州市天河区三楼", "detail"),
        ("广州市天河区8栋1201", "detail"),
        ("响水县陈家港镇，门口有个炸串店", "detail"),
        ("广州市天河区体育西路8号三楼", None),
        ("响水县陈家港镇王庄村，门口有个炸串店", None),
    ],
)
def test_what_finds_no_house_is_asked_for_more(text: str, missing: str | None) -> None:
    found = parse(text)
    assert found is not None
    assert found.missing == missing
