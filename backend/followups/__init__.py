"""Follow-ups: after a case is done we ask how it was, once.

Owns follow-ups: by text and on the web (`asking`, `answering`), by telephone when agents have time to spare
(`calling`), and the grade with what was said (`grading`). Looks down at tickets, conversations and callbacks; a low
grade climbs the ladder of escalations. Keeps: one question a ticket; nobody is asked who has opted out, who was asked
lately, who was in danger or has a complaint open; a promised call always goes before a follow-up.
"""
