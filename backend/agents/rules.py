"""When a sign-in is over, and what a username and a password must be."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
SHORTEST_PASSWORD = 10
LONGEST_EMAIL = 120
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in has ended: two idle hours, or twelve hours in all (one shift and a half)."""
    return now - seen_at >= IDLE or now - created_at >= LONGEST


def what_is_wrong(username: str, password: str) -> str | None:
    """Why these credentials cannot be given to a new agent, or None."""
    if not USERNAME.fullmatch(username):
        return "A username has 2 to 40 of a-z, 0-9, dot, dash and underscore, and begins with a letter or digit."
    if len(password) < SHORTEST_PASSWORD:
        return f"A password has at least {SHORTEST_PASSWORD} characters."
    if username in password.lower():
        return "A password must not contain the username."
    return None


def is_email(text: str) -> bool:
    """Whether a mail can be sent to this: one plain address and nothing else."""
    return len(text) <= LONGEST_EMAIL and EMAIL.fullmatch(text) is not None
