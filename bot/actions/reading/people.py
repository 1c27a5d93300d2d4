"""People: how they are called, and whether they are hurt. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.actions.reading.answers import is_no, is_none, is_unknown, is_yes
from bot.actions.reading.times import is_any_time
from bot.actions.reading.utterance import plain
from bot.text import name as names

_TITLED = re.compile(
    r"^(?:我?(?:免贵)?姓)?[\u3400-\u9fff]{1,2}(?:先生|女士|小姐|太太|师傅|老师|阿姨|大爷|大妈|叔叔|经理|医生|老板|生|小姐姐)[。.!，,]?$"
    r"|^(?:mr|mrs|ms|miss|dr)\.? [a-z' -]{2,30}$"
)
_MY_NAME_IS = re.compile(
    r"^(?:姓名|名字|称呼|我?贵?姓)?[?？]\s*|^(?:我的?)?(?:姓名|名字|称呼)?(?:是|叫做?|[免鄙敝]?贵?姓|：|:)+"
    r"|^(?:wo )?(?:xing|jiao|ming ?zi (?:jiao|shi))\s+(?=[a-z])"
    r"|^(?:my name(?:'s| is)?|i am|i'm|this is|it'?s|name:?|call me|me:)\s+",
    re.IGNORECASE,
)
_NAME = re.compile(r"^(?:[\u3400-\u9fff·]{1,4}|[A-Za-zÀ-ÿ.'\-]{1,20}(?: [A-Za-zÀ-ÿ.'\-]{1,20}){0,3})$")
_NO_NAME = re.compile(
    r"[我你您他她改没吗呢么啥要的了这那哪嘛错]|(?<![王李张刘陈杨赵吴徐孙胡朱林郭罗梁宋])想|^[呃额嗯哦噢啊哎喂诶]+$|(?:[行好中成得对是]|可以)不$|热水器|师傅们|必须|来人|马上|立[刻即]|赶[紧快]|快点|投诉|赔|上门|全天|[上下中]午|早上|晚上|随时|电话|手机|号码|地址|不对|周[末一二三四五六日]"
    r"|\b(?:he|she|they|we|you|him|them|has|have|had|was|were|been|call|ring|bit|very)\b"
    r"|\b(?:um+|uh+|er|hm+|ok|okay|fine|whatever|well|so|yes|no|not|the|this|that|these|it|is|are|was"
    r"|what|why|how|when|back|same|my|your|want|need|please|sorry|thanks|don'?t|can't|just|already|told|said|number"
    r"|phone|hp|cell|tel|whatsapp|wechat|name|and|or|but|for|with|without|about|as|here|there|now|later|wait|hello|hi|hey)\b",
    re.IGNORECASE,
)
"""What a name has none of: a filler, an answer to something else, the little words of a sentence."""
_SPELT = re.compile(r"(?<=[a-z])(?:[ ,-]+[A-Za-z]\b){2,}$")
"""The letters behind a name: "Smith S M I T H"."""
_CLAUSES = re.compile(r"[,;!?]\s*|(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)\.\s+")
_LITTLE_WORDS = frozenset({"to", "at", "on", "in", "by", "of", "from", "a", "an"})
"""What a clause may end with before a value: "change the no. to"."""
_NO = r"(?:[没冇无莫毋]|呒没?|[没莫](?:得|的)|[没冇]有)"
"""No, as it is said from Sichuan to Guangdong and Shanghai."""
_ONE = r"(?:人|谁|哪个|哪一个|啥人|啥子人|边个)"
_HARM = (
    r"受伤|伤到|伤着|烫[伤到着]|烧伤|晕|昏|抽搐|送医|医院|流血|起泡|不舒服|没知觉|发麻|还麻|疼|痛"
    r"|\bhurt\b|injur|burn(?:t|ed)|scald|faint|unconscious|hospital|bleed|dizzy|numb"
)
_HARMED, _HURT = re.compile(_HARM), re.compile(rf"{_HARM}|有人|有的|^有(?:$|[,，啊的呢])|\byes\b")
_CLAUSE = re.compile(r"[,，。.!！?？;；]")
_HURT_YES = re.compile(r"^(?:有|是|对|嗯+|系|係|yes|yeah|yep)[的呀啊呢。.!,， ]*$")
_HURT_SAID = re.compile(
    rf"送医|(?:送|去|到|在|进)(?:了|往)?医院|(?:{_NO}{_ONE}?|有人|人|我|他|她|老人|孩子|娃娃?)"
    r"[^,，。]{0,3}(?:受伤|被电|被烫|烫伤|没事|都好)"
    r"|(?:no ?(?:one|body)|someone|somebody|everyone|i|we)\b[^.,]{0,12}\b(?:hurt|injured|ok|okay|fine|safe|burned)"
)
_NOBODY_HURT = re.compile(
    rf"{_NO}{_ONE}?(?:受|被|遭|着)?(?:伤|事|烫|电)|{_NO}(?:事|有|大碍|啥)|人(?:都)?(?:没事|还好|好好的|安全)|都(?:没事|好|还好|安全)"
    rf"|{_NO}{_ONE}|不严重|^(?:没|无|no|nope|nobody|none)\b|^没$|no ?(?:one|body)|not hurt"
    r"|(?:is|are|we'?re|everyone(?:'s| is)?|all|s?he'?s|they'?re|i'?m|s?he seems) (?:now |all |doing )?"
    r"(?:ok|okay|fine|safe|alright|all right|unhurt|good now)"
)


_BADLY = re.compile(
    r"晕(?:倒|过去|了|咗|厥)|昏(?:倒|迷|过去|了)|没(?:有)?(?:反应|知觉|意识|呼吸)|叫不醒|抽搐|流血|起泡|白沫|倒在?地"
    r"|\bunconscious\b|\bfainted\b|\bpassed out\b|\bnot (?:breathing|moving|responding)\b|\bbleeding\b|\bcollapsed\b"
)


_OTHER_ANSWERS = (is_unknown, is_yes, is_no, is_none, is_any_time)


def is_titled(text: str) -> bool:
    """Whether the whole message is a name with its title: nothing else can be meant, whatever was asked."""
    return bool(_TITLED.match(plain(text)))


def is_familiar(text: str) -> bool:
    """Whether the whole message is a name as friends say it: "小谢", "老王"."""
    bare = text.strip(" 。.!！")
    return bool(re.fullmatch(r"[小老阿][\u3400-\u9fff]", bare)) and names.listed(bare) is not None


_ANNOUNCED = re.compile(
    r"姓|叫|名字|称呼|联系人|我是"
    r"|\b(?:name|called|i'?m|i am|this is|it'?s|contact|ask for|signed|mr|mrs|ms|miss|dr|me:)\b"
)


def is_announced(text: str) -> bool:
    """Whether a message says that it tells a name: "my name is …", "联系人是…"."""
    return bool(_ANNOUNCED.search(plain(text)))


_LONGEST_NAME = 4
_COURTESY = re.compile(r"谢[谢啦了咯您你]+|多谢[你您啦了]*|感谢|再见|拜拜|[你您]好|thanks?|thank you|bye|hello|hi")


def is_no_name(text: str) -> bool:
    """Whether short words that could have a name's shape are thanks, a day or a sentence: "谢啦", "我要赔偿"."""
    words = plain(text)
    if _ASKS_WHETHER.search(words):
        return True
    return bool(_COURTESY.fullmatch(words) or (len(words) <= _LONGEST_NAME and _NO_NAME.search(words)))


_CALLED = re.compile(
    r"(?:[她他]|联系人|[爸妈爷奶]|老[公婆人伴爸妈])的?(?:名字)?(?:叫做?|姓名是?|名字是)(?P<name>[\u3400-\u9fff]{2,3})(?![\u3400-\u9fff])"
    r"|(?:的?名字|姓名)(?:是|叫|应该是|[,，:：\s])+(?P<whole>[\u3400-\u9fff]{2,3})[\s。.!！]*$"
    r"|(?:联系|聯絡|联络)人(?:是|叫|[:：\s])*(?P<contact>[\u3400-\u9fff]{1,3}(?:经理|經理|主任|主管|先生|女士|小姐|师傅|老师|老師|工))(?![\u3400-\u9fff])"
    r"|姓(?P<surname>[\u3400-\u9fff])[,，、\s]+(?P<full>(?P=surname)[\u3400-\u9fff]{1,2})(?![\u3400-\u9fff])"
)
_CALLED_AS = ("name", "whole", "contact", "full")
_ASKS_WHETHER = re.compile(r"(?P<verb>[\u3400-\u9fff])(?:唔|不|没|沒)(?P=verb)")
"""A question of yes or no, which has a name's length: "得唔得"."""
_SPARE = re.compile(
    r"也(?:行|可以|成|能|得)|(?:打|联系)不(?:通|上|到)|没人接|备用|另外(?:一个)?"
    r"|\b(?:also|as well|otherwise|or else|backup)\b"
)


def called(text: str) -> str | None:
    """A name that is announced: somebody else's ("她叫李秀英"), or all of one behind its surname ("我姓马，马丽")."""
    found = _CALLED.search(text)
    name = next((told for told in map(found.group, _CALLED_AS) if told), None) if found else None
    return None if name is None or is_no_name(name) else name


def is_bare_surname(text: str) -> bool:
    """Whether the whole message is a surname: "姓王", "他姓李"."""
    return bool(re.fullmatch(r"(?:[他她那个师傅,，\s])*姓[\u3400-\u9fff][的啊吧。.!\s]*", plain(text)))


def is_about_a_technician(text: str) -> bool:
    """Whether a complaint is about somebody who came or was spoken to."""
    return bool(re.search(r"师傅|师付|客服|工人|[他她]|\b(?:technician|agent|guy|man)\b", plain(text)))


def is_spare(text: str) -> bool:
    """Whether a number is told beside the one that stands: "打我电话也行"."""
    return bool(_SPARE.search(plain(text)))


_TO_USE = re.compile(r"\b(?:use|put)\b[^.;,]{0,20}$|(?<![也可])(?<!可以)(?:用|留|写|打)(?!不)[^,，。;；]{0,6}$")
"""What stands before the number that is to be called, whosever it is."""
_SAID_OF_IT = re.compile(
    r"^[\s,，(]*(?:that'?s|which is|is|是)[\s]?(?:my |the |我)?(?P<whose>[^,，。.;；]{1,12})"
    r"|^[^。.;；\d]{0,8}(?P<bad>打不通|关机|停机|不方便|没人接|不用了|switched off|not in use|don'?t (?:call|use|ring))"
)
"""What is said behind a number: whose it is, or that it is of no use."""
_IS_MINE = re.compile(r"\bmine(?: is|'s|:)? ?$")
_MINE = re.compile(
    r"\b(?:my|call me|ring me|reach me|mobile|cell)\b[^.;]{0,24}$|我的?(?:手机|电话|号码)?[^,，。;；]{0,6}$"
)
_OTHERS = re.compile(
    r"\b(?:front desk|office|reception|landline|tenants?|landlord|landlady|neighbou?rs?|caretaker|agent"
    r"|(?:hers?|his|theirs?|husband|wife|colleague|work)(?:'s)?(?: \w+)?|backup"
    r"|or|else|alternative(?:ly)?|also|second|spare)\b[^.;]{0,16}$"
    r"|(?:前台|办公室|座机|家里|公司|老公|老婆|爱人|儿子|女儿|[爸妈]|父母|[爷奶]|租客|租户|房客|房东|中介|物业|保安|门卫|邻居|备用|或者?|另外|也可以打)[^,，。;；]{0,8}$"
)


_WHOSE = re.compile(r"(?:打|联系|拨)(?:给)?(?P<whose>[她他我])(?:的|那个|就行|就好)")
_OF_A_NUMBER = 6
"""Characters before a number in which stands whose it is: "她电话"."""


def best_number(text: str, spans: Sequence[tuple[int, int]]) -> int | None:
    """Which of several numbers in a message is to be called: the customer's own, else the one that is nobody else's;
    None where the words do not tell."""
    before = [plain(text[(spans[place - 1][1] if place else 0) : start]) for place, (start, _) in enumerate(spans)]
    if (meant := _said_last(plain(text[spans[-1][1] :]), before)) is not None:
        return meant
    behind = [plain(text[end : [*spans, (len(text), 0)][place + 1][0]]) for place, (_, end) in enumerate(spans)]
    usable = [place for place, words in enumerate(behind) if not _is_said_to_be_anothers(words)]
    to_use = [place for place in usable if _TO_USE.search(before[place])]
    named = [place for place in usable if _is_own(before[place])]
    left = [place for place in usable if not _OTHERS.search(before[place])]
    return next((meant[0] for meant in (to_use, named, left) if len(meant) == 1), None)


def _said_last(behind: str, before: Sequence[str]) -> int | None:
    """The number that is said behind them all to be the one to ring, by whose it is: "打她的就行"."""
    whose = _WHOSE.search(behind)
    of_them = [place for place, words in enumerate(before) if whose and whose["whose"] in words[-_OF_A_NUMBER:]]
    return of_them[0] if len(of_them) == 1 else None


def _is_own(before: str) -> bool:
    return bool(_IS_MINE.search(before) or (_MINE.search(before) and not _OTHERS.search(before)))


def _is_said_to_be_anothers(behind: str) -> bool:
    found = _SAID_OF_IT.search(behind)
    return found is not None and bool(found["bad"] or _OTHERS.search(found["whose"]))


def is_to_use(before: str) -> bool:
    """Whether a number is to be called whosever it is, by the words `before` it: "还是打我老公电话吧"."""
    return bool(_TO_USE.search(plain(before)))


def is_anothers(before: str) -> bool:
    """Whether a number is said to be that of somebody else, by the words `before` it: "租客小陈"."""
    return bool(_OTHERS.search(plain(before)))


def whole_name(text: str) -> str | None:
    """The answer as a name if it has a name's shape: up to four characters, or one to four Latin words; else its last
    clause that has one ("fine, whatever. Zhang")."""
    for clause in (text, *reversed(_CLAUSES.split(text))):
        if clause.strip(" ,.") in _LITTLE_WORDS:
            continue
        bare = _SPELT.sub("", _MY_NAME_IS.sub("", clause.strip()).strip(" ，,。.!！"))
        is_other = any(means(bare) for means in _OTHER_ANSWERS) or _COURTESY.fullmatch(plain(bare))
        if _NAME.match(bare) and not _NO_NAME.search(bare) and not is_other:
            return bare
    return None


def anyone_hurt(text: str) -> bool | None:
    """Is anybody hurt? None when the answer says neither."""
    words = plain(text)
    if _NOBODY_HURT.search(words) or is_no(text):
        others = [clause for clause in _CLAUSE.split(words) if not _NOBODY_HURT.search(clause)]
        return any(_HARMED.search(clause) for clause in others)  # "没人接电话，我爸晕倒了"
    if _HURT.search(words) or _HURT_YES.match(words):
        return True
    return None


def says_who_is_hurt(text: str) -> bool:
    """Whether the message tells how the people are without being asked: "没有人受伤", "nobody is hurt"."""
    return bool(_HURT_SAID.search(plain(text)))


_IN_HOSPITAL = re.compile(
    r"(?:送|到|在|去|进)(?:了|到|去)?(?:医院|急诊|卫生院|诊所)|\b(?:in|at|to) (?:the )?(?:hospital|er|a&e)\b"
)
_NOT_THERE = re.compile(r"[要用]不[要用]|[吗么?？]|该不该|\bshould\b")


def is_in_hospital(text: str) -> bool:
    """Whether who was hurt is with a doctor by now: "已经送医院了"."""
    words = plain(text)
    return bool(_IN_HOSPITAL.search(words)) and not _NOT_THERE.search(words)


_NOBODY = re.compile(rf"(?:{_NO}{_ONE}|nobody|no ?(?:one|body))(?: ?(?:受伤|伤|有事|is|was|hurt))*[。.!！,，\s]*")


def is_nobody(text: str) -> bool:
    """Whether the whole message is "nobody": nobody is hurt, whatever was asked after a danger."""
    return bool(_NOBODY.fullmatch(plain(text)))


def is_badly_hurt(text: str) -> bool:
    """Whether somebody plainly needs a doctor: nobody asks then whether anyone is hurt."""
    words = plain(text)
    return bool(_BADLY.search(words)) and not _NOBODY_HURT.search(words)
