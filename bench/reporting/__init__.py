"""Keeps the figures, and makes the page of them."""
