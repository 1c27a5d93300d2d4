"""Conversations: what customers write and what they are answered, on every channel.

Owns conversations and messages, the bot's turn, hand-over to a person and back. Tickets and the rooms above may ask for
a hand-over. Keeps: a stored message is answered, in order, once; the bot is silent from the moment an agent takes over.
"""
