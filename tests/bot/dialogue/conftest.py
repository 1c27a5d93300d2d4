"""The running bot of the dialogue tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House


@pytest.fixture(scope="session")
def house(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(model, tmp_path_factory.mktemp("house"))
    house.start()
    yield house
    house.stop()
