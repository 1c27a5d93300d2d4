"""A danger is heard by what a hand, a plug or a tank does, also where nobody names it."""

import re

import pytest

from bot.text.hazard import hazard
from bot.text.signs import Sign

SIGNS = {
    "tingling": [
        "一开花洒手上就一蹦一蹦的", "指头木木的，一碰水就这样", "碰那个铁杆子手腕子都酸麻", "洗脸的时候脸上像有小针",
        '老伴说水有毛病，一摸手就"嗞"一下', "my arm jumped back on its own when I held the valve",
        "every time i grab the shower hose my elbow jerks", "felt my heart skip when I grabbed the shower arm",
    ],
    "burning": [
        "插座面板鼓起来发软", "热水器侧面漆都烤起皮了", "the switch plate has gone the colour of toffee",
        "wire jacket flaked off, black inside",
    ],
    "burst": ['热水器"噗"的一声，端盖飞了', "the cylinder is bulging like a balloon"],
    "scald": ["孩子嗷嗷哭，腿被热水烫秃皮了", "my lad's chest is all blistered after the shower"],
    "hurt": ["我爷在浴室里摔了，叫他不答应", "dad went down in the shower, lips are blue"],
}  # fmt: skip

NO_SIGNS = [
    "漏保跳了，我没碰水，人没事", "水温忽冷忽热", "热水器震得墙响", "洗澡水压太小", "花洒裂了换一个",
    "the wall with the heater on it will be torn down", "the heater you fixed last month is dead again",
    "the landlord won't let us leave the heater on his wall",
]  # fmt: skip


@pytest.mark.parametrize("text", [text for texts in SIGNS.values() for text in texts])
def test_a_sign_of_danger_is_heard(text: str) -> None:
    assert hazard(text) is not None


@pytest.mark.parametrize("text", NO_SIGNS)
def test_one_word_of_a_sign_alone_is_none(text: str) -> None:
    assert hazard(text) is None


def test_the_three_words_of_a_sign_stand_in_one_sentence() -> None:
    sign = Sign(re.compile("跳"), re.compile("手"), re.compile("水"), near=6, far=20)
    assert [found.span() for found in sign.find("手一碰水就跳")] == [(5, 6)]
    assert list(sign.find("手碰了。水。它跳")) == []
    assert list(sign.find("手好好的，就是它自己跳了水")) == []
