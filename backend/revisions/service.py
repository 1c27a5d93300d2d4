"""Draft, approve, withdraw and undo changes of policy tables; know what is in force. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend import db, reference
from backend.depends import House
from backend.errors import BadReference, Conflict, NotFound, Refused
from backend.reference import DATA, REVISABLE, Overlay, Reference
from backend.reference.base import plain, read_body
from backend.revisions import queries, rules
from backend.revisions.models import Revision
from backend.revisions.rules import Status

log = structlog.get_logger(__name__)
HISTORY = 50


def draft(
    session: Session, table: str, body: Mapping[str, Any], author: str, now: datetime, *, note: str = ""
) -> Revision:
    """Write down how a table (its file name) should be; nothing changes before it is approved.

    Raises:
        Refused: the body is no such table; the message names the place and what is expected there.
    """
    _check(table, body)
    revision = Revision(
        table=table,
        body=plain(body),
        status=Status.DRAFT,
        note=note,
        based_on=_in_force(session, table),
        author=author[:60],
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def approve(session: Session, revision_id: int, who: str, now: datetime) -> Revision:
    """Put a draft in force, in every process within seconds of the commit.

    Raises:
        NotFound: there is no such revision.
        Refused: its body has become unusable since it was written.
        Conflict: it is no draft any more, or its table has been changed since it was written.
    """
    revision = get(session, revision_id)
    _check(revision.table, revision.body)
    approval = queries.next_approval(session)  # before the look: who approves after it takes this number first
    if unfit := rules.unfit(revision.status, revision.based_on, _in_force(session, revision.table)):
        raise Conflict(unfit.why, code=unfit.code)
    try:
        with session.begin_nested():
            changed = session.execute(
                update(Revision)
                .where(Revision.id == revision_id, Revision.status == Status.DRAFT)
                .values(
                    status=Status.APPROVED,
                    approval=approval,
                    approved_by=who[:60],
                    approved_at=now,
                )
                .execution_options(synchronize_session=False)
            )
    except IntegrityError:  # another process approves in this instant
        raise Conflict from None
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict
    session.refresh(revision)
    return revision


def withdraw(session: Session, revision_id: int, who: str, now: datetime) -> Revision:
    """Take a revision back: a draft is given up; after an approved one, what was approved before it is in force again.

    Raises:
        NotFound: there is no such revision.
        Conflict: it has been withdrawn already.
    """
    revision = get(session, revision_id)
    changed = session.execute(
        update(Revision)
        .where(Revision.id == revision_id, Revision.status != Status.WITHDRAWN)
        .values(status=Status.WITHDRAWN, withdrawn_by=who[:60], withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict("This revision is withdrawn already.", code="not_a_draft")
    session.refresh(revision)
    return revision


def undo(session: Session, table: str, who: str, now: datetime) -> Revision:
    """Bring back what was in force before the last approval: a former body as a new revision, or the file itself.

    Returns the new revision; where the file is in force again, the one that was withdrawn for it.

    Raises:
        Conflict: nothing has been changed at the desk, or somebody does so now.
    """
    approved = queries.approved(session, table).get(table, [])
    if not approved:
        raise Conflict("Nothing has been changed here: the file is in force.", code="nothing_to_undo")
    before = rules.former(approved)
    if before is None:
        return withdraw(session, approved[-1], who, now)
    again = draft(session, table, get(session, before).body, who, now, note=f"undo of {approved[-1]}")
    return approve(session, again.id, who, now)


def get(session: Session, revision_id: int) -> Revision:
    """A revision.

    Raises:
        NotFound: there is none of that number.
    """
    revision = session.get(Revision, revision_id)
    if revision is None:
        raise NotFound("There is no such revision.")
    return revision


def history(session: Session, table: str, limit: int = HISTORY) -> Sequence[Revision]:
    """A table's revisions, newest first."""
    return queries.of_table(session, table, limit)


def body(session: Session, table: str) -> dict[str, Any]:
    """A table as it is in force, as plain data to be changed and drafted.

    Raises:
        Refused: no table of that name may be changed at the desk.
    """
    if table not in REVISABLE:
        raise Refused(f"{table} cannot be changed at the desk.", code="bad_table")
    known = _in_force(session, table)
    found: dict[str, Any] = plain(get(session, known).body if known else read_body(DATA, table))
    return found


def in_force(session: Session) -> Reference:
    """The files with the approved revisions over them."""
    newest = {table: ids[-1] for table, ids in queries.approved(session).items()}
    overlays = {each.table: Overlay(each.id, each.body) for each in queries.some(session, list(newest.values()))}
    return reference.overlay(reference.current(), overlays) if overlays else reference.current()


def refresh(house: House) -> bool:
    """Give a house what is in force now, if that has changed; returns whether it had. Cheap when nothing has."""
    with db.read_scope(house.sessions) as session:
        newest = {table: ids[-1] for table, ids in queries.approved(session).items()}
        if newest == house.reference.revisions:
            return False
        house.reference = in_force(session)
    log.info("policy in force has changed", revisions=dict(house.reference.revisions))
    for table, why in house.reference.unusable.items():
        log.warning("revision cannot be used, the file is in force", table=table, why=why)
    return True


def _in_force(session: Session, table: str) -> int | None:
    return next(iter(queries.approved(session, table).get(table, [])[-1:]), None)


def _check(table: str, body: Mapping[str, Any]) -> None:
    try:
        reference.check_body(table, plain(body))
    except BadReference as error:
        raise Refused(str(error), code="bad_table") from None
