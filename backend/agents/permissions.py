"""Who may do what at the desk: one table of roles and named actions. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from backend.errors import Forbidden


class Role(StrEnum):
    """What an agent is in the house."""

    AGENT = "agent"
    LEAD = "lead"
    MANAGER = "manager"
    TECHNICAL = "technical"
    PARTS = "parts"
    ADMIN = "admin"
    READ_ONLY = "read_only"


class Action(StrEnum):
    """Something at the desk that changes the house, or shows what not everybody should see.

    Attributes:
        ANSWER: take a conversation over, answer in it, hand it back.
        WORK_TICKETS: move tickets, make, pause and settle promises, agree and settle visits.
        BOOK_CALLBACKS: book, move and settle calls.
        DECIDE_TEXTS: send what did not leave after all, or drop it.
        LABEL_LINES: say what customers meant.
        HANDLE_ESCALATIONS: acknowledge escalations, comment on them, settle them.
        REVEAL: see the whole number of a customer, one at a time; who does is kept in the audit log.
        EXPORT_LINES: take the labelled lines away as a file.
        EDIT_CALENDAR: change opening hours and working days.
        EDIT_TEMPLATES: write texts that leave the house.
        APPROVE_TEMPLATES: let such a text leave.
        EDIT_SETTINGS: draft changes of the house's other policy tables.
        APPROVE_SETTINGS: put such a change in force, or take it back.
        SEE_AUDIT: read who looked at or changed whose data.
        CUSTOMER_RIGHTS: give a customer's data out to them, or have it deleted, on their request.
        MANAGE_PEOPLE: add agents, give roles and start passwords, end sessions, let people go.
        SEE_REPORTS: see the hotline in figures with the rows behind them, and take them away as a file.
        SUPERVISE: watch a conversation a colleague holds, who is shown it, and whisper to them.
        TAKE_FROM: take a conversation from the colleague who holds it.
    """

    ANSWER = "answer"
    WORK_TICKETS = "work_tickets"
    BOOK_CALLBACKS = "book_callbacks"
    DECIDE_TEXTS = "decide_texts"
    LABEL_LINES = "label_lines"
    HANDLE_ESCALATIONS = "handle_escalations"
    REVEAL = "reveal"
    EXPORT_LINES = "export_lines"
    EDIT_CALENDAR = "edit_calendar"
    EDIT_TEMPLATES = "edit_templates"
    APPROVE_TEMPLATES = "approve_templates"
    EDIT_SETTINGS = "edit_settings"
    APPROVE_SETTINGS = "approve_settings"
    SEE_AUDIT = "see_audit"
    CUSTOMER_RIGHTS = "customer_rights"
    MANAGE_PEOPLE = "manage_people"
    SEE_REPORTS = "see_reports"
    SUPERVISE = "supervise"
    TAKE_FROM = "take_from"


_EVERYDAY = frozenset(
    {
        Action.ANSWER,
        Action.WORK_TICKETS,
        Action.BOOK_CALLBACKS,
        Action.DECIDE_TEXTS,
        Action.LABEL_LINES,
        Action.HANDLE_ESCALATIONS,
        Action.REVEAL,
        Action.EXPORT_LINES,
    }
)
_LEADING = _EVERYDAY | {Action.EDIT_TEMPLATES, Action.EDIT_SETTINGS, Action.SEE_REPORTS, Action.SUPERVISE}

PERMISSIONS: Mapping[Role, frozenset[Action]] = {
    Role.AGENT: _EVERYDAY,
    Role.TECHNICAL: _EVERYDAY,
    Role.PARTS: _EVERYDAY,
    Role.LEAD: _LEADING,
    Role.MANAGER: frozenset(Action) - {Action.MANAGE_PEOPLE},
    Role.ADMIN: frozenset(Action),
    Role.READ_ONLY: frozenset(),
}


def may(role: Role, action: Action) -> bool:
    """Whether a role allows an action."""
    return action in PERMISSIONS[role]


def who_may(action: Action) -> list[Role]:
    """The roles that allow an action, for whoever must ask somebody."""
    return [role for role in Role if may(role, action)]


def require(role: Role, action: Action) -> None:
    """Let only roles pass that allow an action.

    Raises:
        Forbidden: the role does not; the message names those that do.
    """
    if not may(role, action):
        roles = ", ".join(who_may(action))
        raise Forbidden(f"The role {role} does not allow {action}; ask one of: {roles}.", code="role")
