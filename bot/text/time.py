"""When a customer would like to be called or visited: a window of time read from their own words.

Nothing is guessed: a day that is over is returned with `past=True` and the bot asks again; a time that the customer
rules out ("不要明天") is passed over. The window is always read back before it is booked.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.text.calendar_words import Days, find_days
from bot.text.clock_words import Clock, find_clocks
from bot.text.normal import normal
from bot.text.purchase import PurchaseDate, purchase_date

__all__ = ["PurchaseDate", "WantedTime", "purchase_date", "wanted_time"]

LENGTH = timedelta(minutes=30)
"""How long a window is when the customer names an instant ("三点")."""

_SEARCHED = 500
_MOST = 24
_BETWEEN = re.compile(r"(?:[\s,，、的在]|那天|当天|at|on|in the|around|about|the|any ?time|sometime|,|-)*")
_RULED_OUT_BEFORE = re.compile(
    r"(?:不要|别|不用|不是|不想|除了|不能|甭|唔好|不约|取消)(?:在|约|安排|定|选|是|了)?(?:原来|之前|本来)?的?\s*$"
    r"|\b(?:not|except|don'?t (?:come|call)|can'?t (?:do|make)(?: it)?|cannot (?:do|make)|other than|instead of"
    r"|never)(?: on| at| for| in the)? $"
)
_RULED_OUT_AFTER = re.compile(
    r"^(?:的话|的|我|我们|家里|都|就|可能|恐怕|应该|上午|下午|晚上|那天|[,， ])*"
    r"(?:不行|不方便|没空|没时间|不在|不可以|不得空|不得闲|唔得|唔喺|唔在|唔方便|冇空|冇人|不太方便|没人|要上班|上班"
    r"|有事|来不了|不合适|不要|不用了|没得空)"
    r"|^.{0,3}(?:打|报|来|修|装|联系|约|说|买)(?:过|了)(?!.{0,3}吧)"
    r"|^就?(?:开始|起)就?(?:没|不|坏|漏|一直|老)"
    r"|^[ ,]*(?:is|does|will|would|'s|i|im|i'm|i am|we|are|am)*\s*"
    r"(?:not|isn'?t|doesn'?t|won'?t|can'?t|no|bad|busy|at work)\s*(?:good|work|ok|okay|possible|available|free|home"
    r"|suit\w*|make|be home|for me|$)"
)
_PREFERRED = re.compile(
    r"(?:改到|改成|改为|改在|改约|换到|换成|换|改|推迟到|推到|延到|延后到|挪到|提前到|是|调到|调整到|约到?)\s*$"
    r"|\b(?:to|until|till|for|make it|made it)(?: on)? $"
)
_INSTEAD = re.compile(r"^ (?:instead|rather|is (?:better|fine|ok))\b|^(?:再|才|可以|行|吧)")


@dataclass(frozen=True)
class WantedTime:
    """A wished-for window `opens`…`closes` (aware, in the customer's zone) and the words it was read from.

    `past` tells that the window is over at `now`: ask again, do not book.
    """

    start: int
    end: int
    text: str
    opens: datetime
    closes: datetime
    past: bool = False


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    days: Days | None
    clock: Clock | None


def wanted_time(text: str, now: datetime, zone: ZoneInfo | None = None) -> WantedTime | None:
    """The window the customer asks for, or None when the text names no time (or only times that do not suit).

    `now` must be aware; `zone` defaults to the zone of `now`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    local = now.astimezone(zone) if zone else now
    matched = normal(text, _SEARCHED)
    best: tuple[tuple[bool, bool, int], WantedTime] | None = None
    for candidate in _candidates(matched.text, local.date(), local):
        before, after = matched.text[: candidate.start], matched.text[candidate.end : candidate.end + 24]
        if _RULED_OUT_BEFORE.search(before[-28:]) or _RULED_OUT_AFTER.match(after):
            continue
        opens, closes = _window(candidate, local)
        start, end = matched.span(candidate.start, candidate.end)
        past = closes <= local
        wanted = WantedTime(start, end, text[start:end], opens if past else max(opens, local), closes, past)
        preferred = _PREFERRED.search(before[-12:]) or _INSTEAD.match(after)
        rank = (past, not preferred, candidate.start)
        if best is None or rank < best[0]:
            best = rank, wanted
    return best[1] if best else None


def _candidates(text: str, today: date, now: datetime) -> list[_Candidate]:
    """Each day together with the clock time that stands beside it, then clock times that stand alone."""
    days = find_days(text, today, now)[:_MOST]
    clocks = find_clocks(text)[:_MOST]
    found: list[_Candidate] = []
    used: set[int] = set()
    for day in days:
        partner = next(
            (index for index, clock in enumerate(clocks) if index not in used and _together(text, day, clock)), None
        )
        if partner is None:
            found.append(_Candidate(day.start, day.end, day, None))
            continue
        used.add(partner)
        clock = clocks[partner]
        found.append(_Candidate(min(day.start, clock.start), max(day.end, clock.end), day, clock))
    alone = [_Candidate(c.start, c.end, None, c) for index, c in enumerate(clocks) if index not in used and c.alone]
    return sorted(found + alone, key=lambda candidate: candidate.start)


def _together(text: str, day: Days, clock: Clock) -> bool:
    if day.instant is not None:
        return False
    first, second = (day.end, clock.start) if day.end <= clock.start else (clock.end, day.start)
    if day.start <= clock.start and clock.end <= day.end:
        return True
    return second >= first and second - first <= 12 and bool(_BETWEEN.fullmatch(text, first, second))


def _window(candidate: _Candidate, now: datetime) -> tuple[datetime, datetime]:
    days, clock = candidate.days, candidate.clock
    if days and days.instant:
        return days.instant, days.until or days.instant + LENGTH
    if clock is None:
        assert days is not None
        return _at(days.first, 0, now), _at(days.last, 24 * 60, now)
    first = days.first if days else now.date()
    opens, closes = _clock_window(first, clock, now)
    if closes <= now and (days is None or days.repeats):
        opens, closes = _clock_window(first + timedelta(days=days.repeats if days else 1), clock, now)
    return opens, closes


def _clock_window(day: date, clock: Clock, now: datetime) -> tuple[datetime, datetime]:
    return _at(day, clock.opens, now), _at(day, clock.closes, now)


def _at(day: date, minutes: int, now: datetime) -> datetime:
    """Local `day` at so many minutes after midnight (24 × 60 is the next midnight)."""
    return datetime.combine(day, time(), now.tzinfo) + timedelta(minutes=minutes)
