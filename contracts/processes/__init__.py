"""Programs that the harness starts: what they see of the environment, and how they end."""
