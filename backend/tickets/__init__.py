"""Tickets: what a customer wants from us, and what we have promised.

Owns tickets, their promises and their timeline. Callbacks and the rooms above open tickets, add to them and settle
promises. Keeps: a committed ticket is never lost or doubled; a promise says when it is due and why, in both languages;
whether it was met or missed is recorded once.
"""
