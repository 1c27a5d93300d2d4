"""Answers that mean something only after a question: yes, no, none, I do not know, once more, never mind. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.utterance import plain

_UNKNOWN = re.compile(
    r"^不[知造][啊呀。.!]*$|不懂(?!事|行情)|唔记得|不(?:识|认)字|不认得|认不得|看不懂|(?:老花|眼花)|眼(?:睛|神)?(?:花|不(?:好|行|中))|不知道|不晓得|不清楚|唔知|[勿弗毋]晓得|勿清爽|[毋呒]知影?|毋捌|认不到|晓不得|不记得|记不(?:清|得|住)"
    r"|忘了|忘记|不确定|说不准|看不(?:到|清|着|见|出来?$)|找不(?:到|着)|[没未](?:看|找|瞅|瞧|寻)[到着见]|瞅不[着见清]|搵唔到|睇唔到|没留意|不太清"
    r"|(?:don'?t|do not|not|can'?t|cannot) (?:know|remember|recall|sure|see|find|read|make out|tell)"
    r"|\bno (?:idea|clue)|\bhaven'?t (?:got )?(?:a|the) (?:clue|idea|foggiest)|\bwouldn'?t know|\bbeats me"
    r"|\b(?:can'?t|cannot) (?:make (?:it )?out|read)|\bmy eyes\b|\bwithout my glasses"
    r"|\bunknown|\bforgot|\bdunno|\bidk\b|\bdk\b|\bno sabi\b|^(?:i )?(?:no|not) know\b"
)
_NONE = re.compile(
    r"^(?:没有?|无|暂无|没|还没有?|no|none|nope|n/?a|don'?t have(?: one)?|no ticket)[了的。.!,，呢啊吧]*$"
)
_HAS_NONE = re.compile(
    r"^(?:i )?(?:don'?t|do not|didn'?t) (?:have|get|know|remember)(?: (?:it|one|that|any))?(?: (?:now|yet))?[.! ]*$"
    r"|^(?:not (?:with me|sure)|lost it)[.! ]*$|^(?:找|记|查)不(?:到|住|得|着)了?[。.!]*$"
)
_RETRY = re.compile(r"重试|再试|再来一次|再提交|\bretry\b|try again|\bagain\b")
_YES = re.compile(
    r"^(?:(?:嗯|恩|对头?|是|好|行|可以|确认|没错|没问题|没毛病|正确|确定|提交|都对|都有|有|对的|是的|好的|可以的"
    r"|系|係|啱|得|要得|中|成|妥|冇(?:错|問題|问题)|没得问题|就这样|就是这样|就这么办"
    r"|yes|yep|yup|yeah|y|ok|okay|sure|fine|great|perfect|of course|confirm(?:ed)?|correct|right|all correct"
    r"|that'?s (?:right|correct|it|fine|all good)|it is|looks (?:good|right|correct)|go ahead|please do|both)"
    r"(?:[的滴了咯嘞嘅呀啊吧哦呢嘛哈。.!,，~ ]|谢谢你?|谢了|多谢|麻烦了|辛苦了|唔该|thanks|thank you|thx)*)+$"
)
_YES_FIRST = re.compile(
    r"(?:对的?|是的?|嗯+|好的?|没错|yes|yeah|yep|correct|right|ok(?:ay)?)(?![\u3400-\u9fffa-z'])[ ,，。.!]+"
    r"(?!but\b|但|不|可是)\S"
)
_NO = re.compile(
    r"^(?:(?:不|不是|不对|不用|不要|没有?|还没有?|否|错了?|唔(?:係|系|使|要|啱)|冇|莫得|没得|不得"
    r"|no|nope|nah|not yet|n|wrong|not correct)"
    r"(?:[了的呀啊吧哦呢啦。.!,， ]|到|送到|谢谢|取消|keep it)*)+$"
)
_PARTICLES = re.compile(
    r"(?:(?:就这些|就这样|没了|that'?s (?:all|it)"
    r"|嗯|恩|哦|噢|喔|啊|唔|呃|诶|哎|好|行|是|对|知道|晓得|明白|收到|听到|了解|可以|中|得|要得|成|系|着|ok|okay|k|yes|yeah|right|sure|uh|um|er|hm|m|oh|ah"
    r"|i see|got it|fine|alright)[的了嘞呀啊吧哦呢啦。.!,，~ ]*)+"
)
_AGREES = re.compile(
    r"(?:好|行|可以|知道|明白|了解|收到|嗯|ok|okay|fine|alright|great|got it)[的了呀啊吧哦呢啦。.!,，~ ]*"
)
_CHANGE = re.compile(r"改|换成|不对|错|有误|修正|change|wrong|fix|correct it|not right|mistake|instead")
_DROPS = (
    r"算了|(?:不|别)(?:修|装|弄|办|报|投诉|登记|退|换|移|搬|拆|约|打)(?:了|啦)|(?:先)?(?:不(?:用|要|必)|别)(?:了|修|装|登记)"
    r"|(?:不(?:用|要|必|需要)|别|甭)(?:再|你们|给我|师傅|人)*(?:打|来|回|约|弄|上门)(?:电话|修|装)?(?:了|啦)"
    r"|取消(?:报修|安装|投诉|登记|预约|吧|了|掉)*"
    r"|never ?mind|forget (?:it|about it)|cancel(?: (?:it|that|this|everything|my request))?|stop this"
)
_GIVE_UP = re.compile(
    r"^(?:那|哦|唉|哎|就|我|先|还是|呢|吧|[,，])*"
    rf"(?:(?:{_DROPS})"
    r"(?:吧|了|啦|，|,|。|\.|!|！| |我|先|就|也|(?:不(?:用)?|别)(?:修|装|弄|办|报|投诉|登记|退|换|移|搬|拆|改|打|约)了"
    r"|还是(?:原来|之前)(?:的|那个)?(?:时间)?吧?|谢谢|thanks|please)*)+$"
)


def is_unknown(text: str) -> bool:
    return bool(_UNKNOWN.search(plain(text))) or (bool(text.strip()) and bool(_SHRUG_SIGNS.fullmatch(text)))


_SHRUG = {True: 60, False: 20}
"""Characters of words that only say that something is not known, in English (True) and in Chinese."""


def only_shrugs(text: str) -> bool:
    """Whether a message says that something is not known and is too short for a story: "鬼影子都没看到一个" is none."""
    return is_unknown(text) and len(text) <= _SHRUG[text.isascii()]


def is_none(text: str) -> bool:
    return bool(_NONE.match(plain(text)))


def has_none(text: str) -> bool:
    """The answer to "do you have one?" that there is none at hand."""
    return bool(_HAS_NONE.match(plain(text)))


_TONES = r"\U0001F3FB-\U0001F3FF\uFE0F\u200d♀♂\s"
_SHRUG_SIGNS = re.compile(rf"[🤷❓❔{_TONES}]+")
_YES_SIGNS = re.compile(rf"[👌👍✅🆗🙆💯☑✔🫡{_TONES}]+")
_NO_SIGNS = re.compile(rf"[👎❌🙅✖🚫{_TONES}]+")


def is_sign(text: str) -> bool:
    """Whether the whole message is a picture that means yes, no, or that it is not known."""
    return bool(text.strip()) and any(signs.fullmatch(text) for signs in (_YES_SIGNS, _NO_SIGNS, _SHRUG_SIGNS))


def is_retry(text: str) -> bool:
    return bool(_RETRY.search(plain(text)))


def is_yes(text: str) -> bool:
    return bool(_YES.match(plain(text))) or (is_sign(text) and bool(_YES_SIGNS.fullmatch(text)))


def begins_with_yes(text: str) -> bool:
    """Whether a longer message begins with a yes of its own: "对，就打这个电话", "yes that one"."""
    return bool(_YES_FIRST.match(plain(text)))


def starts_with_yes(text: str) -> bool:
    """Whether the first word of an answer to "is that right?" is a yes: "嗯对就是这个号码"."""
    return bool(re.match(r"(?:嗯+|恩|对|是的?|好|没错|系|啱|yes|yeah|yep|right|correct)(?!不|吗|没有)", plain(text)))


def is_no(text: str) -> bool:
    return bool(_NO.match(plain(text))) or (is_sign(text) and bool(_NO_SIGNS.fullmatch(text)))


def is_particle(text: str) -> bool:
    """A whole message that only shows that somebody listens: "嗯嗯", "哦好的", "ok"."""
    return bool(_PARTICLES.fullmatch(plain(text)))


_CANCELS = re.compile(
    r"(?:对|是|嗯|好|行|确[认定]|就|要|[,，。!\s])*(?:取消|撤销|撤了?)(?:掉|它|吧|了|啊|的|对|谢谢|[,，。!\s])*"
)


def cancels(text: str) -> bool:
    """Whether all that is said is that it shall be cancelled: "对，取消"."""
    return bool(_CANCELS.fullmatch(plain(text)))


def only_agrees(text: str) -> bool:
    """Whether a message accepts what was said ("好的") and so answers no question whether something is there."""
    return bool(_AGREES.fullmatch(plain(text)))


_LEAVES_IT = re.compile(
    r"(?:[都就这样那对好行没]|可以|[,，。\s])*(?:不(?:用|必|需要?|想)?(?:再)?(?:改|动|变)"
    r"|没(?:有)?(?:啥|什么)?(?:要|可|需要)改的?|[没冇](?:有)?(?:别的|其他的?|其它的?)(?:要(?:说|补充|改)的?)?(?:了|事)*|就这些|就这样|没得?了)"
    r"(?:动|变)?(?:了|啦|吧|的|啊|哈|[。.!,，\s])*"
    r"|(?:no|there are no|nothing|no need|leave|don'?t)[ ,]+(?:to )?(?:changes?|change (?:it|anything)"
    r"|it(?: as it is| like that)?)"
    r"(?: needed| please| thanks)?[ .!]*"
)


def leaves_it(text: str) -> bool:
    """Whether what was read back shall stay as it is: "不改了", "no changes"."""
    return bool(_LEAVES_IT.fullmatch(plain(text)))


def gives_up(text: str) -> bool:
    """A whole message that drops the request: "算了，不修了", "never mind"."""
    return bool(_GIVE_UP.match(plain(text)))


def wants_change(text: str) -> bool:
    return bool(_CHANGE.search(plain(text)))
