"""How well the bot understands: reading files through the pipeline, judging lines, reports, comparisons."""
