"""One person: what we know, their line of time over all channels, a copy of their data and its deletion."""
