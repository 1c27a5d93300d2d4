"""How agents work with conversations: leases, groups, how a conversation ends, and what they write again and again."""

from __future__ import annotations

import string
from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, model_validator

from backend.reference.base import Frozen, Language, Table, Text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,23}$")]
KNOWN_OF_A_CONVERSATION = frozenset({"name", "agent", "ticket_no", "due", "visit_code", "window"})
"""The variables the desk can fill in."""


class Group(Frozen):
    """People a conversation may be passed on to, by their roles."""

    name: Text
    roles: tuple[str, ...] = Field(min_length=1)


class DeskRules(Table):
    """How people at the desk work with conversations."""

    file: ClassVar = "desk.yaml"
    lease_minutes: int = Field(ge=1, le=120)
    watch_minutes: int = Field(default=2, ge=1, le=30)
    snooze_minutes: tuple[Annotated[int, Field(ge=5, le=30 * 24 * 60)], ...]
    queues: dict[Code, Group]
    wrap_ups: dict[Code, Text] = Field(min_length=1)

    @property
    def lease(self) -> timedelta:
        """How long a conversation is held without a sign of life."""
        return timedelta(minutes=self.lease_minutes)

    @property
    def watch(self) -> timedelta:
        """How long somebody counts as watching without a sign of life."""
        return timedelta(minutes=self.watch_minutes)


class CannedReply(Frozen):
    """Something agents write again and again; offered to the roles it names, to everybody when it names none."""

    title: Text
    zh: str = Field(min_length=1, max_length=1000)
    en: str = Field(min_length=1, max_length=1000)
    variables: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _only_what_the_desk_knows(self) -> CannedReply:
        if unknown := self.variables - KNOWN_OF_A_CONVERSATION:
            raise ValueError(f"variables: the desk does not know {', '.join(sorted(unknown))}")
        for text in (self.zh, self.en):
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if undeclared := used - self.variables:
                raise ValueError(f"uses {', '.join(sorted(undeclared))} without declaring it under `variables`")
        return self


class CannedReplies(Table):
    """What agents write again and again."""

    file: ClassVar = "canned_replies.yaml"
    replies: dict[Code, CannedReply]


class VoiceRules(Table):
    """How the telephone behaves; seconds where nothing else is said."""

    file: ClassVar = "voice.yaml"
    timeout: int = Field(ge=1, le=30)
    speech_timeout: int = Field(ge=1, le=10)
    answer_within: float = Field(gt=0, le=10)
    pause: int = Field(ge=1, le=5)
    polls: int = Field(ge=1, le=10)
    misses: int = Field(ge=1, le=10)
    waits: int = Field(6, ge=0, le=20)
    most_turns: int = Field(ge=20, le=500)
    least_confidence: float = Field(ge=0, le=1)
    waiting_lines: int = Field(ge=1, le=500)
    longest_message: int = Field(ge=10, le=600)
    silence_ends_message: int = Field(ge=1, le=30)
    keep_messages_days: int = Field(ge=1, le=3650)
    largest_message_mb: int = Field(ge=1, le=50)
    music: str = Field(pattern=r"^(https://[^\s<>\"]+)?$")
    hints: dict[Language, tuple[Annotated[str, StringConstraints(min_length=1, max_length=100)], ...]]

    @property
    def keep_messages(self) -> timedelta:
        """How long what callers have left is kept."""
        return timedelta(days=self.keep_messages_days)
