"""Names of states and kinds as the console shows them; the colour of each is in `console.css`."""

from __future__ import annotations

from backend.console import text_labels
from backend.console.words import mark

CHANNELS = {"web": mark("Web"), "sms": mark("Text message"), "voice": mark("Phone")}
MOMENTS = {
    "web": mark("Web chat"),
    "sms": mark("Text message"),
    "voice": mark("Phone call"),
    "ticket": mark("Tickets"),
    "visit": mark("Visit"),
    "call": mark("Callback"),
    "text": mark("Text sent"),
}
FAULT_CLASSES = {
    "dry_burn": mark("dry burning"),
    "sensor": mark("sensor"),
    "leakage_current": mark("leakage of current"),
    "over_temperature": mark("overheating"),
    "leakage_coil": mark("leakage coil"),
    "board": mark("control board"),
}
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
    "voice_message": mark("Voice message"),
}
CALL_REASONS = {"request_callback": mark("Asked to be called back"), "danger": mark("Danger")}
CALL_STAGES = {
    "with_bot": mark("On the telephone with the bot"),
    "in_queue": mark("Waiting on the telephone"),
    "with_agent": mark("On the telephone with an agent"),
    "over": mark("The call is over"),
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
    "wants_visit": mark("Wants a visit"),
    "call_later": mark("Call later"),
    "no_answer": mark("No answer"),
    "busy": mark("Busy"),
    "wrong_number": mark("Wrong number"),
    "refused": mark("Declined"),
    "cancelled": mark("Cancelled"),
}
GRADES = {
    "5": mark("5 very good"),
    "4": mark("4 good"),
    "3": mark("3 fair"),
    "2": mark("2 poor"),
    "1": mark("1 very poor"),
}
GRADED_BY = {"text": mark("by text"), "web": mark("on the web"), "call": mark("by telephone")}
FOLLOWUP_STATUSES = {
    "waiting": mark("Not asked yet"),
    "asked": mark("Asked"),
    "to_call": mark("To be called"),
    "graded": mark("Graded"),
    "unanswered": mark("No answer"),
    "declined": mark("Declined"),
    "skipped": mark("Not asked"),
}
FOLLOWUP_SKIPS = {
    "kind": mark("Cases of this kind are not asked about."),
    "no_number": mark("There is no number that can be texted or called."),
    "danger": mark("People were in danger: nobody asks for a grade."),
    "complaint": mark("The customer has a complaint open."),
    "opted_out": mark("The customer wants nothing from us."),
    "lately": mark("The customer was asked lately about another case."),
    "reopened": mark("The case went on."),
    "too_late": mark("The case ended too long ago."),
    "calendar": mark("The calendar has no data for that day."),
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
FLAWS = {
    "empty": mark("The text is empty."),
    "braces": mark("A brace stands alone. Variables are written as {name}, nothing more."),
    "undeclared": mark("Nobody knows this variable here:"),
    "unused": mark("Not said in this text:"),
    "too_long": mark("Too long for a text message (segments):"),
    "url": mark("Addresses of web pages are not allowed in text messages."),
}
VERDICTS = {
    "again": mark("send anyway"),
    "drop": mark("drop"),
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
    "decide_texts": mark("Decide what becomes of texts"),
    "label_lines": mark("Label lines"),
    "handle_escalations": mark("Handle escalations"),
    "export_lines": mark("Export lines"),
    "edit_calendar": mark("Change the calendar"),
    "edit_templates": mark("Write templates"),
    "approve_templates": mark("Approve templates"),
    "edit_settings": mark("Draft settings"),
    "approve_settings": mark("Approve settings"),
    "see_audit": mark("Read the audit log"),
    "customer_rights": mark("Export and delete customers’ data"),
    "manage_people": mark("Manage people"),
    "see_reports": mark("See the figures and take them away"),
    "supervise": mark("Watch colleagues’ conversations and whisper"),
    "take_from": mark("Take a conversation from a colleague"),
}
TABLES = {
    "calendar": mark("Calendar"),
    "promises": mark("Promises"),
    "shifts": mark("Shifts"),
    "callbacks": mark("Booking of callbacks"),
    "appointments": mark("Visits"),
    "escalations": mark("Escalation ladder"),
    "followups": mark("Follow-up after a case"),
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
    "desk": mark("Work at the desk"),
    "voice": mark("Telephone"),
    "canned_replies": mark("Canned replies"),
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
TONES = {
    "waiting": "orange", "human": "green", "bot": "blue", "closed": "grey",
    "danger": "red", "complaint": "purple", "asked": "grey", "confused": "grey", "bot_down": "grey",
    "voice_message": "blue",
    "new": "blue", "scheduled": "green", "in_progress": "orange", "done": "grey", "cancelled": "grey",
    "urgent": "orange", "critical": "red", "normal": "grey",
    "ok": "grey", "near": "orange", "overdue": "red", "paused": "blue", "undated": "purple", "met": "green",
    "late": "red",
    "held": "blue", "confirmed": "green", "moved": "green", "customer_absent": "orange",
    "booked": "blue", "no_answer": "orange", "busy": "orange", "wrong_number": "red", "wants_visit": "green",
    "call_later": "blue",
    "pending": "blue", "claimed": "blue", "sending": "blue", "sent": "green", "delivered": "green",
    "refused": "red", "unknown": "orange", "expired": "grey", "suppressed": "grey", "dead": "red",
    "unsure": "blue", "out_of_scope": "grey", "lost": "orange", "wanted_person": "purple", "corrected": "orange",
    "promise_half": "blue", "promise_near": "orange", "promise_missed": "red", "repeat_contact": "orange",
    "manager_called": "purple", "angry_words": "purple", "low_grade": "orange", "failed": "red",
    "draft": "orange", "approved": "green", "withdrawn": "grey",
    "revealed": "orange", "exported": "orange", "searched": "blue", "deleted": "red", "deletion_asked": "red",
    "denied": "orange", "safety": "red", "agent": "green", "reply": "blue", "reminder": "orange", "notice": "grey",
}  # fmt: skip

TEXT_KINDS, TEXT_STATUSES = text_labels.TEXT_KINDS, text_labels.TEXT_STATUSES
TEXT_REASONS, NO_CLEAR_ANSWER = text_labels.TEXT_REASONS, text_labels.NO_CLEAR_ANSWER
