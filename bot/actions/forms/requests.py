"""Which form belongs to which wish, and when a customer means another request than the one being taken. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.actions.reading.questions import is_question
from bot.text.normal import normal

FORM_OF = {
    "request_repair": "repair_form",
    "request_install": "install_form",
    "request_relocation": "relocation_form",
    "request_return": "return_form",
    "complain": "complaint_form",
    "request_callback": "callback_form",
    "reschedule": "callback_form",
    "ask_status": "status_form",
    "chase": "chase_form",
    "cancel_request": "cancel_form",
}
TICKET_INTENTS = frozenset({"request_install", "request_relocation", "request_repair", "request_return", "complain"})

_NAMED = {
    "install_form": re.compile(r"安装|装机|装新|新装|来装|装热水器|[要是想]装(?![修好了过的满饰])|\binstall"),
    "repair_form": re.compile(
        r"维修|报修|(?:来|要|帮我?|给我?|还是|先|就|想|顺[便带手]|麻烦|一起|也)修(?!改|正)|修理|那就?修(?=吧|一下|[,，。!！]|$)|\brepair|\bfix"
        r"|\b(?:book(?:ing)?|need|want|get)(?: in)? (?:a|my|the|our) (?:\w+ )?service\b"
    ),
    "relocation_form": re.compile(r"移机|拆机|移位|拆装|搬家|\brelocat|\bmov(?:e|ing)\b"),
    "return_form": re.compile(
        r"退货|退款|退掉|换货|退机|要退|换(?:一|1)?台新|换(?:一|1)?个新|\breturn|\brefund|\bexchange|\bmoney back\b"
        r"|\breplacement\b|\bwant (?:it replaced|a (?:new|different) (?:one|heater|unit))\b"
    ),
    "complaint_form": re.compile(r"投诉|\bcomplain"),
}
_ABOUT_A_TICKET = re.compile(
    r"工单|单子|单号|WY\d|上次|上回|之前|以前|前几天|另外那|那一?(?:单|台|次)|别的"
    r"|\bticket\b|last (?:time|week)|\bother\b|earlier",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"其实|不是|不对|算了|弄错|搞错|说错|讲错|点错|选错|按错|要的是|改成|改为|换成|还是|不(?:想|要|用)?(?:再)?(?:修|装|移|拆|搬|退|换|投诉)了"
    r"|\binstead\b|\bactually\b|\bi mean(?:t)?\b|\brather\b|\bwrong\b|\bmistake\b|\bnot\b|\bchanged my mind\b"
    r"|\bforget (?:that|it)\b|\bscratch that\b|\bafter all\b"
)
_NO_MORE = re.compile(
    r"不(?:修|装|移|退|换|投诉)了|不用(?:再)?(?:你们)?(?:来|修|装|上门)了?|不需要(?:修|装|上门|师傅)|(?:取消|撤销|撤掉).{0,3}(?:工单|维修|报修|安装|移机|上门|单子)"
    r"|\b(?:don'?t|no longer|not) (?:need|want)\b.{0,20}\b(?:repair|install\w*|visit|technician|it fixed|any ?more)\b"
    r"|\bcancel (?:the|my) (?:ticket|repair|install\w*|visit|request)\b"
)
_DENIED = re.compile(
    r"(?:不是|不要|不用|不想|不需要|没要|别|不|not|don'?t want|no need|instead of)(?:要|来|想|a|an|to|the| )*$"
)


@dataclass(frozen=True)
class Wish:
    """Another request named in the middle of one: its form, and the words that named it."""

    form: str
    text: str

    def as_slot(self) -> dict[str, str]:
        return {"form": self.form, "text": self.text}


_CLAUSE = re.compile(r"[^,，。.!！?？;；\n]+[?？]?")
_WISHED = re.compile(
    r"顺便|顺带|顺手|我?[要想]|帮|麻烦|给我|来人|派|约|登记|吧|\b(?:please|also|want|need|like|book(?:ing)?)\b"
)
_ONLY_IF = re.compile(r"如果|要是|万一|的话|之后|以后|\bif\b|\bwhen\b")


_OTHER_TIME = re.compile(
    r"(?:改|换|调)(?:一下|下)?[^,，。]{0,8}的?(?:时间|日期)|\b(?:reschedul\w+|change the (?:time|date) of)\b"
)


def moves_a_time(text: str) -> bool:
    """Whether the time of a request that exists is to be another one, whatever kind it is: "想改安装的时间"."""
    return bool(_OTHER_TIME.search(normal(text).text))


def wished_beside(text: str) -> str | None:
    """The form of the one request that a message makes beside its question ("还在保吗，顺便修一下"), or None."""
    found = {
        form
        for clause in _CLAUSE.findall(normal(text).text)
        if _WISHED.search(clause) and not _ONLY_IF.search(clause) and not is_question(clause)
        for form in _NAMED
        if names(form, clause)
    }
    if not found and _TAKEN_DOWN.search(normal(text).text) and not is_question(text):
        return "relocation_form"
    return found.pop() if len(found) == 1 else None


_TAKEN_DOWN = re.compile(r"拆(?:走|掉|下来|了?吧)")
"""What wishes for a heater to be taken down where nothing else is being registered; beside that it is a remark."""
_ALSO = re.compile(
    r"顺[便带手]|另外|同时|还(?:要|想|得|需要|有(?:一?件|个)事)|再(?:帮|给)|一并|一起"
    r"|\balso\b|\bas well\b|\bat the same time\b|\bwhile (?:you|they|he)\b"
    r"|\bplus\b|\btoo\b|\b(?:another|one more) thing\b|\bon top of that\b"
)
_PART = re.compile(r"[,，。.!！?？;；\n]+|\b(?:and|but|then)\b")
_AT_ONCE = {
    "repair_form": ("install_form", "complaint_form", "relocation_form"),
    "install_form": ("repair_form", "complaint_form", "relocation_form"),
    "relocation_form": ("repair_form", "complaint_form"),
    "complaint_form": ("repair_form", "install_form", "relocation_form"),
    "return_form": ("repair_form", "complaint_form", "install_form"),
}
"""Requests that may be made in one breath with another; to take down and put up again is one, not two."""


def asks_also(text: str) -> bool:
    """Whether something is wished for beside what was asked for before, and not instead: "顺便把旧的拆走"."""
    words = normal(text).text
    return bool(_ALSO.search(words)) and not _INSTEAD.search(words)


def second_wish(form: str, text: str) -> Wish | None:
    """The other request that the words which opened `form` make in the same breath, where they say "also"; None where
    they make one or more than two."""
    words = normal(text).text
    if not _ALSO.search(words):
        return None
    others = {
        other: part.strip()
        for part in _PART.split(words)
        for other in _AT_ONCE.get(form, ())
        if names(other, part) and not _ONLY_IF.search(part) and not names(form, part)
    }
    return Wish(*next(iter(others.items()))) if len(others) == 1 else None


def names(form: str, text: str) -> bool:
    """Whether the request of a form is asked for in so many words, or a ticket that exists is spoken of."""
    words = normal(text).text
    pattern = _NAMED.get(form, _ABOUT_A_TICKET)
    return any(
        not _DENIED.search(words[max(0, found.start() - 16) : found.start()]) for found in pattern.finditer(words)
    )


def meant_instead(text: str, current: str) -> str | None:
    """The form of the request meant in place of the current one ("其实是安装不是维修"), or None.

    Exactly one other request must be named, without a denial, beside a word of change.
    """
    words = normal(text).text
    if not _INSTEAD.search(words):
        return None
    named = {
        form
        for form, pattern in _NAMED.items()
        for found in pattern.finditer(words)
        if not _DENIED.search(words[max(0, found.start() - 16) : found.start()])
    }
    others = named - {current}
    return others.pop() if len(others) == 1 else None


_SEND_SOMEBODY = re.compile(
    r"(?:好|行|那|就|嗯|可以|得|还是|算了|[吧的,，\s])*(?:让|叫|派|安排)?(?:个)?(?:人|师傅)?(?:上门|过来|来)"
    r"(?:修|看)?(?:看|修)?(?:一[趟下]|吧|呗|嘛|了|[。.!！\s])*"
)


def sends_for_somebody(text: str) -> bool:
    """Whether all that is said is that somebody is to come: "行，那来吧"."""
    return bool(_SEND_SOMEBODY.fullmatch(normal(text).text))


_CANCELS_NOTHING = re.compile(
    r"(?:不是|没(?:有)?|没说|别|不要|不用|先不)(?:要|说|想)*取消(?!不)|还(?:是)?(?:要|得)(?:修|装|退|移|办|登记)"
    r"|\b(?:don'?t|do not|didn'?t (?:mean to|want to)|not) cancel(?! button)"
)


def cancels_nothing(text: str) -> bool:
    """Whether somebody says that nothing, or not that, is to be cancelled: "不是取消报修，是取消那个时间"."""
    return bool(_CANCELS_NOTHING.search(normal(text).text))


_ANOTHER_HEATER = re.compile(
    r"那(?:一)?台(?=怎么|咋|呢)|(?:第二|另外?(?:一)?|还有(?:一)?|下一|剩下(?:的)?(?:一)?)(?:台|个热水器|套)(?!呢?.{0,4}(?:修好|装好))"
    r"|\b(?:the )?(?:second|other) (?:one|heater|unit)\b"
)
_TWO_HEATERS = re.compile(
    r"(?:两|俩|二|2)(?:台|个|部)(?:热水器|机器)[^,，。]{0,4}(?:都|要|全|坏)|(?:两|俩|2)(?:台|个|部)热水器"
    r"|\b(?:two|2|both) (?:water )?heaters\b"
)


def names_another_heater(text: str) -> bool:
    """Whether a second heater is spoken of, behind the one that has just been registered: "第二台呢"."""
    return bool(_ANOTHER_HEATER.search(normal(text).text))


_OF_ANOTHER_HOME = re.compile(
    r"(?:[爸妈爷奶姐弟哥妹婆]|父母|邻居|朋友|公司|店里|老家)(?:家|那边)?(?:里)?(?:的|那台|也有|还有)?(?:一台)?热水器|还有一台"
    r"|\b(?:my|our|his|her|the) (?:mum|mom|mother|dad|father|parent|gran\w*|sister|brother|neighbou?r|friend|office|son"
    r"|daughter|tenant)s?(?:'s|s')? (?:water )?(?:heater|boiler|one|unit)\b|\banother (?:heater|unit)\b"
)


def names_a_heater_elsewhere(text: str) -> bool:
    """Whether the heater of another home is spoken of: "also my mum's heater in Suzhou leaks"."""
    return bool(_OF_ANOTHER_HOME.search(normal(text).text))


def names_two_heaters(text: str) -> bool:
    """Whether one message is about two heaters: each has a ticket of its own."""
    return bool(_TWO_HEATERS.search(normal(text).text))


def gives_the_case_up(text: str) -> bool:
    """Whether a customer wants the whole request no more: "取消吧不修了"."""
    return bool(_NO_MORE.search(normal(text).text))
