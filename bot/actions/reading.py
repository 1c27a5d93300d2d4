"""What a short answer means where the form's question gives it its meaning. Pure: words in, values out."""

from __future__ import annotations

import re

from bot.text.normal import normal

LONGEST_ANSWER = 200
"""Characters of free text that a field keeps; the conversation itself keeps every word."""

_UNKNOWN = re.compile(
    r"不知道|不晓得|不清楚|唔知|不记得|记不(?:清|得|住)|忘了|忘记|不确定|说不准|看不(?:到|清)|找不到|没留意|不太清"
    r"|(?:don'?t|do not|not|can'?t|cannot) (?:know|remember|recall|sure|see|find|read|make out|tell)"
    r"|\bno (?:idea|clue)|\bunknown|\bforgot|\bdunno|\bidk\b"
)
_NONE = re.compile(
    r"^(?:没有?|无|暂无|没|还没有?|no|none|nope|n/?a|don'?t have(?: one)?|no ticket)[了的。.!,，呢啊吧]*$"
)
_ANY_TIME = re.compile(
    r"尽快|尽早|随时|越快越好|马上|都行|都可以|都方便|都得|都中|无所谓|你们(?:定|安排|看着)"
    r"|\basap\b|as soon as|any ?time|whenever|soonest|up to you"
)
_ANY_TIME_SAID = re.compile(
    r"(?:随时|全天|(?:哪|几|边)(?:一)?[天日]|(?:几|啥|什么|乜)(?:点|时候|时)|几时|何时)[^,，。]{0,4}"
    r"(?:都|也)(?:行|可以|方便|得|中|在|有空|好|成|没问题|ok)"
    r"|\b(?:any ?time|any day|whenever|all day)\b[^.,]{0,12}\b(?:is |works?|fine|ok|good|home|free|suits?)"
)
_RETRY = re.compile(r"重试|再试|再来一次|再提交|\bretry\b|try again|\bagain\b")
_YES = re.compile(
    r"^(?:(?:嗯|恩|对头?|是|好|行|可以|确认|没错|没问题|没毛病|正确|确定|提交|都对|都有|有|对的|是的|好的|可以的"
    r"|系|係|啱|得|要得|中|成|妥|冇(?:错|問題|问题)|没得问题|就这样|就是这样|就这么办"
    r"|yes|yep|yup|yeah|y|ok|okay|sure|fine|great|perfect|of course|confirm(?:ed)?|correct|right|all correct"
    r"|that'?s (?:right|correct|it|fine|all good)|it is|looks (?:good|right|correct)|go ahead|please do|both)"
    r"(?:[的滴了咯嘞嘅呀啊吧哦呢嘛哈。.!,，~ ]|谢谢你?|谢了|多谢|麻烦了|辛苦了|唔该|thanks|thank you|thx)*)+$"
)
_NO = re.compile(
    r"^(?:(?:不|不是|不对|不用|不要|没有?|还没有?|否|错了?|唔(?:係|系|使|要|啱)|冇|莫得|没得|不得"
    r"|no|nope|nah|not yet|n|wrong|not correct)"
    r"(?:[了的呀啊吧哦呢啦。.!,， ]|到|送到|谢谢|取消|keep it)*)+$"
)
_PARTICLES = re.compile(
    r"(?:(?:嗯|恩|哦|噢|喔|啊|唔|呃|诶|哎|好|行|是|对|知道|晓得|明白|收到|听到|了解|可以|ok|okay|k|yes|yeah|right|sure|uh|um|er|hm|m|oh|ah"
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
    r"^(?:那|哦|唉|哎|就|我|先|呢|吧|[,，])*(?:算了|不(?:修|装|弄|报|投诉|登记|退|换|移|约|打)(?:了|啦)|(?:先)?不(?:用|要|必)(?:了|修|装|登记)"
    r"|取消(?:报修|安装|投诉|登记|预约|吧|了|掉)*"
    r"|never ?mind|forget (?:it|about it)|cancel(?: (?:it|that|this|everything|my request))?|stop this)"
    r"(?:吧|了|啦|，|,|。|\.|!|！| |我|先|就|也|不(?:修|装|弄|报|投诉|登记|退|换|移)了|谢谢|thanks|please)*$"
)
_MY_NAME_IS = re.compile(
    r"^(?:我的?)?(?:姓名|名字|称呼)?(?:是|叫做?|免?贵?姓|：|:)+"
    r"|^(?:my name(?:'s| is)?|i am|i'm|this is|it'?s|name:?|call me)\s+",
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
_HURT_YES = re.compile(r"^(?:有|是|对|嗯+|系|係|yes|yeah|yep)[的呀啊呢。.!,， ]*$")
_HURT_SAID = re.compile(
    r"(?:没有?人?|无人|有人|人|我|他|她|老人|孩子|娃娃?)[^,，。]{0,3}(?:受伤|被电|被烫|烫伤|没事|都好)"
    r"|(?:no ?(?:one|body)|someone|somebody|everyone|i|we)\b[^.,]{0,12}\b(?:hurt|injured|ok|okay|fine|safe|burned)"
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
    """ "等一下，我去看看型号": the customer is looking for the answer. So is who sends dots only."""
    words = plain(text)
    if says_nothing(text) and not re.search(r"[?？]", text):
        return True
    return len(words) <= 30 and bool(_WAIT.search(words)) and not re.search(r"\d{3}|太久|半天|多久|几天", words)


def goes_on(text: str) -> bool:
    """A wish to go on with what was left half way."""
    return bool(_GO_ON.match(plain(text)))


def anyone_hurt(text: str) -> bool | None:
    """Is anybody hurt? None when the answer says neither."""
    words = plain(text)
    if _NOBODY_HURT.search(words) or is_no(text):
        return False
    if _HURT.search(words) or _HURT_YES.match(words):
        return True
    return None


def says_who_is_hurt(text: str) -> bool:
    """Whether the message tells how the people are without being asked: "没有人受伤", "nobody is hurt"."""
    return bool(_HURT_SAID.search(plain(text)))


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


_HAS_NONE = re.compile(
    r"^(?:i )?(?:don'?t|do not|didn'?t) (?:have|get|know|remember)(?: (?:it|one|that|any))?(?: (?:now|yet))?[.! ]*$"
    r"|^(?:not (?:with me|sure)|lost it)[.! ]*$|^(?:找|记|查)不(?:到|住|得|着)了?[。.!]*$"
)


def has_none(text: str) -> bool:
    """The answer to "do you have one?" that there is none at hand."""
    return bool(_HAS_NONE.match(plain(text)))


_LANDMARK = re.compile(
    r"^[\s,，、]*(?P<words>[^,，。.!！?？;；]{2,20}?(?:后[头面边]|背后|旁边?|对面|附近|隔壁|门口|路口|楼[上下里]|[上下里]边|[楼栋幢号室组院店厂铺])"
    r"|(?:next to|behind|opposite|near|above|across from|by|floor|room|unit|apt)\b[^,.!?;]{2,40})[\s,，。.!！]*$"
)


def landmark(text: str) -> str | None:
    """What stands behind an address to find the house by, as it was said; None when it is something else."""
    found = _LANDMARK.match(text)
    return found["words"] if found else None


_NAMES_A_MODEL = re.compile(
    r"[a-z0-9]|[一二三四五六七八九十百]+升|升|型|款|系列|牌|威雅|雅丽诗|储水|即热|速热|小厨宝|双胆|超薄|扁桶|圆桶|[大小]的"
)


def may_name_a_model(text: str) -> bool:
    """Whether words can be those on a label: letters, figures, litres, a series, a brand."""
    words = plain(text)
    return len(words) <= 40 and bool(_NAMES_A_MODEL.search(words))


_NO_MODEL = re.compile(
    r"(?:不知道|不晓得|不清楚|没有|看不[到清]|找不到|忘了?|记不[得清住]|唔知|没注意|搞不清).{0,4}(?:型号|什么牌子)"
    r"|型号.{0,4}(?:不知道|不晓得|不清楚|看不[到清]|找不到|忘|记不|唔知|没注意|模糊)"
    r"|(?:don'?t know|no idea|can'?t (?:find|see|read)|forgot).{0,12}model|model.{0,12}(?:unknown|don'?t know|no idea)"
)
_QUESTION = re.compile(
    r"[?？吗么呢]|多[少久]|怎么|咋|几[天年点时个]|什么|啥|哪|能不能|可不可以|要不要|是不是|有没有|会不会|行不行|点解"
    r"|几多"
    r"|请问|问[一下]"
    r"|\b(?:how|what|which|when|where|who|why|is|are|do|does|can|could|will|would|should|any)\b"
)


def has_no_model(text: str) -> bool:
    """Whether a customer says that the model cannot be told."""
    return bool(_NO_MODEL.search(plain(text)))


def is_question(text: str) -> bool:
    """Whether something is asked in the message."""
    return bool(_QUESTION.search(plain(text)))


def is_any_time(text: str) -> bool:
    words = plain(text)
    return bool(_ANY_TIME.search(words) or _ANY_TIME_SAID.search(words))


def says_any_time(text: str) -> bool:
    """Whether the message tells, unasked, that any time will do: "哪天都可以"."""
    return bool(_ANY_TIME_SAID.search(plain(text)))


_PERSON = re.compile(
    r"(?:转|要|叫|找|换|来|接)(?:一?个)?(?:人工|真人|活人|客服)|人工客服|^人工[吧呢啊。.!]*$"
    r"|(?:talk|speak|connect me) (?:to|with) (?:a |an )?(?:real |live )?(?:human|person|agent|someone|somebody)"
    r"|\b(?:real|live) (?:person|human|agent)\b|^(?:human|agent|operator)[.! ]*$"
)
_NOT_A_PERSON = re.compile(r"(?:不|别|没|无)(?:用|要|必|想|能|法)?(?:再)?(?:转|叫|找)|don'?t")


def wants_person(text: str) -> bool:
    """Whether the message asks for a person in so many words."""
    words = plain(text)
    return bool(_PERSON.search(words)) and not _NOT_A_PERSON.search(words)


_WALL = re.compile(
    r"墙|插座|地线|接地|空开|空气开关|平方(?:的)?(?:铜)?线|铜线|水压|实心砖|空心砖|\bwall\b|\bsocket\b|earth(?:ed|ing)|brick|concrete"
)


def clauses_about_the_wall(text: str) -> str:
    """What of a message is about the wall, without what else is told in it."""
    return kept("，".join(clause for clause in re.split(r"[,，。.;；\n]+", text) if _WALL.search(plain(clause))))


def about_the_wall(text: str) -> bool:
    """Whether the message tells what the heater will hang on and be plugged into."""
    return bool(_WALL.search(plain(text)))


_TITLED = re.compile(
    r"^(?:我?(?:免贵)?姓)?[\u3400-\u9fff]{1,2}(?:先生|女士|小姐|太太|师傅|老师|阿姨|大爷|大妈|叔叔|经理|医生|老板|生|小姐姐)[。.!，,]?$"
    r"|^(?:mr|mrs|ms|miss|dr)\.? [a-z' -]{2,30}$"
)


def is_titled(text: str) -> bool:
    """Whether the whole message is a name with its title: nothing else can be meant, whatever was asked."""
    return bool(_TITLED.match(plain(text)))


_HOW_SOON = re.compile(
    r"(?:多久|多长时间|几[天时]|什么时候|啥时候|几时|哪天|几点|今天|明天)[^,，。]{0,8}(?:来|到|上门|修|装|派人|弄好)"
    r"|(?:how (?:soon|long|quickly)|when|what time)\b[^.?]{0,24}\b(?:come|here|visit|arrive|some\w+|technician)"
)


def asks_how_soon(text: str) -> bool:
    """Whether somebody asks when we come: "多久能来"."""
    return bool(_HOW_SOON.search(plain(text))) and is_question(text)


_LONG_AGO = re.compile(
    r"(?:好多|好几|很多|许多|多少|几|老)年[了头前]|很久|好久|老早|早就|有年头|年头(?:长|久|多)|用了?很?久|老机器"
    r"|(?:many|several|quite a few) years|years ago|long (?:time )?ago|ages ago|very old"
)


def says_long_ago(text: str) -> bool:
    """Whether a date is answered with "many years ago": nobody knows it better."""
    return bool(_LONG_AGO.search(plain(text)))


_ASKS_WHAT_FOR = re.compile(
    r"什么是|是什么|是啥|啥是|啥子|干(?:什么|嘛|啥)|为(?:什么|啥|何)|做什么|有什么用|怎么看|哪里看|在哪|听不懂|不懂|不明白|点解|咩"
    r"|\bwhy\b|what(?:'s| is| do you mean)|what for|where (?:is|do|can)|don'?t understand"
)


def asks_what_for(text: str) -> bool:
    """Whether the customer does not understand the question itself, or why it is asked."""
    return bool(_ASKS_WHAT_FOR.search(plain(text)))


_BEGINS = re.compile(
    r"^(?:喂|哎|诶|唉|那个|就是|是这样的?|这样子?的?|我(?:跟|给|同|和)[你您](?:讲|说)|[你您]?听我[讲说]|[你您]听着|我想(?:说|讲|问)一?下?"
    r"|怎么说呢|咋说呢|讲真|我来说|well|so|listen|you know|look|the thing is|here'?s the thing"
    r"|i (?:will|want to|need to) tell you|let me (?:tell you|explain))"
    r"(?:喂|哎|诶|唉|嗯|那个|就是|这样|我(?:跟|给)[你您](?:讲|说)|[啊呀哦嘛呢吧的了]|[\W_])*$"
)


def only_begins(text: str) -> bool:
    """Whether a message only announces that something will be told: "我跟你讲啊"."""
    return bool(_BEGINS.match(plain(text)))


def says_nothing(text: str) -> bool:
    """A message without a word in it: "...", an emoji."""
    return not re.search(r"[^\W_]", text)


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
    other_answers = (is_unknown, is_yes, is_no, is_none, is_any_time)
    if not _NAME.match(bare) or any(means(bare) for means in other_answers):
        return None
    return bare


_LABELS = re.compile(
    r"电话|手机号?|号码|地址|住址|住在|家在|联系|姓名|我姓|我叫|名字|先生|女士|小姐|购买|[我是在的叫姓住买呢啊哦吧了]"
    r"|京东|淘宝|天猫|拼多多|抖音|苏宁|国美|商场|专卖店|实体店|店里|网上"
    r"|\b(?:my|name|is|i|am|i'm|live|at|in|on|from|the|phone|mobile|number|address|call|me|and|it'?s|bought|jd|taobao)\b"
    r"|[\W_]"
)


def says_something(text: str, at_least: int = 2) -> bool:
    """Whether so many characters of the text are left beside labels ("我电话是", "my address is") and punctuation."""
    return len(_LABELS.sub("", plain(text))) >= at_least


def mentions_number(text: str) -> bool:
    """Whether the text could be meant as a phone number: three digits or more."""
    return len(re.findall(r"\d", plain(text))) >= 3


def field_named(text: str, fields: tuple[str, ...]) -> str | None:
    """Which of the form's fields the customer names ("电话错了"), or None."""
    words = plain(text)
    return next((field for field in fields if field in _FIELD_WORDS and _FIELD_WORDS[field].search(words)), None)


def kept(text: str) -> str:
    """Free text as a field keeps it: one line, at most LONGEST_ANSWER characters."""
    return " ".join(text.split())[:LONGEST_ANSWER]
