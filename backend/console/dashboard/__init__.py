"""The hotline in figures, the rows behind each, and both as files."""
