"""Words of dialects read in the common language, and nothing else changed."""

import pytest
import yaml

from bot.text.dialect import _TABLE, plain
from bot.text.normal import normal

WORDS = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))["words"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("啷个调水温嘛，教一哈", "怎么调水温嘛,教一下"),
        ("你们好久来，修一哈好多钱", "你们好久来,修一下多少钱"),
        ("屋头没得热水，莫来迟咯", "家里没有热水,别来迟了"),
        ("熱水爐壞咗，幾時嚟睇", "热水器坏了,什么时候来看"),
        ("唔該轉人工", "麻烦转人工"),
        ("阿拉屋里厢呒没热水", "我们家里没有热水"),
        ("毋是，按怎調溫度", "不是,怎么调温度"),
        ("俺家热水器咋不热了", "我家热水器怎么不热了"),
        ("侬几时来，修一修几钿", "你什么时候来,修一修多少钱"),
    ],
)
def test_dialects_are_read_in_the_common_language(said: str, meant: str) -> None:
    assert plain(normal(said).text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "没关系，联系我就行", "莫名其妙", "仲裁委员会", "勿扰", "好久没来了", "整个单元都停电", "中山路",
        "please come tomorrow", "维修要多少天", "", "寻找配件",
    ],
)  # fmt: skip
def test_the_common_language_stays_as_it_is(text: str) -> None:
    matched = normal(text).text
    assert plain(matched) == matched


def test_what_is_in_the_common_language_is_not_changed_again() -> None:
    for common in WORDS:
        assert plain(plain(common)) == plain(common) == common


def test_every_word_stands_for_one_thing_and_in_its_normal_form() -> None:
    said = [word.partition("(")[0] for words in WORDS.values() for word in words]
    assert sorted(said) == sorted(set(said))
    assert [word for word in said if normal(word).text != word] == []
