"""Escalations: when something threatens a promise or a person, the right person is told, once; else the next one.

Owns escalations, what happened to them, who was told by which means, and mails to staff. Looks down at tickets and
conversations and finds what is due there; rooms above raise what only they know (`service.raise_for`). Keeps: one
escalation for each subject and trigger; a rung is reached once and never left downwards; whoever acknowledges stops the
climbing; nothing but danger leaves in closed hours, and danger does not rest until somebody acknowledges.
"""
