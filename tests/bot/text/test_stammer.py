"""What a voice says twice while it looks for words."""

from __future__ import annotations

import pytest

from bot.text.stammer import without_repeats

ONCE = [
    ("我叫王 王建国", "我叫王建国"),
    ("我叫王王建国", "我叫王建国"),
    ("我姓 呃 姓吕 双口吕", "我姓吕 双口吕"),
    ("陈 陈大文", "陈大文"),
    ("二环路 二环路西一段 八十八号", "二环路西一段八十八号"),
    ("兴华街 兴华街那个 二十八号", "兴华街二十八号"),
    ("朝阳路 那边 十八号", "朝阳路十八号"),
    ("南海大道 九十 九十九号", "南海大道九十九号"),
    ("南海大道九十九十九号", "南海大道九十九号"),
    ("清远 清远市清新区", "清远市清新区"),
    ("通州区 通州区新华大街", "通州区新华大街"),
    ("它它它不热了", "它不热了"),
    ("明天 明天下午", "明天下午"),
    ("香港中路 十号", "香港中路十号"),
    ("新桂路八号 六栋 二单元", "新桂路八号六栋二单元"),
    ("i i want to to fix it", "i want to fix it"),
]
AS_SAID = [
    "天河 天河北路一百二十号",
    "佛山佛山大道十号",
    "幺三八 幺三八",
    "一三八 一三八零零一三八零零零",
    "二二三三",
    "尾号是八八八八",
    "零零一二 零零一二",
    "我叫丁丁",
    "谢谢",
    "我在桂城 二十八号来",
    "no no that's wrong",
    "呃",
]


@pytest.mark.parametrize(("said", "meant"), ONCE)
def test_what_was_only_begun_is_left_out(said: str, meant: str) -> None:
    assert without_repeats(said) == meant


@pytest.mark.parametrize("said", AS_SAID)
def test_digits_regions_and_names_stay(said: str) -> None:
    assert without_repeats(said) == said
