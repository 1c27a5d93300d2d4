"""Questions by their words: whether something is asked, when we come, what an answer is good for. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.utterance import plain

_QUESTION = re.compile(
    r"[?？吗么呢谁]|多[少久]|怎么|咋|几[天年点时个]|什么|啥|哪|能不能|可不可以|要不要|是不是|有没有|会不会|行不行|点解"
    r"|几多|边[度个]|乜嘢|(?:[行能退换收保要有在算对好付用开来给]|可以)不[?？。 ]*$"
    r"|请问|问[一下]"
    r"|\b(?:how|what|which|when|where|who|why|is|are|do|does|can|could|will|would|should|any)\b"
)
_HOW_SOON = re.compile(
    r"(?:多久|多长时间|几[天时]|什么时候|啥时候|几时|哪天|几点|今天|明天)[^,，。]{0,8}(?:来|到|上门|修|装|派人|[弄办]好|解决|答复|回复|回电|处理|有结果|有消息)"
    r"|(?:how (?:soon|long|quickly)|when|what time)\b[^.?]{0,24}\b(?:come|here|visit|arrive|some\w+|technician)"
)
_PART = re.compile(r"配件|零件|\b(?:spare )?parts?\b")
"""What is waited for when no visit is asked about."""

_ASKS_WHAT_FOR = re.compile(
    r"什么是|是什么|(?:什么|啥|咩)意思|什么事|啥事|是啥|啥是|啥子|干(?:什么|嘛|啥)|为(?:什么|啥|何)|做什么|有什么用|怎么看|哪里看|在哪|听不懂|不懂|不明白|点解|咩|边度"
    r"|\bwhy\b|what(?:'s| is| do(?:es)? (?:you|that|it|this) mean)|what for|where (?:is|do|can)|don'?t understand"
)

_ASKS_WHY_ASKED = re.compile(
    r"(?:为(?:什么|啥|何)|干(?:嘛|啥|什么)|点解)[^,，。]{0,4}(?:问|知道|晓得|填)"
    r"|(?:为(?:什么|啥|何)|干(?:嘛|啥)|点解)(?:还|非)?要(?:我的?|这个|那个)?(?:型号|电话|手机|号码|名字|姓名|地址|时间|日期|单号|验证码)"
    r"|(?:问|要)[^,，。]{1,6}(?:干|做)(?:什么|嘛|啥)|(?:问|要)[^,，。]{1,6}有什么用"
    r"|^.{0,8}(?:什么|啥|咩)事情?[啊呀呢吗?？。\s]*$|\bwhat (?:is|was|'?s) (?:it|this|that|the call) about\b"
    r"|\bwhy\b[^.?]{0,16}\b(?:ask|need|want)|\bwhat\b[^.?]{0,8}\b(?:need|want|ask)\b[^.?]{0,20}\bfor\b"
)

_WILL_NOT_TELL = re.compile(
    r"(?:不想|不愿意?|不方便|不太想|不便)(?:给|说|告诉|透露|留|提供|讲)|保密|凭(?:什么|啥)(?:给|告诉)"
    r"|\b(?:rather|prefer) not\b|\b(?:don'?t|do not|won'?t|not going to) (?:want to |wish to |wanna )?"
    r"(?:give|tell|share|disclose)\b|\bnot comfortable\b|none of your business|\bprivate\b"
)

_ASKS_TO_USE = re.compile(
    r"(?:还|现在|今晚|可以|能不能|可不可以|可唔可以|敢不敢|要不要).{0,6}(?:能|可以|敢)?.{0,3}(?:用|洗澡?|冲凉|开|通电|插)"
    r"(?:不|吗|么|呢|呀|啊|嘛|没|伐|咩)?[?？。!！ ]*$"
    r"|\b(?:can|could|may|should) (?:i|we) (?:still )?(?:use|switch|turn|take a shower|shower|bath)"
    r"|\b(?:is it )?safe to (?:use|shower|bath|switch|turn)|\bstill (?:use|usable)\b"
)

_ASKS_WHAT_TO_DO = re.compile(
    r"(?:怎么|咋|点|怎样|如何)(?:办|算|整|做|好|救|弄)|该做(?:什么|啥)"
    r"|\bwhat (?:should|shall|do|can) (?:i|we) do\b|\bwhat now\b"
)


_ASKS_LEAVE = re.compile(
    r"(?:来|上门|装|修|拆|过来)[^,，。]{0,4}(?:行不行|可不可以|好不好|(?:行|可以|方便|成|得)(?:吗|么|不|伐|唔))"
    r"|(?:能|可以|能不能|可不可以)[^,，。]{0,8}(?:来|上门|派人)[^,，。]{0,6}(?:吗|么|不)?[?？]?$"
    r"|(?:能|可以|可不可以|能不能)(?:过来|来|上门)?(?:安?装|修|拆|移|看|弄)(?:一下|下)?(?:吗|么|不|嘛)(?:[?？,，。 ]|$)"
    r"|\b(?:can|could|would) (?:you|someone|somebody|they|he|the technician)(?: please)? (?:come|send|be here|visit)\b"
)


def asks_leave(text: str) -> bool:
    """Whether a question is a wish politely put: "下周四来装行吗", "could you come on Thursday?"."""
    return bool(_ASKS_LEAVE.search(plain(text)))


_ASKS_TO_TRY = re.compile(
    r"自己(?:能|可以|可不可以|能不能)?.{0,3}(?:弄|修|搞|解决|处理|试)|(?:能|可以)(?:先)?自己(?:弄|修|搞|解决|处理|试)|先试试?什么"
    r"|\b(?:anything|something|what) (?:i|we) (?:can|could|should) (?:try|do|check)\b"
    r"|\b(?:can|could) i (?:fix|try|check)\b"
)


_ECHO = re.compile(
    r"^(?:什么|啥子?|哪个|乜)?(?:型号|机型|地址|住址|门牌|电话|手机号?|号码|姓名|名字|时间|日期|单号|工单号?|验证码|墙|插座)"
    r"(?:是)?(?:什么|啥|呢|啊|吗|嘛)?[?？]"
)


def only_echoes(text: str) -> bool:
    """Whether all that is asked in a message is our own question said back: "型号？我看不到啊"."""
    words = plain(text)
    echo = _ECHO.match(words)
    return echo is not None and not _QUESTION.search(words[echo.end() :])


def is_question(text: str) -> bool:
    """Whether something is asked in the message."""
    return bool(_QUESTION.search(_NEEDFUL.sub("", plain(text))))


_NEEDFUL = re.compile(r"\bdo the needful\b|\b(?:kindly|please) do\b")
"""A courtesy of Indian English that asks for help and asks nothing."""


_OUTRIGHT = re.compile(
    r"^(?:and|so|but|ok(?:ay)?|also|by the way|then|[ ,.])*"
    r"(?:how|what|which|when|where|who|is|are|do|does|can|could|will|would|should)\b(?=(?: [\w'-]+){3})"
    r"|^(?:and|so|but|[ ,])*(?:what if|if|suppos\w+|what about|how about)\b.{8,}\?"
    r"|^(?=(?:.*[\u3400-\u9fff]){6}).*(?:[?？]|[吗么呢][。.!？?]*$)"
)


def asks_outright(text: str) -> bool:
    """Whether a message is a whole question: "can he look at all eight in one visit?"."""
    return bool(_OUTRIGHT.search(_NEEDFUL.sub("", plain(text))))


def asks_how_soon(text: str) -> bool:
    """Whether somebody asks when we come: "多久能来"."""
    words = plain(text)
    return bool(_HOW_SOON.search(words)) and not _PART.search(words) and is_question(text)


_HAS_WAITED = re.compile(
    r"还(?:没|不|冇)(?:有)?[来到修装人见]?|仲未|几天了|(?:好|这么|那么|等了?)(?:几天|久|半天|多天)|[两三四五六七八九十\d]天了|等[了咗]"
    r"|\b(?:still|yet|been waiting|waited|days? (?:now|already))\b"
)


def has_waited(text: str) -> bool:
    """Whether somebody who asks when we come has waited by now: a promise told again would not help."""
    return bool(_HAS_WAITED.search(plain(text)))


_ASKS_FOR_A_RETURN = re.compile(
    r"(?:能|可以|可不可以|能不能|给不给|凭(?:什么|啥)(?:不)?(?:能|给|让)?|多久(?:内|之内)?|几天(?:内|之内)?|为(?:什么|啥)(?:不)?(?:能|给)?)"
    r"[^,，。]{0,4}(?:退|换(?:货|新|机|一台))|退(?:货|款)?(?:得了|不了)?(?:吗|么|不)[?？。]*$"
    r"|\b(?:can|could|may|why (?:can'?t|not)) .{0,16}\b(?:return|refund|exchange|money back)"
)


def asks_for_a_return(text: str) -> bool:
    """Whether somebody asks if, or how long, a heater can be given back: "能退吗", "凭什么不能退"."""
    return bool(_ASKS_FOR_A_RETURN.search(plain(text)))


_WILL_IT_DO = re.compile(
    r"(?:写|填|给|用|留|报|说|是)?(?:[我他她]的?)?"
    r"(?:公司|单位|店里?|学校|老家|家里|宿舍|酒店|座机|固话|固定电话|微信|别名|英文名|小名|网名"
    r"|老[婆公]|爸妈?|妈|同事|邻居|物业|前台|朋友)的?(?:地址|电话|号码?|名字|手机)?"
    r"也?(?:行|可以|成|得|能用)(?:吗|么|不|嘛|唔得)[?？。 ]*"
    r"|(?:is|will|would|can i (?:give|use)) (?:my |the |an? )?"
    r"(?:office|work|company|shop|landline|wife'?s|husband'?s|nick ?name|friend'?s)(?: address| phone| number)?"
    r"(?: ok(?:ay)?| do| fine| alright)?[?. ]*"
)


def asks_if_it_will_do(text: str) -> bool:
    """Whether all that is asked is if an answer of some kind will do: "公司地址行吗"."""
    return bool(_WILL_IT_DO.fullmatch(plain(text)))


def asks_what_for(text: str) -> bool:
    """Whether the customer does not understand the question itself, or why it is asked."""
    return bool(_ASKS_WHAT_FOR.search(plain(text)))


def will_not_tell(text: str) -> bool:
    """Whether the customer would rather keep what is asked to themselves."""
    return bool(_WILL_NOT_TELL.search(plain(text)))


def asks_why_asked(text: str) -> bool:
    """Whether it is plainly our own question that is asked about: "为什么要问型号", "why do you need that"."""
    return bool(_ASKS_WHY_ASKED.search(plain(text)))


_BOOKS = re.compile(
    r"^(?:好|行|那|就|可以|麻烦|给我|帮我|我想|我要|我|[,，\s])*(?:怎么|咋个?|如何|点样?)?"
    r"(?:预约|约|安排)(?:一?下|个|一个|吧|呢|啊|时间|[?？。.! ])*$"
    r"|^(?:ok(?:ay)?|yes|so|then|and|please|[ ,.!])*(?:how (?:do|can) i |can you |could you |i'?d like to |let'?s )?"
    r"(?:book|arrange|schedule)(?: it| that| one| a (?:call|visit|cleaning))?(?: please| then)?[.!? ]*$"
)


def books(text: str) -> bool:
    """Whether what an answer has offered is now to be arranged: "咋约", "ok, book it"."""
    return bool(_BOOKS.search(plain(text)))


_ORDERS = re.compile(
    r"^(?:ok(?:ay)?|yes|fine|good|then|please|i'?d like to|i'?ll|i want to|let'?s|[ ,.!])*"
    r"(?:order|buy|take|get|have) (?:it|one|that|two|some)\b(?: please| then)?[.!? ]*$"
    r"|^(?:好|行|那|就|给我|帮我|我|[,，\s])*(?:订|买|要|来|下单)(?:一|1)?(?:个|根|套|只|支)?(?:吧|了|啊)?[。.! ]*$"
)


def orders(text: str) -> bool:
    """Whether what was asked about is now ordered: "ok, order it", "那就订一个吧"."""
    return bool(_ORDERS.search(plain(text)))


_REFERS_BACK = re.compile(
    r"^(?:那|那么)|[换买配](?:一|1)?[根个支条只套](?!.{0,6}(?:新的|热水器))|这个|那个|它"
    r"|\b(?:it|one[?.! ]*$|that one|one of (?:those|them)|that part)\b"
)


def refers_back(text: str) -> bool:
    """Whether a question goes on with the one before: "那换一根多少钱"."""
    return bool(_REFERS_BACK.search(plain(text)))


_ONLY_A_PART = re.compile(
    r"(?:(?:ok(?:ay)?|and|so|but|then|what|how) (?:about )?)+(?:the |its |that )?(?:[\w'-]+ ){0,2}[\w'-]+[ ?.!]*"
    r"|(?:那|那么|还有|[,， ])*[^,，。?？]{1,6}呢?[?？。 ]*"
)


def only_names_a_part(text: str) -> bool:
    """Whether a question goes on with the one before by naming another part: "and the heating element?", "那镁棒呢"."""
    return bool(_ONLY_A_PART.fullmatch(plain(text)))


_SUPPOSES = re.compile(r"^(?:那|那么|[,，\s])*(?:如果|要是|假如)|^(?:and|so|but|[ ,])*(?:what )?if\b")


def supposes(text: str) -> bool:
    """Whether a question puts another case of the same matter: "what if I had installed it already?"."""
    return bool(_SUPPOSES.search(plain(text)))


def asks_to_use(text: str) -> bool:
    """Whether somebody asks if the heater may be used: "那还能用吗", "is it safe to shower"."""
    return bool(_ASKS_TO_USE.search(plain(text)))


def asks_to_try(text: str) -> bool:
    """Whether somebody with a fault asks what they can do about it themselves: first aid answers that."""
    return bool(_ASKS_TO_TRY.search(plain(text)))


def asks_what_to_do(text: str) -> bool:
    """Whether somebody asks what to do now: "点算啊", "what should I do"."""
    return bool(_ASKS_WHAT_TO_DO.search(plain(text)))


_SUBJECTS = {
    "fee": re.compile(r"钱|费用?|价格?|收费|\b(?:money|costs?|prices?|fees?|charges?|pay\w*)\b"),
    "warranty": re.compile(r"保修|质保|保固|保几年|\b(?:warranty|guarantee)\b"),
    "hours": re.compile(r"上班|营业|几点开|\b(?:hours|opening times?)\b"),
    "parts": re.compile(r"配件|零件|\b(?:spares?|parts?)\b"),
}


def subject_of(text: str) -> str | None:
    """The kind of question that a message names: "钱的事再说一遍" is about the `fee`."""
    words = plain(text)
    return next((kind for kind, pattern in _SUBJECTS.items() if pattern.search(words)), None)
