"""Workers are killed at random while Twilio misbehaves: nobody is texted twice or at night, nothing is lost.

The same in full size: `tests/benchmarks/outbox_crash.py`.
"""

from __future__ import annotations

from sqlalchemy import Engine

from backend import db
from tests.rooms import outbox_crash


def test_with_workers_killed_and_a_rough_carrier_nobody_is_texted_twice_or_at_night_and_nothing_is_lost(
    committed: db.Sessions, engine: Engine
) -> None:
    outcome = outbox_crash.run(
        engine.url.render_as_string(hide_password=False),
        messages=80,
        workers=6,
        per_second=80,
        trouble_every=(5, 15),
        patience_s=120,
    )
    assert outcome.is_over
    assert outcome.kills >= 3
    assert (outcome.twice, outcome.lost, outcome.wrong, outcome.at_night, outcome.refused_callbacks) == (0, 0, 0, 0, 0)
    assert outcome.left <= outcome.kills  # only what was on its way just then
    assert outcome.overtaken <= outcome.stops  # a worker stopped in the middle of a call finishes it when it goes on
