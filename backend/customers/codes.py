"""One-time codes: give one out, judge the one that is told. Flushes, never commits; whoever calls texts the code."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.customers import rules
from backend.customers.models import Customer, OneTimeCode
from backend.customers.rules import CodePolicy, CodeVerdict, Given

DIGITS = 6


def give(
    session: Session, phone: str, conversation_id: str, *, since: datetime, policy: CodePolicy, now: datetime
) -> tuple[OneTimeCode, str] | None:
    """A fresh code for a number (E.164) in a conversation, stored and in clear; it takes the place of earlier ones.

    Args:
        since: the beginning of the local day, from which today's codes are counted.

    Returns:
        None when today's codes are used up.
    """
    session.execute(select(Customer.id).where(Customer.phone == phone).with_for_update())  # two at once: one waits
    given = Given(
        to_number=_count(session, since, OneTimeCode.phone == phone),
        in_conversation=_count(session, since, OneTimeCode.conversation_id == conversation_id),
    )
    if not rules.may_give(given, policy):
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = OneTimeCode(
        phone=phone,
        conversation_id=conversation_id,
        salted_hash=_hashed(code, secrets.token_hex(16)),
        attempts=0,
        created_at=now,
        expires_at=now + policy.valid_for,
    )
    session.add(row)
    session.flush()
    return row, code


def check(
    session: Session, phone: str, conversation_id: str, code: str, *, policy: CodePolicy, now: datetime
) -> CodeVerdict:
    """Judge a code against the newest one of this number in this conversation; a wrong one counts.

    Whoever calls must commit whatever the verdict: an attempt that is rolled back would be free.
    """
    newest = (
        select(OneTimeCode)
        .where(OneTimeCode.phone == phone, OneTimeCode.conversation_id == conversation_id)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = session.scalar(newest)
    if row is None:
        return CodeVerdict.EXPIRED
    is_right = _matches(code, row.salted_hash)
    verdict = rules.judge_code(
        is_right=is_right,
        is_used=row.used_at is not None,
        attempts=row.attempts,
        expires_at=row.expires_at,
        policy=policy,
        now=now,
    )
    row.attempts += not is_right
    if verdict is CodeVerdict.RIGHT:
        row.used_at = row.used_at or now
    session.flush()
    return verdict


def _count(session: Session, since: datetime, condition: object) -> int:
    query = select(func.count()).select_from(OneTimeCode).where(OneTimeCode.created_at >= since, condition)  # type: ignore[arg-type]
    return session.scalar(query) or 0


def _hashed(code: str, salt: str) -> str:
    return f"{salt}${hashlib.scrypt(code.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=32).hex()}"


def _matches(code: str, salted_hash: str) -> bool:
    """In constant time."""
    salt = salted_hash.partition("$")[0]
    return hmac.compare_digest(_hashed(code, salt), salted_hash)
