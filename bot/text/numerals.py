"""Chinese and English number words, as far as a service call needs them."""

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
