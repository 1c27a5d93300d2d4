"""What a short answer means where the question gives it its meaning: words in, values out. Pure, one file a subject."""
