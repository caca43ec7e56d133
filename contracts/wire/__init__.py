"""Asks a server over HTTP, and says in plain words why none answered."""
