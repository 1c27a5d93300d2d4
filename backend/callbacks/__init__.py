"""Callbacks: calls we have promised, each in a window of our opening hours.

Owns callbacks, and serves whatever needs a ticket or a visit together with its callback: a visit that is agreed gives
up the call that was only to fix its time. The console may book, move and settle.
Keeps: a callback lies inside the reply promise unless the customer chose another time, never outside opening hours,
one open callback a number, one reminder a window; one agent at a time makes a call; a call nobody answered or nobody
made is made again.
"""
