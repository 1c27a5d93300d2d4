"""Who decides that a message is a report of danger: the guard what it hears, the model what it suspects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.hazard import hazard, is_cleared
from bot.text.suspicion import CERTAINTY, SUSPICION, is_raised

likelihoods = st.floats(min_value=0, max_value=1)
HEARD = "热水器漏电了"
CLEARED = "热水器没有漏电"
SILENT = "热水器不热"


@given(likely=likelihoods)
def test_what_the_guard_hears_is_never_lowered(likely: float) -> None:
    assert is_raised(HEARD, hazard(HEARD), likely)


@given(likely=likelihoods)
def test_what_the_guard_has_cleared_is_raised_by_a_certain_model_only(likely: float) -> None:
    assert is_cleared(CLEARED)
    assert is_raised(CLEARED, None, likely) is (likely >= CERTAINTY)


@given(text=st.sampled_from([HEARD, CLEARED, SILENT, "刚才手机没电了"]), likely=likelihoods, more=likelihoods)
def test_a_danger_thought_likelier_is_not_raised_less(text: str, likely: float, more: float) -> None:
    low, high = sorted((likely, more))
    assert is_raised(text, hazard(text), low) <= is_raised(text, hazard(text), high)


@pytest.mark.parametrize(
    ("likely", "raised"), [(SUSPICION, True), (1.0, True), (SUSPICION - 0.01, False), (0.0, False)]
)
def test_a_suspicion_of_the_model_is_enough_where_the_guard_hears_nothing(likely: float, raised: bool) -> None:
    assert is_raised(SILENT, None, likely) is raised
