"""Tickets: in lists and on a board, one with its history, and the work on it."""
