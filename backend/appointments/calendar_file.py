"""A visit as a calendar file (RFC 5545): the same UID for ever, a higher SEQUENCE after each change."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event

from backend.appointments.models import Appointment
from backend.appointments.rules import AGREED, OPEN
from backend.tickets import wording

PRODUCT = "-//Weiya//Hotline//ZH"
ALARM_BEFORE = timedelta(hours=2)
SUMMARY = {"zh": "威雅电器师傅上门（{kind}）", "en": "Weiya technician ({kind})"}
DESCRIPTION = {
    "zh": "工单 {ticket_no}。师傅要报出上门码 {visit_code}，报不出请勿开门。",
    "en": "Ticket {ticket_no}. The technician must tell you the visit code {visit_code}; let nobody in without it.",
}


def calendar_file(appointment: Appointment, address: str) -> bytes:
    """The file a calendar imports. One that is called off says so, and takes the earlier entry back.

    Args:
        address: as it may be shown; it lands in calendars that others read.
    """
    ticket = appointment.ticket
    language = "en" if ticket.language == "en" else "zh"
    stands = appointment.status in OPEN
    event = Event()
    event.add("uid", f"visit-{appointment.id}-{ticket.ticket_no.lower()}@hotline")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.window_start.astimezone(UTC))
    event.add("dtend", appointment.window_end.astimezone(UTC))
    kind = wording.TYPES[ticket.type].in_language(language)
    event.add("summary", SUMMARY[language].format(kind=kind))
    event.add(
        "description",
        DESCRIPTION[language].format(ticket_no=ticket.ticket_no, visit_code=ticket.visit_code),
    )
    event.add("location", address)
    event.add("status", "CONFIRMED" if appointment.status in AGREED else "TENTATIVE" if stands else "CANCELLED")
    if stands:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", SUMMARY[language].format(kind=kind))
        alarm.add("trigger", -ALARM_BEFORE)
        event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH" if stands else "CANCEL")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
