"""What customers say while they show whose ticket it is: no number, a code, no text yet, which of several. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.actions.reading.utterance import plain
from bot.text.numerals import DIGITS

OwnTicket = dict[str, Any]
"""A ticket as the backend lists it: `ticket_no`, `type`, `phone`, `words` in both languages."""

CODE_DIGITS = 6

_GONE = (
    r"没|冇|莫得|木有|不记得|唔记得|忘|记不|丢|删|掉了|找不|搵唔到|不知|哪知道|唔知|不晓得|哪晓得|晓不得|不清楚|弄不见|不见了|无"
    r"|\bmei ?you\b|\bwang ?le\b|\bbu ?zhi ?dao\b|\bzhao ?bu ?dao\b"
)
_NUMBER = r"(?:工单号?|单号|工单编号|编号|单子号|(?<!手机)(?<!电话)号码|ticket|reference|number|dan ?hao)"
_NO_NUMBER = re.compile(
    rf"(?:{_GONE})[^,，。.!?！？]{{0,8}}{_NUMBER}|{_NUMBER}[^,，。.!?！？]{{0,6}}(?:{_GONE})"
    r"|(?:什么|啥|咩|哪来的|哪有|哪里有?)(?:工单|单号|编号)|(?:工?单号|编号)(?:是|在)(?:啥|什么|咩|哪)"
    r"|(?:don'?t|do not|didn'?t|never|can'?t|cannot|no|lost|deleted|forgot|without)\b[^.!?]{0,25}"
    r"\b(?:ticket|reference|number)\b"
    r"|what(?:'s| is)? (?:a |the |my )?(?:ticket|reference)"
)
_NOTHING = re.compile(
    rf"{_GONE}|\bno\b|\bnope\b|\bnone\b|don'?t|do not|didn'?t|never|can'?t|cannot|lost|deleted|forgot|not sure|no idea"
    r"|\bidk\b|\bdunno\b"
)
_NOT_RECEIVED = re.compile(
    r"(?:没有?|冇|莫得|未|木有)(?:有)?[^,，。]{0,4}(?:收到|收着|到|来|看到|看见|见到|短信|信息|验证码|动静|响)"
    r"|[收接]不[到着]|收唔到|重(?:新)?发|再发|补发|重试|再来一?[次条]|没发|没反应|^(?:还|还是|都|一直|就是)?(?:没有?|冇|莫得)[呢啊呀哦嘛了。,，]*$"
    r"|(?:didn'?t|did not|haven'?t|have not|hasn'?t|has not|never|not)\b[^.]{0,12}"
    r"\b(?:get|got|gotten|receiv\w*|arriv\w*|come|came)"
    r"|no (?:code|text|sms|message)|resend|re-send|send (?:it |the code |me )?(?:once more|again|another)"
    r"|try again|\bretry\b"
    r"|nothing (?:came|yet|arrived|here)|^(?:no|not yet|nothing)[.! ]*$|mei ?shou ?dao"
)
_CANNOT_RECEIVE = re.compile(
    r"手机(?:在|放在|落在)[^,，。]{0,2}(?:[他她]|[爸妈爷奶]|家|老)|(?:没|不)(?:和|跟|同)[他她][^,，。]{0,3}(?:一起|在一块)"
    r"|不是我的?(?:手机|号码?|电话)"
    r"|(?:it'?s |that'?s )?not my (?:phone|number|mobile)"
    r"|(?:phone|mobile) is (?:with|at) (?:him|her|them|my|his|the)\b"
    r"|手机(?:已经|早就|也)?(?:丢|坏|不在|没带|停机|欠费|没电)|换了?(?:手机)?号|号码?(?:早就?|已经|都)?(?:不用|停|注销|换|没用)"
    r"|(?:[他她它]|老人|[爸妈爷奶]|老[头太伴])[^,，。]{0,5}(?:不会(?:看|用|弄)|看不懂|不识字)"
    r"|(?:不方便|没法|没办法|不能|不想)收?[^,，。]{0,3}(?:验证码|短信)|收不了"
    r"|停机|(?:不会|看不[了到懂见])[^,，。]{0,3}短信|不识字|不认字|不认得字"
    r"|(?:changed|new|old) (?:my )?(?:phone|number)|lost (?:my|the) phone|phone is (?:lost|broken|dead)"
    r"|no longer (?:use|have)"
    r"|can'?t (?:read|open|see) (?:text|sms|message)"
)
_WITH_ANOTHER = re.compile(
    r"不在[^,，。]{0,4}(?:身边|旁边|跟前)|拿不到[^,，。]{0,3}(?:码|短信|手机)|直接告诉我|身份证|户口本"
    r"|\bjust tell me\b"
    r"|\b(?:she|he)(?:'s| is)?(?:n't| not) (?:here|home|in|around|with me)\b|\b(?:passport|id (?:card|number))\b"
    r"|(?:验证码|短信|码)[^,，。]{0,4}(?:发|到|去|在|收)[^,，。]{0,4}(?:[他她]|[爸妈爷奶]|老[人公婆头太]|家里人)"
    r"|(?:[他她]|[爸妈爷奶]|老[人公婆])[^,，。]{0,3}(?:手机|那里|那边|那儿)[^,，。]{0,6}(?:收到|我看不|我怎么看)"
    r"|我(?:这边|这里|又)?(?:看不[到见了]|怎么看)[^,，。]{0,6}(?:手机|短信|验证码|[他她])|(?:问|叫|让|打电话给)[^,，。]{0,2}(?:[他她]|[爸妈爷奶])"
    r"|\b(?:code|text|sms|message)s? (?:is |was |has )?(?:went|goes|gone|going|came|comes|sent)(?: \w+)?"
    r" to (?:her|him|my|his|their)\b"
    r"|\bi (?:can'?t|cannot|don'?t) (?:see|have|read) (?:her|his|their) (?:phone|texts?|messages?)"
    r"|\b(?:on|in) (?:her|his|my (?:mum|mom|mother|dad|father)'?s) phone\b"
    r"|\b(?:she|he)(?:'s| is) (?:not (?:here|with me)|far|away|in another|back home)"
)
_NO_MOBILE = re.compile(
    r"没有?(?:留|用|得)?(?:过)?手机(?!号)|冇手机|没(?:得)?手机(?!号)|只有座机"
    r"|(?:no|don'?t have a) (?:mobile|cell)|only a landline"
)
_LOOKING = re.compile(
    r"^(?:好的?|行|嗯+|可以|哦|噢|中|得|要得|ok|okay|sure|alright|fine|yes|yeah)[的呀啊吧哦呢嘛,，.。! ]*$"
    r"|等(?:一)?[下会等]|稍等|看一?看?下?(?:手机|短信)|(?:找|翻|看)(?:找|翻|看|一下|下)|拿(?:一下)?手机|老花镜"
    r"|\b(?:hold on|hang on|wait|one (?:sec|moment|minute)|just a|let me (?:check|look|see|get))"
)
_WHY = re.compile(
    r"为(?:什么|啥|何)|干(?:什么|嘛|啥)|做(?:什么|啥|咩)|有(?:什么|啥|咩)用|凭什么|咋(?:还)?要|怎么还要|骗子|诈骗|安全吗|点解"
    r"|\bwhy\b|what for|is (?:it|this) safe|scam"
)
_LEAVES = re.compile(
    r"算了|不(?:用|要|必)?(?:查|催|问|看|弄|搞)了|不用了|不需要了"
    r"|never ?mind|forget (?:it|about)|leave it|no need|don'?t bother"
)
_SHORT = 20
_KEEPS = re.compile(
    r"[不别]取消|不用取消|先留着|^(?:那|哎|唉)?算了(?:[吧了啦,，。.!不]|$)"
    r"|never ?mind|forget it|keep (?:it|the)|don'?t cancel"
)
_STILL = re.compile(
    r"还是(?:要|想|得|照|给我|帮我)?(?:修|装|移|搬|来|上门)(?!新|别)"
    r"|\b(?:i|we)(?: do)? still (?:want|need)\b|\bcome after all\b"
)
_MOBILE = re.compile(r"\+861[3-9]\d{9}")

_ENGLISH_DIGITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
_ENGLISH_DIGIT = re.compile(r"\b(?:" + "|".join(_ENGLISH_DIGITS) + r")\b")
_RUN = re.compile(r"(?<![a-z\d+])\d(?:[\s\-,，、.]{0,2}\d)*")


def has_no_number(text: str) -> bool:
    """Words that name the ticket number and say that it is not there: "单号我忘了", "I lost the number"."""
    return bool(_NO_NUMBER.search(plain(text)))


def answers_with_nothing(text: str) -> bool:
    """A no of any kind, for who was just asked for the number: "没有", "忘了", "搞丢了", "I don't have it"."""
    return has_no_number(text) or bool(_NOTHING.search(plain(text)))


def has_not_received(text: str) -> bool:
    """No text has come, or another one is wished for."""
    return bool(_NOT_RECEIVED.search(plain(text)))


def cannot_receive(text: str) -> bool:
    """No text will help this customer: no mobile or a lost one, a number given up, texts that cannot be read."""
    words = plain(text)
    return bool(_CANNOT_RECEIVE.search(words) or _NO_MOBILE.search(words))


def is_with_another(text: str) -> bool:
    """Whether the code has gone to somebody who is not here: "验证码发她手机上了，我看不到"."""
    return bool(_WITH_ANOTHER.search(plain(text)))


_KIN = r"(?:老[公婆]|爱人|[爸妈爷奶]{1,2}|父母|父亲|母亲|儿子|女儿|姐|妹|哥|弟|朋友|邻居|同事|房东|租客|老人)"
_OF_ANOTHER = re.compile(
    rf"(?:帮|替|给|是)?我?家?{_KIN}|[他她](?:的|们)?(?:手机|电话|号)|\b(?:his|her|their)\b"
    r"|\bmy (?:husband|wife|mum|mom|mother|dad|father|son|daughter|parents?|friend|neighbou?r|colleague)s?\b"
)


def is_of_another(text: str) -> bool:
    """Whether a number told is another person's: "帮我老公退订，他号码139…"."""
    return bool(_OF_ANOTHER.search(plain(text)))


def is_looking(text: str) -> bool:
    """The customer agrees, or is on the way to the text: no answer yet, and nothing to put right."""
    return bool(_LOOKING.search(plain(text)))


_WANTS_CODE = re.compile(r"(?:发|给)[^,，。]{0,8}验证码|验证码[^,，。]{0,6}(?:发|给)|\b(?:send|text)\b.{0,16}\bcode\b")
_DATA = r"(?:电话|手机|号码|姓名|名字|地址|住址|住在?哪)"
_OTHERS_DATA = re.compile(
    rf"(?:[她他]|对方|登记人|人家)[^,，。]{{0,8}}{_DATA}|(?:告诉|报|念|发|说)(?:我|给我|一下)[^,，。]{{0,10}}(?:登记|留)的?[^,，。]{{0,4}}{_DATA}"
    rf"|(?:姓名|名字|电话|手机号?|地址|住址)(?:是)?(?:什么|多少|哪里?|谁|几号|呢)"
    r"|我是(?:[她他]|机主|户主|业主)的?(?:老公|老婆|丈夫|妻子|爱人|儿子|女儿|[爸妈]{1,2}|家人|家属|同事|邻居|朋友|房东)"
    r"|\b(?:her|his|their) (?:phone|number|name|address)"
    r"|\bi'?m (?:her|his) (?:husband|wife|son|daughter|friend|neighbou?r)"
)


def wants_a_code(text: str) -> bool:
    """Whether a code is asked for, be it without being offered."""
    return bool(_WANTS_CODE.search(plain(text)))


def asks_for_anothers_data(text: str) -> bool:
    """Whether somebody who has not shown that a ticket is theirs asks what stands in it about its owner."""
    return bool(_OTHERS_DATA.search(plain(text)))


def asks_why(text: str) -> bool:
    """What the code is good for."""
    return bool(_WHY.search(plain(text)))


def leaves_it(text: str) -> bool:
    """A short message that wants no more looking up or pressing."""
    words = plain(text)
    return len(words) <= _SHORT and bool(_LEAVES.search(words))


def keeps(text: str) -> bool:
    """Who wanted to cancel, and now does not."""
    return bool(_KEEPS.search(plain(text)))


def still_wants(text: str) -> bool:
    """Whether what was to be cancelled is wanted after all: "哎不对，还是装"."""
    return bool(_STILL.search(plain(text)))


def is_mobile(e164: str) -> bool:
    """Whether a number gets texts: a mainland mobile one."""
    return bool(_MOBILE.fullmatch(e164))


def code_in(text: str) -> str | None:
    """The code of six digits, typed or spoken ("四八二 九一三", "four eight two nine one three"); the last one told."""
    codes = [digits for digits in _digit_runs(text) if len(digits) == CODE_DIGITS]
    return codes[-1] if codes else None


_OF_A_NUMBER = re.compile(r"尾号|手机|号码|电话|\b(?:number|phone|mobile)\b|\bends?\b|\bending\b")


def looks_like_a_code(text: str) -> bool:
    """A code with a digit too many or too few, and not the end of a number: "hers ends in 8001"."""
    if _OF_A_NUMBER.search(plain(text)):
        return False
    return any(CODE_DIGITS - 2 <= len(digits) <= CODE_DIGITS + 2 for digits in _digit_runs(text))


_TYPES = {
    "repair": re.compile(r"[维报]?修|坏|故障|不热|漏水|\brepair|\bfix|\bbroken"),
    "install": re.compile(r"安?装(?!修)|\binstall|\bfit"),
    "complaint": re.compile(r"投诉|反映|\bcomplain"),
    "relocation": re.compile(r"移机|移位|拆|搬|\brelocat|\bmov(?:e|ing)"),
    "return": re.compile(r"退|换货|换新|换一台|\breturn|\brefund|\bexchange"),
}
_DENIED = re.compile(r"(?:不是|不要|不查|别|\bnot )(?:那个|那张|这个|the |my )*$")
_NUMERAL = {**{word: value for word, value in DIGITS.items() if value}, **{str(digit): digit for digit in range(1, 10)}}
_ENGLISH_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_ORDINAL = re.compile(
    rf"第(?P<nth>[{''.join(_NUMERAL)}])|^(?:就?[是查要]?)?(?P<bare>[{''.join(_NUMERAL)}])(?:号|个|那个|那张|张|的|吧|[.。!、,，])*$"
    r"|\b(?P<en>first|second|third|fourth)\b|(?:number|no\.?|#|option) ?(?P<no>[1-9])"
    r"|^(?P<word>one|two|three|four)[.! ]*$"
)
_NEWEST = re.compile(r"最近|最新|最上|头一|刚(?:才|刚)?(?:报|登)|\blatest|\bnewest|\bmost recent|\btop\b")
_LAST = re.compile(r"最后|最下|末|最早|最老|\blast\b|\bbottom|\boldest|\bearliest")
_UPPER = re.compile(r"[上前](?:面|头|边)")
_LOWER = re.compile(r"[下后](?:面|头|边)")
_DAY = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[号日](?!线)")


def chosen(text: str, tickets: Sequence[OwnTicket]) -> OwnTicket | None:
    """Which of the listed tickets is meant, by number, place in the list, kind or day; None when that is not clear."""
    meant = pointed_at(text, tickets)
    return meant[0] if len(meant) == 1 else None


def pointed_at(text: str, tickets: Sequence[OwnTicket]) -> list[OwnTicket]:
    """The listed tickets the words fit; the number says more than the place, the place more than kind and day."""
    words = plain(text)
    return _by_number(text, tickets) or _by_place(words, tickets) or _by_kind_and_day(words, tickets)


def _by_number(text: str, tickets: Sequence[OwnTicket]) -> list[OwnTicket]:
    told = re.findall(r"\d{4,}", re.sub(r"[\s\-‐-―]", "", plain(text)))
    return [
        ticket
        for ticket in tickets
        if any(digits == _digits(ticket) or digits == _digits(ticket)[-4:] for digits in told)
    ]


def _by_place(words: str, tickets: Sequence[OwnTicket]) -> list[OwnTicket]:
    places: set[int] = set()
    for found in _ORDINAL.finditer(words):
        numeral = found["nth"] or found["bare"] or found["no"]
        places.add(_NUMERAL[numeral] if numeral else _ENGLISH_ORDINALS[found["en"] or found["word"]])
    if not places and _LAST.search(words):
        places.add(len(tickets))
    elif not places and _NEWEST.search(words):
        places.add(1)
    elif not places and len(tickets) == 2:
        places |= {place for place, pattern in ((1, _UPPER), (2, _LOWER)) if pattern.search(words)}
    return [tickets[place - 1] for place in places if place <= len(tickets)]


def _by_kind_and_day(words: str, tickets: Sequence[OwnTicket]) -> list[OwnTicket]:
    kinds = {kind for kind, pattern in _TYPES.items() if _is_named(pattern, words)}
    day = _DAY.search(words)
    if not kinds and day is None:
        return []
    return [
        ticket for ticket in tickets if (not kinds or ticket["type"] in kinds) and (day is None or _is_on(ticket, day))
    ]


def _is_named(pattern: re.Pattern[str], words: str) -> bool:
    return any(not _DENIED.search(words[: found.start()]) for found in pattern.finditer(words))


def _is_on(ticket: OwnTicket, day: re.Match[str]) -> bool:
    ending = f"{int(day['month'])}月{int(day['day'])}日" if day["month"] else f"月{int(day['day'])}日"
    return str(ticket["words"]["zh"]).endswith(ending)


def _digits(ticket: OwnTicket) -> str:
    return re.sub(r"\D", "", str(ticket["ticket_no"]))


def tail(number: str) -> str:
    """The last four digits, by which people know a number again."""
    return re.sub(r"\D", "", number)[-4:]


def _digit_runs(text: str) -> list[str]:
    words = _ENGLISH_DIGIT.sub(lambda found: _ENGLISH_DIGITS[found.group()], plain(text))
    words = "".join(str(DIGITS.get(char, char)) for char in words)
    return [re.sub(r"\D", "", run) for run in _RUN.findall(words)]
