"""The console: the pages at which agents work.

Owns no table; shows the rooms below and acts only through their services. Nobody imports it but the composition root.
Keeps: only signed-in agents see anything; what changes is on the screen within a blink; phones are shown masked and
never stand in an address; no page needs a script, style or font from elsewhere.
"""
