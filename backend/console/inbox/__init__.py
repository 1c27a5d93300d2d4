"""Conversations: who waits, one conversation with what stands beside it, and all that is done with it."""
