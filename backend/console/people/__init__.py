"""Agents: the people at the desk, one's own account and replies, and who looked at whose data."""
