"""Privacy: what customers may ask for about their data (PIPL): a copy of all of it, and its deletion.

Owns requests for deletion. The console alone asks; the tick carries out. Keeps: a deletion can be taken back until its
time has come; then every row that is the customer's, or hangs on one, is gone in one unit of work, whichever room owns
it, and the bot forgets their conversations; what remains in the audit log stands under a pseudonym.
"""
