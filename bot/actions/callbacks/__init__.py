"""Promised calls."""
