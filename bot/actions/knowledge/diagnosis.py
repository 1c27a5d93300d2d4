"""First aid by telephone, and what to prepare for an installation: one call each, words ready to speak."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.actions.backend_client import BackendDown, Body, Refused, backend
from bot.actions.forms.fields import UNKNOWN
from bot.actions.reading.utterance import plain
from bot.actions.turn import Turn

_WORKS_AGAIN = re.compile(
    r"(?<![没不才])(?:(?:现在|又|自己|机器|热水器|都|它)(?:就)?(?:好了|好啦|可以了)|热了|热啦|热咯|可以用了|能用了|用得了|能洗了|正常了|恢复了|解决了"
    r"|好使[了咯啦]|好用[了咯啦]|热[嘞喽]|(?:按|拔|插|重启|复位|重开)[^。]{0,10}(?<![没不])(?:好[了啦咯嘞]|行了|可以了)|有热水了|出热水了|来电了|亮了|有电了|不漏了|不滴了|不跳了|不响了)"
    r"|\b(?:works|working|heats|heating) (?:now|again|fine|ok(?:ay)?)\b"
    r"|\b(?:it'?s|is|now) (?:fixed|solved|fine now|ok(?:ay)? now)\b"
    r"|hot (?:water )?(?:again|is back)|problem solved|\b(?:that|it) (?:worked|did it|helped)\b|all good now"
)
_ALL_RIGHT = re.compile(
    r"(?<![没不才说讲约修答])(?:好了|好啦|好咗|好嘞|可以了|搞定|没事了|没问题了|解决了|得咗|好使了|中了)"
    r"|\b(?:done|sorted|solved|all good)\b"
)
"""Words that also only agree or say goodbye: they tell of the heater when first aid has just been given."""
_NO_HELP = re.compile(
    r"还是(?:不|没|一样|老样子|那样|照样)|(?:没|冇|莫得|没啥|没得)(?:有)?(?:用|效果|反应|变化)$|不管用|不顶用|不起作用|没(?:见)?好"
    r"|(?:都|已经|也)?(?:试|弄|按|拔|看|查|重启|调)(?:过|了|完)了?[^,，。]{0,6}(?:还是|没用|不行|不管用|一样)"
    r"|\b(?:still (?:not|no|the same|cold|dead)|did ?n[o']t help|no (?:use|good|change|luck)|doesn'?t (?:help|work))\b"
)
_FAILS_AGAIN = re.compile(
    r"又(?:不|跳|漏|坏|没|灭|凉|冷|响|报|停|出|黑)|(?:还是|依然)(?:不(?:热|行|亮|出|能|好)|跳|漏|没)"
    r"|(?:broke|broken|tripp\w+|stopped|leak\w*|cold) again"
)
_NOT_REALLY = re.compile(
    r"还是|还没|依然|仍然|每次|投诉|不想|第[二两三四五六七八]次|但|不过|可是|就不|又(?:不|坏|漏|跳|凉|冷|没)|一会|了(?:吗|么|没|伐|不(?!用|需|必|要))|修好|等.{0,4}好了|等等看|[再先]?(?:观察|看看再)|再看看|试试看|好了.{0,3}(?:再|打|叫|联系)"
    r"|\b(?:not|still|but|never|until|if|when|wait and see|(?:let'?s|we'?ll) see)\b|n't|[?？]"
)


@dataclass(frozen=True)
class FirstAid:
    """What to say once about a fault.

    Attributes:
        response_text: in the turn's language and as long as its channel bears.
        danger_kind: the kind of danger to report at once, or None.
        ask: `leak_where` or `code_symptom` when that question decides what it is, or None.
        is_by_code: whether a fault code of the model's own series decided.
    """

    response_text: str
    danger_kind: str | None = None
    ask: str | None = None
    is_by_code: bool = False


async def first_aid(turn: Turn, *, symptom: str | None, fault_code: str | None, model: str | None) -> FirstAid | None:
    """First aid for a symptom (its class or the customer's words) and a fault code; None when there is nothing to say.

    With the backend away there is none either: the form goes on without.
    """
    told = {"symptom": symptom, "fault_code": fault_code, "model": model if model != UNKNOWN else None}
    try:
        found = await backend().first_aid({**told, "channel": turn.channel})
    except (BackendDown, Refused):
        return None
    return FirstAid(
        found["words"][turn.language], found.get("danger"), found.get("ask"), bool(found.get("fault_class"))
    )


_LEAKS = re.compile(r"[漏滴渗流]|\b(?:leak|drip|weep)")


_PREPOSITION = re.compile(r"(?:from|at|under|behind|near|around|through|on|in)\b")


def leak_at(place: str, language: str) -> str:
    """The answer to "where does it leak?" as a fault of its own: "接口那里" becomes "接口那里漏水"."""
    if _LEAKS.search(plain(place)):
        return place
    if language == "en":
        return f"leaks {place}" if _PREPOSITION.match(plain(place)) else f"{place} leaks"
    return f"{place}漏水"


def works_again(text: str) -> bool:
    """Whether a customer says that the fault is gone ("好了", "热了", "it works now") without a but."""
    words = plain(text)
    return bool(_WORKS_AGAIN.search(words)) and not _NOT_REALLY.search(words)


def is_all_right(text: str) -> bool:
    """Whether a message says that all is well now, of the heater or of the talk: "好了好了"."""
    words = plain(text)
    return bool(_ALL_RIGHT.search(words)) and not _NOT_REALLY.search(words)


def did_not_help(text: str) -> bool:
    """Whether somebody who was given first aid says that it changed nothing: "试过了还是不行"."""
    return bool(_NO_HELP.search(plain(text)))


def fails_again(text: str) -> bool:
    """Whether a heater that worked fails once more: "哦不对，又跳了"."""
    return bool(_FAILS_AGAIN.search(plain(text)))


async def record_solved(turn: Turn, slots: dict[str, Any]) -> str | None:
    """Record a repair that was solved on the telephone, from the form's slots; the response to speak.

    None when it could not be recorded: then the form goes on, so that nothing is lost.
    """
    facts = ("name", "phone", "address", "model", "purchase_date", "fault_code", "symptom")
    case: Body = {fact: slots.get(fact) if slots.get(fact) != UNKNOWN else None for fact in facts}
    circumstances = {
        "conversation_id": turn.conversation_id,
        "form_id": slots.get("form_id") or turn.message_id,
        "type": "repair",
        "language": turn.language,
        "channel": turn.channel,
    }
    try:
        await backend().record_solved({**case, **circumstances})
    except (BackendDown, Refused):
        return None
    return "utter_solved_by_phone"


async def readiness_advice(text: str, language: str, *, delivered: bool | None = None) -> str | None:
    """What to prepare for an installation, one sentence for each thing that is missing; None when all is there."""
    try:
        found = await backend().readiness(text, delivered)
    except (BackendDown, Refused):
        return None
    return str(found["words"][language]) if found["words"] else None
