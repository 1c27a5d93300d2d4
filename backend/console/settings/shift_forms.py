"""Shifts as a form: a row for each shift of each weekday, and of single days. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST = WEEKDAYS[0]
EMPTY_ROWS = 1
NEW_DAYS = 1
MOST_DAYS = 30
PARTS = ("from", "to", "people", "who")


@dataclass(frozen=True)
class Row:
    """One shift as its fields show it: times as HH:MM, how many, and usernames with commas between."""

    begins: str = ""
    ends: str = ""
    people: str = ""
    who: str = ""


@dataclass(frozen=True)
class Day:
    """The shifts of a weekday (`name`) or of a single day (`date`, ISO); `prefix` begins the names of its fields."""

    prefix: str
    rows: list[Row]
    name: str = ""
    date: str = ""
    is_as_monday: bool = False


def week_of(group: Mapping[str, Any]) -> list[Day]:
    """The seven weekdays with a row more than they have."""
    week = group.get("week") or {}
    return [
        Day(name, _shown(week.get(name)), name=name, is_as_monday=name != FIRST and week.get(name) == week.get(FIRST))
        for name in WEEKDAYS
    ]


def days_of(group: Mapping[str, Any], today: str) -> list[Day]:
    """The single days from today on, and an empty one."""
    coming = sorted(day for day in group.get("days") or {} if day >= today)[:MOST_DAYS]
    shown = [Day(f"day{number}", _shown(group["days"][day]), date=day) for number, day in enumerate(coming)]
    return [*shown, *(Day(f"day{len(shown) + more}", _shown([])) for more in range(NEW_DAYS))]


def group_of(form: Mapping[str, str], group: Mapping[str, Any], today: str) -> dict[str, Any]:
    """The group with a form's shifts in it; single days before today stay as they are. What cannot be stays text."""
    monday = _rows(form, FIRST)
    week = {name: monday if form.get(f"{name}.as_monday") else _rows(form, name) for name in WEEKDAYS}
    past = {day: rows for day, rows in (group.get("days") or {}).items() if day < today}
    numbers = sorted(int(found[1]) for name in form if (found := re.fullmatch(r"day(\d{1,3})\.date", name)))
    coming = {form[f"day{each}.date"]: _rows(form, f"day{each}") for each in numbers if form[f"day{each}.date"].strip()}
    return {**group, "week": week, "days": past | coming}


def named(group: Mapping[str, Any]) -> set[str]:
    """The usernames a group's shifts name."""
    several = [*(group.get("week") or {}).values(), *(group.get("days") or {}).values()]
    return {name for rows in several for row in rows for name in row.get("who") or ()}


def _shown(rows: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    shown = []
    for row in rows or ():
        begins, _, ends = str(row.get("hours", "")).partition("-")
        people = "" if row.get("people") is None else str(row["people"])
        shown.append(Row(begins, ends, people, ", ".join(row.get("who") or ())))
    return shown + [Row()] * EMPTY_ROWS


def _rows(form: Mapping[str, str], prefix: str) -> list[dict[str, Any]]:
    found = []
    numbers = sorted(int(m[1]) for name in form if (m := re.fullmatch(rf"{prefix}\.(\d{{1,2}})\.from", name)))
    for number in numbers:
        begins, ends, people, who = (form.get(f"{prefix}.{number}.{part}", "").strip() for part in PARTS)
        if not (begins or ends or people or who):
            continue
        row: dict[str, Any] = {"hours": f"{begins}-{ends}"}
        if people:
            row["people"] = int(people) if people.isdecimal() else people
        if names := [each for each in re.split(r"[\s,，、;；]+", who) if each]:
            row["who"] = names
        found.append(row)
    return found
