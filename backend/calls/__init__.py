"""Calls: telephone calls that come in, from the greeting to the end.

Owns calls, the answers already given in them, and the messages callers leave. What is said stands in a conversation of
its own, channel voice; what to say next is decided by `telephony.turns`, without I/O.
Keeps: a turn has one effect and one answer however often it is posted; the zero key is a person in every state; whoever
waits reaches a person, a callback or a kind end; danger is answered at once, bot or no bot; the caller's number alone
opens nothing.
"""
