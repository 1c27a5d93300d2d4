"""Ticket numbers and visit codes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.kernel.ids import normal_ticket_no, ticket_no, visit_code


def test_a_ticket_number_says_the_day_and_a_serial_number() -> None:
    assert ticket_no(date(2026, 11, 24), 1) == "WY261124-0001"
    assert ticket_no(date(2026, 11, 24), 12_345) == "WY261124-12345"


@pytest.mark.parametrize(
    "typed",
    [
        "WY261124-0001",
        "wy2611240001",
        "wy 261124 0001",
        "WY-261124-0001",
        "261124-0001",
        "2611240001",
        "ＷＹ２６１１２４－０００１",
        "WY261124—0001",
        " wy261124–0001\n",
    ],
)
def test_a_ticket_number_is_understood_as_people_type_it(typed: str) -> None:
    assert normal_ticket_no(typed) == "WY261124-0001"


@pytest.mark.parametrize(
    "typed",
    ["", "WY", "0001", "WY261324-0001", "WY261132-0001", "WY261124-001", "WY261124-0001-1", "XX261124-0001", "١٢٣٤"],
)
def test_what_is_no_ticket_number_is_none(typed: str) -> None:
    assert normal_ticket_no(typed) is None


@pytest.mark.parametrize("mobile", ["13051200001", "13800138000", "15112345678"])
def test_a_mobile_number_is_not_taken_for_a_ticket_number(mobile: str) -> None:
    assert normal_ticket_no(mobile) is None


@given(st.dates(date(2026, 1, 1), date(2099, 12, 31)), st.integers(1, 999_999))
def test_every_number_given_out_is_understood_again(day: date, serial: int) -> None:
    number = ticket_no(day, serial)
    assert normal_ticket_no(number) == number
    assert normal_ticket_no(number.lower().replace("-", "")) == number


@given(st.text(max_size=30))
def test_any_text_is_a_ticket_number_in_normal_form_or_none(text: str) -> None:
    number = normal_ticket_no(text)
    assert number is None or normal_ticket_no(number) == number


@given(st.integers(0, 9_999))
def test_a_visit_code_has_four_digits(number: int) -> None:
    assert len(visit_code(number)) == 4
    assert int(visit_code(number)) == number
