"""Pure words that rooms share: working time, windows, phone numbers, the numbers we give out."""
