"""A webhook counts only when the carrier signed it, and no input makes the check raise."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import ImmutableMultiDict

from telephony.signature import address, sign, verify

BASE, PATH, QUERY = "https://hotline.example", "/telephony/status", "ref=17.1"
TOKEN, OLD = "new-token", "old-token"
FORM = ImmutableMultiDict(
    [("MessageSid", "SM" + "0" * 32), ("Body", "漏水 & 跳闸+1"), ("FromCity", ""), ("Tag", "b"), ("Tag", "a")]
)
GOOD = sign(address(BASE, PATH, QUERY), FORM, TOKEN)


def check(**changed: object) -> bool:
    given_ = {"base": BASE, "path": PATH, "query": QUERY, "form": FORM, "signature": GOOD, "tokens": [TOKEN]} | changed
    return verify(
        given_["base"],  # type: ignore[arg-type]
        given_["path"],  # type: ignore[arg-type]
        given_["query"],  # type: ignore[arg-type]
        given_["form"],  # type: ignore[arg-type]
        signature=given_["signature"],  # type: ignore[arg-type]
        tokens=given_["tokens"],  # type: ignore[arg-type]
    )


def test_the_published_example_of_the_carrier_verifies() -> None:
    """The example of Twilio's security page."""
    form = ImmutableMultiDict(
        [
            ("Digits", "1234"),
            ("To", "+18005551212"),
            ("From", "+14158675310"),
            ("Caller", "+14158675310"),
            ("CallSid", "CA1234567890ABCDE"),
        ]
    )
    url = ("https://example.com", "/myapp.php", "foo=1&bar=2")
    assert verify(*url, form, signature="L/OH5YylLD5NRKLltdqwSvS0BnU=", tokens=["12345"])


def test_blank_and_repeated_fields_are_part_of_what_is_signed() -> None:
    assert check()
    assert not check(form=ImmutableMultiDict([item for item in FORM.multi_items() if item != ("Tag", "a")]))
    assert not check(form=ImmutableMultiDict([*FORM.multi_items(), ("New", "x")]))
    assert sign(address(BASE, PATH, QUERY), ImmutableMultiDict([*FORM.multi_items(), ("New", "")]), TOKEN) != GOOD


def test_both_tokens_are_accepted_while_they_are_rotated() -> None:
    signed_with_old = sign(address(BASE, PATH, QUERY), FORM, OLD)
    assert check(tokens=[TOKEN, OLD], signature=signed_with_old)
    assert not check(tokens=[TOKEN], signature=signed_with_old)
    assert not check(tokens=["", ""])


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": None},
        {"signature": ""},
        {"signature": GOOD[:-2]},
        {"signature": "签名"},
        {"signature": "A" * 28},
        {"path": "/telephony/sms"},
        {"query": ""},
        {"query": "ref=17.2"},
        {"base": "https://other.example"},
        {"base": "http://hotline.example"},
        {"base": "https://hotline.example:bad"},
        {"tokens": ["wrong"]},
        {"form": ImmutableMultiDict([("Body", "\ud800")])},
        {"form": "{}"},
        {"form": "{}", "query": "bodySHA256=00"},
    ],
)
def test_anything_else_is_refused(changed: dict[str, object]) -> None:
    assert not check(**changed)


def test_a_slash_at_the_end_of_the_base_does_no_harm() -> None:
    assert check(base=f"{BASE}/")


def test_a_json_body_is_checked_by_its_digest() -> None:
    body = '{"a": 1}'
    query = f"bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    signature = sign(address(BASE, PATH, query), ImmutableMultiDict(), TOKEN)
    assert check(form=body, query=query, signature=signature)
    assert not check(form='{"a": 2}', query=query, signature=signature)


@given(
    st.tuples(st.text(), st.text(), st.text()),
    st.lists(st.tuples(st.text(), st.text())),
    st.none() | st.text(),
    st.text(),
)
def test_no_input_makes_it_raise(
    parts: tuple[str, str, str], form: list[tuple[str, str]], signature: str | None, token: str
) -> None:
    assert verify(*parts, ImmutableMultiDict(form), signature=signature, tokens=[token]) is False
