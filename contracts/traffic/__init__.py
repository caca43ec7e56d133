"""Judges recorded traffic: what any client asked and any server answered, in a HAR file."""
