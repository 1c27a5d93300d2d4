"""Names of states and kinds as the console shows them; the colour of each is in `console.css`."""

from __future__ import annotations

from backend.console.words import mark

CHANNELS = {"web": mark("Web"), "sms": mark("Text message"), "voice": mark("Phone")}
MODES = {
    "bot": mark("Bot"),
    "waiting": mark("Waiting"),
    "human": mark("With an agent"),
    "closed": mark("Closed"),
}
HANDOFF_REASONS = {
    "danger": mark("Danger"),
    "complaint": mark("Complaint"),
    "asked": mark("Asked for a person"),
    "confused": mark("Not understood"),
    "bot_down": mark("Bot away"),
}
TICKET_TYPES = {
    "install": mark("Installation"),
    "repair": mark("Repair"),
    "complaint": mark("Complaint"),
    "relocation": mark("Relocation"),
    "return": mark("Return"),
}
TICKET_STATUSES = {
    "new": mark("New"),
    "scheduled": mark("Visit arranged"),
    "in_progress": mark("In progress"),
    "waiting": mark("On hold"),
    "done": mark("Done"),
    "cancelled": mark("Cancelled"),
}
PRIORITIES = {"normal": mark("Normal"), "urgent": mark("Urgent"), "critical": mark("Danger to people")}
PROMISES = {
    "reply": mark("First reply"),
    "onsite": mark("On site"),
    "opinion": mark("Handling opinion"),
    "parts": mark("Word about a part"),
    "quality": mark("Quality report answered"),
}
PAUSES = {
    "customer": mark("The customer"),
    "part": mark("A part"),
    "third_party": mark("A third party"),
    "other": mark("Something else"),
}
LOOKS = {
    "ok": mark("in time"),
    "near": mark("due soon"),
    "overdue": mark("overdue"),
    "paused": mark("paused"),
    "undated": mark("date to be confirmed"),
    "met": mark("kept"),
    "late": mark("kept too late"),
}
TIERS = {
    "central_city": mark("Central city"),
    "township": mark("Township"),
    "remote_rural": mark("Remote rural area"),
}
CALLBACK_STATUSES = {
    "booked": mark("Booked"),
    "done": mark("Reached"),
    "no_answer": mark("No answer"),
    "wrong_number": mark("Wrong number"),
    "cancelled": mark("Cancelled"),
}
TEXT_KINDS = {
    "reply": mark("Reply"),
    "safety": mark("Safety text"),
    "agent": mark("Agent’s words"),
    "reminder": mark("Reminder"),
    "notice": mark("Notice"),
}
TEXT_STATUSES = {
    "pending": mark("Waiting to leave"),
    "claimed": mark("About to leave"),
    "sending": mark("Leaving"),
    "sent": mark("Sent"),
    "delivered": mark("Delivered"),
    "refused": mark("Refused"),
    "unknown": mark("Outcome unknown"),
    "expired": mark("Too late"),
    "suppressed": mark("Held back"),
    "dead": mark("Given up"),
}
REVIEW_REASONS = {
    "unsure": mark("Unsure"),
    "out_of_scope": mark("None of our business"),
    "lost": mark("The bot did not understand"),
    "wanted_person": mark("Then wanted a person"),
    "corrected": mark("Then corrected"),
    "denied": mark("Then said no"),
}
MASKS = {
    "phone": mark("phone"),
    "name": mark("name"),
    "address": mark("address"),
    "ticket": mark("ticket number"),
    "serial": mark("serial number"),
    "plate": mark("plate"),
    "email": mark("e-mail"),
    "account": mark("account"),
    "link": mark("link"),
    "code": mark("code"),
    "number": mark("number"),
}
DAYS = {
    "ordinary": mark("Working day"),
    "weekend": mark("Weekend"),
    "holiday": mark("Holiday"),
    "make_up": mark("Make-up working day"),
    "hours": mark("Other hours"),
    "closed": mark("Closed all day"),
    "unknown": mark("Not known yet"),
}
DAY_SIGNS = {"holiday": "*", "make_up": "+", "hours": "!", "closed": "×", "unknown": "?"}
CALENDAR_KINDS = {
    "closed": mark("closed all day"),
    "hours": mark("open at other hours"),
    "holiday": mark("holidays (open, no working day)"),
    "make_up": mark("make-up working days"),
    "ordinary": mark("as every week again"),
    "through": mark("the holiday table is complete up to the first day"),
}
REVISION_STATUSES = {
    "draft": mark("Draft"),
    "approved": mark("Approved"),
    "withdrawn": mark("Withdrawn"),
}
ROLES = {
    "agent": mark("Agent"),
    "lead": mark("Team lead"),
    "manager": mark("Service manager"),
    "technical": mark("Technical support"),
    "parts": mark("Parts desk"),
    "admin": mark("Administrator"),
    "read_only": mark("Looks on"),
}
ACTIONS = {
    "answer": mark("Answer customers"),
    "work_tickets": mark("Work on tickets"),
    "book_callbacks": mark("Book and settle calls"),
    "reveal": mark("See whole numbers"),
    "label_lines": mark("Label lines"),
    "export_lines": mark("Export lines"),
    "edit_calendar": mark("Change the calendar"),
    "edit_templates": mark("Write templates"),
    "approve_templates": mark("Approve templates"),
    "edit_settings": mark("Draft settings"),
    "approve_settings": mark("Approve settings"),
    "see_audit": mark("Read the audit log"),
    "customer_rights": mark("Export and delete customers’ data"),
    "manage_people": mark("Manage people"),
}
TABLES = {
    "calendar": mark("Calendar"),
    "promises": mark("Promises"),
    "callbacks": mark("Booking of callbacks"),
    "outlets": mark("Outlets and what they cover"),
    "messages": mark("What the house says"),
    "safety": mark("Safety texts"),
    "fees": mark("Fees"),
    "warranty": mark("Warranty"),
    "parts": mark("Parts"),
    "howto": mark("Use and care"),
    "diagnosis": mark("Faults and first aid"),
    "install": mark("Preparing an installation"),
    "festivals": mark("Festivals"),
}
FIELDS = {
    "reply_minutes": mark("First reply, open minutes"),
    "opinion_minutes": mark("Handling opinion, open minutes"),
    "onsite_working_days.central_city": mark("On site in a central city, working days"),
    "onsite_working_days.township": mark("On site in a township, working days"),
    "onsite_working_days.remote_rural": mark("On site in a remote rural area, working days"),
    "quality_working_days": mark("Quality report answered, working days"),
    "parts_calendar_days": mark("Word about a part, calendar days"),
    "window_minutes": mark("Length of a window, minutes"),
    "capacity": mark("Calls one window holds"),
    "lead_minutes": mark("Earliest booking, minutes ahead"),
    "reminder_minutes": mark("Reminder before the window, minutes"),
    "farthest_days": mark("Latest booking, days ahead"),
    "source": mark("Source"),
    "valid_through": mark("Valid up to"),
}
HELD = {
    "customers": mark("Name and number"),
    "tickets": mark("Tickets"),
    "timeline_entries": mark("Entries of tickets"),
    "promises": mark("Promises"),
    "promise_changes": mark("Changes of promises"),
    "conversations": mark("Conversations"),
    "messages": mark("Messages"),
    "callbacks": mark("Callbacks"),
    "outbox_messages": mark("Texts sent"),
    "one_time_codes": mark("One-time codes"),
}
AUDITED = {
    "conversation_opened": mark("opened a conversation"),
    "ticket_opened": mark("opened a ticket"),
    "customer_opened": mark("opened a customer"),
    "listed": mark("read a list"),
    "searched": mark("searched by number"),
    "revealed": mark("saw a whole number"),
    "exported": mark("took data away"),
    "edited": mark("changed data"),
    "deletion_asked": mark("asked for deletion"),
    "deletion_cancelled": mark("took a deletion back"),
    "deleted": mark("deleted data"),
    "managed": mark("managed people"),
}
AUDIT_KINDS = {
    "callback": mark("Callback"),
    "customer": mark("Customer no."),
    "agent": mark("Agent"),
    "search": mark("Search"),
    "list": mark("List"),
}
TONES = {
    "waiting": "orange", "human": "green", "bot": "blue", "closed": "grey",
    "danger": "red", "complaint": "purple", "asked": "grey", "confused": "grey", "bot_down": "grey",
    "new": "blue", "scheduled": "green", "in_progress": "orange", "done": "grey", "cancelled": "grey",
    "urgent": "orange", "critical": "red", "normal": "grey",
    "ok": "grey", "near": "orange", "overdue": "red", "paused": "blue", "undated": "purple", "met": "green",
    "late": "red",
    "booked": "blue", "no_answer": "orange", "wrong_number": "red",
    "pending": "blue", "claimed": "blue", "sending": "blue", "sent": "green", "delivered": "green",
    "refused": "red", "unknown": "orange", "expired": "grey", "suppressed": "grey", "dead": "red",
    "unsure": "blue", "out_of_scope": "grey", "lost": "orange", "wanted_person": "purple", "corrected": "orange",
    "revealed": "orange", "exported": "orange", "searched": "blue", "deleted": "red", "deletion_asked": "red",
    "denied": "orange", "safety": "red", "agent": "green", "reply": "blue", "reminder": "orange", "notice": "grey",
}  # fmt: skip
