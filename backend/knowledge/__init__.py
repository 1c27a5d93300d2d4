"""Knowledge: answers a good agent gives at once, from data.

Owns warranty verdicts, what may be charged, opening hours in words, use and care, parts, first aid by telephone, and
what an installation needs. The bot asks; nobody below does. Keeps: nothing is invented (an amount without a number is
quoted before the visit, a fault code without its series is asked about), nobody is told to open anything, and every
answer has its reason.
"""
