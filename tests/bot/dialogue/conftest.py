"""The running bot of the dialogue tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_visits import AFTERNOON, MORNING, Visits
from house import House


@pytest.fixture(scope="session")
def house(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(model, tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    house.stop()


@pytest.fixture
def visits(house: House) -> Iterator[Visits]:
    """Two windows can be had."""
    house.backend.visits.clear()
    house.backend.visits.free = [MORNING, AFTERNOON]
    yield house.backend.visits
    house.backend.visits.clear()
