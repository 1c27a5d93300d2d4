"""Customers: the people behind telephone numbers.

Owns who they are, whether they want automatic messages at all, and the one-time codes that show whose a number is.
Everyone above may find, add and ask. Keeps: an opted-out number gets no automatic contact; a code is right once, for
ten minutes, in the conversation it was given out in, and is stored as a salted hash.
"""
