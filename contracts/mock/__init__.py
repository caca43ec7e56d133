"""Starts our mock, and steers it over its admin API."""
