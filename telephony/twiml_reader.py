"""TwiML as Twilio reads it, strictly: a document to verbs, and what Twilio would put on its error list. Pure.

Which verbs, nouns and attributes exist is taken from Twilio's own library, whose classes are generated from their
schema. Only the values are checked here.
"""

from __future__ import annotations

import inspect
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from twilio.twiml import TwiML
from twilio.twiml.voice_response import VoiceResponse

TOO_LARGE: Final = 11750
NO_TWIML: Final = 12100
NOT_IN_SCHEMA: Final = 12200
LARGEST_DOCUMENT: Final = 64 * 1024
LONGEST_SAY: Final = 4096


@dataclass(frozen=True)
class Trouble:
    """An entry of Twilio's error list: its code, and what is wrong in words."""

    code: int
    what: str


@dataclass(frozen=True)
class Verb:
    """One element. `text` is all it holds to be said, or its number, queue or address."""

    name: str
    attributes: Mapping[str, str]
    text: str
    nouns: tuple[Verb, ...]

    def get(self, attribute: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(attribute, default)

    def whole(self, attribute: str, default: int) -> int:
        """An attribute that is a whole number; the default where it is none."""
        value = self.attributes.get(attribute, "")
        return int(value) if _WHOLE.fullmatch(value) else default

    def is_on(self, attribute: str) -> bool:
        """Whether an attribute says true."""
        return self.attributes.get(attribute, "").casefold() == "true"


@dataclass(frozen=True)
class Document:
    """What could be read. With a fatal trouble there are no verbs."""

    verbs: tuple[Verb, ...]
    troubles: tuple[Trouble, ...]

    @property
    def is_fatal(self) -> bool:
        """Whether Twilio would give the document up."""
        return any(trouble.code != NOT_IN_SCHEMA for trouble in self.troubles)


def read(document: str) -> Document:
    """Read a document; what is not in the schema is told and left out, as Twilio does."""
    if len(document.encode("utf-8", "replace")) > LARGEST_DOCUMENT:
        return Document((), (Trouble(TOO_LARGE, "the document is larger than 64 KB"),))
    if "<!DOCTYPE" in document:
        return Document((), (Trouble(NO_TWIML, "a document type is not allowed"),))
    try:
        root = ET.fromstring(document.encode())  # noqa: S314  entities need the document type refused above
    except (ET.ParseError, UnicodeEncodeError, ValueError) as error:
        return Document((), (Trouble(NO_TWIML, f"no XML: {error}"),))
    if root.tag != "Response":
        return Document((), (Trouble(NO_TWIML, f"the root is <{root.tag}>, not <Response>"),))
    troubles: list[Trouble] = []
    return Document(_elements(root, VoiceResponse, troubles), tuple(troubles))


def _elements(parent: ET.Element, kind: Any, troubles: list[Trouble]) -> tuple[Verb, ...]:
    found = []
    known = schema(kind)
    for element in parent:
        if element.tag not in known:
            troubles.append(Trouble(NOT_IN_SCHEMA, f"<{element.tag}> is not allowed in <{parent.tag}>"))
            continue
        its_kind, attributes = known[element.tag]
        kept = {}
        for raw, value in element.attrib.items():
            name = raw.replace(_XML_NAMESPACE, "xml:")
            if name not in attributes:
                troubles.append(Trouble(NOT_IN_SCHEMA, f"<{element.tag}> has no attribute {name}"))
            elif not _is_valid(element.tag, name, value):
                troubles.append(Trouble(NOT_IN_SCHEMA, f"<{element.tag}> {name} cannot be {value!r}"))
            else:
                kept[name] = value
        text = " ".join("".join(element.itertext()).split())
        if element.tag == "Say" and len(text) > LONGEST_SAY:
            troubles.append(Trouble(NOT_IN_SCHEMA, f"<Say> is longer than {LONGEST_SAY} characters"))
        found.append(Verb(element.tag, kept, text, _elements(element, its_kind, troubles)))
    return tuple(found)


@cache
def schema(kind: Any) -> Mapping[str, tuple[Any, frozenset[str]]]:
    """What may stand inside an element of a kind: tag to its class and the attributes it may have."""
    parent = kind.__new__(kind)
    TwiML.__init__(parent)
    found = {}
    for name, make in inspect.getmembers(kind, inspect.isfunction):
        if name.startswith("_") or name in vars(TwiML):
            continue
        everything = dict.fromkeys(set(inspect.signature(make).parameters) - {"self", "kwargs"}, "x")
        element = make(parent, **everything)
        found[element.name] = (type(element), frozenset(element.attrs))
    return found


_XML_NAMESPACE: Final = "{http://www.w3.org/XML/1998/namespace}"
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_WHOLE_NUMBERS: Final = frozenset(
    {"length", "loop", "maxLength", "maxQueueSize", "maxSpeechTime", "numDigits", "timeLimit", "timeout"}
)
_SWITCHES: Final = frozenset(
    {"actionOnEmptyResult", "answerOnBridge", "bargeIn", "debug", "enhanced", "hangupOnStar", "playBeep"}
    | {"profanityFilter", "transcribe"}
)
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "finishOnKey": re.compile(r"[0-9*#]*"),
    "input": re.compile(r"(dtmf|speech)( (dtmf|speech))?"),
    "language": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})+"),
    "speechTimeout": re.compile(r"auto|[1-9][0-9]?"),
    "reason": re.compile(r"busy|rejected"),
}


def _is_valid(tag: str, name: str, value: str) -> bool:
    if name in _WHOLE_NUMBERS:
        is_auto = (tag, name, value) == ("Gather", "timeout", "auto")
        return bool(_WHOLE.fullmatch(value)) or is_auto
    if name in _SWITCHES:
        return value in ("true", "false")
    if name == "method" or name.endswith("Method"):
        return value in ("GET", "POST")
    if (tag, name) == ("Gather", "finishOnKey") and len(value) > 1:
        return False
    return name not in _FORMS or bool(_FORMS[name].fullmatch(value))
