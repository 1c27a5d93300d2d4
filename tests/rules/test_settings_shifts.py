"""Shifts as a form: what its fields hold, and what a form makes of a group."""

from __future__ import annotations

from backend.console.settings import shift_forms as shifts
from backend.console.settings import text as settings_text
from backend.reference import DATA, REVISABLE
from backend.reference.base import plain, read_body

TODAY = "2026-11-24"


def group() -> dict[str, object]:
    found = plain(read_body(DATA, "shifts.yaml"))["groups"]["general"]
    return dict(found)


def sent(found: dict[str, object]) -> dict[str, str]:
    """The form of a group as a browser sends it."""
    form = {}
    for day in [*shifts.week_of(found), *shifts.days_of(found, TODAY)]:
        if day.is_as_monday:
            form[f"{day.prefix}.as_monday"] = "yes"
        if not day.name:
            form[f"{day.prefix}.date"] = day.date
        for number, row in enumerate(day.rows):
            values = zip(shifts.PARTS, (row.begins, row.ends, row.people, row.who), strict=True)
            form |= {f"{day.prefix}.{number}.{part}": value for part, value in values}
    return form


def test_a_form_sent_as_it_was_shown_changes_nothing() -> None:
    assert shifts.group_of(sent(group()), group(), TODAY) == group()


def test_weekdays_follow_monday_and_one_goes_its_own_way() -> None:
    form = sent(group()) | {"monday.0.people": "4"}
    del form["sunday.as_monday"]
    form |= {"sunday.0.from": "09:00", "sunday.0.to": "12:00", "sunday.0.people": "", "sunday.0.who": "chen，lin"}
    form |= {f"sunday.{row}.{part}": "" for row in (1, 2, 3) for part in shifts.PARTS}
    made = shifts.group_of(form, group(), TODAY)
    assert made["week"]["friday"][0]["people"] == 4
    assert made["week"]["sunday"] == [{"hours": "09:00-12:00", "who": ["chen", "lin"]}]
    assert shifts.named(made) == {"chen", "lin"}
    assert settings_text.wrongs(REVISABLE["shifts.yaml"], _table(made)) == []


def test_a_single_day_is_added_and_those_gone_by_stay() -> None:
    gone = {"2026-01-01": [{"hours": "08:00-12:00", "people": 1}]}
    form = sent(group()) | {
        "day0.date": "2026-12-31",
        "day0.0.from": "08:00",
        "day0.0.to": "12:00",
        "day0.0.people": "1",
    }
    made = shifts.group_of(form, group() | {"days": gone}, TODAY)
    assert made["days"] == gone | {"2026-12-31": [{"hours": "08:00-12:00", "people": 1}]}
    assert [day.date for day in shifts.days_of(made, TODAY)] == ["2026-12-31", ""]


def test_a_day_with_no_line_has_nobody() -> None:
    made = shifts.group_of(sent(group()) | {"day0.date": "2026-12-31"}, group(), TODAY)
    assert made["days"] == {"2026-12-31": []}


def test_what_cannot_be_is_left_for_the_tables_own_check() -> None:
    for changed in (
        {"monday.0.people": "many"},
        {"monday.0.to": ""},
        {"monday.0.from": "19:00"},
        {"day0.date": "soon"},
    ):
        made = shifts.group_of(sent(group()) | changed, group(), TODAY)
        assert settings_text.wrongs(REVISABLE["shifts.yaml"], _table(made)), changed


def _table(made: dict[str, object]) -> dict[str, object]:
    body = plain(read_body(DATA, "shifts.yaml"))
    return {**body, "groups": {"general": made}}
