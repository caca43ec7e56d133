"""The loop that watches the connections of one process."""
