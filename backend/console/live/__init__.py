"""What reaches an open console by itself: rows, words, alarms and counts, drawn once for everybody."""
