"""How far a run has come, and how it is stopped: at an instant at which everything that is due has been done."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(frozen=True)
class Course:
    """How far a run has come: the day that is over, of how many, and the customers who have come until then."""

    day: int
    days: int
    customers: int


Progress = Callable[[Course], None]
"""Told of each day that is over."""

Stop = Callable[[], bool]
"""Asked before time goes on; true ends the run there, with the figures of the days so far."""


def never() -> bool:
    """Nobody stops the run."""
    return False


def says(course: Course, elapsed_s: float) -> str:
    """The course in a line, with the time taken and the time it will about still take: days cost alike."""
    left = elapsed_s * (course.days - course.day) / course.day
    return f"day {course.day} of {course.days} · {course.customers} customers · {_clock(elapsed_s)} gone" + (
        f" · about {_clock(left)} left" if course.day < course.days else ""
    )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


@contextmanager
def until_interrupted() -> Iterator[Stop]:
    """While this runs, the first Ctrl-C ends the run in good order; a second one breaks it off."""
    pressed: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        pressed.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)
