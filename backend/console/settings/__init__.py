"""Policy without code: tables as forms and as text, calendar, shifts, and what the house says."""
