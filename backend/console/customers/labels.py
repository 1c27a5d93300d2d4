"""Names of what is kept of customers, and of what was done with it."""

from __future__ import annotations

from backend.console.words import mark

HELD = {
    "conversation_notes": mark("Notes among colleagues"),
    "note_mentions": mark("Mentions of colleagues"),
    "conversation_watches": mark("Who watched"),
    "pictures": mark("Pictures"),
    "ticket_merges": mark("Merges of tickets"),
    "ticket_links": mark("Links between tickets"),
    "review_candidates": mark("Lines to review"),
    "reviews": mark("Reviewed lines"),
    "escalation_entries": mark("Entries of escalations"),
    "escalation_notices": mark("Who was told of escalations"),
    "promise_watches": mark("Promises watched over"),
    "outbox_decisions": mark("Decisions on texts"),
    "staff_mails": mark("Mails to staff"),
    "customers": mark("Name and number"),
    "tickets": mark("Tickets"),
    "timeline_entries": mark("Entries of tickets"),
    "promises": mark("Promises"),
    "promise_changes": mark("Changes of promises"),
    "conversations": mark("Conversations"),
    "messages": mark("Messages"),
    "callbacks": mark("Callbacks"),
    "appointments": mark("Visits"),
    "escalations": mark("Escalations"),
    "followups": mark("Grades"),
    "outbox_messages": mark("Texts sent"),
    "one_time_codes": mark("One-time codes"),
}
AUDITED = {
    "conversation_opened": mark("opened a conversation"),
    "ticket_opened": mark("opened a ticket"),
    "customer_opened": mark("opened a customer"),
    "listed": mark("read a list"),
    "listened": mark("listened to a message"),
    "searched": mark("searched by number"),
    "revealed": mark("saw a whole number"),
    "exported": mark("took data away"),
    "edited": mark("changed data"),
    "deletion_asked": mark("asked for deletion"),
    "deletion_cancelled": mark("took a deletion back"),
    "deleted": mark("deleted data"),
    "managed": mark("managed people"),
    "watched": mark("watched a colleague’s conversation"),
    "taken_from": mark("took a conversation from a colleague"),
    "hung_up": mark("ended a call"),
}
AUDIT_KINDS = {
    "callback": mark("Callback"),
    "customer": mark("Customer no."),
    "agent": mark("Agent"),
    "search": mark("Search"),
    "list": mark("List"),
}
