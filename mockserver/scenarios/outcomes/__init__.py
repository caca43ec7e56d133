"""Outcomes: what stands under `then`."""
