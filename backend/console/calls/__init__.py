"""Calls: those that come in, those that were promised, making one, following up, and a telephone to try it."""
