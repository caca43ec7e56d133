"""Judges replies: each by itself, read by two readers."""
