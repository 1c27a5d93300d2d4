"""Tickets: saved, corrected after saving, shown to be the customer's own, told, pressed for, cancelled."""
