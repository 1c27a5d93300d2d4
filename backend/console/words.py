"""The console's words: catalogues read from `translations/*/console.po`, and times as an agent reads them.

Message ids are the English words. A catalogue that lacks one shows the English.
"""

from __future__ import annotations

import gettext
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

from backend.kernel.working_time import Calendar, local_day, local_words

Language = Literal["zh", "en"]
LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "English"}
FOLDER = Path(__file__).parent / "translations"


class Catalogue(gettext.NullTranslations):
    """One language's words."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language
        self._one: dict[str, str] = {}
        self._many: dict[str, tuple[str, ...]] = {}
        with (FOLDER / language / "console.po").open("rb") as file:
            for message in read_po(file, locale=language):
                words = message.string
                if isinstance(words, str) and isinstance(message.id, str) and words:
                    self._one[message.id] = words
                elif isinstance(words, tuple) and all(words):
                    self._many[message.id[0]] = words

    def gettext(self, message: str) -> str:
        """The words for a message id."""
        return self._one.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The words for a number of things. Chinese has one form, English two."""
        forms = self._many.get(msgid1, (msgid1, msgid2))
        return forms[0] if n == 1 or len(forms) == 1 else forms[1]


@cache
def catalogue(language: Language) -> Catalogue:
    """A catalogue, read once."""
    return Catalogue(language)


def mark(message: str) -> str:
    """Name a message for the catalogues here and translate it where it is shown."""
    return message


class Times:
    """Instants and durations in the hotline's zone, in one language, seen from one moment."""

    def __init__(self, calendar: Calendar, language: Language, now: datetime) -> None:
        self.calendar, self.language, self.now = calendar, language, now
        self._ = catalogue(language).gettext

    def full(self, at: datetime) -> str:
        """Day and time: "今天11月24日（周二）15:30", "Wed 25 Nov, 15:30"."""
        return local_words(self.calendar, at, self.language, self.now)

    def short(self, at: datetime) -> str:
        """The time alone today, with the day otherwise: "15:30", "昨天 15:30", "11月23日 15:30"."""
        local = at.astimezone(self.calendar.zone)
        days = (local.date() - local_day(self.calendar, self.now)).days
        name = {0: "", -1: self._("yesterday"), 1: self._("tomorrow")}.get(days)
        if name is None:
            day = f"{local.month}月{local.day}日" if self.language == "zh" else f"{local.day} {local:%b}"
            name = day if abs(days) < 300 else f"{local:%Y-%m-%d}"
        return f"{name} {local:%H:%M}".strip()

    def clock(self, at: datetime) -> str:
        """The time of day."""
        return f"{at.astimezone(self.calendar.zone):%H:%M}"

    def day(self, at: datetime) -> date:
        """The hotline's day of an instant."""
        return local_day(self.calendar, at)

    def long_day(self, day: date) -> str:
        """A day: "11月25日（周三）", "Wed 25 Nov"."""
        if self.language == "zh":
            return f"{day.month}月{day.day}日（{self.weekday(day)}）"
        return f"{self.weekday(day)} {day.day} {day:%b}"

    def weekday(self, day: date) -> str:
        """The short name of a day's weekday: "周三", "Wed"."""
        return f"周{'一二三四五六日'[day.weekday()]}" if self.language == "zh" else f"{day:%a}"

    def iso(self, at: datetime) -> str:
        """For the `datetime` attribute."""
        return at.astimezone(self.calendar.zone).isoformat(timespec="minutes")

    def ago(self, at: datetime) -> str:
        """How long ago, roughly."""
        passed = self.now - at
        return self._("just now") if passed < timedelta(minutes=1) else self.lasting(passed)

    def lasting(self, duration: timedelta) -> str:
        """A duration in its two largest units, or in one when the second is nought: "3 时 24 分", "2 天"."""
        minutes = max(0, int(duration.total_seconds() // 60))
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        if days:
            return (self._("{days} d {hours} h") if hours else self._("{days} d")).format(days=days, hours=hours)
        if hours:
            return (self._("{hours} h {minutes} min") if minutes else self._("{hours} h")).format(
                hours=hours, minutes=minutes
            )
        return self._("{minutes} min").format(minutes=minutes) if minutes else self._("less than 1 min")
