"""The Domain API: on which host each service is."""
