"""Tables that hold many alike things (canned replies, fees, answers) as forms: a form for each of them.

What a form asks for is read off the table's own shape, so that a new kind of table needs no word here.
"""

from __future__ import annotations

import copy
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from backend.console.settings import places
from backend.reference.base import Frozen, Table, plain

LONG = frozenset({"zh", "en", "meaning", "stop_if"})
SHORT_PARENTS = frozenset({"title", "name"})
MONEY, ID = "fen", "id"

VARIABLES, ROLES, REGIONS = "variables", "roles", "covers"

Kind = Literal["line", "text", "lines", "number", "money", "yes", "choice", "several", "roles", "variables", "regions"]


@dataclass(frozen=True)
class EntryField:
    """One value of an entry; `name` is its path, as `title.zh`.

    Attributes:
        is_required: whether the form must have something in it.
        may_lack: whether an entry may do without it; `default` is what it means then.
    """

    name: str
    kind: Kind
    is_required: bool
    may_lack: bool
    default: Any = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """The alike things of a table under one key.

    Attributes:
        is_fixed: none may be added or taken away.
        is_list: they stand in a list, each with its code as `id`, and not under their codes.
    """

    name: str
    fields: tuple[EntryField, ...]
    is_fixed: bool
    is_list: bool = False


@dataclass(frozen=True)
class Difference:
    """One value that differs between two bodies of a table; None where there is none."""

    place: tuple[str, ...]
    before: str | None
    after: str | None


def collections_of(kind: type[Table]) -> list[Collection]:
    """What of a table has a form for each of its entries."""
    found = []
    for name, info in kind.model_fields.items():
        origin, inner = get_origin(info.annotation), get_args(info.annotation)
        if origin not in (dict, tuple):
            continue
        key, value = (None, inner[0]) if origin is tuple else inner
        fields = _fields_of(value) if isinstance(value, type) and issubclass(value, Frozen) else None
        if origin is tuple:
            fields = [each for each in fields if each.name != ID] if fields and ID in value.model_fields else None
        if fields:
            found.append(Collection(name, tuple(fields), get_origin(key) is Literal, origin is tuple))
    return found


def entries_of(body: Mapping[str, Any], found: Collection) -> dict[str, Any]:
    """The entries of a table by their codes."""
    held = body[found.name]
    return {str(each[ID]): each for each in held} if found.is_list else dict(held)


def with_entries(body: Mapping[str, Any], found: Collection, entries: Mapping[str, Any]) -> dict[str, Any]:
    """A table with other entries, as it keeps them."""
    kept = [{ID: code} | dict(each) for code, each in entries.items()] if found.is_list else dict(entries)
    return {**body, found.name: kept}


def values_of(fields: Sequence[EntryField], entry: Mapping[str, Any]) -> dict[str, str]:
    """An entry as its form shows it."""
    return {each.name: _shown(each, _at(entry, each.name)) for each in fields}


def entry_of(fields: Sequence[EntryField], form: Mapping[str, str], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with a form's values in it. What cannot be stays text, for the table's own check to refuse.

    Which variables a text uses is read off the text.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(entry))
    for field in fields:
        if field.kind == "variables":
            value: Any = _used(changed)
        else:
            value = _read(field, form.get(field.name, ""))
        if _at(entry, field.name) is None and field.may_lack and value in (field.default, None, "", []):
            continue  # an entry says nothing of what is as usual
        first, _, second = field.name.partition(".")
        if second:
            changed[first] = dict(changed.get(first) or {}) | {second: value}
        else:
            changed[first] = value
    return changed


def is_code(text: str) -> bool:
    """Whether an entry may be named so."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text) is not None


def title_of(entry: Mapping[str, Any], language: str) -> str:
    """What an entry is called in a list: its title or name, else its words."""
    for key in ("title", "name"):
        if isinstance(entry.get(key), Mapping):
            return str(entry[key].get(language) or "")
        if isinstance(entry.get(key), str):
            return str(entry[key])
    said = entry.get(language)
    if isinstance(said, Mapping):
        said = said.get("meaning")
    return str(said or "")


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two bodies, value by value, in the order of the second; of variables the texts tell."""
    old, new = dict(_leaves(plain(before))), dict(_leaves(plain(after)))
    places = [*new, *(place for place in old if place not in new)]
    return [
        Difference(place, old.get(place), new.get(place))
        for place in places
        if old.get(place) != new.get(place) and place[-1] != VARIABLES
    ]


def _fields_of(kind: type[Frozen], above: str = "") -> list[EntryField] | None:
    """The fields of an entry; None where one of its values has no form."""
    found: list[EntryField] = []
    for name, info in kind.model_fields.items():
        annotation = info.annotation
        if isinstance(annotation, type) and issubclass(annotation, Frozen):
            below = None if above else _fields_of(annotation, f"{name}.")
            if below is None:
                return None
            found += below
            continue
        field = _field(f"{above}{name}", info)
        if field is None:
            return None
        found.append(field)
    return found


def _field(name: str, info: FieldInfo) -> EntryField | None:
    inner, is_optional = _without_none(info.annotation)
    may_lack = not info.is_required()
    default = info.get_default(call_default_factory=True) if may_lack else None
    required = not (may_lack or is_optional)
    kind = _kind(name, inner)
    if kind is None:
        return None
    if kind == "yes":
        return EntryField(name, kind, False, may_lack, default or False)
    if kind == "choice":
        options = tuple(map(str, get_args(inner)))
        return EntryField(
            name, kind, required, may_lack, default, ("", *options) if is_optional and default is None else options
        )
    if kind == "several":
        options = tuple(map(str, get_args(get_args(inner)[0])))
        return EntryField(name, kind, False, may_lack, [each for each in options if each in (default or ())], options)
    return EntryField(name, kind, required and (kind == "regions" or not _is_several(inner)), may_lack, default)


def _kind(name: str, inner: Any) -> Kind | None:
    parent, _, last = name.rpartition(".")
    is_long = last in LONG and parent not in SHORT_PARENTS
    is_pattern = inner is re.Pattern or get_origin(inner) is re.Pattern
    several: Mapping[str, Kind] = {VARIABLES: "variables", ROLES: "roles", REGIONS: "regions"}
    kinds: Sequence[tuple[bool, Kind]] = (
        (last == MONEY, "money"),
        (get_origin(inner) is Literal, "choice"),
        (inner is bool, "yes"),
        (inner in (int, float), "number"),
        (inner is str, "text" if is_long else "line"),
        (is_pattern, "lines"),
        (get_origin(inner) is frozenset and get_origin(get_args(inner)[0]) is Literal, "several"),
        (_is_several(inner), several.get(last, "lines")),
    )
    return next((kind for fits, kind in kinds if fits), None)


def _is_several(inner: Any) -> bool:
    return get_origin(inner) in (frozenset, tuple) and str in get_args(inner)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not type(None)]
        if len(others) == 1:
            return others[0], True
    return annotation, False


def _at(entry: Mapping[str, Any], name: str) -> Any:
    first, _, second = name.partition(".")
    value = entry.get(first)
    return (value.get(second) if isinstance(value, Mapping) else None) if second else value


def _shown(field: EntryField, value: Any) -> str:
    if field.kind == "yes":
        return "yes" if (field.default if value is None else value) else ""
    if value is None and field.kind in ("number", "choice", "several"):
        value = field.default
    if value is None:
        return ""
    if field.kind == "regions":
        return "\n".join(places.written(str(each)) for each in value)
    if field.kind in ("lines", "roles", "variables", "several"):
        return "\n".join(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)
    if field.kind == "money" and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}".removesuffix(".00")
    return str(value)


def _read(field: EntryField, given: str) -> Any:
    given = given.replace("\r\n", "\n").strip()
    match field.kind:
        case "yes":
            return bool(given)
        case "regions":
            return [places.code_of(line) for line in given.split("\n") if line.strip()]
        case "several":
            return given.split() or field.default
        case "lines" | "roles":
            return [line.strip() for line in given.split("\n") if line.strip()]
        case "money" | "number":
            return _amount(given, Decimal(100 if field.kind == "money" else 1)) if given else None
        case _:
            return given or (None if field.kind == "choice" else "")


def _amount(given: str, times: Decimal) -> int | float | str:
    try:
        number = Decimal(given) * times
    except InvalidOperation:
        return given
    if not number.is_finite():
        return given
    return int(number) if number == number.to_integral_value() else float(number)


def _used(entry: Mapping[str, Any]) -> list[str]:
    """The variables the texts of an entry use, in their order; of a text that is no template, none."""
    names: list[str] = []
    for text in (entry.get("zh"), entry.get("en")):
        try:
            found = [name for _, name, _, _ in string.Formatter().parse(str(text or "")) if name]
        except ValueError:
            continue
        names += [name for name in found if name not in names]
    return names


def _leaves(value: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, (*place, str(key)))
    elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        for number, each in enumerate(value, 1):
            named = each.get(ID, number) if isinstance(each, Mapping) else number
            yield from _leaves(each, (*place, str(named)))
    elif isinstance(value, list):
        yield place, "\n".join(map(str, value))
    else:
        yield place, "" if value is None else str(value)
