"""When two tickets may become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tickets.merge_rules import NoMerge, NoUnmerge, Side, may_merge, may_unmerge
from backend.tickets.rules import CLOSED, Status

SIDES = st.builds(Side, st.integers(1, 5), st.sampled_from(Status), st.booleans(), st.booleans())


@pytest.mark.parametrize(
    ("ticket", "into", "why"),
    [
        (Side(1, Status.NEW, False), Side(2, Status.NEW, False), None),
        (Side(1, Status.NEW, False), Side(1, Status.NEW, False), NoMerge.SAME),
        (Side(1, Status.DONE, False), Side(2, Status.NEW, False), NoMerge.CLOSED),
        (Side(1, Status.NEW, False), Side(2, Status.CANCELLED, True), NoMerge.MERGED),
        (Side(1, Status.SCHEDULED, False, has_visit=True), Side(2, Status.NEW, False), NoMerge.VISIT),
        (Side(1, Status.NEW, False), Side(2, Status.SCHEDULED, False, has_visit=True), None),
    ],
)
def test_only_two_open_tickets_that_stand_alone_are_merged(ticket: Side, into: Side, why: NoMerge | None) -> None:
    assert may_merge(ticket, into) is why


@given(SIDES, SIDES)
def test_what_may_be_merged_is_open_on_both_sides(ticket: Side, into: Side) -> None:
    if may_merge(ticket, into) is None:
        assert not {ticket.status, into.status} & CLOSED
        assert ticket.id != into.id


def test_a_merge_is_taken_back_once_and_only_while_the_case_is_open() -> None:
    merged = Side(1, Status.CANCELLED, True)
    assert may_unmerge(merged, Side(2, Status.NEW, False), undone=False) is None
    assert may_unmerge(merged, Side(2, Status.NEW, False), undone=True) is NoUnmerge.UNDONE
    assert may_unmerge(merged, Side(2, Status.DONE, False), undone=False) is NoUnmerge.GONE_ON
