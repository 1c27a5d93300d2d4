"""Roles and what they allow."""

from __future__ import annotations

import pytest

from backend.agents import permissions
from backend.agents.permissions import PERMISSIONS, Action, Role
from backend.errors import Forbidden


def test_every_role_is_in_the_table_and_every_action_can_be_done_by_somebody() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(permissions.who_may(action) for action in Action)


def test_an_admin_may_do_everything_and_who_only_reads_nothing() -> None:
    for action in Action:
        assert permissions.may(Role.ADMIN, action)
        assert not permissions.may(Role.READ_ONLY, action)


@pytest.mark.parametrize("role", [Role.AGENT, Role.TECHNICAL, Role.PARTS, Role.LEAD])
def test_policy_is_changed_by_managers_only(role: Role) -> None:
    for action in (Action.EDIT_CALENDAR, Action.APPROVE_TEMPLATES):
        assert not permissions.may(role, action)
        assert permissions.may(Role.MANAGER, action)


def test_who_may_not_is_told_who_may() -> None:
    with pytest.raises(Forbidden, match="lead does not allow edit_calendar; ask one of: manager, admin"):
        permissions.require(Role.LEAD, Action.EDIT_CALENDAR)
