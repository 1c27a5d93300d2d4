"""Policy tables as text and as forms: what is wrong stands at its line; simple tables have a field for each value."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from backend.reference.base import Table, plain

LONGEST = 200_000
DEEPEST = 30
MOST_NODES = 20_000
ALWAYS = ("source", "valid_through")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text, and where: the line counts from 1, the place is the path of keys."""

    line: int
    place: str
    why: str


@dataclass(frozen=True)
class Field:
    """One value of a simple table, as a form asks for it; `name` is its path, as `onsite_working_days.township`."""

    name: str
    kind: Literal["number", "date", "text"]
    least: float | None = None
    most: float | None = None


def as_text(body: Mapping[str, Any]) -> str:
    """A table as YAML that reads well and gives the same table again."""
    return yaml.safe_dump(plain(body), allow_unicode=True, sort_keys=False, width=110)


def read(kind: type[Table], text: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The table a text holds as plain data, or what is wrong in it, in the order of its lines."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        faults = list(_oddities(root)) if root is not None else []
        body = yaml.safe_load(text) if not faults else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Fault(mark.line + 1 if mark else 1, "", f"{error.problem or 'no YAML'}")]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return None, [Fault(1, "", f"This is no YAML: {str(error)[:100]}")]
    if faults:
        return None, faults
    if not isinstance(body, dict) or not isinstance(root, yaml.MappingNode):
        return None, [Fault(1, "", "Give keys and values, as in `key: value`.")]
    faults = [Fault(line_of(root, place), place_name(place), why) for place, why in wrongs(kind, body)]
    return (None, sorted(faults, key=lambda each: each.line)) if faults else (plain(body), [])


def wrongs(kind: type[Table], body: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """What keeps plain data from being this table: places and reasons."""
    try:
        kind.model_validate(plain(body))
    except ValidationError as error:
        return [(each["loc"], each["msg"].removeprefix("Value error, ")) for each in error.errors()]
    return []


def place_name(place: tuple[str | int, ...]) -> str:
    """A path of keys as people write it."""
    return ".".join(map(str, place))


def line_of(root: yaml.Node, place: tuple[str | int, ...]) -> int:
    """The line of a place; of what holds it, where the place itself is missing."""
    node, line = root, 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """What differs between two texts: lines with their sign `+`, `-`, ` ` or `@` (lines left out)."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=3, lineterm="")
    return [("@", "…") if line[0] == "@" else (line[0], line[1:]) for line in lines if line[:3] not in ("+++", "---")]


def fields_of(kind: type[Table]) -> list[Field] | None:
    """The fields of a simple table; None where it holds lists or more than one level of keys."""
    found: list[Field] = []
    for name, info in kind.model_fields.items():
        if name in ALWAYS:
            found.append(Field(name, "date" if name == "valid_through" else "text"))
        elif (keys := _keys_of(info.annotation)) is not None:
            found += [Field(f"{name}.{key}", "number", *_bounds(info)) for key in keys]
        elif info.annotation in (int, float):
            found.append(Field(name, "number", *_bounds(info)))
        else:
            return None
    return sorted(found, key=lambda each: each.name in ALWAYS)


def values_of(fields: list[Field], body: Mapping[str, Any]) -> dict[str, str]:
    """What the fields hold, as a form shows it."""
    shown = {}
    for field in fields:
        first, _, second = field.name.partition(".")
        value = plain(body).get(first)
        shown[field.name] = str(value.get(second, "") if second and isinstance(value, dict) else value)
    return shown


def body_of(fields: list[Field], form: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with a form's values in it. What is no number stays text, for the table's own check to refuse."""
    changed: dict[str, Any] = {key: dict(value) if isinstance(value, dict) else value for key, value in body.items()}
    for field in fields:
        given = form.get(field.name, "").strip()
        value = _number(given) if field.kind == "number" else given
        first, _, second = field.name.partition(".")
        if second:
            changed.setdefault(first, {})[second] = value
        else:
            changed[first] = value
    return changed


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _keys_of(annotation: Any) -> tuple[str, ...] | None:
    """The keys of a mapping from known words to numbers; None for anything else."""
    if get_origin(annotation) is not dict:
        return None
    key, value = get_args(annotation)
    number = get_args(value)[0] if get_args(value) else value
    return get_args(key) if get_origin(key) is Literal and number in (int, float) else None


def _bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    notes: list[Any] = list(info.metadata)
    if get_origin(info.annotation) is dict:
        for each in get_args(get_args(info.annotation)[1])[1:]:
            notes += each.metadata if isinstance(each, FieldInfo) else [each]

    def told(bound: str) -> list[Any]:
        return [value for each in notes if (value := getattr(each, bound, None)) is not None]

    least, most = [value + 1 for value in told("gt")] + told("ge"), told("le")
    return max(least, default=None), min(most, default=None)


def _oddities(node: yaml.Node, above: tuple[int, ...] = (), seen: list[int] | None = None) -> Iterator[Fault]:
    """What YAML allows and a table must not have: repeated keys, endless depth, references that multiply."""
    seen = [] if seen is None else seen
    seen.append(id(node))
    line = node.start_mark.line + 1
    if len(above) > DEEPEST or id(node) in above or len(seen) > MOST_NODES:
        yield Fault(line, "", "This is nested too deeply, or refers to itself, or is too long.")
        return
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and keys.count(key.value) > 1:
                yield Fault(key.start_mark.line + 1, key.value, "This key is given twice.")
            yield from _oddities(value, (*above, id(node)), seen)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _oddities(each, (*above, id(node)), seen)
