"""A day in a customer's words, and the words around it that move its edges: by Friday, 下周三以后, 周日全天. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

_EDGE = re.compile(
    r"(?:(?P<after>以后|之后|过后|往后|起(?!来))|[之以进]前|内(?![胆部容蒙存向侧衣外])|[之以]内|左右|前后|前(?![后天台面几段年日些阵门任]))"
)
_BEFORE_A_DAY = re.compile(
    r"\b(?:(?P<up_to>(?<!come )(?<!drop )(?<!stop )(?<!swing )(?<!pop )(?<!pass )by)|before|b4) (?:the )?$"
)
AFTER_A_DAY = re.compile(r"(?<!day )(?<!one )(?<!week )\b(?:after|aftr) (?:the )?$|过[了咗]$")
SAME_TIME = r"的?(?:同一个?|同样的?|同)时[间段候]段?|,? (?:at )?(?:the )?same (?:time|hour|slot)\b"
"""Words for the hour that was agreed before: `周五同一时间`."""
_ANY = re.compile(r"\b(?:any ?time|any ?day|any|(?:the )?whole day)(?: on)? $")
_ALL_DAY = re.compile(
    r"的?(?:一?整天|全天|全日|整日|成日|规工|归日|一天(?=$|[,.;!?都侪全在]))(?:都|任意时间)?(?<!都)"
    r"|,? (?:all day(?: long)?|(?:the )?whole day|any ?time)\b"
    rf"|{SAME_TIME}"
)


@dataclass(frozen=True)
class Days:
    """One day, or the days `first`…`last`, or an instant, and where the words stand.

    `repeats` is the number of days after which the words would mean the next such day (7 for 周五), 0 when they name
    one fixed day.
    """

    start: int
    end: int
    first: date
    last: date
    instant: datetime | None = None
    until: datetime | None = None
    repeats: int = 0


def from_or_until(text: str, days: Days, today: date) -> Days:
    """`下周三以后` is that day and the six after it, `25号之前` all days up to the one before."""
    before = _BEFORE_A_DAY.search(text[: days.start])
    if before and days.instant is None:
        until = days.last if before["up_to"] else max(today, days.first - timedelta(days=1))
        return replace(days, start=before.start(), first=min(today, until), last=until, repeats=0)
    after = AFTER_A_DAY.search(text[: days.start])
    if after and days.instant is None:
        first = days.last + timedelta(days=1)
        return replace(days, start=after.start(), first=first, last=first + timedelta(days=6), repeats=0)
    edge = _EDGE.match(text, days.end)
    if edge is None or days.instant is not None:
        return days
    if not (edge["after"] or edge[0].endswith("前")):
        return replace(days, end=edge.end())
    if edge["after"]:
        return replace(days, end=edge.end(), last=max(days.last, days.first + timedelta(days=6)), repeats=0)
    is_part_of_a_month = days.last - days.first > timedelta(days=7)
    goes_on = days.first <= today < days.last or is_part_of_a_month
    until = days.last if goes_on else days.first - timedelta(days=1)
    return replace(days, end=edge.end(), first=min(today, max(until, today)), last=max(until, today), repeats=0)


def whole(text: str, days: Days) -> Days:
    """A day with the words that say that all of it suits: `周日全天`, `any day next week`, `Sunday all day`."""
    before, behind = _ANY.search(text[: days.start]), _ALL_DAY.match(text, days.end)
    if days.instant or not (before or behind):
        return days
    return replace(days, start=before.start() if before else days.start, end=behind.end() if behind else days.end)
