"""What the audit log records, and in which form. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum

LONGEST_WHY = 200


class What(StrEnum):
    """What somebody did. The first five, and listening, are looks: the same again within a while is one entry."""

    CONVERSATION = "conversation_opened"
    TICKET = "ticket_opened"
    CUSTOMER = "customer_opened"
    LISTED = "listed"
    SEARCHED = "searched"
    REVEALED = "revealed"
    EXPORTED = "exported"
    EDITED = "edited"
    DELETION_ASKED = "deletion_asked"
    DELETION_CANCELLED = "deletion_cancelled"
    DELETED = "deleted"
    MANAGED = "managed"
    WATCHED = "watched"
    TAKEN_FROM = "taken_from"
    LISTENED = "listened"
    HUNG_UP = "hung_up"


LOOKS = frozenset({What.CONVERSATION, What.TICKET, What.CUSTOMER, What.LISTED, What.SEARCHED, What.LISTENED})


class Kind(StrEnum):
    """What an entry is about."""

    CONVERSATION = "conversation"
    TICKET = "ticket"
    CALLBACK = "callback"
    CUSTOMER = "customer"
    AGENT = "agent"
    SEARCH = "search"
    LIST = "list"


_NUMBER = re.compile(r"[1-9]\d{0,8}")
_SHAPES = {
    Kind.CONVERSATION: re.compile(r"[0-9a-f]{32}"),
    Kind.TICKET: re.compile(r"[A-Z]{2}\d{6}-\d{4,6}"),
    Kind.CALLBACK: _NUMBER,
    Kind.CUSTOMER: _NUMBER,
    Kind.AGENT: _NUMBER,
    Kind.SEARCH: re.compile(r"[0-9a-f]{12}"),
    Kind.LIST: re.compile(r"[a-z_]{0,40}"),
}
_DIGITS = re.compile(r"\d{4,}")


def is_name_of(kind: Kind, subject: str) -> bool:
    """Whether a text has the form of what this kind of thing is numbered by; a telephone number never has."""
    return _SHAPES[kind].fullmatch(subject) is not None


def sign_of(text: str, key: bytes) -> str:
    """A sign for what was searched for: the same text has the same sign; only who has the key can try texts out."""
    return hmac.new(key, b"searched:" + text.encode(), hashlib.sha256).hexdigest()[:12]


def pseudonym_of(customer_id: int, request_id: int, key: bytes) -> str:
    """The name under which what was recorded about a deleted customer stays together; each deletion has its own."""
    return hmac.new(key, b"customer:%d:%d" % (customer_id, request_id), hashlib.sha256).hexdigest()[:16]


def reason_to_keep(why: str) -> str:
    """A reason as it is kept: one line, cut, without longer numbers, which might be somebody's."""
    return _DIGITS.sub("****", " ".join(why.split()))[:LONGEST_WHY]
