"""Answers from data: questions, first aid by telephone, what to prepare for an installation."""
