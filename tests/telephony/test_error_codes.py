"""What is done about each of Twilio's error codes."""

from __future__ import annotations

import pytest

from telephony import error_codes
from telephony.ports import Action


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (20003, Action.STOP),
        (21606, Action.STOP),
        (30002, Action.STOP),
        (30450, Action.STOP),
        (21610, Action.OPTED_OUT),
        (21211, Action.VOICE),
        (21614, Action.VOICE),
        (21635, Action.VOICE),
        (30006, Action.VOICE),
        (30001, Action.RETRY_LATER),
        (30003, Action.RETRY_LATER),
        (30005, Action.SHOW),
        (30007, Action.FILTERED),
        (21215, Action.BLOCKED),
        (21408, Action.BLOCKED),
        (30008, Action.SHOW),
        (99999, Action.SHOW),
        (0, Action.SHOW),
        (None, Action.SHOW),
    ],
)
def test_a_code_has_its_action_and_an_unknown_one_is_shown(code: int | None, action: Action) -> None:
    assert error_codes.action(code) is action


def test_what_would_meet_every_text_stops_the_sender_and_what_meets_one_person_does_not() -> None:
    stopping = {code for code, action in error_codes.table().items() if action is Action.STOP}
    assert stopping == {20003, 20005, 21210, 21212, 21603, 21606, 21660, 21703, 21704, 30002, 30450}


def test_being_too_fast_is_no_refusal_and_so_in_no_table() -> None:
    assert 20429 not in error_codes.table()
