"""Corrections: which field is meant, and what changes in a value that is already held. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from bot.actions.reading import places
from bot.actions.reading.utterance import plain
from bot.text import numerals
from bot.text.calendar_words import find_days
from bot.text.normal import normal
from bot.text.time import wanted_time
from bot.text.typed import in_characters
from bot.text.values import ZONE

_DAYS_OF_A_WEEK = 7
_SAME_DAY = re.compile(r"(?:在|就|还是)?(?:那一?[天日]|同一天|当天|嗰日)的?|\b(?:on )?(?:that|the same) day\b")
_THAT_DAY = re.compile(
    r"(?:就|还是|定|按|照)(?:在|原来|原先)?(?:那一?[天日]|当[天日]|嗰日)|^(?:那一?[天日]|嗰日)(?:可以|行|好|吧|就行|也行)"
    r"|\b(?:that|the same) day\b(?!.{0,4}\b(?:not|no|does|is not|isn't|won't|doesn't))"
)
_DIGIT = r"[\d零〇一幺二两三四五六七八九]"
_WORD = "zero|oh|one|two|three|four|five|six|seven|eight|nine"
_NOT_OLD = r"(?:不是\s*\d{1,6}\s*[,，、]?\s*)?"
_TAIL = re.compile(
    rf"(?:最后|末)(?:一|1)?[位个]数?(?:字)?(?:应该|其实)?{_NOT_OLD}(?:而?[是为])?\s*(?P<one>{_DIGIT})(?!{_DIGIT})"
    rf"|(?:电话|手机|号码?)[^,，。]{{0,4}}(?:最后|末尾|结尾|尾巴)(?:应该|其实)?{_NOT_OLD}而?[是为]\s*(?P<short>{_DIGIT})(?!{_DIGIT}|[点号天月日])"
    r"|(?:尾号|末尾|最后|后(?:面)?)(?:[两三四二234]?[位个]数?(?:字)?)?(?:应该|其实)?"
    rf"{_NOT_OLD}(?:而?[是为])?\s*(?P<zh>{_DIGIT}{{2,6}})(?![点号天月日年周楼个小])"
    r"|last (?:digit|number|figure|one) (?:is|should be|was)(?: not \d,? (?:but )?)? ?"
    rf"(?P<last>\d|{_WORD})(?![\da-z])"
    r"|(?:ends? (?:in|with)|ending (?:in|with)?"
    r"|last (?:\w+ )?(?:digits?|numbers?|two|three|four)(?: of (?:my |the )?(?:mobile|phone"
    r"|cell)?(?: ?number)?)?(?: (?:is|are|should be))?(?: not \d{1,6},? (?:but )?)?)\s*"
    r"(?P<en>\d{2,6})"
    rf"|\b(?:number|phone|mobile|it) (?:should )?ends? (?:in|with) (?P<end>\d|{_WORD})(?![\da-z])"
    r"|\b(?:number|phone|mobile|it) (?:should )?ends? (?P<bare>\d{2,6})(?![\da-z])"
)
_OLD = r"[^,，。.;；!！?？\s]{1,20}?"
_NEW = r"[^,，。;；!！?？]{1,40}"
_LABEL = r"(?:门牌|房号|楼号|单元|房间|地址|号码|写的|说的)号?(?:是|写的?是|说的?是|那个)?"
_HAN = r"[\u3400-\u9fff]"
_SPELLED = rf"(?=(?:那个)?{_HAN}{{0,3}}(?P<new>{_HAN}){_HAN}{{0,3}}的(?P=new)字?(?:$|[,，。!！\s]))"
"""A character told by a word it stands in: "健康的健"."""
_REPLACED = (
    re.compile(
        rf"(?:{_LABEL})?(?P<old>{_OLD})(?:不对|错了|写错了?|是错的|搞错了?)[,，\s]*(?:应该|其实|要)?[是改]为?(?P<new>{_NEW})"
    ),
    re.compile(r"(?P<new>\d{2,5})[,，\s]*(?:而)?不是(?P<old>\d{2,5})"),
    re.compile(r"(?P<old>(?<!\d)\d{2,5})改(?P<new>\d{2,5})(?!\d)"),
    re.compile(rf"(?<!不)是(?P<new>{_OLD})[,，\s]*(?:而)?不是(?P<old>{_NEW})"),
    re.compile(rf"(?<!是)不是(?P<old>{_OLD})[,，\s]*(?:而|应该)?是(?P<new>{_NEW})"),
    re.compile(rf"(?:把|将)?(?P<old>{_OLD})(?:应该)?(?:改成|改为|换成|应该是|应为)(?P<new>{_NEW})"),
    re.compile(r"不(?:是)?姓(?P<old>[\u3400-\u9fff])[,，\s]*(?:而?是)?姓(?P<new>[\u3400-\u9fff])"),
    re.compile(r"姓(?P<new>[\u3400-\u9fff])[,，\s]*(?:而)?不(?:是)?姓(?P<old>[\u3400-\u9fff])"),
    re.compile(rf"(?P<old>{_HAN})字?(?:应该|要)?(?:是|用|写){_SPELLED}"),
    re.compile(rf"不是{_HAN}{{1,4}}的(?P<old>{_HAN})[,，\s]*(?:而|应该)?是{_SPELLED}"),
    re.compile(
        r"^(?:(?:no|sorry|oops|actually|it'?s|it is|that'?s|should be)[ ,]+)*(?:no\.? ?|number )?(?P<new>\d{1,5}[a-z]?)"
        r",? (?:and )?not (?:no\.? ?|number )?(?P<old>\d{1,5}[a-z]?)\b"
    ),
    re.compile(r"\bnot (?P<old>[\w' -]{1,30}?),? (?:but|it'?s|it is) (?P<new>[\w' -]{1,40})"),
    re.compile(r"\bchange (?P<old>[\w' -]{1,30}?) to (?P<new>[\w' -]{1,40})"),
)
_NUMBER = r"附?[0-9零〇一幺二两三四五六七八九十百廿卅]+"
_UNIT = re.compile(r"(?:号楼|号院|栋|幢|座|塔|单元|楼|层|室|房|组|弄)$")
_PIECE = re.compile(rf"(?:{_NUMBER}(?:号楼|号院|栋|幢|座|单元|楼|层|室|房|组|弄))|\d{{2,5}}")
_ROOM = re.compile(r"[0-9]{3,4}(?:号?[房室])?[。.!]?")
_TALL = r"(?:[0-9]{2,5}|[零〇一幺二两三四五六七八九十百千]{3,7})"
_PIECES_ALONE = re.compile(
    rf"(?:不对|不是|错了|写错了|哦|噢|对了?|还有|忘了说|漏了|楼上|应该|其实|门牌|地址|[,，。\s])*(?:是|改成|改为|为|在)?\s*"
    rf"(?P<pieces>(?:[0-9]{{1,4}}号[,， ]*(?={_NUMBER}(?:号楼|栋|幢|座|单元|楼|层|室|房)))?"
    rf"(?:(?:{_NUMBER}|[a-z])(?:号楼|号院|栋|幢|座|塔|单元|楼|层|室|房|组|弄|队)[,， ]*)+{_TALL}?"
    rf"(?:[,， ]*{places.LANDMARK})?)"
    r"(?:才对|吧|的|啊|哦|呢|[。.!\s])*"
)
_LANDMARK_ALONE = re.compile(
    rf"(?:就是?|是|就在|在|靠近?|挨着|紧挨着?|哦|嗯|对(?=[,，\s])|还有|[,，\s])*(?P<pieces>{places.LANDMARK})(?:吧|的|啊|哦|呢|嘛|[。.!\s])*"
)
_PARTICLES = re.compile(r"(?:才对|才是|哈|啊|呀|呢|吧|了|的)+$|[\s.]+$")


def on_the_held_day(
    text: str, held_start: str | None, now: str | None = None, zone: tzinfo = ZONE
) -> dict[str, str] | None:
    """The window a message names beside the agreed one: a time of day without a day ("改成下午吧") on the agreed day, a
    bare weekday ("还是周六上午吧") in the week of that day; None when it names another day, or one that is over.

    `held_start` is the aware ISO instant at which the held window opens, `now` that of the turn.
    """
    if not held_start:
        return None
    opens = datetime.fromisoformat(held_start).astimezone(zone)
    words = _SAME_DAY.sub(" ", in_characters(normal(text)).text)
    days = find_days(words, opens.date(), opens)
    if any(day.repeats != _DAYS_OF_A_WEEK for day in days):
        return None
    first = opens.date() - timedelta(days=opens.weekday() if days else 0)
    found = wanted_time(words, datetime.combine(first, time(), zone))
    if found is None or (now and found.closes <= datetime.fromisoformat(now)):
        return None
    return {"start": found.opens.isoformat(), "end": found.closes.isoformat()}


def on_the_held_clock(window: dict[str, str], held: dict[str, str], zone: tzinfo = ZONE) -> dict[str, str]:
    """Another day named alone keeps the time of day that was agreed ("the day after tomorrow" for tomorrow at two)."""
    opens, closes = (datetime.fromisoformat(window[edge]).astimezone(zone) for edge in ("start", "end"))
    if opens.time() != time() or closes - opens != timedelta(days=1):
        return window
    start, end = (datetime.fromisoformat(held[edge]).astimezone(zone) for edge in ("start", "end"))
    moved = datetime.combine(opens.date(), start.time(), zone)
    return {"start": moved.isoformat(), "end": (moved + (end - start)).isoformat()}


_MAKE_IT = re.compile(
    r"\b(?:make|let'?s (?:say|make)|change|move|push) (?:it|that)?(?: to| at)? ?"
    r"(?P<hour>(?:half past |quarter (?:past|to) )?\d{1,2}(?:[:.][0-5]\d)?)(?! ?(?:am|pm|a\.m|p\.m|o'?clock"
    r"|[\d:./-]))\b"
)


def another_hour(text: str) -> str | None:
    """The hour that is all "actually make it 5" tells, as words a clock is read from; None when there is none."""
    found = _MAKE_IT.search(normal(text).text)
    return f"at {found['hour']} o'clock" if found else None


_TAKES_BACK = re.compile(
    r"^[\W_]*(?:(?:no|oh|sorry|oops)[ ,.!-]*)*(?:wait|hang on|hold on|actually|i mean|correction|my mistake)\b"
    r"|^[\W_]*(?:no|sorry|oops)[ ,.!-]+(?:it|that) (?:was|is)\b|^[哦噢啊,，。\s]*(?:不对|不是|错了|[说记写]错了)"
)


def takes_back(text: str) -> bool:
    """Whether a message begins by taking back what its speaker said before: "no wait, it was May 2021"."""
    return bool(_TAKES_BACK.search(plain(text)))


_ONLY_TAKES_BACK = re.compile(
    r"(?:哎呀?|啊呀?|哦|噢|嗯|呃|诶|唉|等等?|等一下|我|刚才|刚刚|那个|这个|上面|前面|[,，。.!！\s])*"
    r"(?:(?:[说讲报念打写记搞弄]错|错|不对|唔啱|(?:说|讲|报|念)得?不对)[了啦咗嘞咯哦啊呀的]*(?:不对|错了|重来|我?重新?(?:再)?[说报讲念]|等等?|等一下|[,，。.!！\s])*)+"
    r"|(?:(?:oh|no|sorry|wait|oops|hang on|hold on)[ ,.!]*)*"
    r"(?:(?:that|it)(?:'?s| is| was)|i (?:said|got|gave|told)(?: you)?(?: it| that)?) ?(?:all )?"
    r"(?:wrong|not right|a mistake|the wrong (?:one|number))[ ,.!]*(?:sorry)?[ .!]*"
    r"|(?:(?:oh|no|sorry|wait|oops)[ ,.!]*)*(?:my mistake|i made a mistake|wrong number|wrong one)[ .!]*"
)


def only_takes_back(text: str) -> bool:
    """Whether all of a message is that what was told just before is wrong: "说错了", "no no that's wrong"."""
    return bool(_ONLY_TAKES_BACK.fullmatch(plain(text)))


def names_a_slip(text: str) -> bool:
    """Whether somebody says that they have said something wrong, and not only that something is wrong: "念错了"."""
    return bool(re.search(r"[说讲报念打]错|\bi (?:said|gave|told|made)\b|\bwrong number\b", plain(text)))


def keeps_the_hour(text: str) -> bool:
    """Whether another day is wanted at the hour that stood: "tomorrow instead, same time"."""
    return bool(_SAME_HOUR.search(plain(text)))


_SAME_HOUR = re.compile(
    r"\bsame (?:time|hour)\b|(?:同样|一样|相同|同一)的?(?:时间|钟点|点)|(?:时间|钟点)(?:还是)?(?:不变|照旧|一样)"
)


def names_that_day(text: str) -> bool:
    """Whether the agreed day is meant without its name: "那天下午", "that day"."""
    return bool(_SAME_DAY.search(in_characters(normal(text)).text))


def keeps_the_day(text: str) -> bool:
    """Whether somebody who looked for another time comes back to the agreed day: "还是那天吧", "that day is fine"."""
    return bool(_THAT_DAY.search(in_characters(normal(text)).text))


def phone_with_new_end(text: str, held: str | None) -> str | None:
    """The held E.164 number with the end the customer names ("尾号是8001"), or None when the text names none."""
    found = _TAIL.search(normal(text).text)
    if found is None or not held:
        return None
    end = _figures(next(group for group in found.groups() if group))
    return held[: -len(end)] + end


def _figures(told: str) -> str:
    """A digit said as an English word, or digits some of which are characters, as figures."""
    if told.isascii() and told.isalpha():
        return "0" if told == "oh" else str(_WORD.split("|").index(told) - (told not in ("zero", "oh")))
    return "".join(sign if sign.isdigit() and sign.isascii() else str(numerals.DIGITS[sign]) for sign in told)


def replaced_in(text: str, held: str | None) -> str | None:
    """The held words with one piece put right: "不是5号，是15号", "5号改成15号"; None when the piece is not in them."""
    if not held:
        return None
    words = normal(text).text
    for pattern in _REPLACED:
        for found in pattern.finditer(words):
            old = _PARTICLES.sub("", found["old"]).strip()
            new = _PARTICLES.sub("", found["new"]).strip()
            whole = _as_whole_number(old, _matched(held))
            is_given_name = whole is not None and whole.start() > 0 and "姓" in found[0]  # "我姓刘不姓洋" of 刘洋
            if new and whole is not None and not is_given_name:
                new = new.upper() if held[whole.start() : whole.end()].isupper() else new
                return held[: whole.start()] + new + held[whole.end() :]
    return _with_another_number(words, held) or _with_another_flat(words, held) or _with_another_surname(words, held)


_OTHER_SURNAME = re.compile(
    rf"姓氏?(?:写|打|记|搞|弄|说)?错了?[,，\s]*(?:应该|其实)?(?:是|姓)*(?P<new>{_HAN})(?:$|[,，。.!！\s])"
)


def _with_another_surname(words: str, held: str) -> str | None:
    """The held name with the surname that a message tells instead: "姓写错了，是汪"."""
    found = _OTHER_SURNAME.search(words)
    return found["new"] + held[1:] if found and re.fullmatch(f"{_HAN}{{1,4}}", held) else None


_OTHER_FLAT = re.compile(
    r"(?:(?:no|sorry|oops|it'?s|its|that'?s|i'?m in|is|actually|wait|should be|correction)[ ,.:!-]+)*"
    r"(?P<flat>\d{1,4}[a-z])(?:[ ,]+(?:actually|sorry|rather|i mean|not \d{1,4}[a-z]|please))*[ .!]*"
)
_FLAT = re.compile(r"(?<![0-9a-z])[0-9]{1,4}[a-z](?![a-z0-9])", re.IGNORECASE)


def _with_another_flat(words: str, held: str) -> str | None:
    """The held words with the one flat in them put right that is all a message tells: "13B actually"."""
    told, old = _OTHER_FLAT.fullmatch(words.strip()), list(_FLAT.finditer(held))
    if told is None or len(old) != 1:
        return None
    return held[: old[0].start()] + told["flat"].upper() + held[old[0].end() :]


_WRONG = re.compile(r"错|不对|应该|改|wrong|should be|correct")
_NUMBERED = re.compile(r"(?P<number>\d{1,5}) ?(?P<unit>号楼|号院|号|弄|栋|幢|座|单元|室|楼|组|队)")


def _with_another_number(words: str, held: str) -> str | None:
    """The held words with another number before a unit they have once: "写错了，是96号", or with another room at their
    end: "地址错了，是203"; None when more is told."""
    room, last = _OTHER_ROOM.fullmatch(words.strip()), _LAST_ROOM.search(held)
    if room and last:
        return held[: last.start()] + room["room"]
    told = list(_NUMBERED.finditer(words))
    if len(told) != 1 or not _WRONG.search(words) or re.search(r"[路街道巷村镇区县市]", words):
        return None
    same = [each for each in _NUMBERED.finditer(_matched(held)) if each["unit"] == told[0]["unit"]]
    if len(same) != 1:
        return None
    return held[: same[0].start("number")] + told[0]["number"] + held[same[0].end("number") :]


_OTHER_ROOM = re.compile(
    r"(?:不对|门牌|房号|地址|房间|号码?|写|说|搞|弄|错|了|的|[,，。\s]){1,8}(?:应该)?是(?P<room>\d{3,4})[的哈啊呀。.!\s]*"
)
_LAST_ROOM = re.compile(r"(?<![0-9])[0-9]{3,4}$")


def with_piece(piece: str, held: str) -> str:
    """The held address with a floor, a building or a room put right; with it at the end when it had none."""
    unit = _UNIT.search(_matched(piece))
    old = re.search(rf"(?:{_NUMBER}|[a-z]){re.escape(unit[0])}", _matched(held), re.IGNORECASE) if unit else None
    if old:
        return held[: old.start()] + piece + held[old.end() :]
    apart = " " if held[-1:].isdigit() and piece[:1].isdigit() else ""
    return f"{held}{apart}{piece}"


_HOUSE = re.compile(
    rf"(?:是|就是|在|门牌号?是?|[,，\s])*(?P<house>(?:{_NUMBER}弄\s*)?{_NUMBER}号(?:楼|院)?"
    rf"(?:[,， ]*(?:{_NUMBER}|[a-z])(?:栋|座|塔|单元|室|房|楼|层))*(?:[,， ]*{_TALL})?(?:[,， ]*{places.LANDMARK})?)"
    r"[的啊呀吧。.!\s]*"
)


_TENS = r"[一二三四五六七八九]?十[一二三四五六七八九]?"
_BARE_NUMBER = re.compile(
    rf"(?:是|就是|在|门牌号?是?|[,，\s])*(?P<house>[0-9]{{1,4}}|{_TALL}|{_TENS})[的啊呀吧。.!\s]*"
)


def with_bare_number(text: str, held: str) -> str | None:
    """The street with the number that is all a message tells where it was asked for: "152", "一百五十二"."""
    found = _BARE_NUMBER.fullmatch(normal(text).text.strip())
    return f"{held}{found['house']}号" if found else None


def is_no_day(text: str) -> bool:
    """Whether the number of a house is too high for a day, or goes on with a flat: "一百五十二号", "28号七楼"."""
    found = _HOUSE.fullmatch(normal(text).text.strip())
    number, _, flat = (found["house"].lstrip("附") if found else "").partition("号")
    return bool(flat) or (numerals.cardinal(number) or 0) > _LAST_DAY


_LAST_DAY = 31


def with_house_number(text: str, held: str) -> str | None:
    """The held address, a street without a house so far, with the number that is all a message tells: "8号"."""
    found = _HOUSE.fullmatch(normal(text).text.strip())
    bare = not re.search(r"\d|[一幺二三四五六七八九十百]+号", _matched(held))
    if found is None or not bare:
        return None
    house = _FLAT_IN_WORDS.sub(_in_figures, _BLANK.sub("", found["house"].upper()))
    return f"{held}{_AFTER_A_HOUSE.sub('，', house)}"


_AFTER_A_HOUSE = re.compile(r"(?<=[号楼院层座塔])[,， ]+(?=[^0-9零〇一幺二两三四五六七八九十百千a-z])", re.IGNORECASE)
"""The pause before what the house stands by."""


def is_piece(words: str) -> bool:
    """Whether the words are only a floor, a building or a room of an address."""
    return bool(_PIECE.fullmatch(_matched(words)))


def is_room(text: str) -> bool:
    """Whether a message is a bare room number ("302"): too short to ring, long enough to belong to an address."""
    return bool(_ROOM.fullmatch(plain(text)))


def _matched(held: str) -> str:
    """What is held as it is matched, character for character: 鳳翔路15號 as 凤翔路15号."""
    words = normal(held).text
    return words if len(words) == len(held) else held


def piece_alone(text: str) -> str | None:
    """The pieces of a house that are all a message tells: "是四组", "应该是3栋502室"; None when it tells more."""
    found = _PIECES_ALONE.fullmatch(normal(text).text.strip())
    return _FLAT_IN_WORDS.sub(_in_figures, _BLANK.sub("", found["pieces"]).strip(" ,，").upper()) if found else None


def _in_figures(found: re.Match[str]) -> str:
    """ "两千一百零三" behind a block is flat 2103."""
    number = numerals.cardinal(found[0])
    return found[0] if number is None else str(number)


_FLAT_IN_WORDS = re.compile(r"(?<=[栋幢座塔元楼层号])[零〇一幺二两三四五六七八九十百千]{3,7}$")
_BLANK = re.compile(r"(?<=[栋幢座塔元楼层室房组弄队号院])[,， ]+(?=[零〇一幺二两三四五六七八九十百a-z])")


_UNITS_AND_MORE = re.compile(rf"(?P<units>.+?)(?:[,， ]+(?P<landmark>{places.LANDMARK}))?")


def units_and_landmark(pieces: str) -> tuple[str, str | None]:
    """The pieces of a house apart from what it stands by: "三队 门口有棵大榕树"."""
    found = _UNITS_AND_MORE.fullmatch(pieces)
    return (found["units"], found["landmark"]) if found else (pieces, None)


def landmark_alone(text: str) -> str | None:
    """What stands by the house, where that is all a message tells: "就是村口那家", "门口有棵大榕树"."""
    words = normal(text).text.strip()
    found = None if re.search(r"[?？吗么]|[我你]", words) else _LANDMARK_ALONE.fullmatch(words)
    return found["pieces"].strip(" ,，") if found else None


def _as_whole_number(piece: str, held: str) -> re.Match[str] | None:
    """The piece in the held words, not as a part of a longer number: 5号 is not in 15号."""
    if not piece:
        return None
    before = r"(?<!\d)" if piece[0].isdigit() else r"(?<![a-z])" if piece[0].isascii() else ""
    after = r"(?!\d)" if piece[-1].isdigit() else r"(?![a-z])" if piece[-1].isascii() else ""
    return re.search(before + re.escape(piece) + after, held)


_FIELD_WORDS = {
    "phone": re.compile(
        r"(?<![打回])电话|手机|号码|phone|mobile"
        r"|(?<!ticket )(?<!room )(?<!house )(?<!flat )(?<!door )(?<!unit )(?<!street )number"
    ),
    "address": re.compile(r"地址|住址|门牌|address|(?:room|house|flat|door|unit|street) number"),
    "name": re.compile(r"姓名|名字|称呼|\bname"),
    "wanted_time": re.compile(
        r"时间|回电|几点|\btime\b|\bcall\b(?! (?:me|my|him|her|us|them|the|this|that)\b)|\bwhen\b"
    ),
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


def field_named(text: str, fields: tuple[str, ...]) -> str | None:
    """Which of the form's fields the customer names ("电话错了"), or None."""
    words = in_characters(normal(text)).text
    return next((field for field in fields if field in _FIELD_WORDS and _FIELD_WORDS[field].search(words)), None)
