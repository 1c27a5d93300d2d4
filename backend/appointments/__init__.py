"""Appointments: visits of a technician, agreed with the customer.

Owns appointments and everything said about them: offers, confirmation, reminders, the customer's answers by text and
on the page of their link. Callbacks gives up the call that was only to fix the visit's time; the console settles.
Keeps: a window is offered only where the outlet has room and skill, inside the on-site promise first; one open
appointment a ticket; the last place is given once; a reminder leaves once, inside hotline hours.
"""
