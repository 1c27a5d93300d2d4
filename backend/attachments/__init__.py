"""Attachments: the pictures customers send.

Owns pictures: checked by content, drawn anew without what the camera noted (place, device), kept under random names
in the data directory. Those that come with texts are fetched by the tick (`fetching`). Keeps: no byte of an uploaded
file is ever served, only what was drawn from it; a picture is shown to whoever holds its conversation's token and to
signed-in agents, to nobody else.
"""
