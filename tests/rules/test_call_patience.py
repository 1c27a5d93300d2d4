"""How long the bot is waited for before a caller is asked to wait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.calls.rules import patience

SECONDS = st.floats(0, 30)


@pytest.mark.parametrize(
    ("within", "spent", "waits"),
    [(1.4, 0.0, 1.4), (1.4, 0.1, 1.2), (1.4, 0.5, 0.4), (1.4, 0.7, 0.0), (1.4, 3.0, 0.0)],
)
def test_a_busy_house_asks_callers_to_wait_sooner(within: float, spent: float, waits: float) -> None:
    assert patience(within, spent) == pytest.approx(waits)


@given(SECONDS, SECONDS)
def test_an_answer_that_costs_as_much_as_taking_up_leaves_in_time(within: float, spent: float) -> None:
    waits = patience(within, spent)
    assert waits >= 0
    assert waits == 0 or spent + waits + spent <= within + 1e-6


@given(SECONDS, SECONDS, SECONDS)
def test_more_spent_never_means_more_patience(within: float, spent: float, more: float) -> None:
    assert patience(within, spent + more) <= patience(within, spent)
