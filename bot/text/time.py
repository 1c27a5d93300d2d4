"""When a customer would like to be called or visited: a window of time read from their own words.

Nothing is guessed: a day that is over is returned with `past=True` and the bot asks again; a time that the customer
rules out ("不要明天") is passed over. The window is always read back before it is booked.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.text.calendar_words import find_days
from bot.text.clock_words import Clock, find_clocks
from bot.text.day_edges import SAME_TIME, Days
from bot.text.normal import Normal, normal
from bot.text.purchase import PurchaseDate, purchase_date
from bot.text.time_context import ARRIVAL, asks_hours, has_happened, is_ruled_out, is_taken, is_unwanted, preference
from bot.text.typed import in_characters

__all__ = ["PurchaseDate", "WantedTime", "purchase_date", "wanted_time"]

LENGTH = timedelta(minutes=30)
"""How long a window is when the customer names an instant ("三点")."""

ALSO, GIVEN_UP, ASKED = "also", "given_up", "asked"
"""Roles of the times that stand beside the wish, or that opening hours are asked for."""

_SEARCHED = 500
_A_PART = 120
"""Minutes that a part of the day lasts at the least."""
_A_YEAR = timedelta(days=366)
_MOST = 24
_BUT = re.compile(r"\b(?:but|except)\b")
_OR = re.compile(
    r"\s?(?:全天|一整天|整天|一天|all day|我?[也都]?在家|我?[也都]?有空)?(?:(?<=[家空])|[、,/]|,? ?(?:或者?是?"
    r"|要么|要不|还有|和|or|and) ?)"
)
_SAME_TIME = re.compile(rf"(?:{SAME_TIME})$")
_LEAD = re.compile(r"(?:(?:at|on|the|till?|until)\b ?|@ ?)+(?=\w)")
"""Words before a time that say nothing of it."""
_BETWEEN = re.compile(
    r"(?:[\s,，、的在约]|都得|都要|那天|当天|那个|'s|at|on|in the|around|about|the|any ?time|sometime|only|any day"
    r"|but|,|-)*"
)


@dataclass(frozen=True)
class WantedTime:
    """A wished-for window `opens`…`closes` (aware, in the customer's zone) and the words it was read from.

    `past` tells that the window is over at `now`: ask again, do not book. `role` is empty for the wish, `also` for a
    further window that suits as well, `given_up` for one that is ruled out or named beside the wish, `asked` for one of
    which it is asked whether we are there.
    """

    start: int
    end: int
    text: str
    opens: datetime
    closes: datetime
    past: bool = False
    role: str = ""
    over: bool = False
    """Whether its day is over, too: nobody gives up what cannot be had any more."""


@dataclass(frozen=True)
class _Candidate:
    start: int
    end: int
    days: Days | None
    clock: Clock | None


@dataclass(frozen=True)
class _Told:
    """A time that is named, and its rank among them: over or not, how it is asked for, where it stands."""

    rank: tuple[bool, int, int]
    candidate: _Candidate
    window: WantedTime
    group: int
    """Where the first stands of those that are named in one breath."""


def wanted_time(text: str, now: datetime, zone: ZoneInfo | None = None) -> WantedTime | None:
    """The window the customer asks for, or None when the text names no time (or only times that do not suit).

    `now` must be aware; `zone` defaults to the zone of `now`.
    """
    return next((each for each in named_times(text, now, zone) if not each.role), None)


def named_times(text: str, now: datetime, zone: ZoneInfo | None = None) -> list[WantedTime]:
    """The window the customer asks for, those that suit as well (`周三全天、周四上午`), then those that are given up.

    Given up is what is ruled out ("周五不行") or named where another is asked for ("周三改到周五"). Who asks for
    opening hours wishes for no time: all are `asked`.
    """
    if now.tzinfo is None:
        raise ValueError("now must be aware")
    local = now.astimezone(zone) if zone else now
    matched = in_characters(normal(text, _SEARCHED))
    asked = asks_hours(matched.text)
    candidates = _candidates(matched.text, local.date(), local, farthest=_A_YEAR if asked else None)
    if asked:
        return [
            replace(_named(matched, each, _window(each, None, local), local), role=ASKED)
            for each in candidates
            if each.days
        ]
    told: list[_Told] = []
    ruled_out: list[WantedTime] = []
    refused: Days | None = None
    unsuited = {matched.text[c.start : c.end] for c in candidates if is_ruled_out(matched.text, c.start, c.end)}
    out = {each.days.first for each in candidates if each.days and matched.text[each.start : each.end] in unsuited}
    for candidate in candidates:
        window = _window(candidate, refused, local, out)
        named = _named(matched, candidate, window, local)
        is_busy = candidate.days and is_taken(matched.text, candidate.start, candidate.end)
        if is_busy or matched.text[candidate.start : candidate.end] in unsuited:
            refused = candidate.days if candidate.clock else None
            ruled_out.append(named)
        elif _suits(matched.text, candidate, window, local):
            rank = named.past, preference(matched.text, candidate.start, candidate.end), candidate.start
            told.append(_Told(rank, candidate, named, candidate.start))
    told = sorted(_level(matched.text, told), key=lambda each: each.rank)
    if not told:
        return list(_given_up(ruled_out))
    wish = next((each for each in told if _narrows(each.candidate, told[0].candidate)), told[0])
    beside = _beside(wish, told)
    return [wish.window, *beside, *_given_up([*ruled_out, *_others(wish, beside, told)])]


def _suits(text: str, candidate: _Candidate, window: tuple[datetime, datetime], now: datetime) -> bool:
    """Whether a time that nobody rules out may be a wish."""
    has_begun = window[0].date() <= now.date()
    if has_begun and has_happened(text, candidate.start, candidate.end):
        return False
    return not is_unwanted(text, candidate.start, candidate.end)


def _named(matched: Normal, candidate: _Candidate, window: tuple[datetime, datetime], now: datetime) -> WantedTime:
    lead = _LEAD.match(matched.text, candidate.start, candidate.end)
    start, end = matched.span(lead.end() if lead else candidate.start, candidate.end)
    opens, closes = window
    past = closes <= now
    over = closes <= _at(now.date(), 0, now)
    text = matched.original[start:end]
    return WantedTime(start, end, text, opens if past else max(opens, now), closes, past, over=over)


def _level(text: str, told: list[_Told]) -> list[_Told]:
    """The times with those that are offered in one breath on one level: `周二下午或者周三上午都行`."""
    levelled: list[_Told] = []
    for each in told:
        before = levelled[-1] if levelled else None
        is_joined = before and _OR.fullmatch(text, before.candidate.end, each.candidate.start)
        if before and is_joined and not (before.window.past or each.window.past):
            level = min(before.rank[1], each.rank[1])
            levelled[-1] = replace(before, rank=(False, level, before.candidate.start))
            levelled.append(replace(each, rank=(False, level, each.candidate.start), group=before.group))
        else:
            levelled.append(each)
    return levelled


def _beside(wish: _Told, told: list[_Told]) -> list[WantedTime]:
    """The other windows of a day of their own that are named in one breath with the wish."""
    return [
        replace(each.window, role=ALSO)
        for each in told
        if each is not wish
        and each.group == wish.group
        and (each.window.closes <= wish.window.opens or each.window.opens >= wish.window.closes)
    ]


def _others(wish: _Told, beside: list[WantedTime], told: list[_Told]) -> Iterator[WantedTime]:
    """The windows beside the wish that do not suit as well.

    One that holds the wish only tells it less exactly, and the goods come when they come.
    """
    suiting = {each.start for each in beside}
    for each in told:
        holds = each.window.opens <= wish.window.opens and wish.window.closes <= each.window.closes
        is_other = each is not wish and each.window.start not in suiting and each.rank[1] != ARRIVAL
        if is_other and not (holds and wish.rank[1]):
            yield each.window


def _given_up(windows: Iterable[WantedTime]) -> Iterator[WantedTime]:
    """The windows in order, as given up; the same words once."""
    named: set[str] = set()
    for each in sorted(windows, key=lambda each: each.start):
        if each.text not in named and not each.over:
            named.add(each.text)
            yield replace(each, role=GIVEN_UP)


def _candidates(text: str, today: date, now: datetime, farthest: timedelta | None = None) -> list[_Candidate]:
    """Each day together with the clock time that stands beside it, then clock times that stand alone."""
    days = find_days(text, today, now, farthest)[:_MOST]
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
    told = sorted((_trimmed(text, each) for each in found + alone), key=lambda candidate: candidate.start)
    agreed = next((each.clock for each in told if each.clock), None)
    return [replace(each, clock=agreed) if _at_the_same_time(text, each) else each for each in told]


def _at_the_same_time(text: str, candidate: _Candidate) -> bool:
    """Whether the hour of another day is meant: `周三九点的改周四同一时间`."""
    return candidate.clock is None and bool(_SAME_TIME.search(text[candidate.start : candidate.end]))


def _trimmed(text: str, candidate: _Candidate) -> _Candidate:
    """The candidate without blanks at its edges."""
    words = text[candidate.start : candidate.end]
    start = candidate.end - len(words.lstrip())
    return replace(candidate, start=start, end=start + len(words.strip()))


def _together(text: str, day: Days, clock: Clock) -> bool:
    if day.instant is not None:
        return False
    first, second = (day.end, clock.start) if day.end <= clock.start else (clock.end, day.start)
    if re.fullmatch(r"\d+\.\d+", text[clock.start : clock.end].strip()) and day.start == clock.start:
        return False  # 11.28 is the day itself
    if day.start < clock.end and clock.start < day.end:
        return True
    if second == day.start and _BUT.search(text, first, second):
        return False  # "any afternoon but Tuesday"
    return second >= first and second - first <= 12 and bool(_BETWEEN.fullmatch(text, first, second))


def _narrows(each: _Candidate, vague: _Candidate) -> bool:
    """Whether a day or a part of it is told again more exactly: `后天吧，后天下午`, `周末有空，周六下午最好`,
    `下午吧，下午三点`."""
    if each.clock is None:
        return False
    if vague.days is None and each.days is None and vague.clock:
        return (
            vague.clock.opens < vague.clock.closes - _A_PART
            and each.start > vague.start
            and (vague.clock.opens <= each.clock.opens and each.clock.closes <= vague.clock.closes)
        )
    if vague.clock or vague.days is None or each.days is None:
        return False
    return vague.days.first <= each.days.first and each.days.last <= vague.days.last


def _window(
    candidate: _Candidate, refused: Days | None, now: datetime, out: Collection[date] = ()
) -> tuple[datetime, datetime]:
    """The window of the words; a part of the day that follows a refused one ("明天上午没人，下午有") keeps its day, one
    without a day ("any afternoon but Tuesday") lies on the first that is not ruled `out`."""
    days, clock = candidate.days, candidate.clock
    if days and days.instant:
        return days.instant, days.until or days.instant + LENGTH
    if clock is None:
        assert days is not None
        return _at(days.first, 0, now), _at(days.last, 24 * 60, now)
    days = days or refused
    first = days.first if days else now.date()
    _, closes = _clock_window(first, clock, now)
    if closes <= now and (days is None or days.repeats):
        first += timedelta(days=days.repeats if days else 1)
    while days is None and first in out:
        first += timedelta(days=1)
    return _clock_window(first, clock, now)


def _clock_window(day: date, clock: Clock, now: datetime) -> tuple[datetime, datetime]:
    return _at(day, clock.opens, now), _at(day, clock.closes, now)


def _at(day: date, minutes: int, now: datetime) -> datetime:
    """Local `day` at so many minutes after midnight (24 × 60 is the next midnight)."""
    return datetime.combine(day, time(), now.tzinfo) + timedelta(minutes=minutes)
