"""The script of a customer's Chinese is known by its own characters, and the bot's words are turned into it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.text.script import SIMPLIFIED, TRADITIONAL, follow, in_script

ROOT = Path(__file__).resolve().parents[3]
SAID = ("howto", "diagnosis", "warranty", "fees", "parts", "safety", "install", "escalations")
HANZI = re.compile(r"[\u3400-\u9fff]")
MISTAKEN = re.compile(r"彆|隻|衝|鍾|髮(?!型)|幹(?![活完什嘛])|後(?:台|臺)|[“”]")
"""Characters that are wrong in talk of heaters, where a table of characters might put them."""


@pytest.mark.parametrize(
    ("text", "before", "script"),
    [
        ("熱水器唔熱", None, TRADITIONAL),
        ("壞咗", None, TRADITIONAL),
        ("热水器不热", None, SIMPLIFIED),
        ("謝謝", SIMPLIFIED, TRADITIONAL),
        ("谢谢", TRADITIONAL, SIMPLIFIED),
        ("型號看不清楚", SIMPLIFIED, TRADITIONAL),
        ("係啊，部热水炉", TRADITIONAL, SIMPLIFIED),
        ("係", SIMPLIFIED, SIMPLIFIED),
        ("這个热水器", TRADITIONAL, TRADITIONAL),
        ("這个熱水器", SIMPLIFIED, SIMPLIFIED),  # two of one script and one of the other show nothing
        ("里面有水", TRADITIONAL, TRADITIONAL),  # both scripts know these characters
        ("喺度嚟嘅", None, None),  # a dialect's own, in either script
        ("唔该，部热水炉冇热水", TRADITIONAL, SIMPLIFIED),
        ("妳好", SIMPLIFIED, SIMPLIFIED),
        ("後天", None, None),
        ("13800138000", TRADITIONAL, TRADITIONAL),
        ("ok 👍", TRADITIONAL, TRADITIONAL),
        ("DSZF-60，是的", TRADITIONAL, TRADITIONAL),
        ("能用繁體嗎", SIMPLIFIED, TRADITIONAL),
        ("可以用繁体字吗", SIMPLIFIED, TRADITIONAL),
        ("麻煩用簡體回覆", TRADITIONAL, SIMPLIFIED),
        ("请不要用简体", TRADITIONAL, SIMPLIFIED),
        ("Can you answer in Traditional Chinese?", None, TRADITIONAL),
        ("my heater is cold", TRADITIONAL, TRADITIONAL),
    ],
)
def test_the_script_of_a_line(text: str, before: str | None, script: str | None) -> None:
    assert follow(text, before, []) == script


def test_a_name_or_a_place_as_in_the_papers_changes_no_script_but_shows_the_first() -> None:
    said = "收貨人张伟龙，广东省广州市天河区"
    paper = (said.index("张"), len(said))
    assert follow(said, TRADITIONAL, [paper]) == TRADITIONAL
    assert follow("陳大文 廣州市天河區", None, [(0, 10)]) == TRADITIONAL


def test_what_the_customer_told_stands_as_it_was_told() -> None:
    said = in_script("称呼：范钟于\n地址：广东省广州市天河区后街里3号", TRADITIONAL, {"范钟于", "天河区", "后街里3号"})
    assert said == "稱呼：范钟于\n地址：廣東省廣州市天河区后街里3号"


@pytest.mark.parametrize("script", [SIMPLIFIED, None])
def test_whoever_writes_simplified_is_answered_in_the_bots_own_words(script: str | None) -> None:
    assert in_script("热水器漏水", script) == "热水器漏水"


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("手干着拔插头，缺水干烧", "手乾著拔插頭，缺水乾燒"),
        ("插头发烫、有焦味", "插頭發燙、有焦味"),
        ("别着急，冲一冲，等一分钟再开", "別著急，沖一沖，等一分鐘再開"),
        ("接口漏水，软件，短信", "接口漏水，軟件，短信"),
        ("一台一台登记，不是只在夜里", "一台一台登記，不是只在夜裡"),
        ("说“转人工”就行", "說「轉人工」就行"),
        ("没关系，师傅联系您", "沒關係，師傅聯繫您"),
        ("安装前后、里面的里程", "安裝前後、裡面的里程"),
    ],
)
def test_characters_are_turned_and_words_stay(words: str, written: str) -> None:
    assert in_script(words, TRADITIONAL) == written


def all_wording() -> Iterator[str]:
    """Every Chinese text the bot may say."""
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        yield from _texts(yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {})
    for name in SAID:
        yield from _texts(yaml.safe_load((ROOT / "data" / f"{name}.yaml").read_text(encoding="utf-8")))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [] if key in ("words", "payload", "source") else _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
    elif isinstance(node, str) and HANZI.search(node):
        yield node


def test_no_text_grows_or_is_mistaken() -> None:
    """A text message of two segments stays one of two segments."""
    for text in all_wording():
        written = in_script(text, TRADITIONAL)
        assert len(written.encode("utf-16-le")) == len(text.encode("utf-16-le")), text
        assert not (wrong := MISTAKEN.search(written)), (wrong, written)
        assert all(follow(char, None, []) != SIMPLIFIED for char in written), written


def test_many_threads_get_the_same_words() -> None:
    texts = sorted(set(all_wording()))
    alone = [in_script(text, TRADITIONAL) for text in texts]
    with ThreadPoolExecutor(8) as crowd:
        for together in crowd.map(lambda _: [in_script(text, TRADITIONAL) for text in texts], range(16)):
            assert together == alone
