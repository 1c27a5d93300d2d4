"""Whether a fault named in a message is one that the customer reports: there now, on the heater, and no mere question.

"会不会漏电", "Does the warranty cover leaks?" and "洗衣机漏水" name faults and report none. The forms want only what is
reported; the lexicon (`bot.text.lexicon`) finds all. Danger is judged apart, in `bot.text.hazard`. Pure.
"""

import re

from bot.text import lexicon
from bot.text.hazard import hazard
from bot.text.lexicon import Term
from bot.text.matter import belongs_to_another, is_another
from bot.text.normal import normal

_DANGERS = frozenset({"shock", "tingling", "smoke", "burning", "fire", "burst", "protection_light"})
_SEARCHED = 1_000
_FUNCTION_WORDS = (
    r"(?:a|an|the|it|this|that|these|those|they|things?|there|water|heaters?|tanks?|valve|be|any|ever|to|from"
    r"|gives?|me|your"
    r"|electric|new|one)"
)
_SUPPOSED = re.compile(
    r"(?:会不会|不会(?!再)|会否|是否会|会唔会|(?<!是)(?:害?怕|担心)(?!是)|万一|如果|假如|假使|(?<!主)要是|若是|预防|防止"
    r"|避免|以免|免得|省得|容易|听说|听人讲|哪些情况|什么情况下)"
    r"[^,。!?; ]{0,6}$"
    r"|\b(?:if|unless|what if|in case of|prevent|avoid|against|afraid of|scared of|worried about|risk of|chance of"
    r"|before(?! it)"
    rf"|(?:could|would|can|will|should|might)(?= (?!you|i |we |he )))(?: {_FUNCTION_WORDS})* ?$"
)
_OF_FIRE = frozenset({"smoke", "burst", "fire", "burning"})
_SUPPOSED_AFTER = re.compile(r"(?:的话|怎么办才|[^,。!?]{0,4}(?:怎么|如何)(?:预防|防范|防止|避免))")
_MAY, _ASKED = re.compile(r"(?:会|能|可能会)(?:自己|自动)?$"), re.compile(r"[^,。!?]{0,4}(?:吗|么|嘛|不\?|不$|没$)")
_OWN = re.compile(
    r"我(?!想|就|要|问|觉得)|俺|咱|阿拉|屋[企里头]|现在|这会儿|[它佢]|这台|突然|忽然|昨|今[天早]|又|修[了过]"
    r"|[,， ](?:买|用)[了的]|过保"
    r"|\b(?:my|our|mine|now|today|yesterday|since|keeps|again)\b"
)
_TERMS = re.compile(
    r"[^,。!?;]{0,8}(?:属不属于|属于|算不算|算质保|算保修|保不保|按规定|保修|质保|包修|三包|免费修|管不管|谁负责"
    r"|归谁|归不归|赔不赔)"
    r"|[^,。!?;]{0,10}(?:多少钱|几多钱|几钱|什么价|啥价|怎么收|收多少|要多少|收费|咋收)"
    r"|(?: [a-z]+){0,4} (?:covered|under warranty|free|guaranteed|included)\b"
    r"|(?: [a-z]+){0,3} (?:cost|charge|price)\b"
)
_TERMS_BEFORE = re.compile(
    r"\b(?:covers?|covered for|warranty (?:on|for|against)|how much(?: is it| does it cost| would it cost"
    r"| do you charge| for| to)*"
    r"(?: (?:fix\w*|repair\w*|replac\w*|mend\w*|a|an|the))*|(?:price|cost|fee|charge) (?:of|for|to)(?: (?:fix\w*"
    r"|repair\w*|a|an|the))*) $"
    r"|(?:修|维修|修个|修理|处理)(?:一下|一次|个)?$"
)
_IS_NORMAL = re.compile(
    r"(?<!不)正常(?:的|现象)*(?:吗|么|嘛|不|吧|还是)|正不正常|算正常|(?<!不)正常的散热|不算毛病|正常现象|正常(?:是|要|需要)(?:好多|多少|几|多久)|本来就这样|都这样[吗嘛么]"
    r"|\b(?:is|was) (?:it|this|that) (?:ok|okay|normal|usual)\b|\bmeant to happen\b|\bwhy (?:do|does) (?:it"
    r"|the (?:\w+ )?valve) drip"
    r"|\bshould (?:the )?\w+ drip"
)
_ABOUT_USE = re.compile(
    r"(?:怎么|咋|怎样|如何|该怎么)(?:才能)?(?:[调设拧对]|弄(?![咧呢嘛啊哦呀]|$|[,。!?]))|设到多少|设多少度|重新对码|怎么处理再|能接热水器吗"
    r"|校准|能用这种|按钮按下(?!去?(?:就|又|也|没|不))|测试按钮"
)
_WAITING = re.compile(r"(?<!一)回电|受理|报的修|单号|催|跟进|客服|退款|投诉|工单|单子|wy ?\d{4}|没人联系")
_LONG_AGO = re.compile(
    r"(?:上次|上回|上一次|上一回|那次|那回|之前|以前|当时|早先|旧的|老的那台|原来那台)[^,。!?;]{0,8}$"
    r"|(?:报|登记|反映)(?:修)?(?:的|过)[^,。!?;]{0,3}$"
    r"|\b(?:last time|previous\w*|earlier|back then|used to)\b[^,.!?;]{0,24}$"
)
_DAYS_AGO = re.compile(r"(?:[昨前]天|上周|上个?(?:月|星期|礼拜))[^,。!?;]{0,4}$")
_WHEN = re.compile(r"\bwhen (?:it(?:'?s| is) )?(?:\w+ )?$")
_MEANWHILE = re.compile(r"也(?:在|还|会|照样|一直|老)?[滴漏渗流响跳有]")
"""A heater that is not heating just then: "不加热也滴", "it drips even when it's not heating"."""
_SHOWS_CODE = re.compile(
    r"(?:显示|报|屏[幕上]*|跳出|出来)[^,。!?;]{0,6}[ef]\d|\b(?:shows?|says?|displays?|reads?|code) [ef]\d"
)
"""A display that shows a code has power: the code tells more than that no button works beside it."""
_ON_PAPER = re.compile(r"(?:型号|机型|铭牌|标签|机身|订单|单子|手机|网页|页面|短信|说明书|箱子)[上里]?[也都]?$")
_WRITTEN = re.compile(
    r"(?:出来?|是)?(?:什么|啥|具体|任何|我的|这个)?(?:的)?"
    r"(?:型号|机型|编号|条码|序列号|单号|工单|订单|价格|金额|进度|日期|地址|名字)"
)
"""A label, an order or a text message "不显示型号"; it is no display that shows nothing."""
_THAT_ONE, _MENDED = re.compile(r"的?那[台单次个]"), re.compile(r"[^,。!?;]{0,4}(?:修好|弄好|处理好|解决)")
_SETTLED = re.compile(
    r"[^,。!?;]{0,4},?(?:修过|换[了过]|处理)[^。!?;]{0,8}(?:没事|正常|好了|没再)"
    r"|(?: \w+){0,4} (?:years?|months) ago\b|[^.!?;]{0,12}(?:fine|ok(?:ay)?|no trouble|no problems?) since\b"
    r"|(?: accident)? (?:case|claim)\b"
)
_OF_A_CASE = re.compile(
    r"(?:的|那个?|这个?){0,2}(?:单子?|工单|报修单|那事|那个(?=$|[,。!?快先能])|的事(?=[,。!?]))"
    r"| (?:job|ticket|case|request|visit|booking)\b"
)
"""Behind a fault: it names a request that was made."""
_AGAIN = re.compile(r"又|再|还[在是有没]|没修好|没解决|\b(?:again|still|not fixed|back)\b")
_WELL_NOW = re.compile(r"(?:已经?|现在)(?:又|都)?(?:能|可以)?(?:热|好|亮|通电|正常)了")
_STILL = re.compile(
    rf"{_AGAIN.pattern}|仍|依然|依旧|照样|现在|这会儿|今天|今早|刚|越来越|更|没用|老是|一直|天天"
    r"|\b(?:now|today|worse|keeps?)\b"
)
_NOT_THE_HEATER = re.compile(
    r"(?:和|跟|与|同)(?:你们的?)?热水器(?:没有?|无|冇)(?:什么|啥)?关系|不是热水器的?(?:问题|事|毛病)"
    r"|\bnot (?:the|my|your) heater\b|nothing to do with the heater"
)
_TOLD_ONCE = {
    "leak": "leak", "leak_valve": "leak", "leak_joint": "leak", "leak_tank": "leak", "noise": "noise",
    "tingling": "tingling", "shock": "shock", "not_heating": "heat", "not_hot_enough": "heat",
    "no_power": "power",
}  # fmt: skip
"""Faults of which a second word beside the first tells nothing new. Others say more: a smell and a colour."""
_CLAUSE_ENDS = re.compile(r"[,。.!?;]")
_LINE = re.compile(r"听不[清见到]|没听[清见到]|重[讲说]|再[讲说]一?[遍次]|信号|喂喂")
_OF_PEOPLE = re.compile(
    r"(?:师傅|他|身上|那人|工人|安装工|小伙子?)[^,。]{0,6}$"
    r"|\bi (?:nearly|almost|could have) $|\b(?:he|man|men|guy|worker|workers|installers?|technicians?|fitters?"
    r"|plumber)(?:'s| is| was| were| kept)* ?$"
)


def symptoms(text: str) -> list[Term]:
    """The symptoms in `text` that the customer reports, in order. A danger is none where the guard finds no danger."""
    found = lexicon.symptoms(text)
    if not found:
        return []
    plain = normal(text, _SEARCHED)
    if is_another(plain.text) or _NOT_THE_HEATER.search(plain.text):
        return []
    harmless = any(term.value in _DANGERS for term in found) and hazard(text[:_SEARCHED]) is None
    at = {origin: index for index, origin in reversed(list(enumerate(plain.origin)))}
    told = (
        term
        for term in found
        if not (harmless and term.value in _DANGERS)
        and _is_reported(plain.text, at[term.start], at[term.end - 1] + 1, term.value)
    )
    once = {_told_once(term, plain.text, at[term.start]): term for term in reversed(list(told))}
    return list(once.values())[::-1]


def _told_once(term: Term, text: str, start: int) -> tuple[str, int]:
    """Terms with the same key tell the same thing; in another clause even the same fault is told anew."""
    fault = _TOLD_ONCE.get(term.value)
    return (fault, len(_CLAUSE_ENDS.findall(text, 0, start))) if fault else (term.text, 0)


def _is_reported(text: str, start: int, end: int, kind: str) -> bool:
    before, after = text[max(0, start - 40) : start], text[end : end + 30]
    if belongs_to_another(text, start, end) or _is_supposed(before, after) or _is_over(text, start, before, after):
        return False
    if _OF_A_CASE.match(after):
        return False
    if kind in _DANGERS:
        return not (kind in _OF_FIRE and _OF_PEOPLE.search(before))
    if _IS_NORMAL.search(text) or _ABOUT_USE.search(text) or _asks_terms(text, before, after):
        return False
    if kind == "not_heating" and (_WHEN.search(before) or _MEANWHILE.match(after)):
        return False
    is_on_paper = text[start:end].endswith("显示") and (_ON_PAPER.search(before) or _WRITTEN.match(after))
    has_power = kind == "no_power" and _SHOWS_CODE.search(text)
    no_answer = kind == "no_power" and text[start:end].endswith(("动静", "反应")) and _WAITING.search(text)
    return not (is_on_paper or has_power or no_answer or (kind == "noise" and _LINE.search(text)))


def _is_supposed(before: str, after: str) -> bool:
    """Whether the fault is only feared, imagined or asked about."""
    may = _MAY.search(before) and _ASKED.match(after)
    return bool(may or _SUPPOSED.search(before) or _SUPPOSED_AFTER.match(after))


def _is_over(text: str, start: int, before: str, after: str) -> bool:
    """Whether the fault was there once and is not now: "上次漏电修好了", "前天冒烟那台你们拉走了"."""
    if (_SETTLED.match(after) or _WELL_NOW.search(after)) and not _AGAIN.search(text, start):
        return True
    past = _LONG_AGO.search(before)
    if _THAT_ONE.match(after) and (past or _DAYS_AGO.search(before)):
        return True
    if past and _MENDED.match(after):
        return not _AGAIN.search(text, start)
    return bool(past and not _STILL.search(text, past.start() + max(0, start - 40)))


def _asks_terms(text: str, before: str, after: str) -> bool:
    """A question about price or warranty of such a fault ("漏水修一下多少钱"), not of the customer's own."""
    return bool((_TERMS.match(after) or _TERMS_BEFORE.search(before)) and not _OWN.search(text))
