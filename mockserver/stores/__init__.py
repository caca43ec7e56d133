"""Where everything that changes is kept."""
