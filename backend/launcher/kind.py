"""Expected errors of a command, told kindly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from backend.errors import HotlineError


@contextmanager
def kind_errors() -> Iterator[None]:
    """Turn an expected error into one clear message and exit code 1."""
    try:
        yield
    except HotlineError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from None
