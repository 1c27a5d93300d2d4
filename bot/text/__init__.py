"""Pure language library: a customer's words in, values out.

Every function is total over hostile input (control characters, lone surrogates, ten kilobytes of combining
marks), keeps the verbatim span (`start`, `end` index the text that was passed in) and takes `now` as an argument
where time matters. Nothing here imports Rasa, opens a socket or reads the clock; only `data/` is read.
"""
