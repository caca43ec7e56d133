"""Examines a client: it is run in every situation, and its calls and its outcome are judged."""
