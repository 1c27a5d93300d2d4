"""Texts as values: carriers' forms in, the empty answer out, opt-out words, segments and splitting. All pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import smsutil

from telephony import media
from telephony.ports import BadForm, CarrierStatus, DeliveryStatus, InboundText, Media, OptWord

SID: Final = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
EMPTY_TWIML: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
IMAGE_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
MOST_MEDIA: Final = 10

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_UNSENDABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_EDGES: Final = " \t\r\n\"'“”‘’。．.!！,，、~～;；"

# Only a whole message counts. "取消" and CANCEL are about a booking here; the README says how to take CANCEL out of
# Twilio's own list (Advanced Opt-Out).
_OPT_WORDS: Final[Mapping[str, OptWord]] = {
    **dict.fromkeys(("stop", "unsubscribe", "end", "quit", "退订", "取消订阅", "拒收", "t", "td"), OptWord.STOP),
    **dict.fromkeys(("t退订", "td退订", "退订t", "退订td", "回t", "回td", "回复td", "回复退订"), OptWord.STOP),
    **dict.fromkeys(("start", "订阅", "恢复"), OptWord.START),
    **dict.fromkeys(("help", "帮助"), OptWord.HELP),
}
_PLAIN: Final = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " ", "\u202f": " "}
)
_TRADITIONAL: Final = str.maketrans({"訂": "订", "閱": "阅", "復": "复", "幫": "帮"})

_RANK: Final[Mapping[CarrierStatus, int]] = {
    CarrierStatus.ACCEPTED: 1,
    CarrierStatus.SCHEDULED: 1,
    CarrierStatus.QUEUED: 2,
    CarrierStatus.SENDING: 3,
    CarrierStatus.INITIATED: 3,
    CarrierStatus.SENT: 4,
    CarrierStatus.RINGING: 4,
    CarrierStatus.IN_PROGRESS: 5,
    CarrierStatus.FAILED: 6,
    CarrierStatus.CANCELED: 6,
    CarrierStatus.UNDELIVERED: 6,
    CarrierStatus.BUSY: 6,
    CarrierStatus.NO_ANSWER: 6,
    CarrierStatus.DELIVERED: 7,
    CarrierStatus.COMPLETED: 7,
    CarrierStatus.READ: 8,
}


def empty_twiml() -> str:
    """The answer to an inbound text: nothing now; what there is to say leaves through the outbox."""
    return EMPTY_TWIML


def clean(text: str) -> str:
    """The text without what no phone can show: control characters, NUL, lone surrogates, non-characters."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_number(sender: str) -> bool:
    """Whether a sender is a number one can text back, in E.164: no letters, no short code, no other digits."""
    return _E164.fullmatch(sender) is not None


def classify(body: str) -> OptWord | None:
    """The opt-out, opt-in or help word a message consists of, or None.

    Width, case, blanks and closing punctuation do not matter (ＴＤ, "t d", "退订。"); any further word does
    ("别退订我" is a sentence like any other).
    """
    word = "".join(unicodedata.normalize("NFKC", body).casefold().split()).strip(_EDGES)
    return _OPT_WORDS.get(word.translate(_TRADITIONAL))


def parse_inbound(form: Mapping[str, str]) -> InboundText:
    """Read the form of an inbound text. Unknown fields are passed over, missing ones count as blank.

    Raises:
        BadForm: the message id is missing or impossible, or nobody is named as sender.
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not SID.fullmatch(sid):
        raise BadForm("MessageSid")
    sender = clean(form.get("From", "")).strip()[:40]
    if not sender:
        raise BadForm("From")
    body = clean(form.get("Body", "")).strip()
    photos, left_out = _media(form)
    return InboundText(
        sid=sid,
        sender=sender,
        to=clean(form.get("To", "")).strip()[:40],
        body=body,
        media=photos,
        left_out=left_out,
        opt=_carriers_opt(form.get("OptOutType", "")) or classify(body),
        answerable=is_number(sender),
    )


def parse_status(form: Mapping[str, str]) -> DeliveryStatus:
    """Read the form of a status callback.

    Raises:
        BadForm: the message id is missing or impossible.
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not SID.fullmatch(sid):
        raise BadForm("MessageSid")
    word = form.get("MessageStatus") or form.get("SmsStatus") or ""
    status = CarrierStatus(word) if word in set(CarrierStatus) else None
    code = form.get("ErrorCode", "")
    return DeliveryStatus(sid, status, int(code) if re.fullmatch(r"[0-9]{1,6}", code) else None)


def forward(current: CarrierStatus | None, new: CarrierStatus | None) -> CarrierStatus | None:
    """The later of two states: callbacks come unordered and repeated, states only move forward."""
    if current is None or new is None:
        return current or new
    return new if _RANK[new] > _RANK[current] else current


def economical(text: str) -> str:
    """The text with plain dashes, quotation marks and blanks, if that alone lets it travel in the shorter alphabet.

    One dash of a printer makes an English text take the segments of a Chinese one.
    """
    plain = text.translate(_PLAIN)
    return plain if smsutil.is_valid_gsm(plain) else text


def segments(text: str) -> int:
    """How many SMS segments a text takes (Chinese: 70 characters in one, 67 each in several)."""
    return len(smsutil.split(text).parts)


def split_for_sms(text: str, max_segments: int = 2) -> list[str]:
    """Pieces of at most `max_segments` segments each, cut at the end of a sentence where there is one.

    No word, emoji or accented letter is torn apart unless it alone is longer than a piece; only blanks at the cuts
    are lost.
    """
    pieces = []
    rest = clean(text).strip()
    while rest:
        end = _cut(rest, max_segments)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return pieces


_SENTENCE_END: Final = re.compile(r"[。！？!?；;…\n]+[”’」』）)]*|\.(?=\s)")
_PAUSE: Final = re.compile(r"[，、,：:]|\s")


def _cut(text: str, max_segments: int) -> int:
    longest = _longest_prefix(text, max_segments)
    if longest == len(text):
        return longest
    for mark in (_SENTENCE_END, _PAUSE):
        ends = [found.end() for found in mark.finditer(text, 0, longest) if found.end() > longest // 3]
        if ends:
            return ends[-1]
    return _before_joined(text, longest)


def _longest_prefix(text: str, max_segments: int) -> int:
    """Length of the longest prefix that fits: a longer prefix never takes fewer segments."""
    low, high = 1, min(len(text), max_segments * 160)
    while low < high:
        middle = (low + high + 1) // 2
        if segments(text[:middle]) <= max_segments:
            low = middle
        else:
            high = middle - 1
    return low


def _before_joined(text: str, end: int) -> int:
    """The nearest cut before `end` that does not part a character from its accent, selector or joiner."""
    cut = end
    while cut > 0 and (_joins(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut or end


def _joins(character: str) -> bool:
    return character in "\u200d\ufe0e\ufe0f" or unicodedata.combining(character) != 0 or "🏻" <= character <= "🏿"


def _carriers_opt(word: str) -> OptWord | None:
    word = word.casefold()
    return OptWord(word) if word in set(OptWord) else None


def _media(form: Mapping[str, str]) -> tuple[tuple[Media, ...], int]:
    count = form.get("NumMedia", "")
    named = min(int(count), 1000) if re.fullmatch(r"[0-9]{1,6}", count) else 0
    found = []
    for index in range(min(named, MOST_MEDIA)):
        url, kind = form.get(f"MediaUrl{index}", ""), form.get(f"MediaContentType{index}", "").lower()
        if kind in IMAGE_TYPES and media.is_at(url, media.MEDIA_HOSTS):
            found.append(Media(url, kind))
    return tuple(found), named - len(found)
