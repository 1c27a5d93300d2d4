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
    "alarm": mark("Alarm to staff"),
    "staff": mark("Message to staff"),
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
TRIGGERS = {
    "promise_half": mark("Half the time is gone"),
    "promise_near": mark("Time nearly up"),
    "promise_missed": mark("Promise missed"),
    "repeat_contact": mark("Customer presses"),
    "manager_called": mark("Manager wanted"),
    "danger": mark("Danger"),
    "angry_words": mark("Angry customer"),
    "low_grade": mark("Low grade"),
}
RUNGS = {
    "agent": mark("Agent on duty"),
    "outlet": mark("Outlet lead"),
    "general": mark("General section"),
    "manager": mark("Service manager"),
}
MEANS = {
    "console": mark("at the console"),
    "text": mark("by text"),
    "email": mark("by mail"),
    "call": mark("by telephone"),
}
ENDS = {
    "by_hand": mark("settled"),
    "promise_met": mark("the promise is kept"),
    "put_off": mark("the promise is put off"),
    "ticket_closed": mark("the ticket is closed"),
    "answered": mark("the customer has been answered"),
    "overtaken": mark("a graver one took its place"),
    "gone": mark("what it was about is deleted"),
}
MAIL_STATUSES = {
    "pending": mark("Waiting to leave"),
    "sending": mark("Leaving"),
    "sent": mark("Sent"),
    "unknown": mark("Outcome unknown"),
    "failed": mark("Given up"),
    "cancelled": mark("Taken back"),
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
ROLES = {
    "agent": mark("Agent"),
    "lead": mark("Team lead"),
    "manager": mark("Service manager"),
    "technical": mark("Technical support"),
    "parts": mark("Parts desk"),
    "admin": mark("Administrator"),
    "read_only": mark("Looks on"),
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
    "promise_half": "blue", "promise_near": "orange", "promise_missed": "red", "repeat_contact": "orange",
    "manager_called": "purple", "angry_words": "purple", "low_grade": "orange", "failed": "red",
    "denied": "orange", "safety": "red", "agent": "green", "reply": "blue", "reminder": "orange", "notice": "grey",
}  # fmt: skip
