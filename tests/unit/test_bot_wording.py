"""What the bot says by text message fits into two segments; what it says by voice is short and only for ears."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import pytest
import smsutil
import yaml

from backend.settings import ROOT
from bot.text.speech import spoken
from telephony.speech import speakable

LONGEST = 2  # segments of a text message; each is paid


def wordings(channel: str) -> dict[tuple[str, str], str]:
    """Each response in each language as a channel gets it: its own wording where there is one, else the one for all."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for file in sorted((ROOT / "bot" / "domain").glob("*.yml")):
        for name, variations in (yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}).items():
            for variation in variations:
                key = (name, variation["condition"][0]["value"])
                if variation.get("channel") == channel or ("channel" not in variation and key not in found):
                    found[key] = variation
    return {key: variation["text"] for key, variation in found.items()}


def text_messages() -> dict[str, str]:
    """Every response as it goes out by text."""
    return {f"{name} in {language}": text for (name, language), text in wordings("sms").items()}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in text_messages().items()])
def test_a_response_by_text_fits_into_two_segments(text: str) -> None:
    assert len(smsutil.split(text).parts) <= LONGEST


LONGEST_SPOKEN = {"zh": 50, "en": 30}  # characters and words, without the values filled in
SENTENCES = 3  # two and a question
ONLY_FOR_EYES = {
    "zh": re.compile(r"点一|回复|回数字|发给我|请发|再发一遍|只发|直接发|链接|打字|输入"),
    "en": re.compile(
        r"\b(?:click|reply|type|choose one|link|press one)\b|\bsend (?:it|me|the)\b(?! again)", re.IGNORECASE
    ),
}
SAYS_SO = frozenset({"utter_ask_retry", "utter_visit_link"})
"""The first sends something again itself, the second is never spoken."""


@lru_cache(maxsize=1)
def spoken_messages() -> dict[tuple[str, str], str]:
    """Every response as a voice says it: the wording for `voice` where there is one, else the one for all."""
    return {
        (name, language): text
        for (name, language), text in wordings("voice").items()
        if not name.startswith("utter_phrase_") and name not in SAYS_SO
    }


@pytest.mark.parametrize("key", sorted(spoken_messages()))
def test_a_response_by_voice_is_short_and_only_for_ears(key: tuple[str, str]) -> None:
    language, text = key[1], spoken_messages()[key]
    said = spoken(re.sub(r"\{\w+\}", "", text), language)
    sentences = [each for each in re.split(r"[。！？!?]|\.(?=\s|$)", said) if each.strip()]
    assert len(said if language == "zh" else said.split()) <= LONGEST_SPOKEN[language]
    assert len(sentences) <= SENTENCES
    assert len(re.findall(r"[？?]", said)) <= 1
    assert not ONLY_FOR_EYES[language].search(said)
    assert max((each.count("、") for each in sentences), default=0) <= 3  # nobody keeps more than four names in mind


WRITTEN = {
    "zh": "登记好了，工单号 WY261125-0001。师傅11月26日（周四）18:00前到，电话 138 0013 8000，验证码 7553。",
    "en": "Done, WY261125-0001. We come by Thu 26 Nov, 18:00; your phone is 138 0013 8000, the code is 7553.",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_telephone_changes_nothing_in_what_the_bot_says_aloud(language: str) -> None:
    said = spoken(WRITTEN[language], language)
    assert speakable(said, language) == said


def test_a_choice_that_is_a_row_of_buttons_on_a_screen_is_named_by_a_voice() -> None:
    """Where the words alone do not say what may be answered, a voice says it."""
    deaf = [
        name
        for (name, language), text in wordings("voice").items()
        if name.endswith("_choices") and re.search(r"点一个|选一|Which of these|choose one|What is it about\?$", text)
    ]
    assert deaf == []
