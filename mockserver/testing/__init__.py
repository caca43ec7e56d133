"""What tests use: the pytest plugin, and a client of the admin API."""
