"""When a text may leave: decided by pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import reference
from backend.errors import BadReference, OutsideCalendar
from backend.kernel import working_time
from backend.outbox import policy as policies
from backend.outbox import reference_rules, rules
from backend.outbox.rules import (
    Around,
    Decision,
    Draft,
    Drop,
    Go,
    Line,
    Medium,
    OutboxKind,
    Status,
    Wait,
    Way,
    route,
)
from conftest import at
from telephony.ports import Action, Capabilities, CarrierStatus, Feature

CALENDAR = reference.current().calendar
POLICY = policies.current()
ANYTHING = Capabilities(frozenset(Feature))
TEN = at("2026-11-24 10:05")
NIGHT = at("2026-11-24 22:00")
AUTOMATIC = [OutboxKind.REMINDER, OutboxKind.NOTICE]


def draft(kind: OutboxKind, **more: object) -> Draft:
    plain = Draft(kind, "您好", segments=1, part=1, answering=None, valid_until=None)
    return replace(plain, **more)  # type: ignore[arg-type]


def decide(one: Draft, now: datetime, around: Around | None = None, capabilities: Capabilities = ANYTHING) -> Decision:
    return rules.decide(one, around or Around(), policy=POLICY, calendar=CALENDAR, capabilities=capabilities, now=now)


@pytest.mark.parametrize("kind", AUTOMATIC)
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 07:59:59", Wait(at("2026-11-24 08:00"), "closed")),
        ("2026-11-24 08:00:00", Go(36_000)),
        ("2026-11-24 17:59:59", Go(1)),
        ("2026-11-24 17:59:59.000001", Wait(at("2026-11-25 08:00"), "closed")),
        ("2026-11-24 18:00:00", Wait(at("2026-11-25 08:00"), "closed")),
    ],
)
def test_the_edges_of_the_day_are_half_open(kind: OutboxKind, now: str, expected: Decision) -> None:
    assert decide(draft(kind), at(now)) == expected


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_the_carrier_must_give_up_at_closing_time(kind: OutboxKind) -> None:
    assert decide(draft(kind), at("2026-11-24 17:45")) == Go(15 * 60)


def test_a_safety_text_leaves_at_any_hour_even_where_the_calendar_ends() -> None:
    assert isinstance(decide(draft(OutboxKind.SAFETY), NIGHT), Go)
    assert isinstance(decide(draft(OutboxKind.SAFETY), at("2031-01-01 03:00")), Go)


@pytest.mark.parametrize("kind", [OutboxKind.REPLY, OutboxKind.AGENT])
def test_an_answer_leaves_at_night_while_it_is_fresh(kind: OutboxKind) -> None:
    fresh = draft(kind, answering=NIGHT - timedelta(minutes=20))
    stale = draft(kind, answering=NIGHT - timedelta(minutes=21))
    assert isinstance(decide(fresh, NIGHT), Go)
    assert decide(stale, NIGHT) == Wait(at("2026-11-25 08:00"), "closed")
    assert decide(draft(kind), NIGHT) == Wait(at("2026-11-25 08:00"), "closed")


def test_an_unknown_day_is_an_error_not_a_guess() -> None:
    with pytest.raises(OutsideCalendar):
        decide(draft(OutboxKind.REMINDER), at("2031-01-01 10:00"))


@pytest.mark.parametrize("kind", AUTOMATIC)
def test_a_third_automatic_text_of_a_day_waits_for_the_next(kind: OutboxKind) -> None:
    assert isinstance(decide(draft(kind), TEN, Around(automatic_today=1)), Go)
    assert decide(draft(kind), TEN, Around(automatic_today=2)) == Wait(at("2026-11-25 08:00"), "daily_limit")


def test_answers_are_not_counted_against_the_day() -> None:
    around = Around(automatic_today=2, texts_today=90, same_text_at=TEN - timedelta(minutes=1))
    assert isinstance(decide(draft(OutboxKind.REPLY, answering=TEN), TEN, around), Go)


def test_the_same_automatic_text_rests_for_a_day() -> None:
    for hours, expected in ((23, Drop(Status.SUPPRESSED, "same_text")), (24, Go(28_500))):
        around = Around(same_text_at=TEN - timedelta(hours=hours))
        assert decide(draft(OutboxKind.NOTICE), TEN, around) == expected


def test_a_text_that_can_only_leave_too_late_expires() -> None:
    late = draft(OutboxKind.REMINDER, valid_until=at("2026-11-24 18:30"))
    assert decide(late, at("2026-11-24 18:05")) == Drop(Status.EXPIRED, "closed")
    assert decide(late, at("2026-11-24 18:30")) == Drop(Status.EXPIRED, "too_late")
    assert decide(late, TEN, Around(automatic_today=2)) == Drop(Status.EXPIRED, "daily_limit")


def test_an_opt_out_stops_everything_automatic_and_what_was_said_before_it() -> None:
    around = Around(opted_out_at=TEN)
    dropped = Drop(Status.SUPPRESSED, "opted_out")
    for kind in AUTOMATIC:
        assert decide(draft(kind), TEN, around) == dropped
    assert decide(draft(OutboxKind.REPLY, answering=TEN - timedelta(seconds=1)), TEN, around) == dropped
    assert isinstance(decide(draft(OutboxKind.REPLY, answering=TEN), TEN, around), Go)
    assert isinstance(decide(draft(OutboxKind.SAFETY), TEN, around), Go)
    assert isinstance(decide(draft(OutboxKind.AGENT), TEN, around), Go)


@pytest.mark.parametrize(
    ("around", "drop"),
    [
        (Around(way=Way(None, "premium")), Drop(Status.REFUSED, "premium")),
        (Around(was_filtered=True), Drop(Status.SUPPRESSED, "filtered")),
    ],
)
@pytest.mark.parametrize("kind", list(OutboxKind))
def test_some_things_stop_every_kind(kind: OutboxKind, around: Around, drop: Drop) -> None:
    assert decide(draft(kind), TEN, around) == drop


@pytest.mark.parametrize("fell", sorted(rules.FELL))
def test_the_rest_of_a_message_does_not_leave_without_its_beginning(fell: Status) -> None:
    second = draft(OutboxKind.REMINDER, part=2)
    assert decide(second, TEN, Around(first_part=fell)) == Drop(Status.SUPPRESSED, "first_part")
    assert isinstance(decide(second, TEN, Around(first_part=Status.SENT, automatic_today=2)), Go)


def test_a_carriers_limits_are_kept() -> None:
    reply = draft(OutboxKind.REPLY, answering=TEN)
    link = replace(reply, text="见 https://hotline.example/x")
    no_links = Capabilities(frozenset(Feature), {"CN": frozenset({Feature.URLS})})
    assert decide(link, TEN, capabilities=no_links) == Drop(Status.REFUSED, "no_urls")
    assert isinstance(decide(link, TEN, Around(region="SG"), no_links), Go)
    assert decide(replace(reply, segments=2), TEN, capabilities=replace(ANYTHING, max_segments=1)) == Drop(
        Status.REFUSED, "too_long"
    )
    assert decide(reply, TEN, capabilities=replace(ANYTHING, needs_templates=True)) == Drop(
        Status.REFUSED, "needs_template"
    )
    assert decide(reply, TEN, Around(texts_today=5), replace(ANYTHING, daily_per_number=5)) == Wait(
        at("2026-11-25 08:00"), "carrier_daily_limit"
    )
    late_riser = replace(ANYTHING, hours=(time(11), time(17)))
    assert decide(reply, TEN, capabilities=late_riser) == Wait(at("2026-11-24 11:00"), "carrier_closed")
    assert decide(reply, at("2026-11-24 17:30"), capabilities=late_riser) == Wait(
        at("2026-11-25 11:00"), "carrier_closed"
    )


moments = st.integers(0, 353 * 24 * 3600).map(lambda second: at("2026-01-01") + timedelta(seconds=second))
circumstances = st.builds(
    Around,
    opted_out_at=st.none() | moments,
    automatic_today=st.integers(0, 4),
    texts_today=st.integers(0, 30),
    same_text_at=st.none() | moments,
    was_filtered=st.booleans(),
)
drafts = st.builds(
    Draft,
    kind=st.sampled_from(OutboxKind),
    text=st.just("您好"),
    segments=st.just(1),
    part=st.integers(1, 2),
    answering=st.none() | moments,
    valid_until=st.none() | moments,
)


@given(drafts, circumstances, moments)
def test_nothing_automatic_leaves_when_closed_or_unwanted_or_past_closing(
    one: Draft, around: Around, now: datetime
) -> None:
    decision = decide(one, now, around)
    if isinstance(decision, Go) and one.kind in AUTOMATIC:
        assert working_time.is_open(CALENDAR, now)
        assert around.opted_out_at is None
        assert one.part > 1 or around.automatic_today < POLICY.automatic_per_day
        end = now + timedelta(seconds=decision.valid_for_s)
        assert end <= max(working_time.closing(CALENDAR, now), now + timedelta(seconds=1))


@given(drafts, circumstances, moments)
def test_a_wait_lies_ahead_at_an_hour_when_the_text_may_leave(one: Draft, around: Around, now: datetime) -> None:
    decision = decide(one, now, around)
    if isinstance(decision, Wait):
        assert decision.until > now
        assert rules.may_leave(POLICY.kinds[one.kind], one.answering, CALENDAR, decision.until)
        assert one.valid_until is None or decision.until < one.valid_until


@given(drafts, circumstances, moments)
def test_nothing_leaves_after_its_end(one: Draft, around: Around, now: datetime) -> None:
    decision = decide(one, now, around)
    if isinstance(decision, Go) and one.valid_until is not None:
        assert now < one.valid_until
        assert decision.valid_for_s <= max(1, (one.valid_until - now).total_seconds())


@given(st.integers(1, 20), st.none() | st.integers(0, 10_000), st.integers(0, 10**12))
def test_a_text_that_did_not_leave_backs_off_and_is_given_up_in_the_end(
    failures: int, retry_after_s: int | None, salt: int
) -> None:
    decision = rules.after_not_processed(failures, retry_after_s, salt, policy=POLICY, now=TEN)
    if failures >= POLICY.attempts:
        assert decision == Drop(Status.DEAD, "attempts")
    else:
        assert isinstance(decision, Wait)
        least = max(POLICY.back_off[min(failures, 5) - 1], timedelta(seconds=min(retry_after_s or 0, 3600)))
        assert least <= decision.until - TEN <= least * 1.5


@pytest.mark.parametrize(
    ("action", "decision"),
    [
        (Action.STOP, Wait(TEN, "sender_paused")),
        (Action.OPTED_OUT, Drop(Status.SUPPRESSED, "opted_out")),
        (Action.VOICE, Drop(Status.REFUSED, "voice")),
        (Action.SHOW, Drop(Status.REFUSED, "show")),
        (Action.FILTERED, Drop(Status.REFUSED, "filtered")),
        (Action.BLOCKED, Drop(Status.REFUSED, "blocked")),
    ],
)
def test_what_follows_from_a_refusal(action: Action, decision: Decision) -> None:
    assert rules.after_refusal(action, had_second_try=False, policy=POLICY, now=TEN) == decision


def test_a_phone_out_of_reach_is_tried_once_more_half_an_hour_later() -> None:
    first = rules.after_refusal(Action.RETRY_LATER, had_second_try=False, policy=POLICY, now=TEN)
    second = rules.after_refusal(Action.RETRY_LATER, had_second_try=True, policy=POLICY, now=TEN)
    assert first == Wait(TEN + timedelta(minutes=30), "retry_later")
    assert second == Drop(Status.REFUSED, "retry_later")


@given(st.integers(1, 2**31 - 1), st.integers(1, 9999))
def test_a_reference_reads_back(message_id: int, attempt: int) -> None:
    assert reference_rules.read_reference(reference_rules.reference(message_id, attempt)) == (message_id, attempt)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "1.1.1", "a.b", "1.1 ", "１.１", "9" * 30 + ".1"])
def test_no_other_text_is_a_reference(text: str) -> None:
    assert reference_rules.read_reference(text) is None


@pytest.mark.parametrize("word", list(CarrierStatus))
def test_every_word_of_a_carrier_has_a_status_of_ours(word: CarrierStatus) -> None:
    assert rules.status_of(word) in {Status.SENT, Status.DELIVERED, Status.REFUSED}


@pytest.mark.parametrize(("old", "new"), [("attempts: 6", "attempts: 0"), ("leaves: always", "leaves: never")])
def test_a_policy_that_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "outbox.yaml"
    file.write_text(policies.FILE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadReference):
        policies.load(file)


MOBILE, LANDLINE = Line(), Line(is_mobile=False)
DEAF = Line(takes_texts=False)
TEXTS_ONLY = Capabilities(frozenset({Feature.SMS}))
CALLS_ONLY = Capabilities(frozenset({Feature.VOICE}))


@pytest.mark.parametrize(
    ("wanted", "line", "capabilities", "can_be_said", "way"),
    [
        (Medium.TEXT, MOBILE, ANYTHING, False, Way(Medium.TEXT)),
        (Medium.TEXT, MOBILE, None, False, Way(Medium.TEXT)),
        (Medium.TEXT, LANDLINE, ANYTHING, True, Way(Medium.CALL, "fixed_line")),
        (Medium.TEXT, LANDLINE, None, True, Way(Medium.CALL, "fixed_line")),
        (Medium.TEXT, LANDLINE, ANYTHING, False, Way(None, "fixed_line")),
        (Medium.TEXT, LANDLINE, TEXTS_ONLY, True, Way(None, "fixed_line")),
        (Medium.TEXT, DEAF, ANYTHING, True, Way(Medium.CALL, "no_texts")),
        (Medium.TEXT, DEAF, ANYTHING, False, Way(None, "no_texts")),
        (Medium.TEXT, MOBILE, CALLS_ONLY, True, Way(Medium.CALL, "no_sms")),
        (Medium.TEXT, MOBILE, CALLS_ONLY, False, Way(None, "no_sms")),
        (Medium.TEXT, MOBILE, replace(ANYTHING, only_in=frozenset({"SG"})), True, Way(None, "no_sms")),
        (Medium.CALL, MOBILE, ANYTHING, True, Way(Medium.CALL)),
        (Medium.CALL, LANDLINE, ANYTHING, True, Way(Medium.CALL)),
        (Medium.CALL, DEAF, ANYTHING, True, Way(Medium.CALL)),
        (Medium.CALL, MOBILE, TEXTS_ONLY, True, Way(None, "no_voice")),
        *((each, Line("premium"), ANYTHING, True, Way(None, "premium")) for each in Medium),
        *((each, Line("own_number"), None, True, Way(None, "own_number")) for each in Medium),
    ],
)
def test_whether_a_number_is_reached_and_what_happens_instead(
    wanted: Medium, line: Line, capabilities: Capabilities | None, can_be_said: bool, way: Way
) -> None:
    assert route(wanted, line, capabilities, can_be_said=can_be_said) == way


@given(
    st.sampled_from(Medium),
    st.builds(Line, st.sampled_from([None, "premium"]), st.booleans(), st.booleans()),
    st.frozensets(st.sampled_from(Feature)),
    st.booleans(),
)
def test_what_is_not_reached_as_wanted_has_a_reason(
    wanted: Medium, line: Line, features: frozenset[Feature], can_be_said: bool
) -> None:
    way = route(wanted, line, Capabilities(features), can_be_said=can_be_said)
    assert (way.reason is None) == (way.medium is wanted)
    if way.medium is Medium.CALL:
        assert Feature.VOICE in features
    if way.medium is Medium.TEXT:
        assert Feature.SMS in features
