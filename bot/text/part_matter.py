"""Whether a part named in a message is what the customer wants or reports, or only where something happens. Pure.

`lexicon.parts` finds every part that is named. In "插头冒烟了", "the tank goes on the wall" and "花洒自己配了"
nobody asks for the plug, the tank or the shower head.
"""

import re

from bot.text.normal import normal

_NEVER_A_MATTER = frozenset(
    {"report_hazard", "request_install", "request_relocation", "request_return", "cancel_request"}
)
"""Where a part is the place of a danger, or comes and goes with the heater."""
_ONLY_WANTED = frozenset({"request_repair", "complain", "correct", "inform"})
"""Where parts are mostly touched and looked at, and a matter only when they are to be replaced, or gave way."""
_MOST_OF_IT = 0.3
_NEAR_ZH, _NEAR_EN = 10, 40
_WANTED = re.compile(
    r"换(?![气过])(?!了(?!吧|它|就))|[买卖购配](?!件)|单卖|多少钱|几[多块]?钱|多收|收[我你了]?[一二两三四五六七八九十百\d]|保[不修质]|[带寄]|送检|到货"
    r"|坏|怀了|烧(?:了|坏|断|焦|毁|$)|[断裂烂爆锈碎掉丢]|用完|老化|没修好|根本没用|不管用|强制|推销|搭售"
    r"|\b(?:buy|sell|order|replac\w*|swap\w*|chang\w*|new|price|cost|rmb|yuan|for an?|broke\w*|burn\w*|gone|dead"
    r"|faulty|failed|cracked|worn|needs?|covered|warranty|it'?s the|from the|leak(?:s|ing)? (?:on|at|from))\b"
)
_LEAKING = re.compile(r"(?:那里|那儿|处|底下|下面)?(?:一直|老是|也|总|在)*(?:[漏滴渗]|$)|(?: is what)? ?(?:leak|drip)")
_LEAK_FROM = re.compile(r"(?:是|漏的是)[^,。]{0,6}$")
_FINE = re.compile(
    r"(?:都|是|也|那儿|那里|倒是?)*(?:好好的|好的|没事|没问题|没坏|没换过|凉的|不[烫热]|啥事没有|我?(?:已经)?自己(?:配|买)[了好]"
    r"|换好了|拔了|关了|我?(?:已经)?拧死)"
    r"|['’ ](?:i?s|are) (?:fine|ok\w*|new|cold|cool|stone cold|dry|quite|on the other)\b"
)
_FINE_BEFORE = re.compile(
    r"(?:不是|没动过?|没碰过?)$|\b(?:not|isn't|wasn't|not from) (?:the|my)? ?$"
    r"|\b(?:pull(?:ed)?(?: out)?|unplug(?:ged)?|touch(?:ed)?|turn(?:ed)? off|shut) (?:the |my )?$"
)
_TOUCHED = re.compile(r"(?:摸|碰|拔|拧|握|抓|掂|按住|够不着|敲|接反|通|关)[了着到过掉]?(?:那?个|一下|我家|你们)?$")
_BEARER = re.compile(
    r"(?:上面?|旁边|底下|下面|下头|里面)[^,。]{0,3}?(?:的|那个|那[根颗块只]|个)[^,。]{0,8}?"
    r"(?:按钮|按键|灯|盖|手柄|把手|线|疙瘩|壳|螺丝|把手|漏电保护|弹簧)"
)
_AT_A_PLACE = re.compile(r"(?:的)?(?:旁边|左边|右边|附近|那边)|(?<=tank) ?$")
_FITTED_WITH = re.compile(r"(?:带|自带|配有|有)$")
_OF_A_MACHINE = re.compile(r"[^,。]{0,2}的(?:那种|热水器|机[器子]|那[一]?款|型号)|那一?款")
_OF_ANOTHER = re.compile(r"(?:插座|墙上|开关|燃气|煤气|自来水|净水)的?$|\bgas $")
_PAPERS = re.compile(r"[^,。]{0,4}(?:照片|视频|发票|那次的)|\b(?: photo| picture)")


def is_the_matter(text: str, start: int, end: int, intent: str) -> bool:
    """Whether the part at `start` to `end` of `text` is the matter of a message of this intent."""
    if intent in _NEVER_A_MATTER:
        return False
    before, after = normal(text[max(0, start - _NEAR_EN) : start]).text, normal(text[end : end + _NEAR_EN]).text
    if _is_beside(before, after):
        return False
    if intent not in _ONLY_WANTED or end - start >= _MOST_OF_IT * len(text.strip()):
        return True
    near = _NEAR_EN if text[start:end].isascii() else _NEAR_ZH
    around = _clause(before[-near:], after[:near])
    return bool(_WANTED.search(around) or _LEAKING.match(after) or _LEAK_FROM.search(before))


def _is_beside(before: str, after: str) -> bool:
    """Whether the words around a part say that it is well, or another's, or only where something is."""
    if _FINE.match(after) or _FINE_BEFORE.search(before) or _OF_ANOTHER.search(before):
        return True
    if _BEARER.match(after) or _AT_A_PLACE.match(after) or _PAPERS.match(after) or _TOUCHED.search(before):
        return True
    return bool(_FITTED_WITH.search(before) and _OF_A_MACHINE.match(after))


def _clause(before: str, after: str) -> str:
    """The words around a part up to the next full stop on either side."""
    return re.split(r"[。!?;]", before)[-1] + "|" + re.split(r"[。!?;]", after)[0]
