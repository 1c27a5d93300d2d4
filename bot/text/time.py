"""When a customer would like to be called or visited: a window of time read from their own words.

Nothing is guessed: a day that is over is returned with `past=True` and the bot asks again; a time that the customer
rules out ("不要明天") is passed over. The window is always read back before it is booked.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.text.calendar_words import Days, find_days
from bot.text.clock_words import Clock, find_clocks
from bot.text.normal import normal
from bot.text.purchase import PurchaseDate, purchase_date
from bot.text.time_context import asks_hours, has_happened, is_ruled_out, is_unwanted, preference
from bot.text.typed import in_characters

__all__ = ["PurchaseDate", "WantedTime", "purchase_date", "wanted_time"]

LENGTH = timedelta(minutes=30)
"""How long a window is when the customer names an instant ("三点")."""

_SEARCHED = 500
_MOST = 24
_BETWEEN = re.compile(r"(?:[\s,，、的在]|那天|当天|at|on|in the|around|about|the|any ?time|sometime|only|any day|,|-)*")


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
    matched = in_characters(normal(text, _SEARCHED))
    if asks_hours(matched.text):
        return None
    told: list[tuple[tuple[bool, int, int], _Candidate, WantedTime]] = []
    refused: Days | None = None
    candidates = _candidates(matched.text, local.date(), local)
    unsuited = {matched.text[c.start : c.end] for c in candidates if is_ruled_out(matched.text, c.start, c.end)}
    for candidate in candidates:
        span = candidate.start, candidate.end
        if matched.text[candidate.start : candidate.end] in unsuited:
            refused = candidate.days if candidate.clock else None
            continue
        opens, closes = _window(candidate, refused, local)
        if opens.date() <= local.date() and has_happened(matched.text, *span):
            continue
        if is_unwanted(matched.text, *span):
            continue
        start, end = matched.span(*span)
        past = closes <= local
        wanted = WantedTime(start, end, text[start:end], opens if past else max(opens, local), closes, past)
        told.append(((past, preference(matched.text, *span), candidate.start), candidate, wanted))
    told.sort(key=lambda each: each[0])
    return next((wanted for _, each, wanted in told if _narrows(each, told[0][1])), told[0][2]) if told else None


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
    return sorted((_trimmed(text, each) for each in found + alone), key=lambda candidate: candidate.start)


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
    return second >= first and second - first <= 12 and bool(_BETWEEN.fullmatch(text, first, second))


def _narrows(each: _Candidate, vague: _Candidate) -> bool:
    """Whether the day of `vague` is told again with a time of day: `后天吧，后天下午`."""
    if vague.clock or vague.days is None or each.clock is None or each.days is None:
        return False
    return (each.days.first, each.days.last) == (vague.days.first, vague.days.last)


def _window(candidate: _Candidate, refused: Days | None, now: datetime) -> tuple[datetime, datetime]:
    """The window of the words; a part of the day that follows a refused one ("明天上午没人，下午有") keeps its day."""
    days, clock = candidate.days, candidate.clock
    if days and days.instant:
        return days.instant, days.until or days.instant + LENGTH
    if clock is None:
        assert days is not None
        return _at(days.first, 0, now), _at(days.last, 24 * 60, now)
    days = days or refused
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
