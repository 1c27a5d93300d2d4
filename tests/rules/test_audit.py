"""The audit log names things by number, and never holds a telephone number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.audit import rules
from backend.audit.rules import Kind

PHONES = st.integers(10_000_000_000, 19_999_999_999).map(str)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.CONVERSATION, "0123456789abcdef" * 2),
        (Kind.TICKET, "WY261124-0001"),
        (Kind.CALLBACK, "17"),
        (Kind.CUSTOMER, "123456789"),
        (Kind.SEARCH, "0123456789ab"),
        (Kind.LIST, "lines"),
    ],
)
def test_things_are_named_by_what_they_are_numbered_by(kind: Kind, subject: str) -> None:
    assert rules.is_name_of(kind, subject)


@given(st.sampled_from(list(Kind)), PHONES, st.sampled_from(["{}", "+86{}", "{} ", "WY{}", "{}\n"]))
def test_no_telephone_number_names_anything(kind: Kind, phone: str, shape: str) -> None:
    assert not rules.is_name_of(kind, shape.format(phone))


@given(st.text(max_size=300), PHONES)
def test_a_reason_is_kept_without_numbers_on_one_line_and_cut(words: str, phone: str) -> None:
    kept = rules.reason_to_keep(f"{words} {phone} {words}")
    assert phone not in kept
    assert len(kept) <= rules.LONGEST_WHY
    assert "\n" not in kept


@given(PHONES, PHONES)
def test_equal_searches_have_equal_signs_and_signs_need_the_key(first: str, second: str) -> None:
    assert (rules.sign_of(first, b"key") == rules.sign_of(second, b"key")) is (first == second)
    assert rules.sign_of(first, b"key") != rules.sign_of(first, b"other")
    assert rules.is_name_of(Kind.SEARCH, rules.sign_of(first, b"key"))
