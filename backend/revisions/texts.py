"""What the house says, changed at the desk one text at a time; each change is a revision of `messages.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args

from sqlalchemy.orm import Session

from backend.agents import service as agents
from backend.agents.permissions import Action
from backend.errors import Conflict, Forbidden, NotFound, Refused
from backend.reference import DATA, Language
from backend.reference.base import plain, read_body
from backend.reference.texts import Messages, Template
from backend.revisions import queries, rules, service
from backend.revisions.models import Revision
from backend.revisions.rules import Flaw, FlawKind, Status
from telephony import sms

TABLE = Messages.file
LANGUAGES: tuple[Language, ...] = get_args(Language)
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """A text in one language as it will read, and what is wrong with it.

    Attributes:
        shown: with samples for its variables; the raw text where that cannot be.
        segments: SMS segments of what is shown; None for a text that never leaves as one.
    """

    text: str
    shown: str
    characters: int
    segments: int | None
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True)
class Change:
    """What one revision made of one text."""

    revision: Revision
    before: Mapping[Language, str]
    after: Mapping[Language, str]


def look(messages: Messages, text_id: str, texts: Mapping[Language, str] | None = None) -> dict[Language, Look]:
    """A text in both languages, as it is in force or as somebody would have it.

    Raises:
        NotFound: there is no such text.
    """
    template = _template(messages, text_id)
    texts = texts or {"zh": template.zh, "en": template.en}
    return {language: _look(messages, template, language, texts[language]) for language in LANGUAGES}


def _look(messages: Messages, template: Template, language: Language, text: str) -> Look:
    limits = messages.limits.get("sms") if "sms" in template.channels else None
    flaws = rules.wording_flaws(text, template.variables, allows_urls=limits is None or limits.urls)
    shown = text
    if not {flaw.kind for flaw in flaws} & {FlawKind.BRACES, FlawKind.UNDECLARED}:
        shown = text.format(**{name: messages.sample(name, language) for name in template.variables})
    segments = sms.segments(sms.economical(shown)) if "sms" in template.channels else None
    if segments is not None and limits is not None:
        flaws += rules.length_flaws(segments, limits.max_segments)
    return Look(text, shown, len(shown), segments, flaws)


def propose(
    session: Session,
    messages: Messages,
    text_id: str,
    texts: Mapping[Language, str],
    *,
    author: str,
    now: datetime,
    note: str = "",
) -> Revision:
    """Draft another wording of a text; it takes the place of an earlier draft of the same text.

    Raises:
        NotFound: there is no such text.
        Refused: something is wrong with it (code `bad_text`), or nothing is changed (code `unchanged`).
    """
    looks = look(messages, text_id, texts)
    if any(flaw.is_grave for each in looks.values() for flaw in each.flaws):
        raise Refused("Something is wrong with this text.", code="bad_text")
    body = service.body(session, TABLE)
    if _wording(body, text_id) == dict(texts):
        raise Refused("This is how the text reads already.", code="unchanged")
    for earlier in open_drafts(session).get(text_id, []):
        service.withdraw(session, earlier.revision.id, author, now)
    return service.draft(session, TABLE, _with(body, text_id, texts), author, now, note=note)


def approve(session: Session, revision_id: int, *, who: str, now: datetime) -> Revision:
    """Put a drafted text in force. What has been changed elsewhere in the table since it was written stays.

    Raises:
        NotFound: there is no such draft of a text.
        Forbidden: the author alone must not, while somebody else may (code `own_text`).
        Conflict: it is no draft any more, or the same text has been changed meanwhile.
    """
    revision = service.get(session, revision_id)
    if revision.table != TABLE:
        raise NotFound("There is no such draft of a text.")
    if not rules.may_approve(revision.author, who, agents.names_who_may(session, Action.APPROVE_TEMPLATES)):
        raise Forbidden("Somebody else must approve what you wrote.", code="own_text")
    return service.approve(session, _on_top(session, revision, now).id, who, now)


def _on_top(session: Session, revision: Revision, now: datetime) -> Revision:
    """The draft, written anew over what is in force, if that has changed elsewhere only."""
    in_force = next(iter(queries.approved(session, TABLE).get(TABLE, [])[-1:]), None)
    if revision.status is not Status.DRAFT or revision.based_on == in_force:
        return revision
    body, base = service.body(session, TABLE), _base(session, revision)
    changed = _changed(base, revision.body)
    if any(_wording(body, text_id) != _wording(base, text_id) for text_id in changed):
        raise Conflict("The text has been changed since this was written; write it again.", code="outdated")
    for text_id in changed:
        body = _with(body, text_id, _wording(revision.body, text_id))
    again = service.draft(session, TABLE, body, revision.author, now, note=revision.note)
    service.withdraw(session, revision.id, revision.author, now)
    return again


def withdraw(session: Session, revision_id: int, *, who: str, now: datetime) -> Revision:
    """Give a draft up.

    Raises:
        NotFound: there is no such revision of a text.
        Conflict: it is no draft any more.
    """
    revision = service.get(session, revision_id)
    if revision.table != TABLE:
        raise NotFound("There is no such draft of a text.")
    if revision.status is not Status.DRAFT:
        raise Conflict
    return service.withdraw(session, revision_id, who, now)


def undo(session: Session, text_id: str, *, who: str, now: datetime) -> Revision:
    """Bring back how a text read before its last change; other texts stay as they are. Again: the change is back.

    Raises:
        Conflict: the text has never been changed.
    """
    last = next((each for each in history(session, text_id) if each.revision.status is Status.APPROVED), None)
    if last is None:
        raise Conflict("This text has not been changed.", code="nothing_to_undo")
    body = _with(service.body(session, TABLE), text_id, last.before)
    again = service.draft(session, TABLE, body, who, now, note=f"undo of {last.revision.id}")
    return service.approve(session, again.id, who, now)


def history(session: Session, text_id: str) -> list[Change]:
    """What has been made of a text: what is in force first, then approvals, drafts and what was given up by age."""
    found = [
        Change(each, _wording(base, text_id), _wording(each.body, text_id))
        for each in service.history(session, TABLE)
        if text_id in _changed(base := _base(session, each), each.body)
    ]
    return sorted(found, key=lambda change: (change.revision.approval or 0, change.revision.id), reverse=True)


def open_drafts(session: Session) -> dict[str, list[Change]]:
    """Drafts that wait for approval, by text; newest first."""
    found: dict[str, list[Change]] = {}
    for each in queries.drafts(session, TABLE):
        base = _base(session, each)
        for text_id in _changed(base, each.body):
            found.setdefault(text_id, []).append(Change(each, _wording(base, text_id), _wording(each.body, text_id)))
    return found


def changed_ids(session: Session) -> frozenset[str]:
    """The texts that do not read as in the file."""
    return frozenset(_changed(_file(), service.body(session, TABLE)))


def _template(messages: Messages, text_id: str) -> Template:
    if text_id not in messages.messages:
        raise NotFound("There is no such text.")
    return messages.messages[text_id]


@cache
def _file() -> Body:
    found: Body = plain(read_body(DATA, TABLE))
    return found


def _base(session: Session, revision: Revision) -> Body:
    return service.get(session, revision.based_on).body if revision.based_on else _file()


def _changed(before: Body, after: Body) -> Sequence[str]:
    return [
        text_id
        for text_id in after["messages"]
        if text_id in before["messages"] and _wording(before, text_id) != _wording(after, text_id)
    ]


def _wording(body: Body, text_id: str) -> dict[Language, str]:
    entry = body["messages"].get(text_id, {})
    return {language: entry.get(language, "") for language in LANGUAGES}


def _with(body: Body, text_id: str, texts: Mapping[Language, str]) -> dict[str, Any]:
    entry = body["messages"][text_id] | {language: texts[language] for language in LANGUAGES}
    return {**body, "messages": body["messages"] | {text_id: entry}}
