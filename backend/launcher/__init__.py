"""The launcher: everything behind `hotline …` that installs, trains, starts, watches and tests the house.

Keeps: one command starts everything, one Ctrl-C stops it; what dies is started again; nothing is left behind.
"""
