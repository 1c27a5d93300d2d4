"""Calls and visits of a day or a week as a grid; visits by day and outlet."""
