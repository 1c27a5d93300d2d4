"""What is done here after a customer's data were deleted: files whose picture is gone go, too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from backend import db
from backend.attachments.models import Picture
from backend.attachments.service import FOLDER

REST = timedelta(hours=1)
"""How long a file lies before it is looked at: its row may still be on the way into the database."""


def run_due(sessions: db.Sessions, now: datetime, data_dir: Path) -> int:
    """Delete files that belong to no picture: a deleted customer's, or those of a process that died half way. Returns
    how many."""
    old = {path.name: path for path in (data_dir / FOLDER).glob("*/*") if _is_old(path, now)}
    if not old:
        return 0
    with db.read_scope(sessions) as session:
        kept = set(session.scalars(select(Picture.file).where(Picture.file.in_(old))))
    for name in old.keys() - kept:
        old[name].unlink(missing_ok=True)
    return len(old.keys() - kept)


def _is_old(path: Path, now: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - REST
