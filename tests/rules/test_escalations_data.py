"""data/escalations.yaml: it fits the rules, its texts fit a text message, and what is wrong in it is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
import smsutil
import yaml
from pydantic import ValidationError

from backend import reference
from backend.agents.permissions import Role
from backend.escalations import wording
from backend.escalations.policy import ladder_of
from backend.escalations.rules import Means, Rung, Trigger
from backend.kernel.phone import Kind, parse
from backend.reference.ladder import Escalations, MeansName, RungName, TriggerName
from backend.tickets.rules import Words

REFERENCE = reference.load()
TABLE = REFERENCE.escalations
RAW = yaml.safe_load((reference.DATA / TABLE.file).read_text(encoding="utf-8"))


def test_the_table_and_the_rules_know_the_same_words() -> None:
    assert get_args(TriggerName) == tuple(Trigger)
    assert get_args(RungName) == tuple(Rung)
    assert set(get_args(MeansName)) == set(Means)
    assert {role for rung in TABLE.rungs for role in rung.roles} <= set(Role)
    assert [rule.rung for rule in ladder_of(TABLE).rungs] == list(Rung)


def test_danger_at_night_begins_with_a_ring_to_the_duty_phone() -> None:
    first = next(rule for rule in ladder_of(TABLE).rungs if rule.night)
    assert first.rung is ladder_of(TABLE).first[Trigger.DANGER]
    assert first.night is not None
    assert first.night.means[0] is Means.CALL
    assert parse(TABLE.demo_duty_phone).kind is Kind.MOBILE


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["danger", "notice"])
def test_texts_to_staff_fit_two_segments_with_the_longest_reason(name: str, language: str) -> None:
    due = Words("11月24日（周二）11:05", "Tue 24 Nov, 11:05")
    kinds = ["reply", "onsite", "opinion", "parts", "quality"]
    reasons = [
        wording.danger("protection_light"),
        wording.contact(12),
        wording.angry("忍无可忍" if language == "zh" else "unacceptable"),
        wording.manager("said “12315”"),
    ]
    reasons += [wording.promise(trigger, kind, 0.8, due) for trigger in Trigger for kind in kinds]
    for reason in reasons:
        text = getattr(TABLE.texts[name], language).format(  # type: ignore[index]
            subject=wording.subject("WY261124-0001").in_language(language),
            reason=reason.in_language(language),
            since=due.in_language(language),
        )
        assert len(smsutil.split(text).parts) <= 2, text


def test_every_kind_of_danger_has_a_name() -> None:
    kinds = set(yaml.safe_load((reference.DATA / "safety_words.yaml").read_text(encoding="utf-8"))["kinds"])
    plain = wording.danger(None)
    for kind in kinds:
        named = wording.danger(kind)
        assert named.zh != plain.zh, kind
        assert named.en != plain.en, kind


@pytest.mark.parametrize(
    ("words", "is_angry"),
    [
        ("你们就是骗子", True),
        ("等了三天，气死我了", True),
        ("This is absolutely ridiculous", True),
        ("没人管是吧", True),
        ("垃圾桶旁边那栋楼，三楼", True),  # a false alarm costs an agent one look
        ("热水器不热了，麻烦看一下", False),
        ("什么时候能来，谢谢", False),
        ("my scampi is cold", False),
    ],
)
def test_angry_words_are_heard(words: str, is_angry: bool) -> None:
    assert (TABLE.angry_words.search(words.lower()) is not None) is is_angry


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda table: table["triggers"].pop("danger"), "triggers lacks danger"),
        (lambda table: table["rungs"].reverse(), "rungs go upwards"),
        (lambda table: table["rungs"].pop(), "rungs go upwards"),
        (lambda table: table.update(promise_half_share=0.9), "promise_half_share"),
        (lambda table: [rung.pop("night", None) for rung in table["rungs"]], "out of hours"),
        (lambda table: table["rungs"][0].pop("group"), "group"),
        (lambda table: table["rungs"][1].update(roles=["agent"]), "roles"),
        (lambda table: table["texts"]["danger"].update(zh="{phone}"), "phone"),
        (lambda table: table["rungs"][0].update(acknowledge_minutes=0), "acknowledge_minutes"),
    ],
)
def test_what_is_wrong_is_named(change: Change, named: str) -> None:
    table = yaml.safe_load(yaml.safe_dump(RAW, allow_unicode=True))
    change(table)
    with pytest.raises(ValidationError, match=named):
        Escalations.model_validate(table)
