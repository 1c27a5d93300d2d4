"""The outbox under kill -9, SIGSTOP beyond the lease and a carrier that misbehaves, over one closing time.

    uv run python -m tests.benchmarks.outbox_crash [--messages 600] [--workers 6] [--postgresql URL]

On SQLite and, with a URL, on PostgreSQL. Twilio's own client talks to a fake over HTTP that answers 10 % with 429,
takes 5 % and answers 503, takes 5 % and drops the connection; its callbacks come late, doubled, reversed or never. Ends
with 1 unless nothing was sent twice, lost or sent at night, and at most 1 % is left for a person to look at.
"""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import asdict

import structlog
from rich.console import Console
from rich.table import Table

from tests.benchmarks.scratch import database
from tests.rooms.outbox_crash import Outcome, run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--per-second", type=float, default=80, help="the carrier's rate")
    parser.add_argument("--trouble-every", type=int, nargs=2, default=(15, 35), help="texts between two troubles")
    parser.add_argument("--patience", type=float, default=600, help="seconds after which a run is given up")
    parser.add_argument("--postgresql", help="a PostgreSQL server; a schema of its own is made there")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    outcomes: dict[str, Outcome] = {}
    for name, server in {"SQLite": None, "PostgreSQL": options.postgresql}.items():
        if name == "SQLite" or server:
            with database(server) as url:
                outcomes[name] = run(
                    url,
                    messages=options.messages,
                    workers=options.workers,
                    per_second=options.per_second,
                    trouble_every=tuple(options.trouble_every),
                    patience_s=options.patience,
                )
    show(outcomes)
    return 0 if all(map(is_good, outcomes.values())) else 1


def is_good(outcome: Outcome) -> bool:
    """Whether a run keeps the promises of the outbox."""
    broken = outcome.twice + outcome.lost + outcome.wrong + outcome.at_night + outcome.refused_callbacks
    return outcome.is_over and not broken and outcome.left <= outcome.messages * 0.01


def show(outcomes: dict[str, Outcome]) -> None:
    table = Table("", *outcomes)
    for figure in asdict(next(iter(outcomes.values()))):
        values = [getattr(outcome, figure) for outcome in outcomes.values()]
        table.add_row(figure, *(f"{value:.0f}" if isinstance(value, float) else str(value) for value in values))
    table.add_row("good", *(str(is_good(outcome)) for outcome in outcomes.values()))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
