"""Shared by the rooms' tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy.engine import Engine

from backend import db
from rooms.ladder import Floor
from rooms.web import Web, open_web


@pytest.fixture
def web(committed: db.Sessions, engine: Engine, now: datetime) -> Iterator[Web]:
    """The whole application with a fake bot."""
    with open_web(committed, engine, now) as web:
        yield web


@pytest.fixture
def floor(sessions: db.Sessions) -> Floor:
    """The ladder over one ticket, with people on every rung."""
    return Floor(sessions)
