"""What a short answer means where the form's question gives it its meaning. Pure: words in, values out."""

from __future__ import annotations

import re

from bot.text.normal import normal

LONGEST_ANSWER = 200
"""Characters of free text that a field keeps; the conversation itself keeps every word."""

_UNKNOWN = re.compile(
    r"不知道|不晓得|不清楚|唔知|不记得|记不(?:清|得|住)|忘了|忘记|不确定|说不准|看不(?:到|清)|找不到|没留意|不太清"
    r"|(?:don'?t|do not|not|can'?t|cannot) (?:know|remember|recall|sure|see|find)"
    r"|\bno (?:idea|clue)|\bunknown|\bforgot|\bdunno|\bidk\b"
)
_NONE = re.compile(
    r"^(?:没有?|无|暂无|没|还没有?|no|none|nope|n/?a|don'?t have(?: one)?|no ticket)[了的。.!,，呢啊吧]*$"
)
_ANY_TIME = re.compile(
    r"尽快|尽早|随时|越快越好|马上|都行|都可以|都方便|无所谓|你们(?:定|安排|看着)"
    r"|\basap\b|as soon as|any ?time|whenever|soonest|up to you"
)
_RETRY = re.compile(r"重试|再试|再来一次|再提交|\bretry\b|try again|\bagain\b")
_YES = re.compile(
    r"^(?:(?:嗯+|恩|对|是|好|行|可以|确认|没错|没问题|正确|确定|提交|都对|都有|有|对的|是的|好的|可以的"
    r"|yes|yep|yeah|y|ok|okay|sure|confirm(?:ed)?|correct|right|all correct|that'?s (?:right|correct)"
    r"|it is|looks good|go ahead|please do|both)[的了呀啊吧哦呢。.!,， ]*)+$"
)
_NO = re.compile(
    r"^(?:不|不是|不对|不用|不要|没有?|还没有?|否|错了?|no|nope|nah|not yet|n|wrong|not correct)"
    r"(?:[了的呀啊吧哦呢。.!,， ]|到|送到|谢谢|取消|keep it)*$"
)
_CHANGE = re.compile(r"改|换成|不对|错|有误|修正|change|wrong|fix|correct it|not right|mistake|instead")
_DELIVERED = re.compile(
    r"(?:到|送|收)(?:货|达|家|到)?了|已经?(?:送|到|收)"
    r"|(?:has |been |was |already )(?:delivered|arrived)|\byes|\bdelivered\b|\barrived\b|\bgot it\b"
)
_NOT_DELIVERED = re.compile(
    r"还?没有?(?:到|送|收|买)|未(?:到|送)|在路上|明天到|还没"
    r"|\bnot (?:yet|delivered|arrived)|hasn'?t|have ?n[o']t|\bon (?:the|its) way|\bno\b"
)
_GIVE_UP = re.compile(
    r"^(?:那|哦|唉|哎)?(?:算了|不(?:修|装|弄|报|投诉|登记|退|换|移|约|打)(?:了|啦)|(?:先)?不(?:用|要|必)(?:了|修|装|登记)"
    r"|取消(?:报修|安装|投诉|登记|预约|吧|了|掉)*"
    r"|never ?mind|forget (?:it|about it)|cancel(?: (?:it|that|this|everything|my request))?|stop this)"
    r"(?:吧|了|啦|，|,|。|\.|!|！| |不(?:修|装|弄|报|投诉|登记|退|换|移)了|谢谢|thanks|please)*$"
)
_MY_NAME_IS = re.compile(
    r"^(?:我的?)?(?:姓名|名字|称呼)?(?:是|叫做?|免?贵?姓|：|:)+"
    r"|^(?:my name(?:'s| is)|i am|i'm|this is|it'?s|name:?|call me)\s+",
    re.IGNORECASE,
)
_NAME = re.compile(r"^(?:[\u3400-\u9fff·]{1,4}|[A-Za-zÀ-ÿ.'\-]{1,20}(?: [A-Za-zÀ-ÿ.'\-]{1,20}){0,3})$")

_FIELD_WORDS = {
    "phone": re.compile(r"(?<![打回])电话|手机|号码|phone|mobile|(?<!ticket )number"),
    "address": re.compile(r"地址|住址|门牌|address"),
    "name": re.compile(r"姓名|名字|称呼|\bname"),
    "wanted_time": re.compile(r"时间|回电|几点|\btime\b|\bcall\b|\bwhen\b"),
    "model": re.compile(r"型号|机型|容量|\bmodel|capacity"),
    "purchase_date": re.compile(r"购买|什么时候买|purchase|bought"),
    "symptom": re.compile(r"故障|症状|毛病|fault|symptom|problem"),
    "delivered": re.compile(r"到货|送货|deliver"),
    "readiness": re.compile(r"墙|插座|\bwall|socket"),
    "complaint_about": re.compile(r"投诉(?:内容|的事)|反映|what happened"),
    "complaint_ticket": re.compile(r"工单|单号|ticket"),
    "wanted": re.compile(r"希望|诉求|处理方式|outcome"),
    "move_what": re.compile(r"移机|拆机|\bmove"),
    "return_reason": re.compile(r"退换?货?原因|reason"),
}


def plain(text: str) -> str:
    """The text for matching: half-width, lower case, trimmed."""
    return normal(text).text.strip()


def is_unknown(text: str) -> bool:
    return bool(_UNKNOWN.search(plain(text)))


def is_none(text: str) -> bool:
    return bool(_NONE.match(plain(text)))


def is_any_time(text: str) -> bool:
    return bool(_ANY_TIME.search(plain(text)))


def is_retry(text: str) -> bool:
    return bool(_RETRY.search(plain(text)))


def is_yes(text: str) -> bool:
    return bool(_YES.match(plain(text)))


def is_no(text: str) -> bool:
    return bool(_NO.match(plain(text)))


def gives_up(text: str) -> bool:
    """A whole message that drops the request: "算了，不修了", "never mind"."""
    return bool(_GIVE_UP.match(plain(text)))


def wants_change(text: str) -> bool:
    return bool(_CHANGE.search(plain(text)))


def delivered(text: str) -> bool | None:
    """Has the heater arrived? None when the answer says neither."""
    words = plain(text)
    if _NOT_DELIVERED.search(words) or is_no(text):
        return False
    if _DELIVERED.search(words) or is_yes(text):
        return True
    return None


def whole_name(text: str) -> str | None:
    """The answer as a name if it has a name's shape: up to four characters, or one to four Latin words."""
    bare = _MY_NAME_IS.sub("", text.strip()).strip(" ，,。.!！")
    if not _NAME.match(bare) or is_unknown(bare) or is_yes(bare) or is_no(bare) or is_none(bare):
        return None
    return bare


_LABELS = re.compile(
    r"电话|手机号?|号码|地址|住址|住在|家在|联系|姓名|我姓|我叫|名字|先生|女士|小姐|[我是在的叫姓住呢啊哦吧了]"
    r"|\b(?:my|name|is|i|am|i'm|live|at|in|the|phone|mobile|number|address|call|me|and|it'?s)\b|[\W_]"
)


def says_something(text: str) -> bool:
    """Whether anything is left of the text beside labels ("我电话是", "my address is") and punctuation."""
    return len(_LABELS.sub("", plain(text))) >= 2


def mentions_number(text: str) -> bool:
    """Whether the text could be meant as a phone number: three digits or more."""
    return len(re.findall(r"\d", plain(text))) >= 3


def field_named(text: str, fields: tuple[str, ...]) -> str | None:
    """Which of the form's fields the customer names ("电话错了"), or None."""
    words = plain(text)
    return next((field for field in fields if field in _FIELD_WORDS and _FIELD_WORDS[field].search(words)), None)


_BARE_COMPLAINT = re.compile(
    r"我?(?:想|要|得)?(?:投诉|反映|举报)(?:你们|一下|个?问题|个事)*"
    r"|i(?:'d| would)? (?:want|like|need)? ?(?:to )?(?:make|file)? ?(?:a )?complain(?:t)?(?: about)?|complaint|[\W_]"
)


def complaint_in(text: str) -> str | None:
    """The matter of a complaint when the opening sentence already tells it; None for a bare "我要投诉"."""
    rest = _BARE_COMPLAINT.sub("", plain(text))
    long_enough = len(rest) >= 4 if re.search(r"[\u3400-\u9fff]", rest) else len(rest) >= 12
    return kept(text) if long_enough else None


_CLAUSE = re.compile(r"[^，。！？；,.!?;\n]+")


def clauses_with(text: str, spans: list[tuple[int, int]]) -> str | None:
    """The clauses of `text` that hold one of the spans: a fault without the address told in the same breath."""
    told = [
        clause.group().strip()
        for clause in _CLAUSE.finditer(text)
        if any(start < clause.end() and end > clause.start() for start, end in spans)
    ]
    return kept("，".join(told) if re.search(r"[\u3400-\u9fff]", text) else ", ".join(told)) or None


def kept(text: str) -> str:
    """Free text as a field keeps it: one line, at most LONGEST_ANSWER characters."""
    return " ".join(text.split())[:LONGEST_ANSWER]
