"""Town or village: the one question about an address whose levels leave it open how far out it lies. Pure.

Whether it is open is the backend's decision; the address carries it until the question is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.actions.backend_client import Body
from bot.text.address_words import HANZI, NO_VILLAGE
from bot.text.normal import normal

QUESTION = "address_locality"
_OPEN = "asks_locality"

_WHERE = ("city", "district", "town")

_NOT = re.compile(
    rf"(?:不是|不在|没在|不算|唔系|唔喺|勿是|勿勒|并非){HANZI}{{0,3}}?(?:村(?:里|上|头)?|乡下|农村|镇(?:上|里)?|街上|城里)"
    r"|\bnot (?:really )?(?:in )?(?:a |the )?(?:village|town)\b"
)
_VILLAGE = re.compile(
    r"村(?!镇)|乡下|农村|屯[里子]|寨[里子]|[组队]里|山[里上沟]|田头|\b(?:village|countryside|country|rural|hamlet|farm)\b"
    r"|\bcun(?:li| li)?\b"
)
_TOWN = re.compile(
    r"镇(?!政府)|街[上道面边]|集[上镇]|圩[上镇]|墟上|城[里区]|县城|市[里区]|小区|社区|\b(?:town|city|street|downtown)\b"
    r"|\bzhen(?:shang| shang)?\b"
)
_LEAD = re.compile(r"^(?:我们?|俺们?|咱们?|阿拉|这里|这边|就|是|系|在|喺|住在?|属于|叫|的|嗯|哦|,|\s)+")
_NAME = re.compile(rf"(?P<village>{HANZI}{{1,6}}(?:村|屯|寨|庄))(?!里|上|头|镇)")
_BARE_NAME = re.compile(rf"{HANZI}{{1,3}}(?:冲|塘|坑|岭|坪|坝|沟|垭|岗|圩|岙|坳|畈|垸|湾)")
_GENERIC = NO_VILLAGE | {"这个村", "那个村", "我们村", "哪个村", "我村", "的村", "个村", "是村"}
_EN_NAME = re.compile(r"\b[A-Z][a-z]+ [Vv]illage\b")


def marked(checked: Body, said: str) -> dict[str, Any]:
    """The checked address; open where the backend says so and the customer has not told it in the same breath."""
    address = dict(checked["address"])
    if not checked.get(_OPEN):
        return address
    return {**address, **(told_in(said, of_address=True) or {_OPEN: True})}


def kept(held: Any, found: dict[str, Any]) -> dict[str, Any]:
    """The address as found anew; of the same town or village as the one held, what was told of it or asked stays so."""
    if not isinstance(held, Mapping) or any(held.get(level) != found.get(level) for level in _WHERE):
        return found
    told = {"locality": held["locality"]} if held.get("locality") else {}
    return {**told, **(found if is_open(held) else asked(found))}


def is_open(address: Any) -> bool:
    """Whether town or village is still to be asked."""
    return isinstance(address, Mapping) and bool(address.get(_OPEN))


def asked(address: Mapping[str, Any]) -> dict[str, Any]:
    """The address once the question is put: it is not put again."""
    return {level: value for level, value in address.items() if level != _OPEN}


def told_in(text: str, *, of_address: bool = False) -> dict[str, str] | None:
    """What an answer tells: `locality`, and the village by name where one is named; None when it tells neither.

    `of_address`: the words are an address, in which a town is named anyway.
    """
    plain = normal(text, 200).text
    words = _NOT.sub("", plain)
    denied = "".join(_NOT.findall(plain))
    if not of_address and (name := _village(text, words)):
        return {"locality": "village", "village": name}
    if of_address:
        return {"locality": "village"} if re.search(r"村里|乡下|农村|村上", words) else None
    if _VILLAGE.search(words) or (_TOWN.search(denied) and not _TOWN.search(words)):
        return {"locality": "village"}
    if _TOWN.search(words) or _VILLAGE.search(denied):
        return {"locality": "town"}
    return None


def _village(text: str, words: str) -> str | None:
    """The village that is named: `我们是左滩村的`, `李家湾`, `Zuotan Village`."""
    english = _EN_NAME.search(text)
    if english:
        return english[0]
    bare = _LEAD.sub("", words).strip(" ,。.!的")
    if _BARE_NAME.fullmatch(bare):
        return bare
    named = _NAME.match(bare)
    return named["village"] if named and named["village"] not in _GENERIC else None
