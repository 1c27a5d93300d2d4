"""Revisions: policy changed at the desk, without code and without a restart.

Owns revisions of the tables in `data/`. Any room above may draft, approve and take back; whoever may do so is the
caller's to ask. Keeps: what is in force has passed the same checks as the files; a revision that has become unusable
leaves the file in force and says so; nothing is overwritten, every former state can be had again.
"""
