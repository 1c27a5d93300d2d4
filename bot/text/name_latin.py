"""A customer's name in Latin letters: announced, signed, or by itself among other data."""

import re
from functools import lru_cache
from pathlib import Path

from bot.text import pinyin
from bot.text.name_found import Name, named
from bot.text.normal import Normal, normal
from bot.text.romanised import is_place, region

_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicon"
_SEARCHED = 500
_EN_STOP = (
    r"(?:ph|hp|cell|whatsapp|wechat|mob|mdl|add|bt|bc?k|bak|asap|now|soon|any|anytime|urgent\w*|tmr?w?|2mrw|2moro|l8e?r|ltr|thx|ty|ok|spel(?:led|t)|misspel(?:led|t)|wrong|incorrect|missing|after|before|tomorrow|tonight|today|back|later"
    r"|instead|first|directly|anyway|sometime|whenever|if|only|just|as|by|via|tonight"
    r"|again|when|around|between|and|my|phone|tel|number|at|from|the|i|im|calling|here|speaking|live|living"
    r"|address|is|in|on|with|please|pls"
    r"|thanks|thank"
    r"|heater|water|want|need|this|mobile|for|about|not|of|to|you|are|was|have|but|so|can|a|an|it)\b"
)
_EN_WORD = rf"(?!{_EN_STOP}|n't|plz|pls)[a-zà-öø-ÿ][a-zà-öø-ÿ'’-]{{0,19}}\.?"
_MORE = rf"(?: (?![a-z](?: [a-z]\b)+){_EN_WORD})"
"""A further word of a name; not the letters in which it is spelt: "Smyth, S M Y T H"."""
_EN_CUE = re.compile(
    r"\b(?:(?:my|the|full|contact|customer|his|her) ?name(?:'s| is|s)?(?: (?:should|must|ought to) be)?"
    r"|name(?: is|'s)?\s*[:=]|(?:sur|last |first "
    r"|family |given )name(?:'s| is)?|name is|\bname's|(?:^|[,.;] ?)name(?= [a-z]+(?: [a-z]+)?,)|call me"
    r"|\b(?:nm is|nme is|myself)(?= [a-z])|\b(?:nm"
    r"|nme|name)\b(?= [a-z]+\.?(?: [a-z]+)? (?:ph|tel|phone|mob|mdl|model|add)\b)"
    r"|(?:i am|i'm)(?= [a-z]+ from\b)|i am called|under the name(?: of)?)\s*:?\s*"
    rf"(?:[-–—] ?)?(?:(?:is )?spel(?:led|t) )?(?P<name>(?:(?:mr|mrs|ms|miss"
    rf"|dr)\.? )?{_EN_WORD}{_MORE}{{0,3}})(?!\d)"
)
_PINYIN_CUE = re.compile(
    r"\b(?:wo (?:jiao|xing)|(?:ming ?zi|xing ?ming) (?:jiao|shi)) (?P<name>[a-z]+(?: [a-z]+){0,2})"
    r"|(?:^|[,.;] ?)xing (?P<surname>[a-z]{2,6})(?=[,.;]|$)"
)
_CAPITALISED = r"(?!I['’])[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]+(?:[-'’]?[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ'’]+)*"
_EN_CAPITALISED = re.compile(
    r"(?i:\b(?:name|under|(?:in the )?name of|contact(?: person)?|regards|cheers|sincerely|best|thanks|thx|ask for"
    rf"|(?:(?<=^)|(?<=[,.;–—-] )|(?<=message ))from"
    rf"|(?:my|his|her) (?:wife|husband|mother|father|mum|dad|son|daughter|landlady|landlord|tenant|sister"
    rf"|brother))"
    rf"\b\s*[:=,–—-]?\s*)(?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{0,2}})\b(?! \d{{1,5}}(?!\d)| [A-Z])"
    rf"|(?:^|(?<!\w)[-–—] ?|[-–—] )(?P<signed>{_CAPITALISED})(?:$| (?=again\b|calling\b))"
    rf"|(?i:\b(?:contact|call|ring|text|reach)) (?P<called>{_CAPITALISED})(?= (?:on |at )?\+?\d{{5}})"
    rf"|[,.!?] (?P<last>{_CAPITALISED} {_CAPITALISED})[.!]?$|^(?P<first>{_CAPITALISED} {_CAPITALISED})(?=[.,])"
    rf"|\b(?P<here>{_CAPITALISED}(?: {_CAPITALISED}){{0,2}}) (?:here|speaking)\b"
    rf"|(?:^|[.!,] )(?P<of>{_CAPITALISED})(?= from (?:the|unit|no\.?|number|flat|room|\d))"
)
_CAPITALISED_KINDS = ("name", "here", "signed", "called", "last", "first", "of")
_PARTICLE = r"(?:da|de|del|della|der|den|di|dos|du|van|von|bin|binti|al|el|la|le|ter|ten)"
_EN_LISTED = re.compile(
    rf"(?:^|[,，;；\n]|[.!?] )\s*(?P<name>{_CAPITALISED}(?:(?: {_PARTICLE}){{0,2}} {_CAPITALISED}){{1,2}})"
    rf"\s*(?=[,，;；\n+(]|\d{{3}}|$)|"
    rf"(?:^|[,，;；\n])\s*(?P<short>{_CAPITALISED}(?: [A-Z]\.?)?)\s*(?=[,，;；\n]\s*\+?\d{{3}}|\+?\d{{7}})"
)
_BOTH_SCRIPTS = re.compile(rf"(?<![A-Za-z])(?P<name>{_CAPITALISED} ?[\u3400-\u9fff])(?=$|[\s,，。.;；])")
"""A given name in Latin letters with a surname in characters: `Vivian 陶`."""
_ZH_LATIN = re.compile(
    r"(?:叫我|喊我|叫|我[是系係]|本人|姓|英文名(?:[是叫])?|名字?是|姓名[是:：]?|(?:联系|收件|收货)人[是:：]?|[业户]主[是:：]?)\s*"
    rf"(?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{0,2}}|(?<=姓)[a-z]{{2,6}}(?![a-z])|(?<=叫我)[a-z]{{2,12}}(?![a-z]))"
)
_EN_AM = re.compile(
    rf"\b(?:i'm|i am|im|this is|it's|its|it is)\s+(?P<name>(?:(?:mr|mrs|ms|miss"
    rf"|dr)\.? )?{_EN_WORD}{_MORE}{{0,2}})"
)
_HOME = re.compile(r"\b(?:i'?m|i am|we'?re|we are|come|comes|coming|originally) from $")
_AGAIN = re.compile(r"again\b")
_STAFF_OF_OURS = re.compile(
    r" (?:at|in|from) (?:your|the (?:shop|store|office)|parts|sales|service|accounts|support)\b"
)
_LOWER_HERE = re.compile(r"(?:^|[.!,] )(?P<name>[a-z]{3,12}) (?:here|speaking)(?=[,.!]|$)")
_PLACE = re.compile(
    r"\b(?:bay|gardens?|plaza|mansions?|court|village|town|hotel|hostel|building|tower|cent(?:re|er)|street|road|avenue"
    r"|lane|square|harbou?r|island|district|city|county|estate|heights|villas?|r[eé]sidences?|apartments?|dormitory|campus"
    r"|university|school|hospital|mall|airport|station|compound|community)\b"
)
"""What is called so is a place, and nobody's name."""
_EN_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_EN_TITLE = re.compile(rf"\b(?P<name>(?:mr|mrs|ms|miss|dr)\.? {_EN_WORD}(?: {_EN_WORD})?)")
_EN_BARE = re.compile(rf"(?:(?:it's|it is|im|i'm|this is) )?(?P<name>{_EN_WORD}{_MORE}{{0,3}})(?: [a-z]\b){{0,12}}")


def in_chinese(matched: Normal) -> Name | None:
    """`我是Vivian Lau`, `叫我Tony就行`, `我姓xiong`."""
    found = _ZH_LATIN.search(matched.original[:_SEARCHED])
    if found is None or set(found["name"].lower().split()) & _english_words():
        return None
    return Name(*found.span("name"), found["name"], found["name"])


def announced(matched: Normal) -> Name | None:
    """`my name is …`, `Mrs …`, `this is … speaking`, a signature."""
    text = matched.text
    for pattern in (_EN_CUE, _PINYIN_CUE):
        found = pattern.search(text)
        kind = found.lastgroup if found else None
        said = found[kind] if found and kind else ""
        if found and kind and len(said) > 1 and said not in _EN_TITLES and said.split()[0] not in _english_words():
            return named(matched, *found.span(kind))
    for pattern in (_EN_AM, _EN_TITLE):
        for found in pattern.finditer(text):
            words = matched.verbatim(*found.span("name")).split()
            kept = [word for word in words if word[:1].isupper() or pattern is _EN_TITLE]
            is_title = [word.lower().rstrip(".") for word in kept] in [[title] for title in _EN_TITLES]
            if is_title or _STAFF_OF_OURS.match(text, found.end("name")):
                continue
            if kept and kept == words[: len(kept)] and _may_be_a_name(kept):
                start = found.start("name")
                return named(matched, start, start + len(" ".join(kept)))
    told = _first_name_told().search(text) or _LOWER_HERE.search(text)
    if told and told["name"] not in _english_words():
        return named(matched, *told.span("name"))
    return _capitalised(matched)


def _may_be_a_name(words: list[str]) -> bool:
    """Whether the words of a name begin with none of every day (`It's Monday.`) and no place."""
    first = words[0].lower().rstrip(".")
    return first not in _english_words() and not (words[0][:1].isupper() and is_place(first) and len(words) == 1)


def _capitalised(matched: Normal) -> Name | None:
    """A name by its capital letters: signed, in the name of somebody, `… here`."""
    for found in _EN_CAPITALISED.finditer(matched.original[:_SEARCHED]):
        kind = next(each for each in _CAPITALISED_KINDS if found[each])
        said = found[kind].lower()
        if _HOME.search(matched.original[: found.start(kind)].lower()):
            continue  # "I am from Brazil"
        if found["signed"] and _AGAIN.match(matched.original, found.end()) and said not in _first_names().split("|"):
            continue
        if not (set(said.split()) & _english_words() or is_place(said) or region(said) or _PLACE.search(said)):
            return Name(found.start(kind), found.end(kind), found[kind], found[kind])
    return None


def bare(said: str) -> tuple[int, int] | None:
    """Where the name lies in a message (normal form) that may be nothing but one."""
    found = _EN_BARE.fullmatch(said)
    is_none = found is None or set(said.split()) & _english_words() or _PLACE.search(said)
    return None if found is None or is_none else found.span("name")


def listed(text: str) -> Name | None:
    """A name that stands by itself among other data: a first name, or capitalised words that are no everyday ones."""
    both = _BOTH_SCRIPTS.search(text[:_SEARCHED])
    if (
        both
        and not is_place(both["name"].split()[0].lower())
        and re.fullmatch(f"[{_surnames()}]", normal(both["name"][-1]).text)
    ):
        return Name(*both.span("name"), both["name"], both["name"])
    first = _first_name_alone().search(text[:_SEARCHED])
    if first:
        return Name(*first.span("name"), first["name"], first["name"])
    if spelled := _surname_in_pinyin().search(text[:_SEARCHED]):
        return Name(*spelled.span("name"), spelled["name"], spelled["name"])
    for found in _EN_LISTED.finditer(text[:_SEARCHED]):
        kind = "name" if found["name"] else "short"
        said = found[kind].lower()
        if not (set(said.split()) & _english_words() or _PLACE.search(said)):
            return Name(found.start(kind), found.end(kind), found[kind], found[kind])
    return None


@lru_cache(maxsize=1)
def _first_name_alone() -> re.Pattern[str]:
    """An English first name that is a clause of its own, a surname behind it or not: `…, Tom`, `its priya,`."""
    cue, ends = r"(?:^|[,.;!?]\s*|(?<=\d) (?=[A-Z])|\b(?:it'?s|i'?m|this is) )", r"(?=\s*(?:[,.;!]|$|\+?\d{7}))"
    return re.compile(rf"{cue}(?P<name>(?i:{_first_names()})(?: [A-Z](?:[a-z'’]+|\.)?)?){ends}")


@lru_cache(maxsize=1)
def _surname_in_pinyin() -> re.Pattern[str]:
    """A surname in pinyin, alone or before a given name, that ends a list of data behind the number: `138…, wang`."""
    surnames = {"".join(pinyin.spelled(each)) for each in _surnames()} - _english_words()
    given = r"(?: [a-z]{2,6}){0,2}"
    return re.compile(rf"(?<!\d)1[3-9]\d{{9}}[\s,.;]+(?P<name>(?i:{'|'.join(sorted(surnames))}){given})[\s.!]*$")


@lru_cache(maxsize=1)
def _first_name_told() -> re.Pattern[str]:
    """The same behind words that name oneself, whatever else the message tells: `hi its priya, rented flat …`."""
    return re.compile(rf"\b(?:it'?s|i'?m|im|this is) (?P<name>{_first_names()})(?=\s*(?:[,.;!]|$|from\b|here\b))")


@lru_cache(maxsize=1)
def _first_names() -> str:
    return "|".join((_LEXICON / "first_names_en.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _surnames() -> str:
    """The surnames of one character."""
    return (_LEXICON / "surnames.txt").read_text(encoding="utf-8").split("\n")[0]


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    return frozenset((_LEXICON / "common_words_en.txt").read_text(encoding="utf-8").split())
