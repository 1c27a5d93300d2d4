"""What stands behind an address to find the house by. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.actions.reading.utterance import plain
from bot.text.address import parse
from bot.text.normal import normal

_LANDMARK = re.compile(
    r"^[\s,，、]*(?P<words>[^,，。.!！?？;；]{2,20}?(?:后[头面边]|背后|旁边?|对面|附近|隔壁|门口|路口|楼[上下里]|[上下里]边|[楼栋幢号室组院店厂铺]|[0-9]{2,5})"
    r"|(?:next to|behind|opposite|near|above|across from|by|floor|room|unit|apt)\b[^,.!?;]{2,40})[\s,，。.!！]*$"
)

_HOUSE = re.compile(
    r"^[\s,，、]*(?P<words>(?:[^,，。.!！?？;；\s]{1,12}[\s,，、]*)??"
    r"(?:[0-9a-zA-Z一二三四五六七八九十幺零]{1,5}(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|房|组)[\s,，]*){1,4}[0-9]{0,5}(?:室|房)?)"
    r"[\s,，、。]*(?:我?(?:姓|叫|是)|(?:我的?)?(?:联系)?(?:电话|手机)号?(?:码)?是?|联系人?)?[\s,，、。:：]*$"
)
"""A block, an entrance, a room: what can only be the end of the address before it."""
_EN_UNIT = (
    r"(?:flat|apt\.?|apartment|unit|room|rm\.?|floor|block|bldg\.?|building|tower) ?(?:no\.? ?|#)?"
    r"(?:\d{1,4}[a-z]?|[a-z]\d{0,4})"
)
_EN_FLAT = re.compile(rf"^[\s,]*(?P<words>{_EN_UNIT}(?:[\s,]+{_EN_UNIT}){{0,2}})(?=[\s,.;!]|$)", re.IGNORECASE)
"""The same in English: " flat 12B"."""
_ANOTHERS_PLACE = re.compile(
    r"(?:儿子|女儿|闺女|孩子|娃娃?|小孩|老公|老婆|爱人|丈夫|媳妇|先生|太太)(?:们|他|她)?(?:都|也|人|现在|一直|两口子)*在$"
    r"|我(?:人|自己|本人)(?:现在)?在$|\bi(?:'m| am) (?:away|currently|working|based|abroad)(?: now)? in $"
    r"|\b(?:son|daughter|kids?|children|husband|wife|partner)(?:'s|'re)?"
    r"(?: (?:is|are|lives?|works?|away|now|all|both))* (?:in|at|over in)(?: the)? $"
)

_CUT_SHORT = re.compile(r"(?:(?![的那这里边人呢啊呀吧了住在有附近我家上下])[\u3400-\u9fff]){1,2}")
_PLACE_WORDS = re.compile(
    r"[省市区县州盟旗镇乡村屯寨庄街道路巷弄栋幢座楼室院坊园苑城湾桥站港岛店厂校场馆厦营沟坡岭坝塘坪坑冲垭畈]|[路村街巷河江]口|(?<![地田夜])里(?=[0-9A-Za-z东西南北])"
    r"|[0-9一二三四五六七八九十百]+(?:号|队|组|社|期|单元)|公寓|对面|旁边|隔壁|附近|那边|\d{3,4}$|[a-zA-Z]{3}"
)

_NO_PLACE = re.compile(r"知道|[这那哪家屋]里|里面|市场|[插底]座|座机|路上|[上开关]门")

_FROM = re.compile(
    r"(?:从|由|自|原来|原先|之前|以前|旧址|旧家|老房子)[^,，。;；]{0,6}$"
    r"|\bfrom (?:(?:my|our|the) (?:old )?(?:place|home|house|flat) (?:at|in) )?$"
    r"|\b(?:old|current|previous) [a-z ]{2,16}$"
)
_TO = re.compile(
    r"(?:[搬移迁拆装送换]到|搬[去往进至]|移[去往至]|新家|新房子?|新地址|新址)[^,，。;；]{0,6}$"
    r"|\b(?:to|into|new (?:place|home|house|flat|address)(?: is)?(?: at| in)?|now (?:at|in)) (?:my |our |the )?$"
)

_PHONE_LIKE = re.compile(r"[\d\s\-+()]{7,}")
_BESIDE = re.compile(
    r"可以|都行|都可以|行|好的?|方便|有空|有人|在家|上门|过来|来|安排|吧|啊|呀|哦|呢|的|嘛|以后|之后|之前|左右|我|就|也|都|在|是|嗯|谢谢|请"
    r"|电话|手机|号码?|联系|打|姓|叫"
    r"|\b(?:is|it's|its|at|on|in|the|any ?time|ok|okay|fine|good|please|pls|works?|for|me|i|i'm|am|will|be|home"
    r"|free|suits?|come|you|can|would|could|would be|great|best|better|my|phone|number|mobile|call|and|thanks"
    r"|thank|after|before|around|from|to|then)\b"
    r"|\b(?:lai|ke ?yi|dou|xing|dianhua|dian hua|shouji|shou ji|wo|de|shi|ba|hao)\b|[\W_]"
)


def names_none(rest: str, *, beside: bool) -> bool:
    """Whether the words left beside the values of a message are no place: a number to ring, or what is said around a
    time or a phone number (`beside`)."""
    words = plain(rest)
    return bool(_PHONE_LIKE.fullmatch(words)) or (beside and not _BESIDE.sub("", words))


def may_be_one(text: str) -> bool:
    """Whether the words can be a place that we do not know: something in them is called as places are, and an English
    sentence about something else is none."""
    words = plain(text)
    if words.isascii() and not (_PINYIN_HOUSE.search(words) or names_a_house(words) or _EN_STREET.search(words)):
        return len(words.split()) <= _A_FEW_WORDS and bool(_LETTERS.search(words)) and not _SENTENCE.search(words)
    return bool(_PLACE_WORDS.search(_NO_PLACE.sub("", words)))


_A_FEW_WORDS = 6
_LETTERS = re.compile(r"[a-z]{3}")
_SENTENCE = re.compile(
    r"\b(?:i|i'm|my|me|we|you|your|he|she|they|husband|wife|is|are|was|were|am|have|has|had|buy|bought|want|need|know|no"
    r"|not|don'?t|can|will|would|please|sorry|speaks?|thanks?|model|what|when|why|how|only|any|anytime|sabi|dey|wey)\b"
)
_PINYIN_HOUSE = re.compile(r"\b(?:lu|jie|hao|nong|xiang|cun|zhen|xian|qu|shi|dong|shi|lou)\b")
_EN_STREET = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|lane|drive|alley|crescent|terrace|highway|boulevard|blvd)\b"
)
_EN_HOUSE = re.compile(
    r"\b(?:dorm(?:itor(?:y|ies))?|school|college|university|campus|hospital|hotel|hostel|market|mall|shop|factory|office"
    r"|building|tower|block|flat|apartment|villa|compound|garden|gardens|plaza|mansions?|court|village|farm|station|church"
    r"|mosque|temple|bank|park|estate|heights|cent(?:re|er)|rooms?|floor|unit|behind|opposite|next to|near|above"
    r"|beside)\b"
    r"|(?<![\w-])(?:no\.? ?)?\d{1,4}[a-z]?(?![\w/-])"
)


def names_a_house(text: str) -> bool:
    """Whether English words tell a house, or what it stands by, and not only a street: "behind the market"."""
    return bool(_EN_HOUSE.search(plain(text)))


_EN_NUMBER = re.compile(r"(?:it'?s |at |is |the )*(?:number|house|no\.?) ?(?:number |no\.? ?)?\d{1,4}[a-z]?[ .!]*")


def is_bare_number(text: str) -> bool:
    """Whether English words are the number of a house and no more: "number 2"."""
    return bool(_EN_NUMBER.fullmatch(plain(text)))


_EN_REGION = re.compile(r"^(?:[a-z']+ ){1,3}(?:district|county|township|town|city|province)[.! ]*$")


def names_a_place(text: str) -> bool:
    """Whether English words that answer "where?" tell a house, a street or nothing but a region."""
    return names_a_house(text) or names_a_street(text) or bool(_EN_REGION.search(plain(text)))


def names_a_street(text: str) -> bool:
    """Whether English words name a street."""
    return bool(_EN_STREET.search(plain(text)))


def end_of_house(text: str) -> str | None:
    """The block, entrance or room with which the words behind an address go on: " 南浦碧桂园 8座1203"."""
    found = _HOUSE.match(text) or _EN_FLAT.match(text)
    return found["words"] if found else None


def is_where_another_is(before: str) -> bool:
    """Whether a place is only where one of the family is, by the words `before` it: "儿子在" Shenzhen."""
    return bool(_ANOTHERS_PLACE.search(normal(before).text))


_ONESELF = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are)?(?: now| both)? (?:live|stay|work|based)? ?in $|我们?(?:住|人)?在$"
)


def is_where_oneself_is(before: str) -> bool:
    """Whether a place is where who speaks lives, by the words `before` it: of two places the heater hangs in the other
    ("my heater is in Sanya but I live in Beijing")."""
    return bool(_ONESELF.search(normal(before).text))


_YES = re.compile(r"^(?:yes|yeah|yep|correct|right|对的?|是的?|嗯)[\s,，.。]*")
_A_REGION = 24
"""Characters of a message that is no more than the name of a region."""


def is_region_of(text: str, held: Mapping[str, object]) -> bool:
    """Whether all that is told is the city or the district in which a held address is known to lie: "yes, Foshan"."""
    words = _YES.sub("", plain(text)).strip(" .。!！")
    told = parse(words) if 0 < len(words) <= _A_REGION else None
    levels = ("province", "city", "district")
    named = [level for level in levels if told and getattr(told, level)]
    is_bare = bool(named) and told is not None and not (told.detail or told.town or told.village)
    is_held = words in str(held.get("raw") or "").lower()
    return is_bare and (is_held or all(getattr(told, level) == held.get(level) for level in named))


def cut_short(text: str) -> str | None:
    """The first characters of a street behind an address with which a message ends: the next one brings the rest."""
    return text if _CUT_SHORT.fullmatch(text) else None


def where_to(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Of several places in a message, the one to which something is moved; None when the words do not tell."""
    before = {span: normal(text[: span[0]]).text for span in spans}
    named = [span for span in spans if _TO.search(before[span])]
    left = [span for span in spans if not _FROM.search(before[span])]
    for meant in (named, left):
        if len(spans) > 1 and len(meant) == 1:
            return meant[0]
    return None


def is_left(before: str) -> bool:
    """Whether a place is one that somebody moves away from, by the words `before` it."""
    words = normal(before).text
    return bool(_FROM.search(words)) and not _TO.search(words)


_FILLER = re.compile(
    r"(?:^|(?<=[\s,，、]))(?:那个|这个|就是|就在|呃|嗯|那什么|门牌号?|我?(?:再|先)?[看想找]一?[看想找][啊哈]?)"
    r"(?=[\s,，、\u3400-\u9fff])[\s,，、]*|(?<=[\u3400-\u9fff])(?:的|那边|那里|这边)(?=[\s,，、]+[\u3400-\u9fff])"
)


_THERE = re.compile(
    r"(?<=[\u3400-\u9fff]{2})\s?(?:那一?[边带片块头]|那(?:儿|里|疙瘩|嘎达|块儿)|嗰边|箇里)(?=$|[\s,，。])"
)


def without_fillers(text: str) -> str:
    """The words of a place without what somebody says while thinking: "武侯区 那个 老棉纺厂宿舍", "解放碑 那边"."""
    return _THERE.sub("", _FILLER.sub("", text))


def is_only_thinking(between: str) -> bool:
    """Whether words between two pieces of a place only show that somebody thinks: " 那个 门牌 我看看啊 "."""
    return not without_fillers(f"{between} ").strip(" ,，、")


def above(said: str, levels: Sequence[str]) -> str:
    """The held levels (from the province down) that stand above a place told anew: those before the first it names."""
    found = parse(said)
    told = [getattr(found, level) for level in ("province", "city", "district")] if found else []
    named = next((at for at, level in enumerate(told) if level and level in said), len(levels))
    return "".join(dict.fromkeys(level for level in levels[:named] if level))


_ONLY_A_STREET = re.compile(r"[\u3400-\u9fff]{2,12}(?:路|街|大道|胡同)[东南西北中]?(?:[一二三四五六七八九]段)?")


def lacks_number(address: Any) -> bool:
    """Whether an address ends with its street: without a number, or what stands there, nobody finds the door."""
    detail = str(address.get("detail") or "") if isinstance(address, Mapping) else ""
    return bool(_ONLY_A_STREET.fullmatch(normal(detail).text)) and not address.get("village")


_NUMBERED = re.compile(r"[\u3400-\u9fff]{2}\s?[0-9零〇一幺二两三四五六七八九十百千]+(?:号|栋|幢|弄|组|队|单元)")


def tells_a_number(text: str) -> bool:
    """Whether a street, an estate or a village is told with its number, whatever else the words look like."""
    return bool(_NUMBERED.search(normal(text).text)) or bool(_NUMBERED.search(text))


_GOAL = re.compile(
    r"新(?:家|房|地址|址|住处)|[搬移挪装][到去往至]|\bnew (?:place|home|house|flat|address)\b|\bmoving to\b"
)


def is_goal(text: str) -> bool:
    """Whether a place told in a message is the one to which a heater is moved."""
    return bool(_GOAL.search(plain(text)))


LANDMARK = (
    r"(?:[^,，。.!！?？;；0-9]{1,14}?(?:那一?[家户栋]|第[一二三四五六七八九十\d]{1,2}[家户]|旁边?|对面|隔壁|附近|门口|路口|村口|巷口|桥头"
    r"|后[头面边]|背后|[前左右]手边|[前后][面头边]|楼下)"
    r"|(?:门口|门前|屋前|旁边|对面|隔壁|后面|前面|楼下|村口|路口|巷口)(?:就?[是有])[^,，。.!！?？;；]{1,12})"
)
"""Words by which a house is found, as a pattern: "村口那家", "门口有棵大榕树"."""


_BEHIND = re.compile(rf"^[\s,，、]*(?P<words>{LANDMARK})[\s,，。.!！]*$")


def landmark(text: str) -> str | None:
    """What stands behind an address to find the house by, as it was said; None when it is something else."""
    found = _LANDMARK.match(text) or _BEHIND.match(text)
    return found["words"] if found else None
