"""Reviews: what the bot did not understand, for an agent to label.

Owns the turns that wait to be judged and the masked lines that came of them. Nobody below knows the room: the bot's
turn tells whoever listens (`service.note`), the tick judges and masks, the console shows, labels and exports.
Keeps: nothing is stored before it is masked; a message is judged once; the same line again is counted, not stored
again; what was said to an agent is never collected; a line is deleted after the days of `data/limits.yaml`.
"""
