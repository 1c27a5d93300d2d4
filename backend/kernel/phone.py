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


@dataclass(frozen=True)
class Reach:
    """Which numbers a house calls and texts.

    Attributes:
        countries: ISO 3166 codes; numbers of the first, the house's own, are written without a country code too. A
            country that is not listed is neither called nor texted: what premium lines abroad cost is not ours to pay.
        own: the house's own numbers in E.164, never called.
    """

    countries: tuple[str, ...] = ("CN",)
    own: Collection[str] = ()

    @property
    def home(self) -> str:
        """The country numbers without a code belong to."""
        return self.countries[0]


MAINLAND = Reach()

REASONS = {
    "too_short": "The number is too short: a mobile number has 11 digits, a landline needs its area code.",
    "too_long": "The number is too long; a mobile number has 11 digits.",
    "letters": "A telephone number has digits only.",
    "unknown": "There is no such number.",
    "premium": "Numbers that cost extra or belong to a service cannot be called back.",
    "foreign": "Numbers of that country cannot be called back.",
    "short_code": "Short numbers cannot be called back.",
    "own_number": "This is the hotline's own number.",
}

CHINA = 86
MOBILE_DIGITS = 11
LOCAL_DIGITS = 8  # a landline without its area code has at most so many
SHORT_DIGITS = 6

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


def parse(text: str, *, reach: Reach = MAINLAND) -> Phone:
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
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if not compact.startswith("+") and len(compact) <= SHORT_DIGITS:
        raise _bad("short_code" if len(compact) >= 3 and compact.startswith(("1", "9")) else "too_short")
    try:
        number = phonenumbers.parse(compact, reach.home)
    except phonenumbers.NumberParseException as error:
        raise _bad("too_long" if error.error_type == error.TOO_LONG else "unknown") from None
    return _checked(number, reach)


def stored(e164: str) -> Phone:
    """What is known of a number that was checked when it was stored, whoever we serve today.

    Raises:
        BadPhone: it is no E.164 number.
    """
    try:
        return _known(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        raise _bad("unknown") from None


def written(e164: str) -> str:
    """A number in groups, as people read and dial it: 138 0013 8000, 0757 8888 6666; of another country with its code.

    What is no E.164 number stays as it is.
    """
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        number, formats.NATIONAL if number.country_code == CHINA else formats.INTERNATIONAL
    )


def mask(e164: str) -> str:
    """A number with its middle hidden: 138****8000."""
    national = e164.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 9 else "****"


def _checked(number: phonenumbers.PhoneNumber, reach: Reach) -> Phone:
    known = _known(number)
    if known.e164 in reach.own:
        raise _bad("own_number")
    if number.country_code not in {phonenumbers.country_code_for_region(country) for country in reach.countries}:
        raise _bad("foreign")
    if phonenumbers.number_type(number) in _NOT_PERSONAL or _SATELLITE.match(known.e164):
        raise _bad("premium")
    if not phonenumbers.is_valid_number(number):
        raise _bad(_what_is_wrong(number))
    if known.region not in reach.countries:
        raise _bad("foreign")  # +1 and +44 are shared by several countries, some of them dear
    return known


def _known(number: phonenumbers.PhoneNumber) -> Phone:
    kind = phonenumbers.number_type(number)
    return Phone(
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        Kind.MOBILE if kind in _MOBILE_LIKE else Kind.FIXED if kind == PhoneNumberType.FIXED_LINE else Kind.OTHER,
        phonenumbers.region_code_for_number(number) or "ZZ",
    )


def _what_is_wrong(number: phonenumbers.PhoneNumber) -> str:
    """Why a number of the right country is none: most people lose or double a digit, or leave out the area code."""
    national = phonenumbers.national_significant_number(number)
    digits = len(national)
    if number.country_code == CHINA and national.startswith("1") and digits != MOBILE_DIGITS:
        return "too_short" if digits < MOBILE_DIGITS else "too_long"
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.TOO_LONG:
        return "too_long"
    is_local = number.country_code == CHINA and digits <= LOCAL_DIGITS
    return "too_short" if possible == ValidationResult.TOO_SHORT or is_local else "unknown"


def _bad(code: str) -> BadPhone:
    return BadPhone(REASONS[code], code=code)
