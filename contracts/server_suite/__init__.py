"""Examines a server: the cases, each value of each member, and generated calls."""
