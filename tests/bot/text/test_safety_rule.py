"""Who decides that a message is a report of danger: the guard what it hears, the model what it suspects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.safety import CERTAINTY, SUSPICION, is_raised
from bot.text.hazard import Hazard

likelihoods = st.floats(min_value=0, max_value=1)
HEARD = Hazard("shock", 0, 2, "漏电")


@given(cleared=st.booleans(), likely=likelihoods)
def test_what_the_guard_hears_is_never_lowered(cleared: bool, likely: float) -> None:
    assert is_raised(HEARD, cleared, likely)


@given(likely=likelihoods)
def test_what_the_guard_has_cleared_is_raised_by_a_certain_model_only(likely: float) -> None:
    assert is_raised(None, True, likely) is (likely >= CERTAINTY)


@given(cleared=st.booleans(), likely=likelihoods, more=likelihoods)
def test_a_danger_thought_likelier_is_not_raised_less(cleared: bool, likely: float, more: float) -> None:
    low, high = sorted((likely, more))
    assert is_raised(None, cleared, low) <= is_raised(None, cleared, high)


@pytest.mark.parametrize(
    ("likely", "raised"), [(SUSPICION, True), (1.0, True), (SUSPICION - 0.01, False), (0.0, False)]
)
def test_a_suspicion_of_the_model_is_enough_where_the_guard_hears_nothing(likely: float, raised: bool) -> None:
    assert is_raised(None, False, likely) is raised
