"""Whose number a conversation's is."""

from __future__ import annotations

import pytest

from backend.console.customers.person_rules import Person, Proof, person

A, B, C = "+8613800138001", "+8613800138002", "+8613800138003"


@pytest.mark.parametrize(
    ("channel", "phone", "verified", "told", "expected"),
    [
        ("web", None, A, [B], Person(A, Proof.VERIFIED)),
        ("voice", B, A, [], Person(A, Proof.VERIFIED)),
        ("sms", B, None, [C], Person(B, Proof.TEXTED)),
        ("voice", B, None, [C], Person(B, Proof.CALLER_ID)),
        ("web", None, None, [C, B], Person(C, Proof.TOLD)),
        ("web", None, None, [], None),
    ],
)
def test_a_number_shown_to_be_theirs_goes_before_a_callers_and_that_before_a_told_one(
    channel: str, phone: str | None, verified: str | None, told: list[str], expected: Person | None
) -> None:
    assert person(channel, phone, verified, told) == expected


def test_a_callers_number_and_a_told_one_prove_nothing() -> None:
    assert [proof for proof in Proof if Person(A, proof).is_shown] == [Proof.VERIFIED, Proof.TEXTED]
