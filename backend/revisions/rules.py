"""When a revision may take force, and what is in force again when it is taken back. Pure."""

from __future__ import annotations

from collections.abc import Sequence
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
