"""Telephone numbers: which of them we can call, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType, ValidationResult

from backend.errors import BadPhone


class Kind(StrEnum):
    """What kind of line a number is."""

    MOBILE = "mobile"
    FIXED = "fixed"
    OTHER = "other"


@dataclass(frozen=True)
class Phone:
    """A number we can call.

    Attributes:
        e164: +8613800138000; an extension is not part of it.
        kind: mobile numbers get texts, others only calls.
        region: ISO 3166 code.
    """

    e164: str
    kind: Kind
    region: str


REASONS = {
    "too_short": "The number is too short: a mobile number has 11 digits, a landline needs its area code.",
    "too_long": "The number is too long; a mobile number has 11 digits.",
    "letters": "A telephone number has digits only.",
    "unknown": "There is no such number.",
    "premium": "Numbers that cost extra or belong to a service cannot be called back.",
    "foreign": "Only numbers of mainland China can be called back.",
    "short_code": "Short numbers cannot be called back.",
    "own_number": "This is the hotline's own number.",
}

MOBILE_DIGITS = 11
LOCAL_DIGITS = 8  # a landline without its area code has at most so many

_MOBILE_LIKE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_NOT_PERSONAL = (
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
)
_SATELLITE = re.compile(r"\+86(?:1349|1740[0-5])")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|;ext=|x|#)\s*\d{1,6}$", re.IGNORECASE)
_DECORATION = re.compile(r"[\s\-‐-―().·,，。]")


def parse(text: str, *, default_region: str = "CN", own_numbers: Collection[str] = ()) -> Phone:
    """Read a number as people write it: spaces, dashes, +86, full-width digits, an extension.

    Raises:
        BadPhone: we cannot call it; `reason` is one of the keys of REASONS.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    if "sip:" in written.lower() or "@" in written:
        raise _bad("letters")
    compact = _DECORATION.sub("", _EXTENSION.sub("", written))
    if not re.fullmatch(r"\+*\d+", compact):
        raise _bad("letters")
    if compact.startswith("0086"):
        compact = "+86" + compact[4:]
    if default_region == "CN" and not compact.startswith("+") and len(compact) <= 6:
        raise _bad("short_code" if len(compact) >= 3 and compact.startswith(("1", "9")) else "too_short")
    try:
        number = phonenumbers.parse(compact, default_region)
    except phonenumbers.NumberParseException as error:
        raise _bad("too_long" if error.error_type == error.TOO_LONG else "unknown") from None
    return _checked(number, default_region, own_numbers)


def mask(e164: str) -> str:
    """A number with its middle hidden: 138****8000."""
    national = e164.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 9 else "****"


def _checked(number: phonenumbers.PhoneNumber, home: str, own_numbers: Collection[str]) -> Phone:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if e164 in own_numbers:
        raise _bad("own_number")
    if number.country_code != phonenumbers.country_code_for_region(home):
        raise _bad("foreign")
    kind = phonenumbers.number_type(number)
    if kind in _NOT_PERSONAL or _SATELLITE.match(e164):
        raise _bad("premium")
    if not phonenumbers.is_valid_number(number):
        raise _bad(_what_is_wrong(number))
    region = phonenumbers.region_code_for_number(number) or home
    if kind in _MOBILE_LIKE:
        return Phone(e164, Kind.MOBILE, region)
    return Phone(e164, Kind.FIXED if kind == PhoneNumberType.FIXED_LINE else Kind.OTHER, region)


def _what_is_wrong(number: phonenumbers.PhoneNumber) -> str:
    """Why a number of the right country is none: most people lose or double a digit, or leave out the area code."""
    national = phonenumbers.national_significant_number(number)
    digits = len(national)
    if national.startswith("1") and digits != MOBILE_DIGITS:
        return "too_short" if digits < MOBILE_DIGITS else "too_long"
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.TOO_LONG:
        return "too_long"
    return "too_short" if possible == ValidationResult.TOO_SHORT or digits <= LOCAL_DIGITS else "unknown"


def _bad(code: str) -> BadPhone:
    return BadPhone(REASONS[code], code=code)
