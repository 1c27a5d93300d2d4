"""What the stream puts on the consoles' screens: rows of the inbox and new messages, drawn once for all who look.

Both read the same whoever looks, and every role may read the inbox; what an agent's own sight adds (which row is open,
what they may do in a conversation) is in the page already or fetched by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.calls import desk_view
from backend.console import queries, views
from backend.console.inbox import queries as inbox_queries
from backend.console.inbox.queries import Counts, Standing, Tab
from backend.console.page import fragment
from backend.console.views import Row
from backend.console.words import Language
from backend.conversations.rules import Channel
from backend.depends import House

MOST_CARDS = 20  # beyond that it costs less when each console fetches its list
NEWEST_WORDS = 3
"""How many messages are sent: what was missed before them is fetched with the whole conversation."""


@dataclass(frozen=True)
class Card:
    """A row of the inbox in some languages, with what places it in the list of each agent."""

    standing: Standing
    html: Mapping[Language, str]


@dataclass(frozen=True)
class Drawn:
    """What has changed, drawn.

    Attributes:
        cards: rows of the inbox.
        counts: of its tabs; None when no list is on any screen.
        words: the newest messages of a conversation in a language, oldest first, each with its number.
    """

    cards: Sequence[Card] = ()
    counts: Counts | None = None
    words: Mapping[tuple[str, Language], Sequence[tuple[int, str]]] = field(default_factory=dict)


NOTHING_DRAWN = Drawn()


def draw(
    session: Session,
    house: House,
    conversation_ids: Collection[str],
    *,
    lists: Collection[Language],
    opened: Collection[tuple[str, Language]],
    now: datetime,
) -> Drawn:
    """Some conversations as they stand now.

    Args:
        lists: the languages in which lists are on screens.
        opened: the conversations that are open on screens, with the language.
    """
    if not lists and not opened:
        return NOTHING_DRAWN
    standings = inbox_queries.standings(session, conversation_ids, now=now)
    rows = views.rows(session, [each.conversation for each in standings], house.reference.calendar, now)
    given = {"tab": Tab.ALL, "desk": house.reference.desk}
    cards = [
        Card(
            each,
            {
                language: fragment("inbox/_row.html", "row_item", house, language, now, row=row, **given)
                for language in lists
            },
        )
        for each, row in zip(standings, rows, strict=True)
    ]
    by_id = {row.conversation.id: row for row in rows}
    words = {
        (conversation_id, language): _words(session, house, by_id[conversation_id], language, now)
        for conversation_id, language in opened
        if conversation_id in by_id
    }
    return Drawn(cards if lists else (), inbox_queries.counts(session) if lists else None, words)


def _words(session: Session, house: House, row: Row, language: Language, now: datetime) -> list[tuple[int, str]]:
    """The newest messages. Notes are not among them: they come with the whole conversation."""
    found = row.conversation
    call = desk_view.of_conversation(session, found, now) if found.channel is Channel.VOICE else None
    given = {"row": row, "call": call, "has_sound": house.recordings.has_sound}
    return [
        (each.seq, fragment("inbox/_said.html", "said", house, language, now, message=each, **given))
        for each in queries.messages(session, found.id, limit=NEWEST_WORDS)
    ]
