"""Judges calls: each by itself, the identifiers that they carry on, and the retries."""
