"""The customer's language is followed when it changes, and not when a name or a code looks foreign."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.text.language import follow
from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "spoken", "language"),
    [
        ("I prefer English please", "zh", "en"),
        ("can you speak english", "zh", "en"),
        ("yes it has arrived", "zh", "en"),
        ("my heater is leaking", "zh", "en"),
        ("change the phone", "zh", "en"),
        ("请说英文", "zh", "en"),
        ("说中文吧", "en", "zh"),
        ("我不知道", "en", "zh"),
        ("热水器漏水了", "en", "zh"),
        ("wo yao bao xiu", "zh", "zh"),
        ("bu zhi dao", "zh", "zh"),
        ("bu zhi dao", "en", "zh"),
        ("wo jia re shui qi huai le", "en", "zh"),
        ("ming tian xia wu 3 dian", "zh", "zh"),
        ("Zhang San", "en", "en"),
        ("my name is Zhang San", "zh", "en"),
        ("Shenzhen Nanshan", "en", "en"),
        ("shen zhen nan shan qu ke ji yuan nan qu 8 hao", "zh", "zh"),
        ("dui", "zh", "zh"),
        ("dui", "en", "en"),
        ("can he", "zh", "zh"),
        ("can he", "en", "en"),
        ("she can come at nine", "zh", "en"),
        ("YLS-D60A", "zh", "zh"),
        ("John Smith", "zh", "zh"),
        ("ok", "zh", "zh"),
        ("ok thanks", "zh", "zh"),
        ("13800138000", "zh", "zh"),
        ("check 一下 order", "zh", "zh"),
        ("王小明", "en", "en"),
        ("广州市天河区体育西路5号", "en", "en"),
        ("👍", "en", "en"),
        ("", "en", "en"),
    ],
)
def test_the_language_is_followed(text: str, spoken: str, language: str) -> None:
    values = [(value["start"], value["end"]) for value in read_values(text, NOW)]
    assert follow(text, spoken, values) == language
