"""What a route that approves or undoes a revision depends on."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Depends

from backend.depends import InHouse
from backend.revisions import service


def refreshing(house: InHouse) -> Iterator[None]:
    """Let this process have the new policy before the answer leaves.

    A route's own `dependencies` open before its parameters and therefore close after them: the session has committed.
    """
    yield
    service.refresh(house)


Refreshing = Depends(refreshing, scope="function")
