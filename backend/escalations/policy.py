"""`data/escalations.yaml` as the rules know it."""

from __future__ import annotations

from datetime import timedelta

from backend.escalations.rules import Insist, Ladder, Means, Rung, RungRule, Trigger
from backend.reference.ladder import Escalations
from backend.reference.ladder import Insist as InsistTable


def ladder_of(table: Escalations) -> Ladder:
    """The ladder in force."""
    rungs = tuple(
        RungRule(
            rung=Rung(each.rung),
            means=tuple(map(Means, each.means)),
            acknowledge=timedelta(minutes=each.acknowledge_minutes),
            danger=_insist(each.danger),
            night=_insist(each.night) if each.night else None,
        )
        for each in table.rungs
    )
    return Ladder(rungs, {Trigger(trigger): Rung(rung) for trigger, rung in table.triggers.items()})


def _insist(table: InsistTable) -> Insist:
    return Insist(tuple(map(Means, table.means)), timedelta(minutes=table.every_minutes), table.times)
