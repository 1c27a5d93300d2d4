"""Which uploaded files may be pictures at all, before one of them is opened. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

LARGEST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
KINDS = {
    "JPEG": frozenset({".jpg", ".jpeg", ".jfif"}),
    "MPO": frozenset({".jpg", ".jpeg", ".mpo"}),  # what some phones write: a JPEG with a second picture behind it
    "PNG": frozenset({".png"}),
    "WEBP": frozenset({".webp"}),
}
_PAGE = re.compile(rb"<script|<\?php|<html|<svg[\s/>]|<!doctype|%pdf-1", re.IGNORECASE)
_ARCHIVE_END = b"PK\x05\x06"
_TAIL = 66_000  # an archive's end mark stands within its last 64 kB


@dataclass(frozen=True)
class Unfit:
    """Why a file is not taken."""

    code: str
    why: str


def unfit_bytes(content: bytes) -> Unfit | None:
    """Why a file is not taken, by its bytes alone: too large, empty, or something else beside a picture."""
    if not content:
        return Unfit("empty_picture", "There is nothing in this file.")
    if len(content) > LARGEST_BYTES:
        return Unfit("picture_too_large", f"A picture may have {LARGEST_BYTES // 1024 // 1024} MB at most.")
    if _PAGE.search(content) or _ARCHIVE_END in content[-_TAIL:]:
        return Unfit("disguised", "This file is more than a picture. Take a new photo and send that.")
    return None


def unfit_kind(kind: str | None, name: str, width: int, height: int) -> Unfit | None:
    """Why an opened file is not taken: a kind we do not read, a name that says otherwise, or far too many pixels.

    Args:
        kind: what the content is; None for what is no picture.
        name: the file's name as its sender gave it; one without a suffix says nothing.
    """
    if kind not in KINDS:
        return Unfit("not_a_picture", "Send a photo as JPEG, PNG or WebP.")
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in KINDS[kind]:
        return Unfit("wrong_suffix", "The file's name does not fit its content. Take a new photo and send that.")
    if not 0 < width * height <= MOST_PIXELS:
        return Unfit("too_many_pixels", "The picture has too many pixels. Send a smaller one.")
    return None


def again_at(attempt: int, pauses: Sequence[timedelta], now: datetime) -> datetime | None:
    """When a photo that could not be fetched is tried again, after so many tries; None: it is given up."""
    return now + pauses[attempt - 1] if attempt <= len(pauses) else None
