"""Names of what the forms of settings ask for."""

from __future__ import annotations

from backend.console.labels import TICKET_TYPES, TIERS
from backend.console.words import mark

COLLECTIONS = {
    "replies": mark("Canned replies"),
    "fees": mark("Fees"),
    "topics": mark("Questions and answers"),
    "texts": mark("Texts"),
    "spoken": mark("Texts for a voice"),
    "parts": mark("Parts"),
    "symptoms": mark("By symptom"),
    "faults": mark("By fault code"),
    "months": mark("Months of warranty by series"),
    "queues": mark("Groups to pass on to"),
    "wrap_ups": mark("Ways a conversation ends"),
    "limits": mark("Limits"),
    "samples": mark("Examples"),
    "groups": mark("Groups"),
    "week": mark("Every week"),
    "days": mark("Single days"),
    "outlets": mark("Outlets"),
}
WEEKDAYS = {
    "monday": mark("Monday"),
    "tuesday": mark("Tuesday"),
    "wednesday": mark("Wednesday"),
    "thursday": mark("Thursday"),
    "friday": mark("Friday"),
    "saturday": mark("Saturday"),
    "sunday": mark("Sunday"),
}
ENTRY_FIELDS = {
    "title": mark("Title"),
    "name": mark("What it is called"),
    "zh": mark("Chinese"),
    "en": mark("English words"),
    "words": mark("Recognised by"),
    "fen": mark("Price in yuan"),
    "warranty": mark("Free while the warranty covers the fault"),
    "safety": mark("About safety"),
    "source": mark("Source"),
    "variables": mark("Variables"),
    "roles": mark("For these roles only"),
    "term": mark("Covered by"),
    "consumable": mark("Wears out by design"),
    "fitted_by": mark("Fitted by"),
    "meaning": mark("What it means"),
    "steps": mark("What may be tried"),
    "stop_if": mark("Stop when"),
    "danger": mark("Kind of danger"),
    "urgent": mark("Goes before a want of comfort"),
    "ask": mark("Question that decides"),
    "whole_unit": mark("whole unit"),
    "tank": mark("inner tank"),
    "heating_element": mark("heating element"),
    "control_board": mark("control board"),
    "leakage_plug": mark("leakage plug"),
    "magnesium_rod": mark("magnesium rod"),
    "hours": mark("Hours"),
    "people": mark("People"),
    "who": mark("By name"),
    "kind": mark("Kind"),
    "phone": mark("Phone"),
    "email": mark("Mail address"),
    "covers": mark("Serves these regions"),
    "tier": mark("Counts as, whatever the address says"),
    "visits": mark("Visits in a two-hour window"),
    "skills": mark("Sent for"),
    "works": mark("Works on"),
}
ENTRY_HINTS = {
    "words": mark("One a line: words of customers, or patterns."),
    "fen": mark("Empty: quoted before the visit, never guessed."),
    "steps": mark("One a line, three at most, the same number in both languages."),
    "roles": mark("None: for everybody."),
    "covers": mark("One a line, by name or code, as 佛山市顺德区; 全国 is everywhere. The smallest region wins."),
    "visits": mark("0: visits are agreed by telephone only."),
    "skills": mark("None: for everything."),
}
CHOICES = {
    "technician": mark("a technician"),
    "customer": mark("the customer"),
    "leak_where": mark("Where does it leak?"),
    "municipal": mark("city agent"),
    "provincial": mark("provincial agent"),
    "dealer": mark("dealer’s outlet"),
    "contractor": mark("installation and repair firm"),
    "headquarters": mark("headquarters"),
    "working_days": mark("working days"),
    "daily": mark("every day the hotline is open"),
    **TIERS,
    **TICKET_TYPES,
    **{
        term: ENTRY_FIELDS[term]
        for term in ("whole_unit", "tank", "heating_element", "control_board", "leakage_plug", "magnesium_rod")
    },
}
VARIABLES = {
    "name": mark("customer’s name"),
    "agent": mark("your name"),
    "ticket_no": mark("ticket number"),
    "due": mark("what is promised"),
    "visit_code": mark("Visit code"),
    "window": mark("time of the call"),
}
