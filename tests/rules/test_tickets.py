"""What a ticket may become, which contacts are one case, when a manager must look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.errors import BadReference, Conflict
from backend.tickets import policy, rules, wording
from backend.tickets.rules import Case, Priority, Rung, Status, TicketType
from conftest import at

LIMITS = policy.limits()

BASE = Case(TicketType.REPAIR, "+8613800138000", None, "c1")


@pytest.mark.parametrize(
    ("known", "told", "why"),
    [
        (BASE, replace(BASE, conversation_id="c2"), "phone"),
        (BASE, replace(BASE, type=TicketType.INSTALL), None),
        (BASE, replace(BASE, phone="+8613900139000"), None),
        (replace(BASE, serial_no="A1"), replace(BASE, serial_no="B2"), None),
        (replace(BASE, serial_no="A1"), replace(BASE, serial_no="A1", phone="+8613900139000"), "serial"),
        (replace(BASE, serial_no="A1"), BASE, "phone"),
        (replace(BASE, phone=None), BASE, "conversation"),
        (replace(BASE, phone=None), replace(BASE, conversation_id="c2"), None),
        (replace(BASE, phone=None), replace(BASE, phone=None, conversation_id=None), None),
    ],
)
def test_two_contacts_are_one_case_for_a_stated_reason(known: Case, told: Case, why: str | None) -> None:
    assert rules.same_case(known, told) == why


@pytest.mark.parametrize(
    ("contacts", "text", "rung"),
    [
        (1, "怎么还没来", Rung.CHASE),
        (2, "怎么还没来", Rung.MANAGER),
        (1, "我要打12315", Rung.MANAGER),
        (1, "再不来就曝光你们", Rung.MANAGER),
        (1, "老人受伤了", Rung.MANAGER),
        (1, "I will call a LAWYER", Rung.MANAGER),
    ],
)
def test_the_second_contact_presses_and_the_third_or_an_alarming_word_calls_a_manager(
    contacts: int, text: str, rung: Rung
) -> None:
    decision = rules.another_contact(contacts, text, LIMITS.contact)
    assert decision.rung is rung
    assert decision.count == contacts + 1
    assert decision.why


def test_the_same_words_shortly_after_are_the_same_contact() -> None:
    first = at("2026-11-24 10:05")
    assert rules.is_echo(first, "催一下", first + timedelta(seconds=20), "催一下", LIMITS.contact)
    assert not rules.is_echo(first, "催一下", first + timedelta(minutes=10), "催一下", LIMITS.contact)
    assert not rules.is_echo(first, "催一下", first + timedelta(seconds=20), "人呢", LIMITS.contact)
    assert not rules.is_echo(None, "", first, "", LIMITS.contact)


def test_nothing_makes_a_ticket_less_urgent_by_itself() -> None:
    assert rules.higher(Priority.CRITICAL, Priority.URGENT) is Priority.CRITICAL
    assert rules.higher(Priority.NORMAL, Priority.URGENT) is Priority.URGENT


@pytest.mark.parametrize("old", list(Status))
@pytest.mark.parametrize("new", list(Status))
def test_a_status_changes_only_along_the_table(old: Status, new: Status) -> None:
    if new in rules.MAY_BECOME[old]:
        rules.check_move(old, new)
    else:
        with pytest.raises(Conflict):
            rules.check_move(old, new)


def test_a_cancelled_ticket_stays_cancelled_and_a_finished_one_may_be_reopened() -> None:
    assert not rules.MAY_BECOME[Status.CANCELLED]
    assert rules.MAY_BECOME[Status.DONE] == {Status.IN_PROGRESS}


@pytest.mark.parametrize(
    ("spent", "over"),
    [
        (rules.Spent(0, 0, 0, 0), None),
        (rules.Spent(5, 0, 0, 0), "number"),
        (rules.Spent(0, 8, 0, 0), "address"),
        (rules.Spent(0, 0, 6, 0), "conversation"),
        (rules.Spent(0, 0, 0, 3), "numbers"),
    ],
)
def test_a_budget_that_is_used_up_names_itself(spent: rules.Spent, over: str | None) -> None:
    assert rules.over_budget(spent, LIMITS.budget) == over


def test_a_fault_code_means_something_only_in_its_series() -> None:
    codes = policy.fault_codes()
    assert codes.class_of("YLS-D60A", "e1") == "leakage_current"
    assert codes.class_of("WY60", "E1") == "dry_burn"
    assert codes.class_of("unheard-of", "E1") is None
    assert codes.class_of(None, None) is None
    assert "leakage_current" in codes.dangerous


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n",
        "source: x\nvalid_through: 2027-12-31\n",
        "a: [",
        "source: x\nvalid_through: 1\ntickets_per_number: many\n",
    ],
)
def test_limits_that_cannot_be_used_are_refused_by_name(text: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "limits.yaml"
    file.write_text(text)
    with pytest.raises(BadReference, match=r"limits\.yaml"):
        policy.read_limits(file)


def test_what_customers_wrote_stands_in_the_timeline_as_they_wrote_it() -> None:
    for text in ("{0.__class__}", "{{7*7}}", "%s <b>"):
        words = wording.event("added", {"text": text})
        assert text in words.zh
        assert text in words.en
