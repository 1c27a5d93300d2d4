"""Agents: the people at the desk, how they sign in, for how long, and what their role allows.

Owns agents and their sessions. Anyone above may ask who is at work. Keeps: nobody acts at the desk unless signed in and
allowed to by the one table of `permissions`.
"""
