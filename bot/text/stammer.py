"""What a voice says twice while it looks for words: "我叫王 王建国", "二环路二环路西一段", "九十 九十九号". Pure.

Only for what was spoken: who types a word twice means it.
"""

from __future__ import annotations

import re

from bot.text.regions import regions

_HAN = r"[\u3400-\u9fff]"
_DIGIT = "零〇洞一幺妖二两三四五六七八九拐勾0-9"
_PAUSE = r"[\s,，、.。…]"
_THINKING = r"(?:那个|这个|那啥|那什么|呃+|额+|嗯+)"
_THINKS = re.compile(
    rf"(?:^|(?<={_PAUSE}))(?:呃+|额+){_PAUSE}+(?=\S)"
    rf"|(?<={_HAN}){_PAUSE}*(?:{_THINKING}|那[边儿块]){_PAUSE}*(?=[{_DIGIT}十百]+(?:号|栋|幢|座|单元|层|楼|室|弄|组|队))"
)
_NUMBER = re.compile(
    rf"(?P<said>(?:[{_DIGIT}]百)?[一二三四五六七八九]?十|[{_DIGIT}]百){_PAUSE}*(?=(?P=said)[一二三四五六七八九号栋幢座单层楼室弄])"
)
_CALLED = re.compile(
    rf"(?P<said>姓|叫){_HAN}?{_PAUSE}+(?=(?P=said))"
    rf"|(?P<who>叫|我是)(?P<surname>{_HAN}){_PAUSE}*(?=(?P=surname){_HAN}{{1,2}}(?!{_HAN}))"
    rf"|^(?P<alone>{_HAN}){_PAUSE}+(?=(?P=alone){_HAN}{{1,2}}$)"
)
_THRICE = re.compile(rf"(?P<said>[它他她我你俺这那就在是有的水热不])(?P=said){{2,}}(?={_HAN})")
_TWICE = re.compile(
    rf"(?P<said>{_HAN}{{2,8}}?){_PAUSE}*(?:{_THINKING}{_PAUSE}*)?"
    rf"(?=(?P=said)(?P<street>{_HAN}{{0,3}}?(?:路|街|大道|巷|站|桥|广场|花园|大学|中心|医院))?)"
)
_TWICE_EN = re.compile(
    r"\b(?P<said>i|i'm|it|it's|the|my|we|is|and|to|in|at|on|for|there)(?:[ ,.-]+(?P=said)\b)+", re.IGNORECASE
)
_PAUSE_IN_A_PLACE = re.compile(
    rf"(?<=[路街巷道段弄]){_PAUSE}+(?=[{_DIGIT}十百千]+(?:号|弄|[栋幢座]|单元))"
    rf"|(?<=[号栋幢座元楼层院区园苑]){_PAUSE}+(?=[{_DIGIT}十百千]+(?:[栋幢座层室]|号楼|单元|楼))"
)
"""Where somebody draws breath between a street, its number and a flat; nothing that stands there is a day."""
_NUMERALS = re.compile(rf"[{_DIGIT}十百千个]+")


def without_repeats(text: str) -> str:
    """The words without those that were only begun and then said in full; digits stay, as numbers do repeat them."""
    said = _CALLED.sub(lambda found: found["who"] or "", _THINKS.sub("", text))
    said = _NUMBER.sub("", said)
    for pattern in (_THRICE, _TWICE, _TWICE_EN):
        said = pattern.sub(_once, said)
    return _PAUSE_IN_A_PLACE.sub("", said).strip() or text


def _once(found: re.Match[str]) -> str:
    """Nothing for what comes again behind it; a region stays before a street that is named after it."""
    said = found["said"]
    if found.re is not _TWICE:
        return found[0] if _NUMERALS.fullmatch(said) else said
    is_short = said in regions().short and said not in regions().full
    return found[0] if _NUMERALS.fullmatch(said) or (is_short and found["street"]) else ""
