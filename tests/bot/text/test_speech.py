"""What is written as it is said aloud: golden sentences, and promises for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.speech import spoken

SAID = [
    ("zh", "工单号 WY261125-0001。", "工单号W Y，2 6 1 1 2 5，0 0 0 1。"),
    ("zh", "电话：138 0013 8000；回电：尽快", "电话：1 3 8，0 0 1 3，8 0 0 0；回电：尽快"),
    ("zh", "打 13800138000", "打1 3 8，0 0 1 3，8 0 0 0"),
    ("zh", "+86 13800138000", "1 3 8，0 0 1 3，8 0 0 0"),
    ("zh", "座机 0757-22331234", "座机0 7 5 7，2 2 3 3，1 2 3 4"),
    ("zh", "上门验证码 7553：报对了再开门", "上门验证码7 5 5 3：报对了再开门"),
    ("zh", "尾号 1234 的手机", "尾号1 2 3 4的手机"),
    ("zh", "请马上打 120", "请马上打1 2 0"),
    ("zh", "找物业电工或拨 95598。", "找物业电工或拨9 5 5 9 8。"),
    ("zh", "紧急请直接拨 120、119 或 95598。", "紧急请直接拨1 2 0、1 1 9或9 5 5 9 8。"),
    ("zh", "11月26日（周四）18:00前上门", "11月26日周四下午6点前上门"),
    ("zh", "明天15:00–15:30", "明天下午3点到3点半"),
    ("zh", "我们每天 8:00–18:00 都在。", "我们每天早上8点到下午6点都在。"),
    ("zh", "12:00–14:05", "中午12点到下午2点零5分"),
    ("zh", "下午3:05", "下午3点零5分"),
    ("zh", "20:15", "晚上8点15分"),
    ("zh", "0:30", "凌晨0点半"),
    ("zh", "说“转人工”就行", "说转人工就行"),
    ("zh", "可以：\n1. 周四\n2. 周五\n哪个方便？", "可以：周四，周五，哪个方便？"),
    ("zh", "看这里：https://example.com/v/abc?x=1", "看这里"),
    ("zh", "2024年3月买的，60升，30元", "2024年3月买的，60升，30元"),
    ("zh", "上门费12000元", "上门费12000元"),
    ("zh", "大良凤翔路15号3栋502", "大良凤翔路15号3栋502"),
    ("zh", "11–12月", "11到12月"),
    ("zh", "显示 E3 就停用", "显示E3就停用"),
    ("en", "Ticket WY261124-0001: booked.", "Ticket W Y, 2 6 1 1 2 4, 0 0 0 1: booked."),
    ("en", "by Thu 26 Nov, 18:00 at the latest", "by Thursday 26 November, 6 pm at the latest"),
    ("en", "Thu 26 Nov (15:00–15:30)", "Thursday 26 November, 3 pm to 3:30 pm"),
    ("en", "from 8:00 to 18:00", "from 8 am to 6 pm"),
    ("en", "12:00", "noon"),
    ("en", "0:00 or 24:00", "midnight or midnight"),
    ("en", "at 3:30 pm", "at 3:30 pm"),
    ("en", "Your visit code is 7553 - let nobody in", "Your visit code is 7 5 5 3 - let nobody in"),
    ("en", "My number is 13800138000.", "My number is 1 3 8, 0 0 1 3, 8 0 0 0."),
    ("en", "If anyone feels unwell, 120.", "If anyone feels unwell, 1 2 0."),
    ("en", "call 120, 119 or 95598 now", "call 1 2 0, 1 1 9 or 9 5 5 9 8 now"),
    ("en", "call 120 now", "call 1 2 0 now"),
    ("en", "Call me at +1 415 555 0100", "Call me at 1 4 1 5, 5 5 5 0, 1 0 0"),
    ("en", 'say "agent"', "say agent"),
    ("en", "The sun may sat on Mar", "The sun may sat on Mar"),
    ("en", "**Done.**\nThank you", "Done. Thank you"),
]


@pytest.mark.parametrize(("language", "written", "said"), SAID)
def test_a_sentence_is_said_as_people_say_it(language: str, written: str, said: str) -> None:
    assert spoken(written, language) == said


@pytest.mark.parametrize(("language", "written", "_said"), SAID)
def test_what_is_spoken_already_stays(language: str, written: str, _said: str) -> None:
    once = spoken(written, language)
    assert spoken(once, language) == once


WORDS = st.text(alphabet=st.sampled_from("一二上午打拨验证码WY0123456789:–-（）()“”\n，。 .abTh*#/"), max_size=60)


@settings(max_examples=300, deadline=None)
@given(WORDS, st.sampled_from(["zh", "en"]))
def test_nothing_that_only_an_eye_reads_is_said(text: str, language: str) -> None:
    said = spoken(text, language)
    assert not re.search(r"https?://|[\n*#“”\"_`]", said)
    assert not re.search(r"(?<![\d.])1[3-9]\d{9}(?![\d.])", said)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_can_be_said(text: str) -> None:
    for language in ("zh", "en"):
        assert len(spoken(text, language)) <= 4 * len(text) + 10
