"""Customers: the people behind telephone numbers.

Owns who they are and whether they want automatic messages at all. Everyone above may find, add and ask. Keeps: an
opted-out number gets no automatic contact.
"""
