"""Reads what people and programs write: YAML by hand, JSON off a wire, values of flags."""
