"""`data/pictures.yaml` as frozen policy."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from backend.reference.base import DATA, Table, read_table

Seconds = Annotated[int, Field(gt=0, le=86_400)]


class Pictures(Table):
    """How patiently photos of texts are fetched."""

    file: ClassVar = "pictures.yaml"
    lease_seconds: Seconds
    silence_seconds: Seconds
    whole_seconds: Seconds
    again_seconds: tuple[Seconds, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _nobody_fetches_twice_at_once(self) -> Pictures:
        if self.lease_seconds <= self.whole_seconds + self.silence_seconds:
            raise ValueError("lease_seconds must be longer than whole_seconds and silence_seconds together")
        return self

    @property
    def lease(self) -> timedelta:
        """How long a photo is a process's to fetch."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def pauses(self) -> tuple[timedelta, ...]:
        """How long to wait after each try that did not succeed."""
        return tuple(timedelta(seconds=each) for each in self.again_seconds)


@cache
def current() -> Pictures:
    """The numbers in force.

    Raises:
        BadReference: the file is missing or wrong.
    """
    return read_table(DATA, Pictures)
