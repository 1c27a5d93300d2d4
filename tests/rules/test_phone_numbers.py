"""Telephone numbers: who can be called back, and who must never be."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.errors import BadPhone
from backend.kernel.phone import REASONS, Kind, Reach, mask, parse, stored, written


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+86-13800138000",
        "8613800138000",
        "008613800138000",
        "(+86)13800138000",
        "１３８００１３８０００",
        "＋８６１３８００１３８０００",
        " 13800138000。",
        "13800138000转8012",
        "13800138000;ext=123",
        "13800138000 ext. 12",
        "13800138000#12",
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(written: str) -> None:
    phone = parse(written)
    assert (phone.e164, phone.kind, phone.region) == ("+8613800138000", Kind.MOBILE, "CN")


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("0757-88880001", "+8675788880001"),
        ("(0757) 8888 0001", "+8675788880001"),
        ("0757-88880001转8012", "+8675788880001"),
        ("0757-88880001 分机 12", "+8675788880001"),
        ("+86(0757)88880001", "+8675788880001"),
        ("010-62345678", "+861062345678"),
        ("020 8888 0002", "+862088880002"),
    ],
)
def test_a_landline_is_read_without_its_extension(written: str, e164: str) -> None:
    phone = parse(written)
    assert (phone.e164, phone.kind) == (e164, Kind.FIXED)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1380013800", "too_short"),
        ("138001380", "too_short"),
        ("1", "too_short"),
        ("88880001", "too_short"),
        ("138001380001", "too_long"),
        ("0101380013800012345", "too_long"),
        ("9" * 300, "too_long"),
        ("1" * 10_000, "too_long"),
        ("", "letters"),
        ("   ", "letters"),
        ("hello", "letters"),
        ("13800l38000", "letters"),
        ("138+00138000", "letters"),
        ("+", "letters"),
        ("tel:13800138000", "letters"),
        ("<b>13800138000</b>", "letters"),
        ("12345678901", "unknown"),
        ("00000000000", "unknown"),
        ("11111111111", "unknown"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(written: str, reason: str) -> None:
    assert refusal(written) == reason


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("16812345", "premium"),
        ("16012345", "premium"),
        ("400-888-8888", "premium"),
        ("4008888888", "premium"),
        ("800 888 8888", "premium"),
        ("+86 400 888 8888", "premium"),
        ("13491234567", "premium"),
        ("+86 1349 123 4567", "premium"),
        ("17400123456", "premium"),
        ("110", "short_code"),
        ("12315", "short_code"),
        ("95598", "short_code"),
        ("10086", "short_code"),
        ("+1 415 555 2671", "foreign"),
        ("0014155552671", "foreign"),
        ("+852 5123 4567", "foreign"),
        ("+881612345678", "foreign"),
        ("sip:13800138000@example.org", "letters"),
        ("13800138000@example.org", "letters"),
    ],
    ids=lambda text: text,
)
def test_numbers_that_cost_or_lead_astray_are_refused(written: str, reason: str) -> None:
    assert refusal(written) == reason


@pytest.mark.parametrize("written", ["0757-88880000", "075788880000转1", "+86 757 8888 0000", "+14155550100"])
def test_our_own_numbers_are_refused_however_they_are_written(written: str) -> None:
    with pytest.raises(BadPhone) as refused:
        parse(written, reach=Reach(own=("+8675788880000", "+14155550100")))
    assert refused.value.reason == "own_number"


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+8613800138000", "138****8000"), ("+8675788880001", "757****0001"), ("+861234", "****"), ("", "****")],
)
def test_a_masked_number_keeps_its_head_and_its_tail(e164: str, shown: str) -> None:
    assert mask(e164) == shown


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+8613800138000", "138 0013 8000"),
        ("+8675788880001", "0757 8888 0001"),
        ("+85251234567", "+852 5123 4567"),
        ("withheld", "withheld"),
    ],
)
def test_a_whole_number_is_written_as_it_is_dialled(e164: str, shown: str) -> None:
    assert written(e164) == shown


@given(st.text(max_size=40) | st.text("0123456789+-() 转x#;ext=sip:@１２３", max_size=40))
@example("\x00")
@example("\ud800")
def test_any_text_is_a_number_to_call_or_a_named_refusal(text: str) -> None:
    assert verdict(text) in {"+86", *REASONS}


@given(st.from_regex(r"1(3[0-35-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True))
def test_a_number_once_read_is_read_again_as_itself(digits: str) -> None:
    phone = parse(digits)
    assert parse(phone.e164) == phone
    assert digits not in mask(phone.e164)


def refusal(written: str) -> str:
    with pytest.raises(BadPhone) as refused:
        parse(written)
    assert str(refused.value) == REASONS[refused.value.reason]
    assert refused.value.status == 422
    return refused.value.reason


def verdict(written: str) -> str:
    """The country code of a number that can be called, or the reason why it cannot."""
    try:
        phone = parse(written)
    except BadPhone as refused:
        return refused.reason
    assert re.fullmatch(r"\+86[0-9]+", phone.e164)
    return "+86"


HONG_KONG = Reach(countries=("HK", "CN", "US"))


@pytest.mark.parametrize(
    ("written", "e164", "kind", "region"),
    [
        ("9876 5432", "+85298765432", Kind.MOBILE, "HK"),
        ("+852 2123 4567", "+85221234567", Kind.FIXED, "HK"),
        ("00852 9876 5432", "+85298765432", Kind.MOBILE, "HK"),
        ("+86 138 0013 8000", "+8613800138000", Kind.MOBILE, "CN"),
        ("+1 415 555 2671", "+14155552671", Kind.MOBILE, "US"),
    ],
)
def test_a_house_elsewhere_reads_its_own_numbers_and_those_it_serves(
    written: str, e164: str, kind: Kind, region: str
) -> None:
    phone = parse(written, reach=HONG_KONG)
    assert (phone.e164, phone.kind, phone.region) == (e164, kind, region)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("+81 90 1234 5678", "foreign"),
        ("+1 876 955 1234", "foreign"),  # Jamaica shares +1 with the United States
        ("+1 900 555 1234", "premium"),
        ("900 1234 5678", "premium"),
        ("+852 9876", "too_short"),
        ("+852 9876 5432 1111", "too_long"),
    ],
)
def test_what_a_house_elsewhere_does_not_serve_is_refused(written: str, reason: str) -> None:
    with pytest.raises(BadPhone) as refused:
        parse(written, reach=HONG_KONG)
    assert refused.value.reason == reason


def test_a_stored_number_is_known_whoever_is_served_today() -> None:
    assert (stored("+85298765432").kind, stored("+85298765432").region) == (Kind.MOBILE, "HK")
    with pytest.raises(BadPhone):
        stored("98765432")
