"""What customers say of the line itself and of whose number it is: cut off, not reached, "this number". Pure."""

from __future__ import annotations

import re

from bot.actions.reading.utterance import plain

_SHORT = 40
"""Characters of a message that speaks of the line alone; a longer one tells the matter as well."""

_CUT_OFF = re.compile(
    r"断[线咗]|掉[线咗]|(?:电话|通话|手机|微信)[^,，。]{0,6}(?:断|掉线|挂|没电|没信号|没话费|停机)了?"
    r"|(?:信号|网络?)(?:不好|太差|断|没)|(?:说|讲|报|填|发|聊|登记)[了到]一半"
    r"|^(?:喂|[你您]好|我|[,，\s])*刚[才刚]?我?(?:打|拨)(?:过|了)(?:个|一个|你们的?|这个)?(?:电话)?(?:给你们)?[的了来着。!\s]*$"
    r"|挂断了?(?:电话|$)"
    r"|\b(?:got |was |were |been )?(?:cut off|disconnected)\b|\b(?:line|call|phone|signal) (?:got |was |just )?"
    r"(?:dropped|died|went dead|cut)|\bbattery (?:died|ran out)|\blost (?:the |my )?(?:signal|connection|call)"
    r"|\bi (?:just )?(?:called|rang) (?:just now|before|earlier|a (?:minute|moment) ago)"
)
_MISSED = re.compile(
    r"(?:没|未|冇|漏)(?:能|有)?(?:接[到着通上听]?(?!地|电(?!话)|线|水|管|好)|听到)|未接(?:来电|电话)"
    r"|(?:刚[才刚]?|谁|哪个|昨天)[^,，。]{0,10}(?:(?:打|来|拨)(?:过|了)?(?:个|一个)?(?:电话)?(?:给|找)我|给我(?:打|来|拨))"
    r"|(?:打|拨)(?:过|了)(?:个|一个)?电话(?:给|找)我"
    r"|\bmissed (?:a |your |the )?call|\b(?:you|somebody|someone|this number) (?:just )?(?:called|rang|tried)"
)
_NOT_ANSWERED_BY_US = re.compile(
    r"(?:你们?|没人|客服|热线)[^,，。我]{0,6}(?:没有?人?|不)接|没有?人接|\bno ?(?:one|body) (?:answers|picked up)"
)
_CALL = re.compile(r"电话|打|来电|拨|\bcall|\brang\b|\bring\b|\btried\b")
_NUMBER = r"(?:手机|电话|座机)?(?:号码?|电话|手机号?|来电)"
_THIS = (
    r"(?:这个?|这部|呢个|哩个|本机|本|当前|现在|此|同一个?|刚才(?:那个|打的|这个)?|打(?:过来|来|进来)的?(?:这个|那个)?"
    r"|来电(?:的)?(?:这个)?)"
)
_THIS_NUMBER = re.compile(
    rf"(?:[对是嗯好就用打拨留我你您的啊呀也,，。!\s]|你们|联系|电话|手机|号码|还是|直接|啱啱)*{_THIS}(?:打的?|的)?"
    rf"(?:就是|这个|我的?)?{_NUMBER}(?:[码就行好了吧啊呀啦的是打给我能通找到都,，。!\s]|可以|联系|一样)*"
    r"|本机|(?:yes|yeah|yep|ok|okay|just|please|use|call|ring|on|me|it'?s|its|that'?s|is|the|my|can|you|at|[,.! ])*"
    r"\b(?:this|ths|same|the one)(?: (?:same|phone|mobile|cell))? ?(?:number|num|no|nr|phone|one|line)?"
    r"(?: (?:that )?(?:i'?m|i am) (?:calling|ringing|texting|on)(?: from| on| with)?)?"
    r"(?: (?:is fine|please|will do|ok|now))*[.! ]*"
    r"|(?:the )?number (?:that )?(?:i'?m|i am) (?:calling|ringing|texting)(?: from| on| with)?[.! ]*"
)
_IS_IT_SHOWN = re.compile(
    r"(?:看|查|显示)(?:不|得|唔)?[到见出得了]?[^,，。]{0,6}(?:号码|来电)|(?:号码|来电)[^,，。]{0,4}(?:看不到|看得到|没显示|不显示|显示)"
    r"|有(?:没有)?来电显示|\b(?:can'?t|can|don'?t|do) you (?:not )?(?:see|have) (?:my|the|this) number"
)
_TECHNICIAN = (
    r"(?:师傅|师付|师父|(?:维修|安装|上门)(?:工人?|人员|师傅|的人)|工人|技术员|technician|engineer|repairman|plumber)"
)
_TECHNICIANS_NUMBER = re.compile(
    rf"{_TECHNICIAN}[^。.;；]{{0,10}}(?<![打个])(?:电话|手机号?|号码|联系方式|微信)"
    rf"[^,，。]{{0,4}}(?:多少|几号|有[吗没]|呢|是啥|是什么|给我|发我|告诉我|[?？])"
    rf"|(?:有|给|发|要|知道|告诉|说|报|查)(?:一?下|个|我)*(?:没有)?{_TECHNICIAN}的?(?:电话|手机号?|号码|联系方式)"
    rf"|(?:怎么|如何|咋)(?:才能)?(?:联系|找){_TECHNICIAN}|\b{_TECHNICIAN}(?:'?s)? (?:phone|number|contact|mobile)"
    rf"|\bnumber of (?:the |your |my )?{_TECHNICIAN}"
)
_MANAGER = r"(?:经理|领导|老板|老总|总经理|主管|负责人|你们头儿?|上级|厂长|managers?|supervisors?|boss|director|ceo)"
_MANAGERS_NUMBER = re.compile(
    rf"{_MANAGER}的?(?:电话|手机号?|号码|联系方式|微信)|(?:怎么|如何|咋)(?:才能)?(?:联系|找)(?:你们)?{_MANAGER}"
    rf"|\b{_MANAGER}(?:'?s)? (?:phone|number|contact|mobile|direct line|email)"
    rf"|\b(?:number|phone|contact|email) (?:of|for) (?:the |your |a )?{_MANAGER}"
)
_SPEAKER = re.compile(
    r"(?:^|[,，。\s])我(?:是|系)(?:[他她]|户主|机主|房主|老人|[爸妈爷奶]|你们客户)(?:们)?(?:的|家)?"
    r"(?:老?大|小|亲)?(?:女儿|儿子|女婿|媳妇|儿媳妇?|老公|老婆|爱人|家属|家人|邻居|房客|租客|房东|物业|保姆|朋友|同事"
    r"|孙子|孙女|外孙女?|姐|妹|哥|弟)"
    r"|\bi(?: a|')m (?:his|her|their) (?:son|daughter|wife|husband|neighbou?r|tenant|landlord|friend|carer|partner)\b"
)


def was_cut_off(text: str) -> bool:
    """Whether a short message only says that an earlier call or talk broke off: "我刚才打过电话，断线了"."""
    words = plain(text)
    return len(words) <= _SHORT and bool(_CUT_OFF.search(words)) and not missed_our_call(text)


def missed_our_call(text: str) -> bool:
    """Whether a call of ours was not answered: "刚才你们打给我我没接到"."""
    words = plain(text)
    return len(words) <= _SHORT and bool(
        _MISSED.search(words) and _CALL.search(words) and not _NOT_ANSWERED_BY_US.search(words)
    )


def means_this_number(text: str) -> bool:
    """Whether all that is said is that the number at hand shall be rung: "就打我现在这个电话", "this number"."""
    return bool(_THIS_NUMBER.fullmatch(plain(text)))


def asks_whether_it_is_shown(text: str) -> bool:
    """Whether somebody wonders that we do not see their number."""
    return bool(_IS_IT_SHOWN.search(plain(text)))


def asks_for_the_technicians_number(text: str) -> bool:
    """Whether the technician's own number is asked for: "师傅电话多少"."""
    return bool(_TECHNICIANS_NUMBER.search(plain(text)))


def number_not_ours_to_give(text: str) -> str | None:
    """Whose number is asked for that is not given out: the `technician`'s or a `manager`'s ("经理电话给我")."""
    if asks_for_the_technicians_number(text):
        return "technician"
    return "manager" if _MANAGERS_NUMBER.search(plain(text)) else None


def tells_who_speaks(text: str) -> bool:
    """Whether somebody says that they speak for another: "我是她女儿"."""
    return bool(_SPEAKER.search(plain(text)))


_NO_NUMBER = re.compile(
    r"(?:没有?|冇|沒)(?:得|有)?(?:手机|电话|号码|座机|這個)|(?:手机|电话|号码)[^,，。]{0,4}(?:没有|冇|没带|不在|没电|坏了|不记得|忘)"
    r"|\b(?:no|don'?t have (?:a|any)|haven'?t (?:got )?(?:a|any)) (?:mobile|cell|phone|number)"
)


def has_no_number(text: str) -> bool:
    """Whether somebody says that there is no telephone at hand."""
    return bool(_NO_NUMBER.search(plain(text)))
