"""What the customer is called: announced ("我姓王", "my name is …") or, when asked, answered in one or two words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from bot.text import name_latin
from bot.text.name_found import TITLES, Name, named
from bot.text.normal import Normal, normal

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_SEARCHED = 500
_FAMILIAR = "姐|哥|叔|婶|嫂|伯|姨|工"
_NOT_CUSTOMER = re.compile(
    r"(?:不是|那|这|哪|你们的?|那个|找|派的?"
    r"|邻居|隔壁|维修的?|叫|姓|客服|安装的?|上次|个|是不是|跟|给)$"
)
_STOP = (
    "电话|手机|号码|联系|地址|家住|家在|家里|住|在|我|(?<![王李张刘陈杨赵吴徐孙胡朱林郭罗梁宋])想|要|的|是|这|那里|那个|那边|来装|来修|来安|报修|报个|说|热水|女士"
    "|先生|哈|啊|呀|哦|了|吧|呢|"
    "谢谢|请|麻烦|吗|嘛|么|呗|咯|叫|查|让|把|被|给|用|没|又|再|只|去|从|型号|机器|昨天|今天|明天|后天|之前|预约"
    "|打电话|你|他|不|跟|单号|有个|有台|就|也|都|订|买|今年|去年"
)
_GIVEN = rf"(?:(?!{_STOP})[\u3400-\u9fff]){{1,2}}"
_ZH_FULL = re.compile(
    r"(?:[我俺咱偶阮]叫|我的?(?:名字|姓名)(?:是|叫)?|名字?(?:是|叫做?|叫作)|姓名(?:是|叫)?|我名叫|本人(?:姓名)?|联系人(?:是|叫)?"
    r"|户主(?:是|叫)?|称呼我?|(?:登记|预约)(?:人|的?名字?)(?:是|叫)?|(?:登记|预约)的(?:是|叫)|name[:：]|(?<![有出著姓报])名[:：]|改[成为]|应该是|"
    r"写错了是|叫做|收件人|收货人|报修人|申请人|预约人|机主(?:是"
    r"|叫)?)\s*[:：,，]?\s*"
)
_ZH_NICK = re.compile(
    r"(?:我是|我系|俺是|叫我|喊我|我叫|联系人[是:：]?|找)(?:[\u3400-\u9fff\d]{1,14}的"
    r"|(?:[\u3400-\u9fff\d]{1,4}的)?(?:业主|住户|租客|房东)|物业|门卫|保安|管理员|后勤部?|村?支书|[村队组社]长|会计|店长)?(?=[老小阿])"
)
_ZH_ROLE = re.compile(
    r"(?:住户|业主|租客|房东|用户|客户|爱人|老婆|老公|妻子|丈夫|儿子|女儿|母亲|父亲|妈妈?|爸爸?|老伴"
    r"|媳妇|[他她]|租户|用户|客户)儿?(?:姓名)?(?:写?的?是|叫)?\s*[:：]?\s*|(?:收货人|收件人|联系人|报修人)(?:写的?)?是?\s*"
    r"|(?:^|[,。\s])(?:应该|应当|就)?(?:是|写|报|登记)\s*|(?:^|[,。\s])(?:联系|找|问|揾|搵)(?:一下)?|报修的(?=.{2,3}$)"
    r"|(?:用|以|写)(?=.{2,3}的名[字义])|不是.{2,3}[,，]?(?:而)?是|(?:^|[,。!\s])(?:你好|您好)?[, ]?我(?!是|系|叫|姓)"
)
_ZH_AM = re.compile(r"(?:我是|这里是|我系|我係)\s*(?:[\u3400-\u9fff\d]{2,12}的)?")
_ZH_DEPARTMENT = re.compile(
    r"(?:行政|后勤|财务|前台|人事|物业|采购|总务|管家|办公室|工程)(?:部|科|处|室)?的?(?=小)|(?:换[成为]|替换[成为]|改[成为])(?:行政|后勤)?部?"
    r"|联系人[是:：]?|(?:喊|叫)(?:一声|我)?(?=老)|(?:就写|登记|写)(?=老)"
)
"""What stands before a familiar name: `联系人行政小刘`, `换成臧工`, `喊一声老郭`."""
_SIGNED_NEVER = "谢成来安时乐能对和保明平好有行单解查"
"""What ends a message without being a surname."""
_ZH_SURNAME = re.compile(
    r"(?<!不)(?:免贵姓|[小敝]姓|我家?姓|本人姓|姓)\s*[:：]?\s*[「『“]?(?:耳东|弓长|木子|口天|双木|言午|立早|草头|古月"
    r"|三横(?:一竖)?)?"
)
_ZH_SPELT_AFTER = re.compile(
    r"(?:^|[,，。\s])(?:不是.[,，]?是|是|我[信姓])?(?P<name>[\u3400-\u9fff])[,，\s]+[\u3400-\u9fff]{1,3}的(?P=name)"
)
_ZH_SPELT = re.compile(r"(?:弓长|立早|耳东|木子|口天|双木|言午|草头|古月|三横一竖)(?P<name>.)(?!不对|错|[先小女])")
_ZH_CALLED = re.compile(r"(?:叫我|喊我|^是?叫|^是?姓|[,，。\s]叫)\s*")
_ETHNIC = re.compile(r"[\u3400-\u9fff]{2,7}[·•.][\u3400-\u9fff]{2,7}")
_BOTH_SCRIPTS = re.compile(r"(?P<name>[\u3400-\u9fff]{2,4})[ ,(/]+[a-z]{1,12}(?:[ '-][a-z]{1,12}){0,2}\)?")
"""李明 (Li Ming): a name in characters, and how it is spelled."""
_NOT_OWN = re.compile(
    "(?:你|您|师傅|谁|房东|[那这]位|[那这哪]个|来的|客服|经理|工程师|邻居|安装工|维修工|小伙子?)$|(?<!爸[,，])(?<!妈[,，])(?<!公[,，])(?<!婆[,，])(?<!人[,，])(?<!儿[,，])(?<!子[,，])(?<!亲[,，])[他她]$"
)
_AT_HOME = re.compile(r"(?:问|找|打听)(?:一下|下)?(?=.{2,3}家)")
"""A villager's house is found by the name of who lives there: `到了问王建军家`."""
_NUMBER_NEXT = r"[,，:：\s]{0,2}(?:电话|手机号?)?[:：]?\s?(?:\+?86)?1[3-9]\d{9}"
_DEMANDS = "要求|反映|报修|投诉|申请|催|求[装修]"
_JOINS = re.compile("[和于向]")
_LEADING = re.compile(r"(?:你好|您好|喂)?[,，\s]*(?:我[,，])?(?P<name>[\u3400-\u9fff]{2,3}?)(?=[,，]|报修)")
_TITLED = re.compile(rf"(?:{TITLES})$")
_IN_A_SHOP = re.compile(r"^.[\u3400-\u9fff]{1,2}(?:老板|医生|老师|师傅|经理|主任|总)$")
"""A calling behind more than a surname: `金店老板` is nobody's name."""
_RARE_SURNAME = re.compile(r"(?![名氏什啥哪])[\u3400-\u9fff](?=[,，。\s的」』”\"]|$)")
_QUOTED = re.compile(r"是[「『“\"](?P<name>[\u3400-\u9fff])[」』”\"][,，]?(?:不是|唔系)")
_GIVEN_NAME = re.compile(
    r"(?:单名|单字|名字?|后面)(?:就|只)?(?:有)?(?:是|叫)?一个(?:字)?[「『“\"]?(?P<name>[\u3400-\u9fff])[」』”\"]?(?=字|[,，。\s]|$)"
)
_STAFF = re.compile("师傅|你们|客服|员工|工程师|经理|安装|维修")
_PLACE_END = re.compile("[镇村乡县区路街巷]$")
_LISTED = re.compile(r"[\u3400-\u9fff]{2,8}")
_FREQUENT_SURNAMES = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许沈曾彭吕苏蔡魏薛潘杜钟谭廖邹熊"
)
_RARELY_CALLED = re.compile(
    rf"(?:我叫|我脚|名字(?:叫|是)?|姓名[是:：]?|本人叫|本名)(?P<name>(?:(?!{_STOP})[\u3400-\u9fff]){{2,3}})(?=[,，。\s]|$|电)"
)
_NO_NAME = re.compile(r"[了过着得错改写对登记]")
_EDGE = " ,，。.!！?？;；:：~"


def find(text: str) -> Name | None:
    """The name that the customer gives as their own in `text`."""
    matched = normal(text, _SEARCHED)
    return (
        _announced(matched)
        or _leading(matched)
        or name_latin.in_chinese(matched)
        or _titled(matched)
        or name_latin.announced(matched)
        or _signed(matched)
    )


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
    both = _BOTH_SCRIPTS.fullmatch(said)
    if _is_chinese_name(both["name"] if both else said) or _ETHNIC.fullmatch(said):
        return named(matched, start, start + len(said))
    latin = name_latin.bare(said)
    return named(matched, start + latin[0], start + latin[1]) if latin else None


def listed(text: str) -> Name | None:
    """A name that stands by itself among other data: `王强,13912345678,容桂朝阳路3号`.

    Only surnames with frequent given names, and capitalised Latin names, are believed where no word announces them.
    """
    matched = normal(text, _SEARCHED)
    for found in (*_LISTED.finditer(matched.text), *_demanding().finditer(matched.text)):
        if is_probable(found[0]) or _titled_alone(found[0]) or _nickname().fullmatch(found[0]):
            return named(matched, found.start(), found.end())
    beside = _beside_a_number().search(matched.text)
    if beside and not _is_word(beside["name"]):
        return named(matched, *beside.span("name"))
    alone = _alone().search(matched.text)
    if alone:
        return named(matched, *alone.span(str(alone.lastgroup)))
    return name_latin.listed(text)


def is_surname(said: str) -> bool:
    """Whether the characters are a surname of the list."""
    return bool(re.fullmatch(_surnames(), said))


def is_probable(said: str) -> bool:
    """Whether `said` is a surname with a given name of frequent characters, and no everyday word."""
    full = _full_name().fullmatch(said)
    if not full or _is_word(said) or _PLACE_END.search(said):
        return False
    surname = re.match(_surnames(), said)
    return surname is not None and all(char in _given_characters() for char in said[surname.end() :])


def _is_untitled(said: str) -> bool:
    return is_probable(said) and not _TITLED.search(said)


def _titled_alone(said: str) -> bool:
    found = _with_title().fullmatch(said) or _familiar().fullmatch(said)
    return found is not None and not _is_word_with_title(re.sub(rf"(?:{TITLES})$", "", said))


def _is_word_with_title(said: str) -> bool:
    """Whether what stands before a title is a word (麻烦师傅, 谢谢师傅) and no surname of two characters."""
    return _is_word(said) and not re.fullmatch(_surnames(), said)


def _announced(matched: Normal) -> Name | None:
    """The name after the first kind of announcement that holds: 我叫 …, 叫我 …, 我是老 …, 我姓 …, 我是 …."""
    return (
        _called(matched)
        or _after(matched, _ZH_CALLED, (_familiar(), _full_name()))
        or _after(matched, _ZH_NICK, (_nickname(),))
        or _after_surname(matched)
        or _spelt(matched)
        or _after(matched, _ZH_AM, (_full_name(),))
        or _in_a_role(matched)
        or _at_home(matched)
        or _after(matched, _ZH_DEPARTMENT, (_nickname(), _familiar()))
        or _rare(matched)
    )


def _called(matched: Normal) -> Name | None:
    for cue in _ZH_FULL.finditer(matched.text):
        ethnic = _ETHNIC.match(matched.text, cue.end())
        if ethnic:
            return named(matched, *ethnic.span())
        found = _full_name().match(matched.text, cue.end()) or _nickname().match(matched.text, cue.end())
        if found and not _is_word(found["name"]):
            return named(matched, *found.span("name"))
    return None


def _after(matched: Normal, cues: re.Pattern[str], shapes: Sequence[re.Pattern[str]]) -> Name | None:
    """A name of one of the `shapes` right after a cue, followed by a pause or the start of a clause."""
    for cue in cues.finditer(matched.text):
        for shape in shapes:
            found = shape.match(matched.text, cue.end())
            if found and not _is_word(found["name"]) and _ends_here(matched.text, found.end()):
                return named(matched, *found.span("name"))
    return None


def _in_a_role(matched: Normal) -> Name | None:
    """`我是住户张美玲`; what follows may as well be a verb (房东叫我 …), so only a probable name counts."""
    for cue in _ZH_ROLE.finditer(matched.text):
        found = _full_name().match(matched.text, cue.end())
        is_staff = cue[0].startswith(("他", "她")) and _STAFF.search(matched.text, 0, cue.start())
        if found is None or not is_probable(found["name"]):
            found = _nickname().match(matched.text, cue.end()) or _familiar().match(matched.text, cue.end())
        if found and _ends_here(matched.text, found.end()) and not is_staff:
            return named(matched, *found.span("name"))
    return None


def _at_home(matched: Normal) -> Name | None:
    for cue in _AT_HOME.finditer(matched.text):
        found = _full_name().match(matched.text, cue.end())
        if found and is_probable(found["name"]) and matched.text.startswith("家", found.end()):
            return named(matched, *found.span("name"))
    return None


def _after_surname(matched: Normal) -> Name | None:
    for cue in _ZH_SURNAME.finditer(matched.text):
        if re.search(_NOT_OWN, matched.text[: cue.start()]):
            continue
        found = _surname().match(matched.text, cue.end())
        if found is None and (rare := _RARE_SURNAME.match(matched.text, cue.end())):
            return named(matched, *rare.span())
        if found is None or re.search(r"师傅|经理|主任", found[0]):
            continue
        for whole in _full_name_again().finditer(matched.text, found.end()):
            is_of_it = whole["name"].startswith(found[0]) and _is_untitled(whole["name"])
            is_of_it = is_of_it and not re.match("[的个嘅]", matched.text[whole.end() :])
            if is_of_it and _ends_here(matched.text, whole.end()):
                return named(matched, *whole.span("name"))
        return named(matched, found.start(), found.start() + len(found[0].rstrip()))
    return None


def given(text: str, person: Name) -> Name | None:
    """The given name that is told apart from the surname: `姓欧阳，单名一个倩`; its value is the whole name."""
    matched = normal(text, _SEARCHED)
    told = _GIVEN_NAME.search(matched.text)
    if told is None or not re.fullmatch(_surnames(), person.value):
        return None
    found = named(matched, *told.span("name"))
    return replace(found, value=f"{person.value}{found.value}") if found.start >= person.end else None


def _signed(matched: Normal) -> Name | None:
    """A surname alone that ends a message, or stands with its number: `…，20日前我在家，秦。`, `租户林 137…`."""
    for found in _surname_alone().finditer(matched.text):
        return named(matched, *found.span(str(found.lastgroup)))
    return None


def _rare(matched: Normal) -> Name | None:
    """A name whose surname hardly anybody has, behind words that announce one: `我叫烟小波，烟火的烟`."""
    for found in _RARELY_CALLED.finditer(matched.text):
        said = found["name"]
        if said[-1] in _given_characters() and not (_is_word(said) or _is_word(said[1:]) or _NO_NAME.search(said)):
            return named(matched, *found.span("name"))
    return None


def _spelt(matched: Normal) -> Name | None:
    """A surname told by its parts: `不是弓长张，是立早章`."""
    patterns = (_ZH_SPELT, _ZH_SPELT_AFTER, _QUOTED)
    for found in (each for pattern in patterns for each in pattern.finditer(matched.text)):
        if _surname().fullmatch(found["name"]) and not re.search(r"(?:不是|唔系|写成)$", matched.text[: found.start()]):
            return named(matched, *found.span("name"))
    return None


def _leading(matched: Normal) -> Name | None:
    """A name that stands before all else: `王小军，水龙头漏水`, `老朱报修`."""
    found = _LEADING.match(matched.text)
    said = found["name"] if found else ""
    is_frequent = said.startswith(_FREQUENT_SURNAMES) and is_probable(said)
    if found and (is_frequent or _nickname().fullmatch(said)):
        return named(matched, *found.span("name"))
    return None


def _titled(matched: Normal) -> Name | None:
    for first in _with_title().finditer(matched.text):
        found = (_JOINS.match(first[0]) and _with_title().match(matched.text, first.start() + 1)) or first
        if found["title"] and _is_word_with_title(found[0].removesuffix(found["title"])):
            continue
        if _IN_A_SHOP.search(found[0]) and not is_probable(_TITLED.sub("", found[0])):
            continue
        staff = re.search(r"师傅|经理|总$", found["title"] or "")
        if found["title"] is None and re.search(
            r"(?<![是系係叫姓找人主的户和])[\u3400-\u9fff]$", matched.text[: found.start()]
        ):
            continue
        own = re.search(
            r"(?:(?:打|电话|联系|号码?)[^,。]{0,6}找|我是(?:[^,。]{1,12}的(?:那个)?)?|我叫|我姓|找我)$",
            matched.text[: found.start()],
        )
        alone = len(found[0]) >= len(matched.text.strip(_EDGE)) - 1
        if (own or alone or not staff) and (own or not _NOT_CUSTOMER.search(matched.text[: found.start()])):
            return named(matched, found.start(), found.end())
    return None


def _ends_here(text: str, end: int) -> bool:
    """A name after the ambiguous "我是" must be followed by a pause, an end or a word that starts a clause."""
    return not text[end:] or bool(
        re.match(rf"[\s,，。.!！;；:：]|\+?\d{{7}}|家属|{_DEMANDS}|{_STOP}|{TITLES}", text[end:])
    )


def _is_chinese_name(said: str) -> bool:
    found = _full_name().fullmatch(said)
    if not found:
        return said in _FREQUENT_SURNAMES or bool(_with_title().fullmatch(said) or _familiar().fullmatch(said))
    return not _is_word(said)


def _is_word(said: str) -> bool:
    """Whether the characters are an everyday word (安装, 方便, 高温) and not a name."""
    return said in _common_words()


@lru_cache(maxsize=1)
def _surnames() -> str:
    lines = (_LEXICON / "surnames.txt").read_text(encoding="utf-8").split("\n")
    double = [word for line in lines[1:] for word in line.split()]
    return "|".join(double) + "|[" + lines[0] + "]"


@lru_cache(maxsize=1)
def _full_name() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>(?:{_surnames()}){_GIVEN}(?:{TITLES})?|(?:{_surnames()})(?:{TITLES}))")


@lru_cache(maxsize=1)
def _full_name_again() -> re.Pattern[str]:
    """What may follow a surname: `我姓陈，陈志强`."""
    return re.compile(rf"[,，、\s]+(?:名?叫)?{_full_name().pattern}")


@lru_cache(maxsize=1)
def _surname() -> re.Pattern[str]:
    return re.compile(rf"(?:{_surnames()})\s?(?:的?(?:{TITLES}))?")


@lru_cache(maxsize=1)
def _with_title() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_surnames()})(?:(?:(?!{_STOP})[\u3400-\u9fff]){{0,2}}(?P<title>{TITLES})(?!上门|来)|[生太](?=[\s\d,]"
        rf"|$))"
    )


@lru_cache(maxsize=1)
def _beside_a_number() -> re.Pattern[str]:
    """A full name with the number right behind it, whatever characters it is written with: `鲁一鸣17360015829`."""
    return re.compile(rf"(?:^|[,，。;；:：\s])(?!房东){_full_name().pattern}(?={_NUMBER_NEXT})")


@lru_cache(maxsize=1)
def _demanding() -> re.Pattern[str]:
    """What stands before a verb at the head of a clause: `钟国强要求退费`."""
    return re.compile(rf"(?<![\u3400-\u9fff])[\u3400-\u9fff]{{2,3}}(?={_DEMANDS})")


@lru_cache(maxsize=1)
def _alone() -> re.Pattern[str]:
    """A surname alone in a list of data: `冯，021-64378815`, `黄13786619034`, `，邹，`, `已修好，吴`."""
    surname = f"[{''.join(_FREQUENT_SURNAMES).replace('谢', '')}]"
    return re.compile(
        rf"^(?P<name>{surname})(?=[,，\s]+[+\d])|(?<=[,，。])\s*(?P<last>{surname})(?=$|[,，])"
        rf"|(?<![\u3400-\u9fff])(?![时单和解查谢])(?P<before>{_surnames()})(?=1[3-9]\d{{9}}(?!\d))"
    )


@lru_cache(maxsize=1)
def _surname_alone() -> re.Pattern[str]:
    """The surname that is signed behind a whole message, or told with a number right beside it."""
    one, role = rf"(?![{_SIGNED_NEVER}])(?:{_surnames()})", "(?:房东|租户|租客|业主|用户|住户|客户|联系人)"
    return re.compile(
        rf"(?<=[,，。；;])\s*(?P<signed>{one})[。.!\s]*$(?<!^..)"
        rf"|(?:^|[,，。；;/\s]){role}?\s?(?P<before>{one})[\s,，]{{0,2}}(?=(?:86)?1[3-9]\d{{9}}(?!\d))"
        rf"|(?<!\d)1[3-9]\d{{9}}[\s,，]{{0,2}}(?P<behind>{one})[。.!\s]*$"
    )


@lru_cache(maxsize=1)
def _familiar() -> re.Pattern[str]:
    return re.compile(rf"(?P<name>(?:{_surnames()})(?:{_FAMILIAR})(?!华))")


@lru_cache(maxsize=1)
def _nickname() -> re.Pattern[str]:
    given = "".join(sorted(_given_characters()))
    return re.compile(rf"(?P<name>[老小](?![时区路])(?:{_surnames()})(?:师傅)?|阿[{given}])")


@lru_cache(maxsize=1)
def _given_characters() -> frozenset[str]:
    return frozenset((_LEXICON / "given_names.txt").read_text(encoding="utf-8")) - {"\n"}


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    return frozenset((_LEXICON / "common_words.txt").read_text(encoding="utf-8").split())
