"""What all tables of `data/` share: frozen shapes, and one way to read a file or to say what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from backend.errors import BadReference
from backend.settings import ROOT

DATA = ROOT / "data"
Language = Literal["zh", "en"]


class Frozen(BaseModel):
    """Data that is never changed and has no key nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(Frozen):
    """A file of reference data: where it comes from and until when it may be used."""

    file: ClassVar[str]
    outliving: ClassVar[tuple[str, ...]] = ()
    """Fields that a changed body has from the file when it was changed before there were such fields."""
    source: str = Field(min_length=1)
    valid_through: date

    def completed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A changed body with what only this file has: what was changed at the desk outlives a new release."""
        return {name: getattr(self, name) for name in self.outliving} | dict(body)


class Text(Frozen):
    """One thing said in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _whole_word(pattern: str) -> str:
    """A pattern that begins with a Latin letter must not begin or end inside a longer word."""
    return rf"(?<![a-z])(?:{pattern})(?![a-z])" if re.match(r"[a-z(]", pattern) else pattern


def _one_pattern(words: object) -> object:
    """The patterns of a list as one; other kinds of value are left to pydantic to refuse."""
    if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
        return "|".join(map(_whole_word, words))
    return words


Patterns = Annotated[re.Pattern[str], BeforeValidator(_one_pattern)]
"""A list of regular expressions on the normal form of a text (Simplified, lower case), compiled to one."""

NEVER = re.compile(r"(?!)")
"""The words of what nobody has given words yet."""

AnyTable = TypeVar("AnyTable", bound=Table)


def read_table(folder: Path, kind: type[AnyTable]) -> AnyTable:
    """One file of `data/`, checked.

    Raises:
        BadReference: it is missing or wrong; the message names file, place and what to mend.
    """
    try:
        return check(kind, read_body(folder, kind.file))
    except BadReference as error:
        raise BadReference(f"data/{error} Mend it there, then start again.") from error


def read_body(folder: Path, file: str) -> Any:
    """What stands in a file of `data/`, as plain data.

    Raises:
        BadReference: it is missing or no YAML.
    """
    try:
        return yaml.safe_load((folder / file).read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise BadReference(f"{file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadReference(f"{file} is not YAML: {error}.") from error


def check(kind: type[AnyTable], body: Any) -> AnyTable:
    """A table from plain data, of a file or of a revision.

    Raises:
        BadReference: it is wrong; the message names table and place, and says what is expected there.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, item['loc'])) or 'the file'}: {item['msg'].removeprefix('Value error, ')}"
            for item in error.errors()
        ]
        raise BadReference(f"{kind.file}: {'; '.join(lines)}.") from error


def plain(value: Any) -> Any:
    """Plain data as JSON carries it: days and times by their ISO names."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value
