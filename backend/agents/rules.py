"""When a sign-in is over, and what a username and a password must be."""

from __future__ import annotations

import re
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SHORTEST_PASSWORD = 10
LONGEST_EMAIL = 120
LONGEST_TITLE = 40
LONGEST_REPLY = 1000
FEWEST_CHARACTERS = 4
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in has ended: two idle hours, or twelve hours in all (one shift and a half)."""
    return now - seen_at >= IDLE or now - created_at >= LONGEST


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a username or a password."""

    code: str
    why: str


BAD_USERNAME = Flaw(
    "username_bad",
    "A username has 2 to 40 of a-z, 0-9, dot, dash and underscore, and begins with a letter or digit.",
)
SHORT = Flaw("password_short", f"A password has at least {SHORTEST_PASSWORD} characters.")
HOLDS_NAME = Flaw("password_name", "A password must not contain the username.")
SIMPLE = Flaw("password_simple", f"A password has at least {FEWEST_CHARACTERS} different characters.")
SAME = Flaw("password_same", "The new password must be another one.")


NO_TITLE = Flaw("reply_title", f"Give it a title of at most {LONGEST_TITLE} characters.")
NO_TEXT = Flaw("reply_text", f"Write the words, at most {LONGEST_REPLY} characters.")
BRACES = Flaw("reply_braces", "A brace stands alone. Variables are written as {name}, nothing more.")
UNKNOWN_VARIABLE = Flaw("reply_variable", "There is no such variable.")


def flaw_of_reply(title: str, text: str, variables: Collection[str]) -> Flaw | None:
    """Why an agent's own reply cannot be kept, or None; `variables` are those that can be put in."""
    if not 0 < len(title) <= LONGEST_TITLE:
        return NO_TITLE
    if not 0 < len(text) <= LONGEST_REPLY:
        return NO_TEXT
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return BRACES
    if any(spec or conversion for _, _, spec, conversion in parts):
        return BRACES
    return UNKNOWN_VARIABLE if any(name not in variables for _, name, _, _ in parts) else None


def what_is_wrong(username: str, password: str) -> Flaw | None:
    """Why these credentials cannot be given to an agent, or None."""
    if not USERNAME.fullmatch(username):
        return BAD_USERNAME
    if len(password) < SHORTEST_PASSWORD:
        return SHORT
    if username in password.lower():
        return HOLDS_NAME
    if len(set(password)) < FEWEST_CHARACTERS:
        return SIMPLE
    return None


def is_email(text: str) -> bool:
    """Whether a mail can be sent to this: one plain address and nothing else."""
    return len(text) <= LONGEST_EMAIL and EMAIL.fullmatch(text) is not None


_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("MicroMessenger", "WeChat"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Browser and system of a sign-in in a few words, such as `Firefox · Windows`; empty when it says neither."""
    found = [next((name for sign, name in signs if sign in user_agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))
