"""`data/*.yaml` as frozen policy: read once, checked, never guessed beyond its validity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from backend.kernel.working_time import Calendar
from backend.reference.base import DATA, Language, read_table
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
from backend.reference.tables import Appointments, CalendarTable, Callbacks, Festivals, Outlets, Promises
from backend.reference.texts import SAID_BY_THE_HOUSE, Messages, Safety

__all__ = ["DATA", "SAID_BY_THE_HOUSE", "Knowledge", "Language", "Reference", "current", "load"]

WARN_BEFORE = timedelta(days=60)


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
    """All policy and reference data in force; `valid_through` by what ends that day."""

    calendar: Calendar
    promises: Promises
    callbacks: Callbacks
    appointments: Appointments
    outlets: Outlets
    messages: Messages
    safety: Safety
    knowledge: Knowledge
    valid_through: Mapping[str, date]

    def warnings(self, now: datetime) -> list[str]:
        """Tables that end within sixty days, or have ended."""
        today = now.astimezone(self.calendar.zone).date()
        return [
            f"data/{name} is valid through {last}: replace it in time"
            if last >= today
            else f"data/{name} ended on {last}: replace it now"
            for name, last in self.valid_through.items()
            if last - today <= WARN_BEFORE
        ]


def load(folder: Path = DATA) -> Reference:
    """Read and check all tables.

    Raises:
        BadReference: a file is missing or wrong; the message names file, place and what to mend.
    """
    calendar = read_table(folder, CalendarTable)
    promises = read_table(folder, Promises)
    callbacks = read_table(folder, Callbacks)
    appointments = read_table(folder, Appointments)
    outlets = read_table(folder, Outlets)
    messages = read_table(folder, Messages)
    safety = read_table(folder, Safety)
    knowledge = Knowledge(
        fees=read_table(folder, Fees),
        warranty=read_table(folder, Warranty),
        parts=read_table(folder, Parts),
        howto=read_table(folder, HowTo),
        diagnosis=read_table(folder, Diagnosis),
        fault_codes=read_table(folder, FaultCodes),
        install=read_table(folder, Install),
        festivals=read_table(folder, Festivals),
        models=read_table(DATA, Models),
    )
    tables = (promises, callbacks, appointments, outlets, messages, safety, *vars(knowledge).values())
    return Reference(
        calendar=calendar.calendar(),
        promises=promises,
        callbacks=callbacks,
        appointments=appointments,
        outlets=outlets,
        messages=messages,
        safety=safety,
        knowledge=knowledge,
        valid_through={
            "calendar.yaml (working days)": calendar.valid_through,
            "calendar.yaml (opening hours)": calendar.hours_valid_through,
            **{table.file: table.valid_through for table in tables},
        },
    )


@cache
def current() -> Reference:
    """The data of this installation, read once.

    Raises:
        BadReference: as `load`.
    """
    return load()
