"""The action server's rooms: `rasa run actions --actions bot.actions` finds every action below.

Actions are doormen. They read what the customer said, ask the backend, and name the response to speak;
rules live in the backend, wording in `bot/domain`. `forms` is what all forms share, `reading` the pure readers of
answers; the other folders are named after the backend's rooms.
"""
