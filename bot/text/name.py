"""What the customer is called: announced ("我姓王", "my name is …") or, when asked, answered in one or two words."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.text.normal import Normal, normal

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_SEARCHED = 500
_TITLES = "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|叔叔|老师|医生|师傅|师奶|同志|大姐|大哥|老板|经理|总"
_NOT_CUSTOMER = re.compile(r"(?:你们的?|那个|找|派的?|维修的?|叫|姓|客服|安装的?|上次|个|是不是|跟|给)$")
_STOP = (
    "电话|手机|号码|联系|地址|家住|家在|家里|住|在|我|想|要|的|是|这|那里|那个|那边|来装|来修|报修|报个|说|热水|女士"
    "|先生|哈|啊|呀|哦|了|吧|呢|"
    "谢谢|请|麻烦|型号|机器|昨天|今天|明天|后天|之前|预约|打电话|你|他|不|跟|单号|有个|有台|就|也|都|订|买|今年|去年"
)
_GIVEN = rf"(?:(?!{_STOP})[\u3400-\u9fff]){{1,2}}"
_ZH_FULL = re.compile(
    r"(?:我叫|我的?(?:名字|姓名)(?:是|叫)?|名字(?:是|叫)|姓名(?:是|叫)?|我名叫|本人(?:姓名)?|联系人(?:是|叫)?"
    r"|户主(?:是|叫)?|称呼|改[成为]|应该是|"
    r"写错了是|叫做|收件人|机主(?:是|叫)?)\s*[:：,，]?\s*"
)
_ZH_AM = re.compile(r"(?:我是|这里是|我系|我係)\s*")
_ZH_SURNAME = re.compile(r"(?:免贵姓|小姓|我姓|我家?姓|本人姓|姓)\s*[:：]?\s*")
_ETHNIC = re.compile(r"[\u3400-\u9fff]{2,7}[·•.][\u3400-\u9fff]{2,7}")
_PINYIN_CUE = re.compile(r"\bwo (?:jiao|xing) (?P<name>[a-z]+(?: [a-z]+){0,2})")
_EN_STOP = (
    r"(?:and|my|phone|tel|number|at|from|the|i|im|calling|here|speaking|live|living|address|is|in|on|with|please|pls"
    r"|thanks|thank"
    r"|heater|water|want|need|this|mobile|for|about|not|of|to|you|are|was|have|but|so|can|a|an|it)\b"
)
_EN_WORD = rf"(?!{_EN_STOP})[a-z][a-z'’-]{{0,19}}\.?"
_EN_CUE = re.compile(
    r"\b(?:(?:my|the|full|contact|customer|his|her) ?name(?:'s| is|s)?|name(?: is|'s)?\s*[:=]|name is|call me"
    r"|i am called|under the name(?: of)?)\s*:?\s*"
    rf"(?P<name>(?:(?:mr|mrs|ms|miss|dr)\.? )?{_EN_WORD}(?: {_EN_WORD}){{0,3}})"
)
_EN_AM = re.compile(
    rf"\b(?:i'm|i am|im|this is|it's|it is)\s+(?P<name>(?:(?:mr|mrs|ms|miss|dr)\.? )?{_EN_WORD}(?: {_EN_WORD}){{0,2}})"
)
_EN_TITLE = re.compile(rf"\b(?P<name>(?:mr|mrs|ms|miss|dr)\.? {_EN_WORD}(?: {_EN_WORD})?)")
_EN_BARE = re.compile(rf"(?:(?:it's|it is|im|i'm|this is) )?(?P<name>{_EN_WORD}(?: {_EN_WORD}){{0,3}})")
_FREQUENT_SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许沈曾彭吕苏蔡魏薛潘杜钟谭廖邹熊"
)
_EDGE = " ,，。.!！?？;；:：~"


@dataclass(frozen=True)
class Name:
    """A customer's name as said, with its verbatim span; `value` keeps a title: 王女士, Mr Wang."""

    start: int
    end: int
    text: str
    value: str


def find(text: str) -> Name | None:
    """The name that the customer gives as their own in `text`."""
    matched = normal(text, _SEARCHED)
    return _announced(matched) or _titled(matched) or _english(matched)


def bare(text: str) -> Name | None:
    """The name in a message that answers "what is your name?": announced, or nothing but a name."""
    announced = find(text)
    if announced:
        return announced
    matched = normal(text, 60)
    said = matched.text.strip(_EDGE)
    said = re.sub(r"^(?:是|叫|就叫|就是)", "", said)
    start = matched.text.find(said)
    if not said:
        return None
    if _is_chinese_name(said) or _ETHNIC.fullmatch(said):
        return _name(matched, start, start + len(said))
    english = _EN_BARE.fullmatch(said)
    if english and not (set(said.split()) & _english_words()):
        return _name(matched, start + english.start("name"), start + english.end("name"))
    return None


def _announced(matched: Normal) -> Name | None:
    text = matched.text
    for cue in _ZH_FULL.finditer(text):
        ethnic = _ETHNIC.match(text, cue.end())
        if ethnic:
            return _name(matched, *ethnic.span())
        found = _full_name().match(text, cue.end())
        if found and not _is_word(found["name"]):
            return _name(matched, *found.span("name"))
    for cue in _ZH_SURNAME.finditer(text):
        found = _surname().match(text, cue.end())
        if found and not re.search(r"(?:你|他|她|您|师傅|谁)$", text[: cue.start()]):
            return _name(matched, found.start(), found.end())
    for cue in _ZH_AM.finditer(text):
        found = _full_name().match(text, cue.end())
        if found and not _is_word(found["name"]) and _ends_here(text, found.end()):
            return _name(matched, *found.span("name"))
    return None


def _titled(matched: Normal) -> Name | None:
    for found in _with_title().finditer(matched.text):
        staff = re.search(r"师傅|经理|总$", found["title"] or "")
        own = re.search(r"(?:我是|我叫|我姓|找我)$", matched.text[: found.start()])
        alone = len(found[0]) >= len(matched.text.strip(_EDGE)) - 1
        if (own or alone or not staff) and (own or not _NOT_CUSTOMER.search(matched.text[: found.start()])):
            return _name(matched, found.start(), found.end())
    return None


def _english(matched: Normal) -> Name | None:
    text = matched.text
    for pattern in (_EN_CUE, _PINYIN_CUE):
        found = pattern.search(text)
        if found and found["name"].split()[0] not in _english_words():
            return _name(matched, *found.span("name"))
    for pattern in (_EN_AM, _EN_TITLE):
        for found in pattern.finditer(text):
            words = matched.verbatim(*found.span("name")).split()
            kept = [word for word in words if word[:1].isupper() or pattern is _EN_TITLE]
            if kept and kept == words[: len(kept)] and kept[0].lower() not in _english_words():
                start = found.start("name")
                return _name(matched, start, start + len(" ".join(kept)))
    return None


def _ends_here(text: str, end: int) -> bool:
    """A name after the ambiguous "我是" must be followed by a pause, an end or a word that starts a clause."""
    return not text[end:] or bool(re.match(rf"[\s,，。.!！;；:：]|{_STOP}|{_TITLES}", text[end:]))


def _is_chinese_name(said: str) -> bool:
    found = _full_name().fullmatch(said)
    if not found:
        return said in _FREQUENT_SURNAMES or bool(_with_title().fullmatch(said))
    return not _is_word(said)


def _is_word(said: str) -> bool:
    """Whether the characters are an everyday word (安装, 方便, 高温) and not a name."""
    return said in _common_words()


def _name(matched: Normal, start: int, end: int) -> Name:
    first, last = matched.span(start, end)
    text = matched.original[first:last].rstrip(".")
    value = re.sub(rf"(?<=[\u3400-\u9fff])[\s的]+(?={_TITLES})", "", text)
    return Name(first, first + len(text), text, re.sub(r"\s+", " ", value))


@lru_cache(maxsize=1)
def _surnames() -> str:
    lines = (_LEXICON / "surnames.txt").read_text(encoding="utf-8").split("\n")
    double = [word for line in lines[1:] for word in line.split()]
    return "|".join(double) + "|[" + lines[0] + "]"


@lru_cache(maxsize=1)
def _full_name() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>(?:{_surnames()}){_GIVEN}(?:{_TITLES})?|(?:{_surnames()})(?:{_TITLES}))")


@lru_cache(maxsize=1)
def _surname() -> re.Pattern[str]:
    return re.compile(rf"(?:{_surnames()})\s?(?:的?(?:{_TITLES}))?")


@lru_cache(maxsize=1)
def _with_title() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_surnames()})(?:(?:(?!{_STOP})[\u3400-\u9fff]){{0,2}}(?P<title>{_TITLES})(?!上门|来)|[生太](?=[\s\d,]"
        rf"|$))"
    )


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    return frozenset((_LEXICON / "common_words.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    return frozenset((_LEXICON / "common_words_en.txt").read_text(encoding="utf-8").split())
