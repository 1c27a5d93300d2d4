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
    r"^(?:(?:不|不是|不对|不用|不要|没有?|还没有?|否|错了?|no|nope|nah|not yet|n|wrong|not correct)"
    r"(?:[了的呀啊吧哦呢。.!,， ]|到|送到|谢谢|取消|keep it)*)+$"
)
_PARTICLES = re.compile(
    r"(?:(?:嗯+|恩|哦+|噢|喔|啊+|唔|呃|诶|哎|好|行|是|对|知道|晓得|明白|收到|听到|了解|可以|ok|okay|k|yes|yeah|right|sure|uh|um|er|hm+|oh|ah"
    r"|i see|got it|fine|alright)[的了嘞呀啊吧哦呢啦。.!,，~ ]*)+"
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


_WAIT = re.compile(
    r"^(?:你|您|那)?(?:先)?(?:等(?:一)?(?:下|会儿?|等)|稍等|稍候|等我)"
    r"|^(?:那)?我(?:去|先)?(?:看看|看一下|找找|找一下|查查|翻翻|问问|拿一下)"
    r"|\b(?:hold on|hang on|one (?:sec|second|moment|minute)|just a (?:sec|second|moment|minute)|wait a)"
    r"|\blet me (?:check|look|see|find|get|ask)"
)
_GO_ON = re.compile(
    r"^(?:继续|接着|我回来了|回来了|接着[办来说]|刚才)|^(?:let'?s )?(?:continue|go on|resume|carry on|i'?m back|back)"
)
_HURT = re.compile(
    r"受伤|伤到|伤着|烫[伤到着]|烧伤|晕|昏|抽搐|送医|医院|流血|起泡|不舒服|没知觉|发麻|还麻|疼|痛|有人|有的"
    r"|^有(?:$|[,，啊的呢])|\byes\b|\bhurt\b|injur|burn(?:t|ed)|scald|faint|unconscious|hospital|bleed|dizzy|numb"
)
_NOBODY_HURT = re.compile(
    r"没有?人?(?:受|被)?(?:伤|事|烫|电)|没(?:事|有|大碍)|人(?:都)?(?:没事|还好|好好的|安全)|都(?:没事|好|还好|安全)"
    r"|无人|没有?人|不严重|没啥|^(?:没|无|no|nope|nobody|none)\b|^没$|no ?(?:one|body)|not hurt"
    r"|(?:is|are|we'?re|everyone(?:'s| is)?|all) (?:ok|okay|fine|safe|alright)"
)
_ANGRY = re.compile(
    r"气死|火大|忍无可忍|什么(?:态度|破|玩意|垃圾|东西)|太(?:差|过分|坑|慢|气人|不像话)|垃圾|骗(?:人|子)|坑人"
    r"|到底(?:管不管|来不来|修不修)|有完没完|受够|不负责任|推来推去|踢皮球|第[三四五六七八]次|[三四五六七八九十]次了"
    r"|烦死|没人管|!{2,}|\b(?:ridiculous|unacceptable|fed up|furious|disgust\w*|rubbish|useless|terrible|awful)\b"
    r"|\b(?:scam|appalling|third time|angry|pathetic)\b"
)
_SLOWLY = re.compile(
    r"老[头汉太]|老人家|老伴|老两口|孙子|孙女|(?:我|今年)[都已经]*[六七八九6789][十0-9]多?岁?了|耳[朵背]"
    r"|眼[睛神]?(?:不好|花)|不识字|不会(?:打字|写字|用手机)|\b(?:i'?m|i am) (?:[678]\d|old|elderly)|\bmy eyes"
    r"|hard of hearing|not good with (?:phones|computers|technology)"
)


def asks_to_wait(text: str) -> bool:
    """ "等一下，我去看看型号": the customer is looking for the answer."""
    words = plain(text)
    return len(words) <= 30 and bool(_WAIT.search(words)) and not re.search(r"\d{3}|太久|半天|多久|几天", words)


def goes_on(text: str) -> bool:
    """A wish to go on with what was left half way."""
    return bool(_GO_ON.match(plain(text)))


def anyone_hurt(text: str) -> bool | None:
    """Is anybody hurt? None when the answer says neither."""
    words = plain(text)
    if _NOBODY_HURT.search(words) or is_no(text):
        return False
    if _HURT.search(words) or is_yes(text):
        return True
    return None


def mood(text: str) -> str | None:
    """`angry`, `slowly` (an older person, or one who finds this hard) or None: who should hear a kind word first."""
    words = plain(text)
    if _ANGRY.search(words):
        return "angry"
    return "slowly" if _SLOWLY.search(words) else None


def plain(text: str) -> str:
    """The text for matching: half-width, lower case, trimmed."""
    return normal(text).text.strip()


def is_unknown(text: str) -> bool:
    return bool(_UNKNOWN.search(plain(text)))


def is_none(text: str) -> bool:
    return bool(_NONE.match(plain(text)))


_NO_MODEL = re.compile(
    r"(?:不知道|不晓得|不清楚|没有|看不[到清]|找不到|忘了?|记不[得清住]|唔知|没注意|搞不清).{0,4}(?:型号|什么牌子)"
    r"|型号.{0,4}(?:不知道|不晓得|不清楚|看不[到清]|找不到|忘|记不|唔知|没注意|模糊)"
    r"|(?:don'?t know|no idea|can'?t (?:find|see|read)|forgot).{0,12}model|model.{0,12}(?:unknown|don'?t know|no idea)"
)
_QUESTION = re.compile(
    r"[?？吗么呢]|多少|怎么|咋|几[天年点时个]|什么|啥|哪|能不能|可不可以|要不要|是不是|有没有|会不会|行不行|点解"
    r"|几多"
    r"|请问|问[一下]"
    r"|\b(?:how|what|which|when|where|who|why|is|are|do|does|can|could|will|would|should|any)\b"
)


_WHERE_TO = re.compile(
    r"搬家|新家|新房|搬到|移到|挪到|装到|拆下来?就|只拆|拆走|换(?:个|到|一)?(?:地方|位置|面墙|墙)|阳台|装修|翻新|砸墙"
    r"|\bnew (?:home|house|flat|apartment|place)|another (?:wall|room|place)|\bfrom .{2,30} to |renovat"
    r"|just take it down"
)


def says_where_to(text: str) -> bool:
    """Whether a wish to move a heater already says what is to be done with it."""
    return bool(_WHERE_TO.search(plain(text)))


def has_no_model(text: str) -> bool:
    """Whether a customer says that the model cannot be told."""
    return bool(_NO_MODEL.search(plain(text)))


def is_question(text: str) -> bool:
    """Whether something is asked in the message."""
    return bool(_QUESTION.search(plain(text)))


def is_any_time(text: str) -> bool:
    return bool(_ANY_TIME.search(plain(text)))


def is_retry(text: str) -> bool:
    return bool(_RETRY.search(plain(text)))


def is_yes(text: str) -> bool:
    return bool(_YES.match(plain(text)))


def is_no(text: str) -> bool:
    return bool(_NO.match(plain(text)))


def is_particle(text: str) -> bool:
    """A whole message that only shows that somebody listens: "嗯嗯", "哦好的", "ok"."""
    return bool(_PARTICLES.fullmatch(plain(text)))


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


_BARE_REPAIR = re.compile(
    r"热水器|你好|您好|在吗|我们?家?[里的]?|家里的?|那个?|这个?|台|要|想|需要|帮忙?|麻烦|请问?|一下|安排"
    r"|派个?人?|师傅|师付|上门|过来|来"
    r"|维?修理?|报修|检查|看看?|坏了?|(?:有|出|出了)?(?:点)?(?:毛病|问题|故障)了?|不好[使用]了?|又|快点?|赶紧"
    r"|申请|登记|能不能|可以|今天|明天|现在|[了的吗吧呢啊呀哦嘛]"
    r"|\b(?:hi|hello|hey|i|we|my|our|the|a|an|is|has|have|need|want|would|like|to|please|pls|can|could|you|someone|somebody"
    r"|technician|water|heater|boiler|unit|broken?|broke|repair(?:ed)?|fix(?:ed)?|problem|issue|with|it|come|send|for|get|not"
    r"|working|book|down|again|asap)\b|[\W_]"
)


def fault_in(text: str, without_values: str) -> str | None:
    """What is wrong, told in words no lexicon knows ("一开就啪一声"); None for a bare "热水器坏了，来修一下"."""
    rest = _BARE_REPAIR.sub("", plain(without_values))
    long_enough = len(rest) >= 6 if re.search(r"[\u3400-\u9fff]", rest) else len(rest) >= 10
    return kept(text) if long_enough else None


Span = tuple[int, int]

_CLAUSE = re.compile(r"[^，。！？；,.!?;\n]+")


def clauses_with(text: str, spans: list[Span], besides: list[Span]) -> str | None:
    """The clauses of `text` that hold one of the spans, without what else is told in the same breath (`besides`:
    name, phone, address, time)."""
    told = [
        _without(text, clause.start(), clause.end(), besides)
        for clause in _CLAUSE.finditer(text)
        if any(start < clause.end() and end > clause.start() for start, end in spans)
    ]
    return kept("，".join(told) if re.search(r"[\u3400-\u9fff]", text) else ", ".join(told)) or None


def _without(text: str, start: int, end: int, besides: list[Span]) -> str:
    pieces, at = [], start
    for first, last in sorted(besides):
        if at <= first < end:
            pieces.append(text[at:first])
            at = last
    return " ".join([*pieces, text[at:end]]).strip()


def kept(text: str) -> str:
    """Free text as a field keeps it: one line, at most LONGEST_ANSWER characters."""
    return " ".join(text.split())[:LONGEST_ANSWER]
