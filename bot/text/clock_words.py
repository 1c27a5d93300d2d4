"""Times of day in a customer's words: 下午三点半, 3点后, 2点到4点, after 3pm, morning."""

import re
from dataclasses import dataclass

from bot.text import time_words
from bot.text.numerals import cardinal, english_number

_DAYPARTS = time_words.parts()
_PM = frozenset(word for word, (start, _) in _DAYPARTS.items() if start >= 12) | {"中午", "晌午", "noon", "midday"}
_NOON = frozenset({"中午", "晌午", "晌午头", "中午头"})
_ZH_PARTS = time_words.alternatives([word for word in _DAYPARTS if not word.isascii() and len(word) > 1])
_ZH_PARTS = rf"(?:(?<![周期拜])(?=一)|(?!一))(?:{_ZH_PARTS})"
"""周一早上 is no 一早."""
_EN_PARTS = time_words.alternatives([word for word in _DAYPARTS if word.isascii()])
_HOUR_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_SPOKEN_EN = re.compile(
    rf"(?:\b(?P<relation>not before|after|before|from|until|till|by) )?"
    rf"\b(?P<part>half past|half|quarter past|quarter to) (?P<hour>\d{{1,2}}"
    rf"|{_HOUR_WORD})(?:-?ish\b)?(?:\s?(?P<ap>[ap])\.?m\b)?"
    rf"(?: ?(?:-|to|and|till|until) ?(?P<until>{_HOUR_WORD}|\d{{1,2}}(?![\d:]))\b)?"
    r"(?= (?P<late>tonight|tonite|(?:this|in the) evening)\b)?",
    re.ASCII,
)
_WORDED_EN = re.compile(
    rf"(?:\b(?:this )?(?P<lead>morning|afternoon|evening|tonight|tonite),? +)?"
    r"(?<!half )(?<!quarter )(?<!half past )(?<!quarter past )(?<!quarter to )"
    rf"\b(?:(?P<relation>not before|said|meant|after|before|at|(?<!off )by|until|till?|from|around"
    rf"|(?<!a )round(?! one)|about|past"
    rf"|between) )?(?P<first>{_HOUR_WORD})"
    rf"(?: (?:and|to|till?|until) (?P<second>{_HOUR_WORD}|noon|midday))?(?:-?ish)?(?P<clock> ?o ?'?clock)?"
    rf"(?: (?:in the |this )?(?P<of>morning|afternoon|evening|tonight|tonite)|\s?(?P<ampm>[ap])\.?m\.?)?(?=\s*(?:$"
    rf"|[,.!?;]| (?:on|please"
    rf"|pls|instead|rather|or|if|then|is|tomorrow|today|onwards|would|could|can|suits?|works?|when|clash\w*|about|by"
    rf"|because|to talk|will)\b))",
    re.ASCII,
)
_MEANT_HOUR = re.compile(
    r"\b(?:make (?:it|that)|made it|(?:could|can) (?:it|he|she|you|they|we) (?:be|make it|make that|do|say)"
    r"|(?:booked|down|set|due|agreed|scheduled|arranged)(?: for)?|rather than|instead of|can'?t do|cannot do) ?$"
)
"""What stands before an hour that nothing else marks: `make it eleven`, `5pm rather than 2`."""
_WAITS = re.compile(
    r"\b(?:wait|hold (?:on|off)|busy|court|meetings?|class|away|out|not (?:be )?(?:in|home|back|free)|asleep|sleep\w*"
    r"|work\w*|shift|stuck|can'?t|cannot|won'?t|shan'?t|postpone\w*|teach\w*)\b[^,.;!?]{0,40}$"
)
"""Who waits until an hour, or is kept until then, wishes for a time after it."""
_EN_COUNTED = r"(?:years?|yrs?|days?|weeks?|months?|hours?|hrs?|mins?|minutes?|times|people|lit(?:re|er)s?|l)\b"
_AFTER_A_DAY = re.compile(
    r"\b(?:tonight|tonite|tomorrow|tmrw?|tmw|2moro|2mrw|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?"
    r"|sun)(?:day)?) ?$",
    re.ASCII,
)
_AFTER_A_DATE = re.compile(
    r"(?:\b(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|\b(?:jan|feb|mar|apr|may|june?|july?|aug"
    r"|sept?|oct"
    r"|nov|dec)[a-z]{0,6}|\d(?:st|nd|rd|th)|tomorrow|tmrw?), ?$",
    re.ASCII,
)
_BARE_END = re.compile(r"(?:ish)?\s*(?:$|[,.!?]|(?:pls|plz|please|ok|instead|then)\b)")
_DAY_BETWEEN = (
    r"(?:on )?(?:(?:this|next) )?(?:(?:tomorrow|tmrw?|tmw|2moro|today)|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?"
    r"|sun)(?:day)?) "
)
"""What may stand between an hour and its part of the day: `9 tomorrow morning`."""
_ENDS = re.compile(r"\s*(?:$|[,.;!?](?!\d))")
_UNTIL = ("until", "till", "til")
_RATHER = re.compile(r"\s*(?:instead|rather|not at)\b")
_GREETED = frozenset({"night", "evening", "morning", "aft"})
_SUITS = re.compile(r" (?:is|works|would|ok|okay|only|please|pls)\b")
_MEANT = re.compile(r"\b(?:in the|this|the|any|every|during the) $")
_ONE_OR_THE_OTHER = re.compile("一[二两]|[二两]三|三四|四五|五六|六七|七八|八九")
_HOUR = (
    r"(?:[01]?\d|2[0-4]|十一二|二?十[一二三四]?|(?<![周期拜])(?:一[二两]|[二两]三|三四|四五|五六|六七|七八|八九)"
    r"|(?<![周期拜])[零一二两三四五六七八九])"
)
"""周三九点 is nine o'clock, 两三点 two or three."""
_MINUTE = r"(?:[0-5]?\d|[零一二三四五六七八九十]{1,3})"


_MISTYPED = r"[上下](?:物|伍|五(?![楼层个级块折百千十台点月号年天次])(?<=[今明后天日改是约成号到]..))(?!业|流)"
"""上午 and 下午 as pinyin keyboards write them."""


def _zh_clock(tag: str) -> str:
    return (
        rf"(?<!同)(?P<hour{tag}>{_HOUR})\s?(?:(?:点(?!水)钟?|[店典奌](?=以[后前]|之[后前]|左右|钟|半)|时(?![候间段期]))\s?(?:(?P<half{tag}>半)|(?P<quarter{tag}>[一三])刻"
        rf"|(?P<min{tag}>{_MINUTE})(?:分|(?![\d点到至\-~]))|整)?"
        rf"|[:：](?P<colon{tag}>[0-5]\d))"
    )


_ZH = re.compile(
    rf"(?:北京时间)?(?P<part>{_ZH_PARTS}|(?<=[今明后昨听])[早晚夜暗]|[早晚](?!\s?一点(?![半钟]))(?=\s?{_HOUR}[点时后:])|(?<=听)朝|{_MISTYPED})?"
    rf"[向厢]?\s?(?:的时候)?(?(part)(?:,(?={_HOUR}点))?(?:的?(?:大概|大约|差不多"
    rf"|大致))?)\s?"
    rf"(?:(?:(?P<bare1>{_HOUR})|{_zh_clock('1')})\s?(?:到|至|-|~|—"
    rf"|–)\s?(?P<part2>{_ZH_PARTS})?\s?{_zh_clock('2')}(?:之间)?|{_zh_clock('')})"
    r"\s?(?P<relation>左右|上下|前后|多钟?|来钟|之后|以后|过后|往后|开始|后|起(?!来)|过(?![来去了年时])|之前|以前"
    r"|进前|前|外(?![面地出]))?"
    rf"|(?P<later_than>晚|晚上)(?P<after_hour>{_HOUR})后"
    rf"|(?:北京时间)?(?P<only>{_ZH_PARTS}|(?<=[今明后昨听])[早晚夜暗]|(?<=听)朝|{_MISTYPED})(?!好(?![吗么不嘛呢伐弗勿吧啵冇唔])|茶)"
    r"(?:(?P<since>以后|之后|过后)|(?P<until>[之以]?前)(?![后天台面几])|向)?"
)
_EN_TIME = (
    r"(?P<h{0}>[01]?\d|2[0-3])(?:[:.h](?P<m{0}>[0-5]\d))?(?P<ish{0}>-?ish\b)?"
    r"(?:\s?(?P<ap{0}>[ap](?:\.m\.|\.?m)(?![a-z])|o ?'?clock))?"
)
_EN = re.compile(
    rf"(?:\b(?:this |any )?(?P<lead>{_EN_PARTS})(?: +|, *(?=at|after|before|around|from"
    rf"|between))(?=[a-z@]{{0,7}} ?\d))?"
    r"\b(?P<prefix>not before|b4|aftr|after|fro?m|past|before|by|until|till?|no later than|a?round|about|between"
    r"|at|@)?\s?"
    rf"(?<![\d:/-])(?!\d+\s?{_EN_COUNTED}){_EN_TIME.format('1')}(?:\s?(?:-|–|to|and|till"
    rf"|until)\s?{_EN_TIME.format('2')})?(?![\d:/]"
    rf"|-\d)(?:\s(?P<later>onwards?|or later))?"
    rf"(?:\s(?:in the |this |(?(prefix){_DAY_BETWEEN}|(?!)))?(?P<en_part>{_EN_PARTS})\b)?"
    rf"|(?<![a-z\d])(?:(?P<part_prefix>early|late|this"
    rf"|any)\s)?(?<!good )(?<!gd )(?<!gud )(?P<en_only>{_EN_PARTS})s?(?![a-z\d])"
    r"|\b(?P<ampm>am|pm)\b",
    re.ASCII,
)


@dataclass(frozen=True)
class Clock:
    """A time of day as minutes after midnight and where the words stand; `alone` when it needs no day beside it."""

    start: int
    end: int
    opens: int
    closes: int
    alone: bool = True


_NOON_HOUR = 12
_UNTIL_NOON = re.compile(r"(?:(?<=\d and )|(?<=\d to )|(?<=\d till )|(?<=\d until )|(?<=\d-))noon\b")
"""A word of the four letters that "12pm" has, so that all places in the text stay."""


def find_clocks(text: str) -> list[Clock]:
    """All times of day named in the normal form `text`, left to right."""
    text = _UNTIL_NOON.sub("12pm", text)
    chinese = [clock for match in _ZH.finditer(text) if (clock := _read_zh(match))]
    english = [clock for match in _EN.finditer(text) if (clock := _read_en(match))]
    english += [_read_spoken(match) for match in _SPOKEN_EN.finditer(text)]
    english += [clock for match in _WORDED_EN.finditer(text) if (clock := _read_worded(match))]
    english = [clock for clock in english if not any(_holds(other, clock) for other in english)]
    chinese = [
        clock for clock in chinese if not any(other.start <= clock.start and clock.end < other.end for other in english)
    ]
    taken = [(clock.start, clock.end) for clock in chinese]
    apart = [clock for clock in english if all(clock.end <= start or clock.start >= end for start, end in taken)]
    return sorted(chinese + apart, key=lambda clock: clock.start)


def _holds(longer: Clock, clock: Clock) -> bool:
    """Whether a clock is only a piece of a longer one: the afternoon in "afternoon at three"."""
    return (
        longer.start <= clock.start and clock.end <= longer.end and longer.end - longer.start > clock.end - clock.start
    )


def _read_spoken(match: re.Match[str]) -> Clock:
    """`half past two`, `quarter to 9 am`, `half eight till ten`; without am or pm 1 to 6 o'clock is afternoon."""
    hour = int(english_number(match["hour"]) or 0)
    if match["ap"] == "p" or match["late"] or (match["ap"] is None and 1 <= hour <= 6):
        hour += 12 if hour < 12 else 0
    at = hour * 60 + {"half past": 30, "half": 30, "quarter past": 15, "quarter to": -15}[match["part"]]
    if match["until"] is None:
        return Clock(match.start(), match.end(), *_related(at, match["relation"] or "", None))
    until = int(english_number(match["until"]) or 0) * 60
    return Clock(match.start(), match.end(), at, until if until > at else until + 12 * 60)


def _read_worded(match: re.Match[str]) -> Clock | None:
    """`after six`, `between two and five`, `at ten in the morning`: hours in words, 1 to 6 in the afternoon."""
    part = match["of"] or match["lead"] or ""
    afternoon = match["ampm"] == "p" or part in _PM
    morning = match["ampm"] == "a" or part == "morning"
    marked = match["relation"] or match["clock"] or match["of"] or match["ampm"]
    if not (marked or _MEANT_HOUR.search(match.string[: match.start()])):
        return None
    first, second = (
        _hour_in_words(match[name], afternoon=afternoon, morning=morning) if match[name] else None
        for name in ("first", "second")
    )
    assert first is not None
    if second is not None:
        return Clock(match.start(), match.end(), first, second if second > first else second + 12 * 60)
    opens, closes = _related(first, _boundary(match.string[: match.start()], match["relation"] or ""), None)
    return Clock(match.start(), match.end(), opens, closes)


def _boundary(before: str, relation: str) -> str:
    """On which side of an hour the wish lies."""
    return "after" if relation in _UNTIL and _WAITS.search(before) else relation


def _hour_in_words(word: str, *, afternoon: bool, morning: bool) -> int:
    hour = _NOON_HOUR if word in ("noon", "midday") else int(english_number(word) or 0)
    if hour < 12 and (afternoon or (hour <= 6 and not morning)):
        hour += 12
    return hour * 60


def _read_zh(match: re.Match[str]) -> Clock | None:
    if match["after_hour"]:
        at = _hour(match["after_hour"], match["later_than"])
        return Clock(match.start(), match.end(), at, max(22 * 60, at + 30)) if at is not None else None
    return _read_part(match) if match["only"] else _read_hour(match)


def _read_part(match: re.Match[str]) -> Clock:
    """A part of the day, also up to it or from it on: `傍晚`, `中午以后`."""
    start, end = _part(match["only"])
    if match["only"] in _NOON and (match["since"] or match["until"]):
        start, end = (12 * 60, 18 * 60) if match["since"] else (8 * 60, 12 * 60)
    elif match["until"]:
        start, end = 8 * 60, start
    return Clock(match.start(), match.end(), start, end)


def _read_hour(match: re.Match[str]) -> Clock | None:
    part = match["part"]
    if match["hour2"]:
        first = _minutes(match, "1", part) if match["hour1"] else _hour(match["bare1"], part)
        second = _minutes(match, "2", match["part2"] or part)
        if first is None or second is None:
            return None
        return Clock(match.start(), match.end(), first, second if second > first else second + 12 * 60)
    if _ONE_OR_THE_OTHER.fullmatch(match["hour"]):
        first, second = (_hour(word, part) for word in match["hour"])
        assert first is not None
        assert second is not None
        return Clock(match.start(), match.end(), first, second)
    at = _minutes(match, "", part)
    if at is None or (part is None and _is_a_bit(match)):
        return None
    opens, closes = _related(at, match["relation"] or "", _part(part) if part else None)
    return Clock(match.start(), match.end(), opens, closes)


def _is_a_bit(match: re.Match[str]) -> bool:
    """`大一点`, `有一点` and the first half of `一时热一时冷` are no hour."""
    if match[0].strip() == "一时" and re.match("[冷热凉烫冻冰]", match.string[match.end() :]):
        return True
    if (
        re.match(r"[没不都也儿热用火光味声电辙]|反应|办法|动静|问题|毛病|水(?!电)", match.string[match.end() :])
        and match[0].strip() == "一点"
    ):
        return True
    return (
        match[0].strip() == "一点"
        and bool(re.search(r"[\u3400-\u9fff]$", match.string[: match.start()]))
        and not (match.string[: match.start()].endswith(("约", "在", "是", "到", "天", "日", "号", "午")))
    )


def _related(at: int, relation: str, part: tuple[int, int] | None) -> tuple[int, int]:
    past = relation.startswith(("多", "来", "外")) or relation == "过"
    if past or relation in ("左右", "上下", "前后", "around", "round", "about"):
        return max(0, at - (0 if past else 30)), at + 30
    if "后" in relation or relation in ("开始", "起", "after", "from", "past", "not before"):
        end = part[1] if part else 18 * 60
        return at, end if end > at else 24 * 60
    if "前" in relation or relation in ("before", "b4", "by", *_UNTIL, "no later than"):
        start = part[0] if part else 8 * 60
        return start if start < at else 0, at
    return at, at + 30


def _minutes(match: re.Match[str], tag: str, part: str | None) -> int | None:
    hour = _hour(match[f"hour{tag}"], part)
    if hour is None:
        return None
    if match[f"half{tag}"]:
        return hour + 30
    if match[f"quarter{tag}"]:
        return hour + (15 if match[f"quarter{tag}"] == "一" else 45)
    spoken = match[f"min{tag}"] or match[f"colon{tag}"]
    if match[f"hour{tag}"] == "零" and spoken and len(spoken) == 1:
        return None  # 零点三 is a decimal
    minutes = cardinal(spoken) if spoken else 0
    return hour + minutes if minutes is not None and minutes < 60 else None


def _hour(words: str, part: str | None) -> int | None:
    """Minutes after midnight; without a part of the day 1 to 6 o'clock is in the afternoon, as offices speak."""
    hour = cardinal(words)
    if hour is None or hour > 24:
        return None
    part = f"{part[0]}午" if part and part[1:] in ("物", "伍", "五") else part
    if part in _PM:
        hour += 12 if hour < (11 if part in ("中午", "晌午") else 12) else 0
    elif part is None and 1 <= hour <= 6:
        hour += 12
    return hour * 60


def _part(word: str) -> tuple[int, int]:
    if word[1:] in ("物", "伍", "五"):
        word = word[0] + "午"
    start, end = _DAYPARTS[word]
    return start * 60, end * 60


def _read_en(match: re.Match[str]) -> Clock | None:
    if match["en_only"]:
        start, end = _part(match["en_only"])
        if match["part_prefix"] == "early":
            end = start + (end - start) // 2
        elif match["part_prefix"] == "late":
            start += (end - start) // 2
        alone = (
            match["en_only"] not in _GREETED
            or match["part_prefix"] in ("this", "any")
            or match[0].endswith("s")
            or bool(_MEANT.search(match.string[: match.start()]))
            or bool(_SUITS.match(match.string, match.end()))
        )
        return Clock(match.start(), match.end(), start, end, alone)
    if match["ampm"]:
        start, end = (8 * 60, 12 * 60) if match["ampm"] == "am" else (12 * 60, 18 * 60)
        return Clock(match.start(), match.end(), start, end, alone=False)
    prefix, part = match["prefix"] or "", match["lead"] or match["en_part"]
    marks = (match["ish1"] or "") + (match["ap1"] or "") + (match["ap2"] or "") + (match["m1"] or "") + (part or "")
    bare = bool(_AFTER_A_DAY.search(match.string[: match.start()]) and _BARE_END.match(match.string, match.end()))
    bare = bare or bool(
        _MEANT_HOUR.search(match.string[: match.start()]) and _BARE_END.match(match.string, match.end())
    )
    bare = bare or bool(match["h2"] and _AFTER_A_DATE.search(match.string[: match.start()]))
    if not (marks or bare) and not (prefix and (prefix != "about" or match["h2"])):
        return None
    prefix = _boundary(match.string[: match.start()], prefix)
    first = _en_minutes(match, "1", match["ap1"] or match["ap2"], part)
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    alone = bool(marks) or prefix in ("after", "aftr", "before", "b4") or bool(_ENDS.match(match.string, match.end()))
    alone = alone or bool(_MEANT_HOUR.search(match.string[: match.start()]))
    alone = alone or bool(match["later"]) or (prefix == "at" and bool(_RATHER.match(match.string, match.end())))
    if match["h2"]:
        second = _en_minutes(match, "2", match["ap2"] or match["ap1"], part)
        if first > second:
            first = first - 720 if first - 720 >= 0 and first >= 720 else first
        return Clock(start, match.end(), first, second if second > first else second + 720, alone)
    relation = "after" if match["later"] or prefix == "aftr" else prefix or ("around" if match["ish1"] else "")
    opens, closes = _related(first, relation, _part(part) if part else None)
    return Clock(start, match.end(), opens, closes, alone)


def _en_minutes(match: re.Match[str], tag: str, ampm: str | None, part: str | None) -> int:
    hour, minutes = int(match[f"h{tag}"]), int(match[f"m{tag}"] or 0)
    if ampm and ampm.startswith("p") and hour < 12:
        hour += 12
    elif ampm and ampm.startswith("a") and hour == 12:
        hour = 0
    elif not (ampm and ampm.startswith("a")) and (part in _PM or (part is None and 1 <= hour <= 6)) and hour < 12:
        hour += 12
    return hour * 60 + minutes
