"""Outlets: who serves an address, and how fast we are there.

Owns the decision which tier an address is in and which outlet serves it; the rows themselves are reference data.
Tickets and the rooms above ask. Keeps: every decision comes with its reason.
"""
