"""Chinese and English number words, as far as a service call needs them."""

import re

DIGITS = {
    "零": 0, "〇": 0, "洞": 0, "一": 1, "壹": 1, "幺": 1, "二": 2, "贰": 2, "两": 2, "俩": 2, "三": 3, "叁": 3,
    "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "拐": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d{1,4}|[零〇一二两俩三四五六七八九十百千]{1,7})"
"""Pattern of one number as digits or as Chinese words."""

ENGLISH = {
    "zero": 0, "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half": 0.5, "few": 3,
}  # fmt: skip
ENGLISH_NUMBER = r"(?:\d{1,4}|" + "|".join(sorted(ENGLISH, key=len, reverse=True)) + ")"


def cardinal(words: str) -> int | None:
    """`三十五` → 35, `一百二` → 120, `二零二四` → 2024, `35` → 35; None when the words are no number."""
    if words.isascii():
        return int(words) if words.isdigit() else None
    if not words or any(char not in DIGITS and char not in _UNITS for char in words):
        return None
    if not any(char in _UNITS for char in words):
        return int("".join(str(DIGITS[char]) for char in words))
    total, digit, last_unit = 0, 0, 1
    for char in words:
        if char in _UNITS:
            last_unit = _UNITS[char]
            total += (digit or 1) * last_unit
            digit = 0
        else:
            digit = DIGITS[char]
            if digit == 0:
                last_unit = 10
    return total + digit * (last_unit // 10 if last_unit > 10 else 1)


def english_number(word: str) -> float | None:
    """`two` → 2, `half` → 0.5, `3` → 3; None when the word is no number."""
    return float(word) if word.isdigit() else ENGLISH.get(word)


_SPOKEN = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14",
    "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20",
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_SCALE = {"hundred": 100, "thousand": 1000}
_TIMES = {"double": 2, "triple": 3}
_WORD = "|".join((*_SPOKEN, *_SCALE, *_TIMES))
_RUN = re.compile(
    rf"(?P<before>\b(?:room|flat|apartment|apt|unit|suite|number|building|block|tower|floor|house|road|street|avenue"
    rf"|lane) )?(?<![a-z'-])(?P<run>(?:{_WORD})(?:(?:[ -]| and (?=(?:{_WORD})\b))(?:{_WORD}))*)(?![a-z'-])"
    r"(?P<after> (?:years?|months?|weeks?|days?|times?|o'clock|am|pm)\b)?",
    re.IGNORECASE,
)
_MINUTES = frozenset({"10", "15", "20", "25", "30", "40", "45", "50", "55"})
_NOON = 12


def in_figures(text: str) -> str:
    """English numbers that were said, as they are written: `flat three oh one` → `flat 301`, `twenty twenty two` →
    `2022`. One word alone stays ("no one", "at three"), and so does a time of day ("three thirty")."""
    return _RUN.sub(_figures, text)


def _figures(found: re.Match[str]) -> str:
    words = [word for word in re.split(r"[ -]", found["run"].lower()) if word != "and"]
    small = [_SPOKEN.get(word, "") for word in words]
    is_time = len(words) == 2 and small[1] in _MINUTES and small[0].isdigit() and 1 <= int(small[0]) <= _NOON
    is_span = bool(found["after"]) and all(len(each) == 1 for each in small)
    is_sigh = len(words) == 2 and words[0] == "oh"  # "oh one more thing"
    is_one = is_sigh or len(words) == 1 or words[0] in _SCALE or words[-1] in _TIMES
    if (not found["before"] and (is_one or is_time or is_span)) or words[0] in _SCALE or words[-1] in _TIMES:
        return found[0]
    return f"{found['before'] or ''}{_joined(words)}{found['after'] or ''}"


def _joined(words: list[str]) -> str:
    """Figures side by side, but `ninety three` and `three hundred and eighty five` as one number."""
    figures: list[str] = []
    times, ends_in = 1, ""
    for word in words:
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if word in _SCALE:
            figures[-1:] = [str(int(figures[-1]) * _SCALE[word])] if figures else []
            ends_in = "0" * (len(str(_SCALE[word])) - 1)
            continue
        digits = _SPOKEN[word] * times
        if figures and ends_in and len(digits) <= len(ends_in) and figures[-1].endswith(ends_in):
            figures[-1] = figures[-1][: -len(digits)] + digits
            ends_in = digits.lstrip("123456789") if len(digits) > 1 else ""
        else:
            figures.append(digits)
            ends_in = "0" if len(digits) == 2 and digits[1] == "0" and digits != "10" and times == 1 else ""
        times = 1
    return "".join(figures)
