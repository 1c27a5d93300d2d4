"""The reports room: the hotline in figures, for whoever leads it.

Owns no table; counts by SQL what the rooms below have stored, and finds the rows behind every figure again.
Keeps: a figure and its list come from one definition, so they never disagree; a file that leaves holds no formula
and no whole telephone number.
"""
