"""Runs a client's command, once in every situation."""
