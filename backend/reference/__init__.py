"""`data/*.yaml` as frozen policy: read once, checked, never guessed beyond its validity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from backend.errors import BadReference
from backend.kernel.shifts import Roster
from backend.kernel.working_time import Calendar
from backend.reference.base import DATA, AnyTable, Language, Table, check, read_table
from backend.reference.desk import CannedReplies, DeskRules, VoiceRules
from backend.reference.followups import FollowUps
from backend.reference.knowledge import (
    Diagnosis,
    FaultCodes,
    Fees,
    HowTo,
    Install,
    Models,
    Parts,
    Warranty,
)
from backend.reference.ladder import Escalations
from backend.reference.tables import Appointments, CalendarTable, Callbacks, Festivals, Outlets, Promises, Shifts
from backend.reference.texts import SAID_BY_THE_HOUSE, Messages, Safety

__all__ = [
    "DATA", "REVISABLE", "SAID_BY_THE_HOUSE", "Knowledge", "Language", "Overlay", "Reference", "check_body", "current",
    "load", "overlay",
]  # fmt: skip

WARN_BEFORE = timedelta(days=60)
TABLES: tuple[type[Table], ...] = (
    CalendarTable, Promises, Shifts, Callbacks, Appointments, Outlets, Escalations, FollowUps,
    Messages, Safety, Fees, Warranty, Parts, HowTo, Diagnosis, FaultCodes,
    Install, Festivals, Models, DeskRules, CannedReplies, VoiceRules,
)  # fmt: skip
REVISABLE: Mapping[str, type[Table]] = {kind.file: kind for kind in TABLES if kind not in (FaultCodes, Models)}
"""Tables that may be changed at the desk, by file name. The two others have readers beside `Reference`."""


@dataclass(frozen=True)
class Overlay:
    """A table changed at the desk: the number of its revision, and its whole body as plain data."""

    revision: int
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Knowledge:
    """What questions about the product are answered from."""

    fees: Fees
    warranty: Warranty
    parts: Parts
    howto: HowTo
    diagnosis: Diagnosis
    fault_codes: FaultCodes
    install: Install
    festivals: Festivals
    models: Models


@dataclass(frozen=True)
class Reference:
    """All policy and reference data in force; never changed, only replaced as a whole.

    Attributes:
        rosters: the shifts by group of people.
        valid_through: the last day by what ends then.
        tables: the tables all this was made from, by file name.
        revisions: which revision of a table lies over its file, by file name.
        unusable: why a revision cannot be used (its file is in force instead), by file name.
    """

    calendar: Calendar
    rosters: Mapping[str, Roster]
    promises: Promises
    callbacks: Callbacks
    appointments: Appointments
    outlets: Outlets
    escalations: Escalations
    followups: FollowUps
    desk: DeskRules
    canned: CannedReplies
    voice: VoiceRules
    messages: Messages
    safety: Safety
    knowledge: Knowledge
    valid_through: Mapping[str, date]
    tables: Mapping[str, Table]
    revisions: Mapping[str, int] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)

    def warnings(self, now: datetime) -> list[str]:
        """Tables that end within sixty days, or have ended; revisions that cannot be used."""
        today = now.astimezone(self.calendar.zone).date()
        ending = [
            f"data/{name} is valid through {last}: replace it in time"
            if last >= today
            else f"data/{name} ended on {last}: replace it now"
            for name, last in self.valid_through.items()
            if last - today <= WARN_BEFORE
        ]
        return ending + [
            f"revision {self.revisions[name]} cannot be used, data/{name} is in force: {why}"
            for name, why in self.unusable.items()
        ]


def load(folder: Path = DATA) -> Reference:
    """Read and check all tables.

    Raises:
        BadReference: a file is missing or wrong; the message names file, place and what to mend.
    """
    return _assemble({kind.file: read_table(DATA if kind is Models else folder, kind) for kind in TABLES})


def overlay(files: Reference, overlays: Mapping[str, Overlay]) -> Reference:
    """The data of the files with revisions laid over some of them. One that is wrong leaves its file in force."""
    tables, unusable = dict(files.tables), {}
    for name, each in overlays.items():
        try:
            tables[name] = check_body(name, files.tables[name].completed(each.body) if name in tables else each.body)
        except BadReference as error:
            unusable[name] = str(error)
    revisions = {name: each.revision for name, each in overlays.items()}
    return _assemble(tables, revisions, unusable)


def check_body(name: str, body: Mapping[str, Any]) -> Table:
    """The table that plain data makes, for one that may be changed at the desk.

    Raises:
        BadReference: the data is wrong, or no table of that name may be changed.
    """
    if name not in REVISABLE:
        raise BadReference(f"{name} cannot be changed at the desk, only {', '.join(REVISABLE)}.")
    return check(REVISABLE[name], body)


def _assemble(
    tables: Mapping[str, Table], revisions: Mapping[str, int] | None = None, unusable: Mapping[str, str] | None = None
) -> Reference:
    def of(kind: type[AnyTable]) -> AnyTable:
        table = tables[kind.file]
        assert isinstance(table, kind)
        return table

    revisions, unusable = revisions or {}, unusable or {}
    table = of(CalendarTable)
    revised = revisions.get(table.file) if table.file not in unusable else None
    shifts = of(Shifts)
    for kind, groups in (
        (Callbacks, {of(Callbacks).group}),
        (Escalations, {each.group for each in of(Escalations).rungs if each.group}),
    ):
        if unknown := groups - set(shifts.groups):
            raise BadReference(
                f"data/{kind.file}: group: data/shifts.yaml has no {', '.join(sorted(unknown))}. Add it, start again."
            )
    calendar = table.calendar(revision=revised)
    return Reference(
        calendar=calendar,
        rosters=shifts.rosters(calendar.zone),
        promises=of(Promises),
        callbacks=of(Callbacks),
        appointments=of(Appointments),
        outlets=of(Outlets),
        escalations=of(Escalations),
        followups=of(FollowUps),
        desk=of(DeskRules),
        canned=of(CannedReplies),
        voice=of(VoiceRules),
        messages=of(Messages),
        safety=of(Safety),
        knowledge=Knowledge(
            fees=of(Fees),
            warranty=of(Warranty),
            parts=of(Parts),
            howto=of(HowTo),
            diagnosis=of(Diagnosis),
            fault_codes=of(FaultCodes),
            install=of(Install),
            festivals=of(Festivals),
            models=of(Models),
        ),
        valid_through={
            "calendar.yaml (working days)": table.valid_through,
            "calendar.yaml (opening hours)": table.hours_valid_through,
            **{name: each.valid_through for name, each in tables.items() if name != table.file},
        },
        tables=tables,
        revisions=revisions,
        unusable=unusable,
    )


@cache
def current() -> Reference:
    """The data of this installation's files, read once. What is in force at the desk: `House.reference`.

    Raises:
        BadReference: as `load`.
    """
    return load()
