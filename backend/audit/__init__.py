"""Audit: who looked at, took away or changed whose personal data, and when.

Owns the audit log. Any room above may record in it, the console shows it. Keeps: an entry names things by number, never
by what they hold (no phone, name or word of a customer's); entries are never changed, but lose the customer's number
and the reason when that customer's data are deleted, and are deleted themselves after the days of `data/privacy.yaml`.
"""
