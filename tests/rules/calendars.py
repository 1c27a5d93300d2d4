"""The hotline's own calendar, and calendars made by Hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from backend import reference
from backend.kernel.working_time import Calendar, Hours
from conftest import SHANGHAI

HOTLINE = reference.load().calendar


def opening_hours() -> st.SearchStrategy[Hours]:
    """From some minute to a later minute of one day."""
    minutes = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=2, unique=True).map(sorted)
    return minutes.map(lambda pair: (time(*divmod(pair[0], 60)), time(*divmod(pair[1], 60))))


def calendars() -> st.SearchStrategy[Calendar]:
    """Any week with at least one open day, with days closed or opened otherwise around the instants of `instants`."""
    days = st.dates(date(2026, 3, 1), date(2026, 3, 31))
    return st.builds(
        Calendar,
        zone=st.just(SHANGHAI),
        hours=st.dictionaries(st.integers(0, 6), opening_hours(), min_size=1),
        first=st.just(date(2026, 1, 1)),
        last=st.just(date(2026, 12, 31)),
        hours_last=st.just(date(2099, 12, 31)),
        exceptional_hours=st.dictionaries(days, st.none() | opening_hours(), max_size=5),
    )


def instants() -> st.SearchStrategy[datetime]:
    """Instants of March 2026, to the second, said in UTC or in the hotline's zone."""
    seconds = st.integers(0, 31 * 24 * 3600 - 1)
    zones = st.sampled_from([UTC, SHANGHAI])
    start = datetime(2026, 3, 1, tzinfo=SHANGHAI)
    return st.builds(lambda s, zone: (start + timedelta(seconds=s)).astimezone(zone), seconds, zones)


def durations(hours: int = 60) -> st.SearchStrategy[timedelta]:
    """Up to so many hours, to the second."""
    return st.integers(0, hours * 3600).map(lambda seconds: timedelta(seconds=seconds))
