"""The sentences and clauses a message is looked at by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.parts import Place, clauses, sentences

texts = st.text(alphabet="水电热人手 abc。，,.!?；\n…", max_size=300)


def words(text: str, places: list[Place]) -> list[str]:
    return [text[start:end].strip() for start, end in places]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("热水器不热", []),
        ("热水器不热，昨天还好的", []),
        ("师傅昨天来修过。今天又不热了。", ["师傅昨天来修过。", "今天又不热了。"]),
        ("喂？热水器漏电了怎么办", []),
        ("It was fixed on Monday. Now the tap bites.", ["It was fixed on Monday.", "Now the tap bites."]),
        ("Model VY60-D3 v1.5 is cold and it drips", []),
    ],
)
def test_a_message_falls_into_its_sentences(text: str, parts: list[str]) -> None:
    assert words(text, sentences(text)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("装完第二天就漏电，退货", ["装完第二天就漏电，", "退货"]),
        ("嗯，手一碰就麻，怎么办呢", ["嗯，手一碰就麻，", "怎么办呢"]),
        ("just one clause here", []),
    ],
)
def test_a_message_falls_into_its_clauses(text: str, parts: list[str]) -> None:
    assert words(text, clauses(text)) == parts


@given(text=texts)
def test_parts_stand_in_the_text_in_order_and_apart(text: str) -> None:
    for places in (sentences(text), clauses(text)):
        assert len(places) != 1
        ends = [0, *(at for place in places for at in place)]
        assert ends == sorted(ends)
        assert all(start < end <= len(text) for start, end in places)


def test_an_endless_message_is_looked_at_from_both_ends() -> None:
    text = "".join(f"第{number}件事情要跟你们讲清楚。" for number in range(1000))
    parts = words(text, sentences(text))
    assert len(parts) < 20
    assert parts[0].startswith("第0件")
    assert parts[-1].startswith("第999件")
