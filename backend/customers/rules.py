"""Who a customer is, and what of them is kept."""

from __future__ import annotations

LONGEST_NAME = 60


def same_person(first_phone: str | None, second_phone: str | None) -> bool:
    """Whether two contacts are one person to us: the same number in E.164. An unknown number is nobody's."""
    return first_phone is not None and first_phone == second_phone


def name_to_keep(known: str | None, told: str | None) -> str | None:
    """The name on file after a contact: what was told last, cut to what a name may be long."""
    told = (told or "").strip()
    return told[:LONGEST_NAME] or known
