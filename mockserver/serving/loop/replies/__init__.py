"""Replies on their way out: at once, late, in pieces, or as far as they are to come."""
