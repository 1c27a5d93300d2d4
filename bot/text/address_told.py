"""Whether a bare region is told as a place of the customer's, or only named in passing. Pure.

It is where it stands by itself among other data (`…，盐城，单尾6612`), where something is sent or moved to it, where
somebody lives in it, and where it is put right; not where one of the family is or what one travels to.
"""

import re

from bot.text.address_chain import Chain

_BEGINS = re.compile(r"(?:^|[,。;:!?/\s])$")
_ENDS = re.compile(r"[,。;!?/\s]|$")
_SENT_TO = re.compile(
    r"(?:(?:寄|邮|邮寄|寄送)(?:[一两]?[个根套条台件])?[过]?[到去往给至]?|(?:发货?|快递|配送|运|带|ship|deliver)过?[到去往至])\s?$"
)
_MOVED_TO = re.compile(r"(?:搬|移|迁|挪|move|moving|relocate)(?:家|机|过)?\s?(?:到|去|往|回|至|进|to)\s?$")
_MOVING = re.compile(r"搬|移机|迁|拆装|拆下|move|moving|relocat|\bban\b|yi ?ji")
_ROUTE_FROM = re.compile(r"\s?(?:那边|这边)?(?:(?:搬|移|挪|迁)?(?:到|去|至|→|->)|搬(?!家|走|的|了))")
_ROUTE_BEGINS = re.compile(r"(?:^|[,。;\s]|从|由)$")
_ROUTE_TO = re.compile(r"(?:到|至|→|->|去|搬)\s?$")
_LIVES_BEFORE = re.compile(r"(?:^|[,。;\s在搁喺]|[我俺]家?)$")
_LIVES_AFTER = re.compile(r"(?:那边|这边|那[块儿疙瘩]{0,2})?住(?![户宅院])")
_IS = re.compile(r"(?<!不)(?:是|系|住在?|在|改[成为])\s?$")
_IS_NOT = re.compile(r"(?:那个|那边)?,?\s?(?:而)?(?:不是|唔系|勿是|并?非)")
_ANOTHER_IS_THERE = re.compile(
    r"(?:儿子|女儿|闺女|孩子|娃娃?|小孩|老公|老婆|爱人|媳妇|爸妈|父母|我人|本人|我自己|出差|旅游|打工|上班|读书)(?:们|他|她)?"
    r"(?:都|也|人|现在|一直|还|如今)*在$|老家[是在]?$"
)
_JOURNEY = re.compile(r"从[^,。]{1,6}到$")
_TRAVELS = re.compile(
    r"\b(?:plane|train|flight|trip|ticket|off|going|back|goin|fly|flying|flew|travel(?:l?ing)?|job|work|works"
    r"|working|dealer"
    r"|son|daughter|husband|wife|kids?|greetings|hello|study|studying|born|bought|made|holiday|vacation)"
    r"(?: (?:is|are|back|it|one|now))* (?:in|to|from|at) $"
    r"|\bthe (?:[a-z]+ )?(?:shop|store|mall) in $"
)


def is_item(text: str, chain: Chain, end: int) -> bool:
    """Whether a city, or a region by its full name, stands between two commas."""
    is_city = chain.full or any(len(code) == 4 for code in chain.codes)
    return is_city and bool(_BEGINS.search(text[: chain.start]) and _ENDS.match(text, end))


def is_told(text: str, chain: Chain, end: int) -> bool:
    """Whether the words around a bare region tell that it is where the customer, or the heater, is or shall be."""
    before = text[max(0, chain.start - 16) : chain.start]
    if _SENT_TO.search(before) or _MOVED_TO.search(before) or is_item(text, chain, end):
        return True
    if _MOVING.search(text):
        is_from = _ROUTE_BEGINS.search(before) and _ROUTE_FROM.match(text, end)
        if is_from or (_ROUTE_TO.search(before) and _ENDS.match(text, end)):
            return True
    lives = _LIVES_BEFORE.search(before) and _LIVES_AFTER.match(text, end)
    return bool(lives or (_IS.search(before) and _IS_NOT.match(text, end)))


def is_passing(text: str, start: int) -> bool:
    """Whether a bare region is only where somebody else is, or goes: `儿子在深圳`, `off to Sanya`."""
    before = text[max(0, start - 24) : start]
    is_journey = _JOURNEY.search(before) and not _MOVING.search(text)
    return bool(_ANOTHER_IS_THERE.search(before) or is_journey or _TRAVELS.search(before))


def is_city_alone(text: str, code: str, start: int, end: int) -> bool:
    """Whether the English words for a city stand by themselves at the head of a message: `Ningbo, third week …`."""
    is_head = not text[:start].strip() and text[end : end + 1] in (",", ";", ":")
    return is_head and len(code) == 4
