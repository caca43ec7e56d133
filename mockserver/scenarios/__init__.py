"""Scenarios: documents, conditions, outcomes, and which of them is active."""
