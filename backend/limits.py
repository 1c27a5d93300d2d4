"""How often one caller may do a thing: moving windows in this process's memory."""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from backend.errors import TooMany

_limiter = MovingWindowRateLimiter(MemoryStorage())

SIGN_IN_BY_NAME = parse("10/5minute")
SIGN_IN_BY_ADDRESS = parse("30/5minute")
CONVERSATIONS_BY_ADDRESS = parse("1200/minute")
MESSAGES_BY_CONVERSATION = parse("60/10second")
WRONG_LOOKUPS_BY_NUMBER = parse("10/hour")  # ticket numbers follow one another: nobody may try them all
CHANGES_OF_A_VISIT = parse("20/hour")


def is_used_up(limit: RateLimitItem, *key: str) -> bool:
    """Whether the next use would be one too many."""
    return not _limiter.test(limit, *key)


def hit(limit: RateLimitItem, *key: str) -> None:
    """Count one use.

    Raises:
        TooMany: the limit is reached.
    """
    if not _limiter.hit(limit, *key):
        raise TooMany


def forget() -> None:
    """Start counting anew."""
    _limiter.storage.reset()
