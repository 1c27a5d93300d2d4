"""Who decides that a message is a report of danger: the guard what it hears, the model what it suspects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.hazard import hazard, is_cleared
from bot.text.suspicion import (
    CERTAINTY,
    CERTAINTY_OF_A_PART,
    DISBELIEF,
    SUSPICION,
    SUSPICION_OF_A_PART,
    Suspicion,
    is_raised,
)

likelihoods = st.floats(min_value=0, max_value=1)
thoughts = st.builds(Suspicion, likelihoods, likelihoods)
HEARD = "热水器漏电了"
CLEARED = "热水器没有漏电"
SILENT = "热水器不热"


@given(thought=thoughts)
def test_what_the_guard_hears_is_a_report_unless_the_model_believes_it_of_no_part(thought: Suspicion) -> None:
    is_believed = thought.whole >= DISBELIEF or thought.part >= DISBELIEF
    assert is_raised(HEARD, hazard(HEARD), thought) is is_believed


@given(thought=thoughts)
def test_what_the_guard_has_cleared_is_raised_by_a_certain_model_only(thought: Suspicion) -> None:
    assert is_cleared(CLEARED)
    is_certain = thought.whole >= CERTAINTY or thought.part >= CERTAINTY_OF_A_PART
    assert is_raised(CLEARED, None, thought) is is_certain


@given(
    text=st.sampled_from([HEARD, CLEARED, SILENT, "刚才手机没电了"]),
    whole=st.lists(likelihoods, min_size=2, max_size=2).map(sorted),
    part=st.lists(likelihoods, min_size=2, max_size=2).map(sorted),
)
def test_a_danger_thought_likelier_is_not_raised_less(text: str, whole: list[float], part: list[float]) -> None:
    low, high = Suspicion(whole[0], part[0]), Suspicion(whole[1], part[1])
    assert is_raised(text, hazard(text), low) <= is_raised(text, hazard(text), high)


@pytest.mark.parametrize(
    ("thought", "raised"),
    [
        (Suspicion(SUSPICION), True),
        (Suspicion(1.0), True),
        (Suspicion(0.0, SUSPICION_OF_A_PART), True),
        (Suspicion(SUSPICION - 0.01, SUSPICION_OF_A_PART - 0.01), False),
        (Suspicion(0.0), False),
    ],
)
def test_a_suspicion_of_the_model_is_enough_where_the_guard_hears_nothing(thought: Suspicion, raised: bool) -> None:
    assert is_raised(SILENT, None, thought) is raised
