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
PROMISES = {"reply": mark("First reply"), "onsite": mark("On site"), "opinion": mark("Handling opinion")}
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
VISIT_STATUSES = {
    "held": mark("Held"),
    "confirmed": mark("Agreed"),
    "moved": mark("Moved"),
    "late": mark("Late"),
    "done": mark("Done"),
    "customer_absent": mark("Nobody at home"),
    "cancelled": mark("Called off"),
    "expired": mark("Lapsed"),
}
VISIT_REASONS = (
    mark("inside the on-site promise"),
    mark("the customer's choice, after the on-site promise"),
    mark("no window was free inside the on-site promise"),
    mark("after the on-site promise although a window inside it was free"),
    mark("the on-site promise has no date to keep"),
)
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
TONES = {
    "waiting": "orange", "human": "green", "bot": "blue", "closed": "grey",
    "danger": "red", "complaint": "purple", "asked": "grey", "confused": "grey", "bot_down": "grey",
    "new": "blue", "scheduled": "green", "in_progress": "orange", "done": "grey", "cancelled": "grey",
    "urgent": "orange", "critical": "red", "normal": "grey",
    "ok": "grey", "near": "orange", "overdue": "red", "paused": "blue", "undated": "purple", "met": "green",
    "late": "red",
    "held": "blue", "confirmed": "green", "moved": "green", "customer_absent": "orange",
    "booked": "blue", "no_answer": "orange", "wrong_number": "red",
    "pending": "blue", "claimed": "blue", "sending": "blue", "sent": "green", "delivered": "green",
    "refused": "red", "unknown": "orange", "expired": "grey", "suppressed": "grey", "dead": "red",
    "unsure": "blue", "out_of_scope": "grey", "lost": "orange", "wanted_person": "purple", "corrected": "orange",
    "denied": "orange", "safety": "red", "agent": "green", "reply": "blue", "reminder": "orange", "notice": "grey",
}  # fmt: skip
