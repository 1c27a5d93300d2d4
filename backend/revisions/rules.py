"""When a revision may take force, and what is in force again when it is taken back. Pure."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """A draft changes nothing; the table's newest approved revision lies over its file; a withdrawn one never will."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Unfit:
    """Why a revision cannot be approved."""

    code: str
    why: str


def unfit(status: Status, based_on: int | None, in_force: int | None) -> Unfit | None:
    """Why a revision cannot be approved, or None.

    Args:
        based_on: the revision that was in force when it was written; None for the file.
        in_force: the one that is in force now.
    """
    if status is not Status.DRAFT:
        return Unfit("not_a_draft", f"This revision is {status} already.")
    if based_on != in_force:
        return Unfit("outdated", "The table has been changed since this was written; look at it and write it again.")
    return None


def former(approved: Sequence[int]) -> int | None:
    """Which of a table's approved revisions (ids in the order of their approval) was in force before the last.

    None: the file was.
    """
    return approved[-2] if len(approved) > 1 else None


class FlawKind(StrEnum):
    """What is wrong with a text."""

    EMPTY = "empty"
    BRACES = "braces"
    UNDECLARED = "undeclared"
    UNUSED = "unused"
    TOO_LONG = "too_long"
    URL = "url"


@dataclass(frozen=True)
class Flaw:
    """Something wrong with a text; `detail` names the variables, or how long it is and may be."""

    kind: FlawKind
    detail: str = ""

    @property
    def is_grave(self) -> bool:
        """Whether the text cannot take force with it. What is not said may be left out on purpose."""
        return self.kind is not FlawKind.UNUSED


_URL = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def wording_flaws(text: str, variables: Collection[str], *, allows_urls: bool) -> tuple[Flaw, ...]:
    """What is wrong with the words of a text, whose variables stand in braces as plain names."""
    if not text.strip():
        return (Flaw(FlawKind.EMPTY),)
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return (Flaw(FlawKind.BRACES),)
    if any(spec or conversion for _, _, spec, conversion in parts):
        return (Flaw(FlawKind.BRACES),)
    used = {name for _, name, _, _ in parts if name is not None}
    found = []
    if undeclared := sorted(used - set(variables)):
        found.append(Flaw(FlawKind.UNDECLARED, _braced(undeclared)))
    if unused := sorted(set(variables) - used):
        found.append(Flaw(FlawKind.UNUSED, _braced(unused)))
    if not allows_urls and _URL.search(text):
        found.append(Flaw(FlawKind.URL))
    return tuple(found)


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def length_flaws(segments: int, most: int | None) -> tuple[Flaw, ...]:
    """Whether a text is too long for its channel."""
    return () if most is None or segments <= most else (Flaw(FlawKind.TOO_LONG, f"{segments} > {most}"),)


def may_approve(author: str, who: str, approvers: Collection[str]) -> bool:
    """Whether somebody who has the permission may approve what somebody wrote: four eyes, where there are four."""
    return author != who or not set(approvers) - {who}
