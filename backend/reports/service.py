"""The figures of a period, and the rows behind each of them. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from backend.kernel.working_time import Calendar
from backend.reports import rules
from backend.reports.measures import Counted, Measure, Outcome, counted, seconds_between
from backend.reports.rules import Period, Share
from backend.tickets.models import Promise

PAGE = 50
LONGEST_EXPORT = 20_000


@dataclass(frozen=True)
class Kept:
    """What became of some promises that were due."""

    name: str
    outcomes: Mapping[str, int]

    @property
    def share(self) -> Share:
        """How many of those that are decided were kept in time."""
        decided = (Outcome.KEPT, Outcome.LATE, Outcome.MISSED)
        return Share(self.outcomes.get(Outcome.KEPT, 0), sum(self.outcomes.get(each, 0) for each in decided))


@dataclass(frozen=True)
class Graded:
    """How the customers of an outlet have graded us; `grades` by the grade, `low` how many of them were low."""

    outlet: str
    grades: Mapping[int, int]
    low: int

    @property
    def count(self) -> int:
        """How many grades there are."""
        return sum(self.grades.values())

    @property
    def mean(self) -> float | None:
        """The average, to a tenth; None of nothing."""
        total = sum(grade * count for grade, count in self.grades.items())
        return round(total / self.count, 1) if self.count else None

    @property
    def low_share(self) -> Share:
        """How many of them were low."""
        return Share(self.low, self.count)


@dataclass(frozen=True)
class Headline:
    """The four figures at the top. `first_reply` is the middle time from report to answer, by the clock."""

    bot_alone: Share
    first_reply: timedelta | None
    replies: int
    kept: Share
    callbacks: int


@dataclass(frozen=True)
class Figures:
    """A period in figures; what is named "now" does not depend on it."""

    headline: Headline
    before: Headline
    by_channel: Mapping[str, int]
    channel_hours: Mapping[str, Mapping[int, int]]
    weekday_hours: Mapping[int, Mapping[int, int]]
    promises: Mapping[str, Sequence[Kept]]
    backlog: Mapping[str, int]
    waiting: int
    to_call: int
    overdue_calls: int
    callbacks: Mapping[str, int]
    retries: int
    repeated: Share
    complaints: Mapping[str, int]
    errors: Mapping[str, int]
    escalations: Mapping[str, int]
    grades: Graded
    grades_by_outlet: Sequence[Graded]
    graded_by: Mapping[str, int]


def figures(session: Session, period: Period, *, calendar: Calendar, now: datetime) -> Figures:
    """All figures of a period, each counted by the database."""
    start, end = period.bounds(calendar.zone)

    def by(measure: Measure, name: str) -> dict[str, int]:
        return dict(_counts(session, measure, (name,), start, end, now))

    by_outlet = _graded(session, start, end, now)
    channel_hours, weekday_hours = _volume(session, start, end, calendar, now)
    return Figures(
        headline=_headline(session, start, end, now),
        before=_headline(session, *period.before.bounds(calendar.zone), now),
        by_channel={channel: sum(hours.values()) for channel, hours in channel_hours.items()},
        channel_hours=channel_hours,
        weekday_hours=weekday_hours,
        promises=_kept(session, start, end, now),
        backlog=by(Measure.BACKLOG, "status"),
        waiting=_count(session, Measure.WAITING, start, end, now),
        to_call=_count(session, Measure.TO_CALL, start, end, now),
        overdue_calls=_count(session, Measure.OVERDUE_CALLS, start, end, now),
        callbacks=by(Measure.CALLBACKS, "status"),
        retries=_count(session, Measure.RETRIES, start, end, now),
        repeated=Share(
            _count(session, Measure.REPEATED, start, end, now), _count(session, Measure.OPENED, start, end, now)
        ),
        complaints=by(Measure.COMPLAINTS, "reason"),
        errors=by(Measure.ERRORS, "reason"),
        escalations=by(Measure.ESCALATIONS, "trigger"),
        grades=_together(by_outlet),
        grades_by_outlet=by_outlet,
        graded_by=by(Measure.GRADES, "by"),
    )


def behind(
    session: Session,
    measure: Measure,
    period: Period,
    chosen: Mapping[str, str],
    *,
    calendar: Calendar,
    now: datetime,
    limit: int = PAGE,
    offset: int = 0,
) -> tuple[Sequence[Any], int]:
    """The rows behind a figure, newest first, and how many there are.

    Args:
        chosen: what they are told apart by (`kind`, `outcome`, …; also `hour`, `weekday`); unknown names are ignored.
    """
    what = counted(measure, now)
    query = what.rows(what.of, start=(bounds := period.bounds(calendar.zone))[0], end=bounds[1])
    query = query.where(*(what.by[name] == value for name, value in chosen.items() if name in what.by))
    hour, weekday = (_number(chosen.get(name)) for name in ("hour", "weekday"))
    if what.at is not None and (hour is not None or weekday is not None):
        at = what.at
        stretches = rules.hours(period, calendar.zone, hour=hour, weekday=weekday)
        query = query.where(or_(False, *(and_(at >= since, at < until) for since, until in stretches)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = what.of.id if what.at is None else what.at
    return session.scalars(query.order_by(newest.desc()).limit(limit).offset(offset)).all(), total


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and int(text) < 24 else None


def _counts(
    session: Session, measure: Measure, names: Sequence[str], start: datetime, end: datetime, now: datetime
) -> list[Any]:
    what = counted(measure, now)
    told_apart = [what.by[name].label(name) for name in names]
    inner = what.rows(*told_apart, start=start, end=end).subquery()
    query = select(*inner.c, func.count()).group_by(*inner.c).order_by(func.count().desc())
    return [tuple(row) for row in session.execute(query)]


def _count(session: Session, measure: Measure, start: datetime, end: datetime, now: datetime) -> int:
    what: Counted = counted(measure, now)
    return session.scalar(what.rows(func.count(), start=start, end=end)) or 0


def _volume(
    session: Session, start: datetime, end: datetime, calendar: Calendar, now: datetime
) -> tuple[dict[str, dict[int, int]], dict[int, dict[int, int]]]:
    """Conversations by channel and hour, and by weekday and hour, in the hotline's zone."""
    channels: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for channel, hour, count in _counts(session, Measure.CONVERSATIONS, ("channel", "utc_hour"), start, end, now):
        channels[channel].append((hour, count))
    by_channel: dict[str, dict[int, int]] = {}
    by_weekday: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for channel, counts in sorted(channels.items()):
        hours: Counter[int] = Counter()
        for weekday, hour_here, count in rules.by_local_hour(counts, calendar.zone):
            hours[hour_here] += count
            by_weekday[weekday][hour_here] += count
        by_channel[channel] = dict(hours)
    return by_channel, {weekday: dict(by_weekday[weekday]) for weekday in sorted(by_weekday)}


def _kept(session: Session, start: datetime, end: datetime, now: datetime) -> dict[str, list[Kept]]:
    """The promises that were due, counted once and told apart by kind, by tier and by outlet."""
    names = ("kind", "tier", "outlet")
    found: dict[str, defaultdict[str, Counter[str]]] = {name: defaultdict(Counter) for name in names}
    for *keys, outcome, count in _counts(session, Measure.PROMISES, (*names, "outcome"), start, end, now):
        for name, key in zip(names, keys, strict=True):
            found[name][key][outcome] += count
    return {
        name: sorted((Kept(key, dict(each)) for key, each in outcomes.items()), key=_most_first)
        for name, outcomes in found.items()
    }


def _graded(session: Session, start: datetime, end: datetime, now: datetime) -> list[Graded]:
    """The grades by outlet, those with most of them first."""
    grades: defaultdict[str, Counter[int]] = defaultdict(Counter)
    low: Counter[str] = Counter()
    for outlet, grade, is_low, count in _counts(session, Measure.GRADES, ("outlet", "grade", "low"), start, end, now):
        grades[outlet][int(grade)] += count
        low[outlet] += count if is_low == "yes" else 0
    found = [Graded(outlet, dict(each), low[outlet]) for outlet, each in grades.items()]
    return sorted(found, key=lambda each: (-each.count, each.outlet))


def _together(several: Sequence[Graded]) -> Graded:
    grades: Counter[int] = Counter()
    for each in several:
        grades.update(each.grades)
    return Graded("", dict(grades), sum(each.low for each in several))


def _most_first(kept: Kept) -> int:
    return -sum(kept.outcomes.values())


def _headline(session: Session, start: datetime, end: datetime, now: datetime) -> Headline:
    kept = dict(_counts(session, Measure.PROMISES, ("outcome",), start, end, now))
    replies = _count(session, Measure.REPLIES, start, end, now)
    return Headline(
        bot_alone=Share(
            _count(session, Measure.BOT_ALONE, start, end, now), _count(session, Measure.CONVERSATIONS, start, end, now)
        ),
        first_reply=_middle_reply(session, replies, start, end, now),
        replies=replies,
        kept=Kept("", kept).share,
        callbacks=_count(session, Measure.CALLBACKS, start, end, now),
    )


def _middle_reply(session: Session, replies: int, start: datetime, end: datetime, now: datetime) -> timedelta | None:
    """The median of the times from report to answer; of two in the middle, the shorter."""
    if not replies:
        return None
    took = seconds_between(Promise.started_at, Promise.met_at)
    query = counted(Measure.REPLIES, now).rows(took, start=start, end=end).order_by(took)
    seconds = session.scalar(query.limit(1).offset((replies - 1) // 2))
    return timedelta(seconds=round(float(seconds or 0)))
