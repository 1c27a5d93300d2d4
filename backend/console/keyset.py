"""Pages of a list that stay where they are while new rows come: a page begins after the last row of the one before.

Each row has a key, a string of what the list is ordered by. Keys of one list compare as its rows do, so that a browser
can put a row in its place; they hold numbers, times and ids, never what a person has said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Label, Select, SQLColumnExpression, String, and_, literal, or_
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from backend.db import UtcDateTime

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
WIDTH = 18
LARGEST = 10**WIDTH - 1
LONGEST_KEY = 120
_PART = re.compile(r"\d{18}|[0-9a-f]{1,32}")


@dataclass(frozen=True)
class Column:
    """One of the things a list is ordered by; never NULL. The last one of a list tells any two rows apart."""

    expression: SQLColumnExpression[Any]
    kind: TypeEngine[Any]
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    falls: bool = False


def number(expression: SQLColumnExpression[Any], *, falls: bool = False) -> Column:
    """Order by a whole number that is not negative."""
    read = partial(_value, falls=falls)
    return Column(expression, BigInteger(), partial(_digits, falls=falls), read, falls)


def instant(expression: SQLColumnExpression[Any], *, falls: bool = False) -> Column:
    """Order by an instant, after 1970."""
    return Column(
        expression,
        UtcDateTime(),
        lambda value: _digits((value - EPOCH) // MICROSECOND, falls=falls),
        lambda part: EPOCH + _value(part, falls=falls) * MICROSECOND,
        falls,
    )


def word(expression: SQLColumnExpression[Any]) -> Column:
    """Order by an id in hexadecimal letters."""
    return Column(expression, String(), str, str)


@dataclass(frozen=True)
class Leaf(Generic[T]):
    """A page of a list: rows with their keys, and whether there are rows before and after it."""

    rows: Sequence[T]
    keys: Sequence[str]
    has_less: bool = False
    has_more: bool = False


def leaf(
    session: Session, query: Select[T], columns: Sequence[Column], size: int, *, after: str = "", before: str = ""
) -> Leaf[T]:
    """The page after a key, the one that ends before a key, or the first one; a key that is none does not count.

    Args:
        query: chooses the rows, in no order.
    """
    if (edge := _values(columns, before)) is not None:
        found = _read(session, query, columns, size, edge, turned=True)
        if len(found) > size:
            shown = found[:size][::-1]
            return Leaf([row for row, _ in shown], [key for _, key in shown], True, True)
        edge = None  # what is left before it is less than a page: that is the first one
    else:
        edge = _values(columns, after)
    found = _read(session, query, columns, size, edge)
    shown = found[:size]
    return Leaf([row for row, _ in shown], [key for _, key in shown], edge is not None, len(found) > size)


def key_of(columns: Sequence[Column], values: Sequence[Any]) -> str:
    """The key of a row with these values."""
    return ".".join(column.write(value) for column, value in zip(columns, values, strict=True))


def _read(
    session: Session,
    query: Select[T],
    columns: Sequence[Column],
    size: int,
    edge: Sequence[Any] | None,
    *,
    turned: bool = False,
) -> list[tuple[T, str]]:
    if edge is not None:
        query = query.where(_beyond(columns, edge, turned))
    named: list[Label[Any]] = [column.expression.label(f"key_{place}") for place, column in enumerate(columns)]
    order = [name.desc() if column.falls != turned else name.asc() for name, column in zip(named, columns, strict=True)]
    found = session.execute(query.add_columns(*named).order_by(*order).limit(size + 1))
    return [(row[0], key_of(columns, row[1:])) for row in found]


def _beyond(columns: Sequence[Column], edge: Sequence[Any], turned: bool) -> ColumnElement[bool]:
    """Rows that come after an edge; `turned`: before it."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for column, value in zip(columns, edge, strict=True):
        bound = literal(value, column.kind)
        beyond = column.expression < bound if column.falls != turned else column.expression > bound
        ways.append(and_(*same, beyond))
        same.append(column.expression == bound)
    return or_(*ways)


def _values(columns: Sequence[Column], key: str) -> list[Any] | None:
    parts = key.split(".")
    if len(parts) != len(columns) or not all(_PART.fullmatch(part) for part in parts):
        return None
    try:
        return [column.read(part) for column, part in zip(columns, parts, strict=True)]
    except (ValueError, OverflowError):
        return None


def _digits(value: int, *, falls: bool) -> str:
    return f"{LARGEST - value if falls else value:0{WIDTH}d}"


def _value(part: str, *, falls: bool) -> int:
    return LARGEST - int(part) if falls else int(part)
