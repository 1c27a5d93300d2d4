"""Agents: the people at the desk, how they sign in and for how long.

Owns agents and their sessions. Anyone above may ask who is at work. Keeps: nobody acts at the desk unless signed in.
"""
