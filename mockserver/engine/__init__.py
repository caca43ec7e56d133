"""The path of a call: decisions, preferences, error replies."""
